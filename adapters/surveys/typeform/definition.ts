import * as z from 'zod';
import * as kit from '../../kit.ts';

const settings = kit.sourceSettings('typeform', {
  secret: kit.SecretName,
  token: kit.SecretName.optional().describe(
    'Name of the secret with a personal token, for missed responses and the webhook',
  ),
});

const Texts = z.array(z.unknown()).transform((values) => values.map((value) => kit.asText(value) ?? ''));
const Choice = z.object({ id: kit.Text, label: kit.Text, ref: kit.Text, other: kit.Text });
const Choices = z.object({ labels: kit.lenient(Texts), ids: kit.lenient(Texts), other: kit.Text });
const MultiFormat = z.object({ text: kit.Text, video_url: kit.Text, audio_url: kit.Text, url: kit.Text });

const Answer = z.looseObject({ type: z.string(), field: z.object({ id: kit.Id, type: kit.Text, ref: kit.Text }) });

const Field = z.object({
  id: kit.Id,
  ...kit.each(['ref', 'title', 'type'], kit.Text),
  properties: kit.lenient(
    z.object({ fields: z.unknown().optional(), choices: kit.entries(z.object({ id: kit.Id, label: kit.Text })) }),
  ),
});
type Field = z.output<typeof Field>;
const Fields = kit.entries(Field);

const Filled = z.object({
  token: z.string().min(1),
  ...kit.each(['response_url', 'submitted_at', 'landed_at'], kit.Text),
  hidden: kit.Fields,
  definition: kit.lenient(z.object({ title: kit.Text, fields: Fields })),
  variables: kit.entries(z.object({ key: z.string(), number: kit.Text, text: kit.Text, outcome_id: kit.Text })),
  calculated: kit.lenient(z.object({ score: kit.Text })),
  answers: z.array(z.unknown()).nullish(),
});

const Delivery = z.object({
  event_type: z.enum(['form_response', 'form_response_partial']),
  form_response: Filled.extend({ form_id: z.string().min(1), response_url: kit.Text }),
});
const Listed = z.object({ items: z.array(Filled) });
const Described = z.object({ fields: z.array(Field) });

const Hook = z.object({
  url: z.string(),
  enabled: z.boolean(),
  secret: kit.Text,
  event_types: z.object({ form_response: z.boolean().optional() }).nullish(),
});
const Forms = z.object({ items: z.array(z.object({ id: z.string(), title: kit.Text })) });

/** A form has one webhook a tag, and a source one tag, so that a repeated registration changes the same one. */
const toHookPath = ({ form, url }: kit.WantedHook): string =>
  `/forms/${encodeURIComponent(form)}/webhooks/caselite-${url.split('/').slice(-2).join('-')}`;

const pageSize = 500;

/** Typeform. Source: Typeform developer documentation, "Webhooks", with its example payloads. */
export const typeform = kit.surveySource({
  kind: 'typeform',
  title: 'Typeform',
  clicks: 'Open the form, then Connect, Webhooks. Add a webhook with the address and the secret, and switch it on.',
  settings,
  ...kit.signedBy('typeform-signature', { prefix: 'sha256=' }),

  parse(delivery) {
    const json = kit.readJsonDelivery(delivery);
    const { event_type, form_response: given } = kit.readBySchema('Typeform response', Delivery, json);
    const partial = event_type === 'form_response_partial';
    const response = toIncomingResponse(given.form_id, given, { partial, receivedAt: delivery.receivedAt });
    return { kind: 'response', response };
  },

  api: {
    // Accounts in Europe use https://api.eu.typeform.com.
    baseUrl: { variable: 'TYPEFORM_API_URL', fallback: 'https://api.typeform.com' },
    hooksNeed: 'forms:read, webhooks:read and webhooks:write',
    connect(deps, token, { secret }) {
      const headers = { authorization: `Bearer ${deps.secret(token)}` };
      const { find, demand, write } = kit.apiClient(deps, { headers });
      const toFormPath = (form: string) => `/forms/${encodeURIComponent(form)}`;
      return {
        async fetchQuestions(form) {
          const { fields } = await demand('read a Typeform', toFormPath(form), Described);
          return fields.flatMap(flattenField).map(({ id, ref, title, properties }) => {
            const choices = (properties?.choices ?? []).map((entry): [string, string] => [
              entry.id,
              entry.label ?? entry.id,
            ]);
            return kit.describeQuestion(id, toPlainTitle(title), choices, ref ? [ref] : []);
          });
        },
        /** Typeform may leave out submissions of the last half hour. */
        async listResponses(form, since, cursor) {
          const start: Record<string, string> = cursor
            ? { after: cursor }
            : { since: kit.toIsoText(since).slice(0, 19), sort: 'submitted_at,asc' };
          const query = new URLSearchParams({ page_size: String(pageSize), ...start });
          const { items } = await demand('list Typeform responses', `${toFormPath(form)}/responses?${query}`, Listed);
          return {
            responses: items.map((item) =>
              toIncomingResponse(form, item, { partial: !item.submitted_at, receivedAt: since }),
            ),
            next: items.length === pageSize ? (items.at(-1)?.token ?? null) : null,
          };
        },
        hooks: {
          async isInOrder(wanted) {
            const hook = await find('read webhook', toHookPath(wanted), Hook);
            const isOurs = hook?.url === wanted.url && (!hook.secret || hook.secret === deps.secret(secret));
            return isOurs && hook.enabled && hook.event_types?.form_response !== false;
          },
          register: (wanted) =>
            write('register webhook', 'PUT', toHookPath(wanted), {
              url: wanted.url,
              enabled: true,
              secret: deps.secret(secret),
              event_types: { form_response: true },
            }),
          async listForms() {
            const found = await find('list forms', '/forms?page_size=200', Forms);
            return (found?.items ?? []).map(({ id, title }) => ({ id, title: title || id }));
          },
        },
      };
    },
  },
});

function toIncomingResponse(
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
function flattenField(field: Field): Field[] {
  const inner = (Fields.parse(field.properties?.fields) ?? []).flatMap(flattenField);
  if (field.type !== 'matrix') return [field, ...inner];
  const rowTitle = (row: Field) => kit.formatRowTitle(field.title ?? '', row.title ?? '');
  return [field, ...inner.map((row) => ({ ...row, type: 'matrix', title: rowTitle(row) }))];
}

/** A title without Markdown, and with "…" in place of an earlier answer. */
const toPlainTitle = (title: string | null | undefined): string =>
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
