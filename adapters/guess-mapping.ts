import { toName } from '#domain/base/names.ts';
import { instant } from './survey-reading.ts';

/** At most four words, in the characters of an alias. */
export const slug = (text: string): string =>
  toName(text.replace(/([a-z])([A-Z])/g, '$1-$2'), Number.POSITIVE_INFINITY)
    .split('-', 4)
    .join('-')
    .slice(0, 50);

type Leaf = { path: string; name: string; value: unknown };

const ids = [
  /^(response|submission|feedback|answer|entry|result)[_-]?(id|uuid|token|key)$/i,
  /^(id|uuid|token|_id|guid)$/i,
];
const answers = /^(answers|responses|questions|fields|values|data|results|items)$/i;
const times = /(submit|complet|finish|respond|answer|creat|receiv|time|date)/i;
const forms = /(^|\.)(survey|form|questionnaire)([._-]?(id|uuid|key))?$/i;

/** Guess where id, time and answers of a response are in unknown JSON; null without an id or answers. */
export function guessResponseMapping(json: unknown): Record<string, string> | null {
  const all = walk(json, '', 0);
  const scalars = all.filter(({ value }) => typeof value === 'string' || typeof value === 'number');
  const isList = ({ name, value }: Leaf) => answers.test(name) && holdsAnswers(value);
  const list = all.find(isList);
  const integrations = scalars.filter(({ path }) => !list || !path.startsWith(`${list.path}.`));
  const id = ids.map((sign) => integrations.find(({ name }) => sign.test(name))).find(Boolean);
  if (!list || !id) return null;
  const at = integrations.find(({ name, value }) => times.test(name) && instant(value) !== null);
  const form = integrations.find(({ path }) => forms.test(path) && path !== id.path);
  return {
    id: id.path,
    ...(form ? { form: form.path } : {}),
    ...(at ? { 'submitted-at': at.path } : {}),
    answers: list.path,
  };
}

function walk(json: unknown, path: string, depth: number): Leaf[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || depth > 5) return [];
  const own = Object.entries(json).map(([name, value]) => ({ path: path ? `${path}.${name}` : name, name, value }));
  return [...own, ...own.flatMap(({ path: inner, value }) => walk(value, inner, depth + 1))];
}

function holdsAnswers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (!Array.isArray(value)) {
    const inner = Object.values(value);
    return (
      inner.length > 0 && inner.every((entry) => typeof entry !== 'object' || entry === null || Array.isArray(entry))
    );
  }
  return value.some((entry) => {
    if (typeof entry !== 'object' || entry === null) return false;
    const has = (...names: string[]) => names.some((name) => Object.hasOwn(entry, name));
    return has('id', 'question') && has('value', 'answer');
  });
}
