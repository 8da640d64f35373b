import * as z from 'zod';
import type { AnswerType, IncomingAnswer } from '#domain/integrations/survey-source.ts';
import { SecretName } from '#domain/settings/workspace-file.ts';
import * as kit from '../../kit.ts';

const settings = kit.sourceSettings('google-forms', {
  secret: SecretName.describe('Name of the secret that the script in the form holds too, as whsec_… in base64'),
});

const Options = kit.lenient(z.array(z.string()));
const Value = z.union([
  z.number().transform(String),
  z.string(),
  z.array(z.union([z.string(), z.null(), z.array(z.string())])),
]);
const Item = z.object({
  id: kit.Id,
  title: kit.Text,
  type: z.string(),
  value: z.unknown().optional(),
  rows: Options,
  choices: Options,
});
type Item = z.output<typeof Item>;

const Delivery = z.object({
  formId: z.string().min(1),
  formTitle: kit.Text,
  responseId: z.string().min(1),
  submittedAt: kit.Text,
  email: kit.Text,
  link: kit.Text,
  items: z.array(z.unknown()),
});

/** Google Forms has no webhook: responses come from the script of `createGoogleFormsScript`. */
export const googleForms = kit.surveySource({
  kind: 'google-forms',
  title: 'Google Forms',
  clicks: 'Open the form’s Apps Script, and enter the secret as the script property CASELITE_SECRET.',
  settings,
  ...kit.signedByStandard,

  adviceWithoutBackFill:
    'The script in the form repeats undelivered responses every hour. To send all responses of the last days again, run "sendAgain" in it. For older ones, import the form’s responses as CSV into a source of kind csv.',

  parse(delivery) {
    const title = 'Google Forms response';
    const json = kit.readJsonDelivery(delivery);
    if (typeof json === 'object' && json !== null && !Object.hasOwn(json, 'responseId'))
      throw kit.unusable(title, 'responseId', 'is missing: paste the script of this source into the form itself');
    const given = kit.readBySchema(title, Delivery, json);
    return kit.parsedResponse({
      form: given.formId,
      formTitle: given.formTitle ?? null,
      responseId: given.responseId,
      ...kit.readTimes({ submittedAt: given.submittedAt }),
      receivedAt: delivery.receivedAt,
      answers: kit.readEachAnswer(given.items, Item, toAnswers),
      hidden: new Map(given.email ? [['email', given.email]] : []),
      link: kit.toHttpsLink(given.link),
    });
  },
});

const types: Record<string, AnswerType> = {
  TEXT: 'text',
  PARAGRAPH_TEXT: 'text',
  MULTIPLE_CHOICE: 'choice',
  LIST: 'choice',
  CHECKBOX: 'choices',
  SCALE: 'number',
  RATING: 'number',
  GRID: 'matrix',
  CHECKBOX_GRID: 'matrix',
  DATE: 'date',
  FILE_UPLOAD: 'file',
};

function toAnswers({ id, title, type: itemType, value: given, rows, choices }: Item): IncomingAnswer[] {
  const question = { id, names: [], title: title?.trim() ?? '' };
  const type = types[itemType] ?? 'other';
  const value = Value.safeParse(given).data;
  if (value === undefined) return kit.createTextAnswer(question, given);
  if (typeof value === 'string') {
    const number = type === 'number' ? kit.toExactNumber(value) : null;
    if (number !== null) return kit.answered(question, type, number);
    return kit.answered(question, type, value, type === 'number' || kit.holdsOwnWords(type, [value], choices));
  }
  if (type === 'matrix')
    return value.flatMap((picked, index) => {
      const row = String(index + 1);
      return kit.createMatrixRowAnswer(question, { id: row, title: rows?.[index] ?? row }, picked ?? '');
    });
  const items = value.flat().filter((text) => text !== null && text !== '') as string[];
  const only = type === 'file' ? kit.unwrapSingleValue(items) : items;
  return kit.answered(question, type, only, kit.holdsOwnWords(type, items, choices));
}
