import * as z from 'zod';
import type { AnswerType, IncomingAnswer, IncomingResponse } from '#domain/integrations/survey-source.ts';
import {
  asText,
  formatRowTitle,
  instant,
  maxAnswers,
  responseOf,
  scalars,
  Text,
  toHttpsLink,
} from '../../survey-reading.ts';

const Choice = z.object({ id: Text, label: Text, ref: Text, other: Text });
const Choices = z.object({
  labels: z.array(z.string()).nullish(),
  ids: z.array(z.string()).nullish(),
  other: Text,
});

const Answer = z.object({
  type: z.string(),
  field: z.object({ id: z.string(), type: z.string().optional(), ref: Text }),
  text: Text,
  choice: Choice.nullish(),
  choices: Choices.nullish(),
  number: z.number().nullish(),
  boolean: z.boolean().nullish(),
  date: Text,
  email: Text,
  phone_number: Text,
  url: Text,
  file_url: Text,
  signature: Text,
  payment: z.object({ amount: Text }).nullish(),
  multi_format: z.object({ text: Text, video_url: Text, audio_url: Text, url: Text }).nullish(),
});
type Answer = z.output<typeof Answer>;

const Field = z.object({ id: z.string(), ref: Text, title: Text, type: Text });
type Field = z.output<typeof Field>;
/** A matrix or a group, with the rows or questions inside it. */
const FieldWithInnerFields = Field.extend({
  properties: z
    .object({ fields: z.array(Field).nullish().catch(null) })
    .nullish()
    .catch(null),
});

/** A filled-in form, in a delivery and in the Responses API alike. */
export const Filled = z.object({
  token: z.string().min(1),
  response_url: Text,
  submitted_at: Text,
  landed_at: Text,
  hidden: z.record(z.string(), z.unknown()).nullish(),
  definition: z.object({ title: Text, fields: z.array(FieldWithInnerFields).nullish() }).nullish(),
  variables: z
    .array(z.object({ key: z.string(), number: z.number().nullish(), text: Text }))
    .nullish()
    .catch(null),
  calculated: z.object({ score: z.number().nullish() }).nullish().catch(null),
  answers: z.array(Answer).max(maxAnswers, `has more than ${maxAnswers} answers`).nullish(),
});

export const TypeformForm = z.object({
  fields: z.array(
    Field.extend({
      properties: z.object({ choices: z.array(z.object({ id: z.string(), label: Text })).nullish() }).nullish(),
    }),
  ),
});

export function toIncomingResponse(
  form: string,
  given: z.output<typeof Filled>,
  { partial, receivedAt }: { partial: boolean; receivedAt: number },
): IncomingResponse {
  const fields = new Map((given.definition?.fields ?? []).flatMap(flattenField).map((field) => [field.id, field]));
  return responseOf({
    form,
    formTitle: given.definition?.title ?? null,
    responseId: given.token,
    at: instant(given.submitted_at) ?? instant(given.landed_at),
    receivedAt,
    partial,
    answers: (given.answers ?? []).flatMap((answer) => toAnswers(answer, fields.get(answer.field.id))),
    hidden: new Map([
      ...scalars(given.calculated, 'calculated.'),
      ...(given.variables ?? []).map(({ key, number, text }): [string, string] => [
        `variables.${key}`,
        text ?? asText(number) ?? '',
      ]),
      ...Object.entries(given.hidden ?? {}).map(([name, value]): [string, string] => [
        name,
        value === null ? '' : (asText(value) ?? JSON.stringify(value)),
      ]),
    ]),
    link: toHttpsLink(given.response_url),
  });
}

/** A field with the fields inside it; rows of a matrix have its title and their own. */
function flattenField({ properties, ...field }: z.output<typeof FieldWithInnerFields>): Field[] {
  const isMatrix = field.type === 'matrix';
  const inner = (properties?.fields ?? []).map((entry) =>
    isMatrix ? { ...entry, type: 'matrix', title: formatRowTitle(field.title ?? '', entry.title ?? '') } : entry,
  );
  return [field, ...inner];
}

/** A title without Markdown, and with "…" in place of an earlier answer. */
export function toPlainTitle(title: string | null | undefined): string {
  return (title ?? '')
    .replace(/\{\{[^{}]*\}\}/g, '…')
    .replace(/\*([^*\n]+)\*/g, '$1')
    .replace(/(^|[\s(])_([^_\n]+)_(?=$|[\s).,:;!?])/g, '$1$2')
    .trim();
}

const types: Record<string, AnswerType> = {
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

function toAnswers(answer: Answer, field: Field | undefined): IncomingAnswer[] {
  const value = readAnswerValue(answer);
  if (value === null) return [];
  const ref = answer.field.ref ?? field?.ref;
  const isMatrix = answer.field.type === 'matrix' || field?.type === 'matrix';
  const offered =
    answer.type === 'choice' ? !answer.choice?.other : answer.type === 'choices' && !answer.choices?.other;
  return [
    {
      question: { id: answer.field.id, names: ref ? [ref] : [], title: toPlainTitle(field?.title) },
      type: answer.field.type === 'ranking' ? 'ranking' : isMatrix ? 'matrix' : (types[answer.type] ?? 'other'),
      value,
      freeText: typeof value !== 'number' && typeof value !== 'boolean' && !offered,
    },
  ];
}

function readAnswerValue(answer: Answer): IncomingAnswer['value'] | null {
  switch (answer.type) {
    case 'choice':
      return answer.choice?.other ?? answer.choice?.label ?? answer.choice?.id ?? null;
    case 'choices':
      return chosen(answer.choices);
    case 'number':
      return answer.number ?? null;
    case 'boolean':
      return answer.boolean ?? null;
    case 'payment':
      return answer.payment?.amount ?? null;
    case 'multi_format': {
      const { text, video_url, audio_url, url } = answer.multi_format ?? {};
      return text ?? video_url ?? audio_url ?? url ?? null;
    }
    default:
      return (
        answer.text ??
        answer.date ??
        answer.email ??
        answer.phone_number ??
        answer.url ??
        answer.file_url ??
        answer.signature ??
        null
      );
  }
}

function chosen(choices: Answer['choices']): string[] | null {
  const labels = choices?.labels ?? choices?.ids?.filter((id) => id !== 'other') ?? [];
  const all = [...labels, ...(choices?.other ? [choices.other] : [])];
  return all.length === 0 ? null : all;
}
