import * as z from 'zod';
import { InvalidInputError } from '#domain/errors.ts';
import type {
  AnswerType,
  IncomingAnswer,
  IncomingResponse,
  ParsedDelivery,
  SurveySourceDefinition,
} from '#domain/survey-source.ts';
import { SecretName, sourceBase } from '#domain/workspace-file.ts';
import { readJson } from '../json.ts';
import { fromBase64, hmac, hmacMatches, toBase64 } from '../signature.ts';

const TypeformSettings = z.strictObject({ kind: z.literal('typeform'), secret: SecretName, ...sourceBase });
type TypeformSettings = z.output<typeof TypeformSettings>;

const prefix = 'sha256=';

const Text = z.string().nullish();
const Choice = z.object({ id: Text, label: Text, ref: Text, other: Text });
const Choices = z.object({
  labels: z.array(z.string()).nullish(),
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
});
type Answer = z.output<typeof Answer>;

const Delivery = z.object({
  event_type: z.string(),
  form_response: z.object({
    form_id: z.string().min(1),
    token: z.string().min(1),
    response_url: Text,
    submitted_at: z.string().nullish(),
    landed_at: z.string().nullish(),
    hidden: z.record(z.string(), z.unknown()).nullish(),
    definition: z
      .object({
        title: Text,
        fields: z
          .array(z.object({ id: z.string(), ref: Text, title: Text, type: z.string().optional() }))
          .nullish(),
      })
      .nullish(),
    answers: z.array(Answer).max(1000, 'has more than 1000 answers').nullish(),
  }),
});

/** Typeform. Facts: Typeform developer documentation, "Webhooks" and its example payloads. */
export const typeform: SurveySourceDefinition<TypeformSettings> = {
  kind: 'typeform',
  title: 'Typeform',
  settings: TypeformSettings,
  secrets: ({ secret }) => [secret],

  verify({ body, headers }, secrets) {
    const header = headers['typeform-signature'] ?? '';
    const signature = header.startsWith(prefix) ? fromBase64(header.slice(prefix.length)) : null;
    return hmacMatches('SHA-256', secrets, body, signature);
  },

  async sign(body, secret) {
    const signature = toBase64(await hmac('SHA-256', secret, body));
    return { 'content-type': 'application/json', 'typeform-signature': `${prefix}${signature}` };
  },

  parse({ body, receivedAt }): ParsedDelivery {
    const read = Delivery.safeParse(readJson(body));
    if (!read.success) throw notUsable(read.error);
    return { kind: 'response', response: toIncoming(read.data, receivedAt) };
  },
};

function toIncoming(
  { event_type, form_response: given }: z.output<typeof Delivery>,
  receivedAt: number,
): IncomingResponse {
  const givenAt = instant(given.submitted_at) ?? instant(given.landed_at);
  const submittedAt = givenAt ?? receivedAt;
  const partial = event_type === 'form_response_partial';
  const fields = new Map((given.definition?.fields ?? []).map((field) => [field.id, field]));
  return {
    form: given.form_id,
    formTitle: given.definition?.title ?? null,
    responseId: given.token,
    // A finished response is later than every part of it.
    // Without a time of its own every copy must look alike.
    revision: (givenAt ?? 0) * 2 + (partial ? 0 : 1),
    submittedAt,
    partial,
    language: null,
    answers: (given.answers ?? []).flatMap((answer) => toAnswer(answer, fields.get(answer.field.id))),
    hidden: new Map(
      Object.entries(given.hidden ?? {}).map(([name, value]) => [name, value === null ? '' : String(value)]),
    ),
    link: given.response_url?.startsWith('https://') ? given.response_url : null,
  };
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

function toAnswer(
  answer: Answer,
  field: { ref?: string | null; title?: string | null } | undefined,
): IncomingAnswer[] {
  const value = readValue(answer);
  if (value === null) return [];
  const ref = answer.field.ref ?? field?.ref;
  const offered =
    answer.type === 'choice' ? !answer.choice?.other : answer.type === 'choices' && !answer.choices?.other;
  return [
    {
      question: { id: answer.field.id, names: ref ? [ref] : [], title: field?.title ?? '' },
      type: answer.field.type === 'ranking' ? 'ranking' : (types[answer.type] ?? 'other'),
      value,
      freeText: typeof value !== 'number' && typeof value !== 'boolean' && !offered,
    },
  ];
}

function readValue(answer: Answer): IncomingAnswer['value'] | null {
  switch (answer.type) {
    case 'choice':
      return answer.choice?.other ?? answer.choice?.label ?? answer.choice?.id ?? null;
    case 'choices':
      return [...(answer.choices?.labels ?? []), ...(answer.choices?.other ? [answer.choices.other] : [])];
    case 'number':
      return answer.number ?? null;
    case 'boolean':
      return answer.boolean ?? null;
    case 'payment':
      return answer.payment?.amount ?? null;
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

function instant(text: string | null | undefined): number | null {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : at;
}

function notUsable(error: z.ZodError): InvalidInputError {
  const problems = error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  const [first] = problems;
  return new InvalidInputError(
    `Not a Typeform response: ${first?.field || 'the body'}: ${first?.message}`,
    problems,
  );
}
