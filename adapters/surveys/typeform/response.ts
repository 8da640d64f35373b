import * as z from 'zod';
import * as kit from '../../kit.ts';

const Texts = z.array(z.unknown()).transform((values) => values.map((value) => kit.asText(value) ?? ''));
const Choice = z.object({ id: kit.Text, label: kit.Text, ref: kit.Text, other: kit.Text });
const Choices = z.object({ labels: kit.lenient(Texts), ids: kit.lenient(Texts), other: kit.Text });
const MultiFormat = z.object({ text: kit.Text, video_url: kit.Text, audio_url: kit.Text, url: kit.Text });

const Answer = z.looseObject({ type: z.string(), field: z.object({ id: kit.Id, type: kit.Text, ref: kit.Text }) });

const Field = z.object({
  id: kit.Id,
  ...kit.each(['ref', 'title', 'type'], kit.Text),
  properties: kit.lenient(
    z.object({ fields: z.unknown(), choices: kit.entries(z.object({ id: kit.Id, label: kit.Text })) }),
  ),
});
type Field = z.output<typeof Field>;
const Fields = kit.entries(Field);

export const Filled = z.object({
  token: z.string().min(1),
  ...kit.each(['response_url', 'submitted_at', 'landed_at'], kit.Text),
  hidden: kit.Fields,
  definition: kit.lenient(z.object({ title: kit.Text, fields: Fields })),
  variables: kit.entries(z.object({ key: z.string(), number: kit.Text, text: kit.Text, outcome_id: kit.Text })),
  calculated: kit.lenient(z.object({ score: kit.Text })),
  answers: z.array(z.unknown()).nullish(),
});

export const TypeformForm = z.object({ fields: z.array(Field) });

export function toIncomingResponse(
  form: string,
  given: z.output<typeof Filled>,
  { partial, receivedAt }: { partial: boolean; receivedAt: number },
): kit.IncomingResponse {
  const fields = new Map((given.definition?.fields ?? []).flatMap(flattenField).map((field) => [field.id, field]));
  return kit.responseOf({
    form,
    formTitle: given.definition?.title ?? null,
    responseId: given.token,
    ...kit.readTimes({ submitted_at: given.submitted_at, landed_at: given.landed_at }),
    receivedAt,
    partial,
    answers: kit.readEachAnswer(given.answers ?? [], Answer, (answer) => toAnswers(answer, fields)),
    hidden: new Map([
      ...kit.scalars(given.calculated, 'calculated.'),
      ...(given.variables ?? []).map(({ key, number, text, outcome_id }): [string, string] => [
        `variables.${key}`,
        text ?? number ?? outcome_id ?? '',
      ]),
      ...Object.entries(given.hidden ?? {}).map(([name, value]): [string, string] => [
        name,
        value === null ? '' : (kit.asText(value) ?? JSON.stringify(value)),
      ]),
    ]),
    link: kit.toHttpsLink(given.response_url),
  });
}

/** A field with those inside it: a matrix, a group or a page holds its rows or questions. */
export function flattenField(field: Field): Field[] {
  const inner = (Fields.parse(field.properties?.fields) ?? []).flatMap(flattenField);
  if (field.type !== 'matrix') return [field, ...inner];
  const rowTitle = (row: Field) => kit.formatRowTitle(field.title ?? '', row.title ?? '');
  return [field, ...inner.map((row) => ({ ...row, type: 'matrix', title: rowTitle(row) }))];
}

/** A title without Markdown, and with "…" in place of an earlier answer. */
export const toPlainTitle = (title: string | null | undefined): string =>
  (title ?? '')
    .replace(/\{\{[^{}]*\}\}/g, '…')
    .replace(/\*([^*\n]+)\*/g, '$1')
    .replace(/(^|[\s(])_([^_\n]+)_(?=$|[\s).,:;!?])/g, '$1$2')
    .trim();

const types: Record<string, kit.AnswerType> = {
  text: 'text',
  choice: 'choice',
  choices: 'choices',
  number: 'number',
  boolean: 'yes-no',
  date: 'date',
  email: 'email',
  phone_number: 'phone',
  url: 'url',
  file_url: 'file',
};

function toAnswers(given: z.output<typeof Answer>, fields: Map<string, Field>): kit.IncomingAnswer[] {
  const { type, field: named, ...values } = given;
  const field = fields.get(named.id);
  const ref = named.ref ?? field?.ref;
  const question = { id: named.id, names: ref ? [ref] : [], title: toPlainTitle(field?.title) };
  const answered = Object.hasOwn(values, type) ? values[type] : values;
  const value = readAnswerValue(type, answered);
  if (value === null) return kit.createTextAnswer(question, answered);
  const isMatrix = named.type === 'matrix' || field?.type === 'matrix';
  const offered = (type === 'choice' || type === 'choices') && !(answered as { other?: unknown }).other;
  const shown = named.type === 'ranking' ? 'ranking' : isMatrix ? 'matrix' : (types[type] ?? 'other');
  return kit.answered(question, shown, value, !['number', 'boolean'].includes(typeof value) && !offered);
}

/** Null for a value of another form than Typeform documents. */
function readAnswerValue(type: string, given: unknown): kit.IncomingAnswer['value'] | null {
  switch (type) {
    case 'choice': {
      const { other, label, id } = Choice.safeParse(given).data ?? {};
      return other || label || id || null;
    }
    case 'choices':
      return chosen(Choices.safeParse(given).data);
    case 'number':
      return typeof given === 'string' ? kit.toExactNumber(given) : typeof given === 'number' ? given : null;
    case 'boolean':
      return typeof given === 'boolean' ? given : null;
    case 'payment':
      return kit.asText((given as { amount?: unknown } | null)?.amount);
    case 'multi_format': {
      const { text, video_url, audio_url, url } = MultiFormat.safeParse(given).data ?? {};
      return text ?? video_url ?? audio_url ?? url ?? null;
    }
    default:
      return kit.asText(given);
  }
}

function chosen(choices: z.output<typeof Choices> | undefined): string[] | null {
  const ids = choices?.ids?.filter((id) => id !== 'other') ?? [];
  // A picture may have no label.
  const labels = (choices?.labels?.length ? choices.labels : ids).map((label, index) => label || (ids[index] ?? ''));
  const all = [...labels, choices?.other ?? ''].filter(Boolean);
  return all.length === 0 ? null : all;
}
