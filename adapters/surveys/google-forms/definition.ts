import * as z from 'zod';
import * as kit from '../../kit.ts';

const settings = kit.sourceSettings('google-forms', {
  // Sources of release 0.2.0 may name a token alone.
  secret: kit.SecretName.default('GOOGLE_FORMS_SECRET').describe(
    'Name of the secret that the script in the form holds too, as whsec_… in base64',
  ),
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
  ...kit.each(['rows', 'choices'], Options),
});
type Item = z.output<typeof Item>;

const Delivery = z.object({
  ...kit.each(['formId', 'responseId'], z.string().min(1)),
  ...kit.each(['formTitle', 'submittedAt', 'email', 'link'], kit.Text),
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
    const sheet = readSheetEvent(json, delivery.receivedAt);
    // A sheet repeats its event without any cell after some edits.
    if (sheet) return sheet.answers.length === 0 ? { kind: 'test' } : { kind: 'response', response: sheet };
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

const types: Record<string, kit.AnswerType> = {
  ...kit.each(['TEXT', 'PARAGRAPH_TEXT'], 'text'),
  ...kit.each(['MULTIPLE_CHOICE', 'LIST'], 'choice'),
  CHECKBOX: 'choices',
  ...kit.each(['SCALE', 'RATING'], 'number'),
  ...kit.each(['GRID', 'CHECKBOX_GRID'], 'matrix'),
  DATE: 'date',
  FILE_UPLOAD: 'file',
};

function toAnswers({ id, title, type: itemType, value: given, rows, choices }: Item): kit.IncomingAnswer[] {
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

/** A script may pass numbers on, and empty cells as null. */
const Cells = z.array(kit.Text.transform((cell) => cell ?? ''));
const SheetEvent = z.object({
  namedValues: z.record(z.string(), Cells),
  values: Cells.nullish(),
  range: z.object({ rowStart: z.number() }),
});

/** Google's title of the column of addresses, in the language of the form. */
const emailTitlePattern =
  /^username$|mail|correo|courriel|eposta|e-posta|sähköposti|почт|電子郵件|电子邮件|邮箱|メール|이메일|البريد|דוא|ईमेल|อีเมล/i;

/**
 * Event of a script in the sheet of a form: answers by title, times as the sheet writes them, and no id, so that row
 * and first cell replace it. A script in the form itself is more exact.
 *
 * The id of the trigger is no part of a response's id, because a second trigger sends everything once more.
 * @returns null for any other event
 */
function readSheetEvent(json: unknown, receivedAt: number): kit.IncomingResponse | null {
  const read = SheetEvent.safeParse(json);
  if (!read.success) return null;
  const { namedValues, values, range } = read.data;
  const timestampText = values?.[0] ?? namedValues.Timestamp?.[0] ?? '';
  const entries = Object.entries(namedValues).filter(
    ([title, cells]) => !isTimestampColumn(title, cells, timestampText),
  );
  const address = entries
    .filter(([title]) => emailTitlePattern.test(title))
    .flatMap(([, cells]) => cells)
    .find((cell) => kit.isMailAddress(cell));
  return kit.responseOf({
    form: 'sheet',
    responseId: `${range.rowStart}/${timestampText}`,
    at: null,
    receivedAt,
    answers: entries.flatMap(([title, cells]) => toSheetAnswers(title.trim(), cells)),
    hidden: new Map(address ? [['email', address.trim()]] : []),
  });
}

const isTimestampColumn = (title: string, cells: string[], timestampText: string): boolean =>
  title === 'Timestamp' || (timestampText !== '' && cells.length === 1 && cells[0] === timestampText);

/** Questions with one title arrive together, also those without a title; all but the first are numbered. */
const toSheetAnswers = (title: string, cells: string[]): kit.IncomingAnswer[] =>
  cells.flatMap((cell, index): kit.IncomingAnswer[] => {
    if (cell.trim() === '') return [];
    const name = `${title || 'untitled'}${index > 0 ? ` (${index + 1})` : ''}`;
    const question = { id: name, names: [], title: name };
    const isFile = /^https:\/\/drive\.google\.com\/\S+(, https:\/\/drive\.google\.com\/\S+)*$/.test(cell);
    return isFile ? kit.answered(question, 'file', cell) : kit.createScoreOrText(question, cell);
  });
