import type { RawDelivery } from '#domain/integrations/survey-source.ts';
import { readFormFields, readJson, readJsonDelivery } from './json.ts';
import { readMultipartTexts, toByteText } from './multipart.ts';
import { parseShortNumber } from './survey-reading.ts';

/** The fields of a delivery as JSON: of JSON, or of a form by its content type. @throws InvalidInputError */
export function readDeliveredFields(delivery: RawDelivery): unknown {
  const kind = kindOfBody(delivery);
  if (kind === 'multipart') return convertFormToJson(readMultipartTexts(delivery.body));
  if (kind === 'form') return convertFormToJson(readFormFields(delivery.body));
  // Programs that name no type for their JSON send it under that of a form.
  return isForm(delivery) ? readJson(delivery.body) : readJsonDelivery(delivery);
}

const formType = 'application/x-www-form-urlencoded';
const isForm = ({ headers }: RawDelivery, type = formType): boolean =>
  headers['content-type']?.toLowerCase().startsWith(type) ?? false;

export function kindOfBody(delivery: RawDelivery): 'multipart' | 'form' | 'json' {
  if (isForm(delivery, 'multipart/form-data')) return 'multipart';
  return isForm(delivery) && !isJson(delivery.body) ? 'form' : 'json';
}

/**
 * `a.b` and `a[b]` nest, and `a[]` and repeated fields are lists. Short numbers become numbers,
 * because a form has no types.
 */
function convertFormToJson(fields: [string, string][]): unknown {
  const json: Record<string, unknown> = Object.create(null);
  for (const [name, value] of fields) {
    const isList = name.endsWith('[]');
    // The words of a question may hold dots, which nest nothing.
    const path = name
      .split(/[[\]]+/)
      .flatMap((part) => (/\s/.test(part) ? part : part.split('.')))
      .filter(Boolean)
      .slice(0, 20);
    const last = path.pop() ?? name;
    let target = json;
    for (const step of path) {
      const inner = target[step];
      if (typeof inner !== 'object') target[step] = Object.create(null);
      else if (Array.isArray(inner)) target[step] = Object.assign(Object.create(null), inner);
      target = target[step] as Record<string, unknown>;
    }
    const given = parseShortNumber(value) ?? value;
    const before = target[last];
    if (Array.isArray(before)) before.push(given);
    else if (before === undefined) target[last] = isList ? [given] : given;
    else if (typeof before !== 'object') target[last] = [before, given];
  }
  return json;
}

/** Whether a body begins as JSON does, perhaps after a mark of its order of bytes. */
export const isJson = (body: Uint8Array): boolean => /^(\xef\xbb\xbf)?\s*[{[]/.test(toByteText(body.subarray(0, 100)));

export const guessContentType = (body: Uint8Array): string =>
  isJson(body) ? 'application/json' : body[0] === 0x2d ? 'multipart/form-data' : formType;
