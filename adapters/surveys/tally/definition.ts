import * as z from 'zod';
import * as kit from '../../kit.ts';

const settings = kit.sourceSettings('tally', {
  secret: kit.SecretName,
  token: kit.SecretName.optional().describe('Name of the secret with an API key, for missed responses and the webhook'),
});

const Option = z.object({ id: kit.Id, text: kit.Text });
const Options = kit.entries(Option);
const Field = z.object({
  key: z.string().min(1),
  label: kit.Text,
  type: z.string(),
  value: z.unknown().optional(),
  ...kit.each(['options', 'rows', 'columns'], Options),
});
type Field = z.output<typeof Field>;

const Delivery = z.object({
  eventType: z.literal('FORM_RESPONSE', 'is not FORM_RESPONSE, the only event that is read'),
  createdAt: kit.Text,
  data: z.object({
    ...kit.each(['responseId', 'submissionId'], kit.Id.optional()),
    formId: kit.Id,
    ...kit.each(['formName', 'createdAt'], kit.Text),
    fields: z.array(z.unknown()),
  }),
});

/** Tally. Source: its help page "Webhooks", and captured deliveries. */
export const tally = kit.surveySource({
  kind: 'tally',
  title: 'Tally',
  clicks: 'Open the form, then Integrations, Webhooks. Enter the address and the secret as the signing secret.',
  settings,
  ...kit.signedBy('tally-signature'),

  parse(delivery) {
    const { data, createdAt } = kit.readBySchema('Tally response', Delivery, kit.readJsonDelivery(delivery));
    const responseId = data.responseId ?? data.submissionId;
    if (!responseId) throw kit.unusable('Tally response', 'data.responseId', 'is missing');
    const known = data.fields.flatMap((field) => Field.safeParse(field).data ?? []);
    // Each box may come once more on its own, beside the list of ticked ones.
    const lists = known.flatMap(({ key, options }) => (options ? `${key}_` : []));
    const isRepeated = ({ key, value }: Field) =>
      typeof value === 'boolean' && lists.some((list) => key.startsWith(list));
    return kit.parsedResponse({
      form: data.formId,
      formTitle: data.formName ?? null,
      responseId,
      ...kit.readTimes({ 'data.createdAt': data.createdAt, createdAt }),
      // Time of the event, because an edited submission keeps its creation time.
      changedAt: kit.instant(createdAt),
      receivedAt: delivery.receivedAt,
      answers: kit.readEachAnswer(data.fields, Field, (field) => (isRepeated(field) ? [] : toAnswers(field))),
      hidden: new Map(known.filter(isHiddenField).flatMap(named)),
    });
  },

  api: {
    baseUrl: { variable: 'TALLY_API_URL', fallback: 'https://api.tally.so' },
    hooksNeed: 'everything that its owner may',
    connect(deps, token, { secret }) {
      const api = kit.apiClient(deps, { headers: { authorization: `Bearer ${deps.secret(token)}` } });
      const find = async ({ form, url }: kit.WantedHook) => {
        for (let page = 1; page <= mostHookPages; page += 1) {
          const found = await api.find('list webhooks', `/webhooks?page=${page}&limit=${pageSize}`, Hooks);
          const hook = found?.webhooks.find((each) => each.url === url && each.formId === form);
          if (hook || !found?.hasMore) return hook;
        }
        return undefined;
      };
      return {
        hooks: {
          async isInOrder(wanted) {
            const hook = await find(wanted);
            return hook?.isEnabled === true && hook.signingSecret === deps.secret(secret);
          },
          async register(wanted) {
            const what = { eventTypes: ['FORM_RESPONSE'], signingSecret: deps.secret(secret) };
            const hook = { formId: wanted.form, url: wanted.url, ...what };
            const known = await find(wanted);
            if (known)
              await api.write('register webhook', 'PATCH', `/webhooks/${known.id}`, { ...hook, isEnabled: true });
            else await api.write('register webhook', 'POST', '/webhooks', hook);
          },
          async listForms() {
            const found = await api.find('list forms', '/forms?limit=500', Forms);
            return (found?.items ?? []).map(({ id, name }) => ({ id, title: name || id }));
          },
        },
        /** Newest first, by page numbers: new submissions move others to later pages. */
        async listResponses(form, since, cursor) {
          const number = Number(cursor ?? 1);
          const query = new URLSearchParams({
            page: String(number),
            limit: String(pageSize),
            filter: 'completed',
            startDate: kit.toIsoText(since),
          });
          const path = `/forms/${encodeURIComponent(form)}/submissions?${query}`;
          const page = await api.demand('list Tally submissions', path, Submissions);
          const questions = new Map((page.questions ?? []).map((question) => [question.id, question]));
          return {
            responses: page.submissions.map((entry) => readSubmission(form, entry, questions)),
            next: page.hasMore ? String(number + 1) : null,
          };
        },
      };
    },
  },
});

const [pageSize, mostHookPages] = [100, 50];

const Hooks = z.object({
  hasMore: z.boolean().nullish(),
  webhooks: z.array(
    z.object({ id: kit.Id, formId: kit.Id, url: z.string(), isEnabled: z.boolean(), signingSecret: kit.Text }),
  ),
});
const Forms = z.object({ items: z.array(z.object({ id: kit.Id, name: kit.Text })) });

const Question = z.object({
  id: kit.Id,
  type: z.string(),
  title: kit.Text,
  fields: kit.entries(z.object({ uuid: kit.Text, title: kit.Text })),
});
const Submission = z.object({
  id: kit.Id,
  submittedAt: kit.Text,
  responses: kit.entries(z.object({ questionId: kit.Id, answer: z.unknown().optional() })),
});
const Submissions = z.object({
  hasMore: z.boolean().nullish(),
  questions: kit.entries(Question),
  submissions: z.array(Submission),
});

function readSubmission(
  form: string,
  { id, submittedAt, responses }: z.output<typeof Submission>,
  questions: Map<string, z.output<typeof Question>>,
): kit.IncomingResponse {
  const fields = (responses ?? []).map(({ questionId, answer }): Field => {
    const { type = 'UNKNOWN', title, fields: parts } = questions.get(questionId) ?? {};
    const names = (parts ?? []).flatMap(({ uuid, title: text }) => (uuid ? [{ id: uuid, text }] : []));
    return {
      key: `question_${questionId}`,
      label: title || parts?.[0]?.title || '',
      type,
      value: answer,
      rows: names,
      columns: names,
    };
  });
  const hidden = fields
    .filter(isHiddenField)
    .flatMap((field) =>
      typeof field.value === 'object' && !Array.isArray(field.value) ? kit.scalars(field.value) : named(field),
    );
  return kit.responseOf({
    form,
    responseId: id,
    ...kit.readTimes({ submittedAt }),
    answers: fields.flatMap(toAnswers),
    hidden: new Map(hidden),
  });
}

const isHiddenField = ({ type }: Field) => type === 'HIDDEN_FIELDS' || type === 'CALCULATED_FIELDS';

function named({ label, value }: Field): [string, string][] {
  const text = kit.asText(value);
  return label && text !== null ? [[label, text]] : [];
}

const types: Record<string, kit.AnswerType> = {
  ...kit.each(['INPUT_TEXT', 'TEXTAREA'], 'text'),
  ...kit.each(['INPUT_NUMBER', 'RATING', 'LINEAR_SCALE'], 'number'),
  INPUT_EMAIL: 'email',
  INPUT_PHONE_NUMBER: 'phone',
  INPUT_LINK: 'url',
  INPUT_DATE: 'date',
  ...kit.each(['MULTIPLE_CHOICE', 'DROPDOWN'], 'choice'),
  ...kit.each(['CHECKBOXES', 'MULTI_SELECT'], 'choices'),
  RANKING: 'ranking',
  MATRIX: 'matrix',
  ...kit.each(['FILE_UPLOAD', 'SIGNATURE'], 'file'),
};

function toAnswers(field: Field): kit.IncomingAnswer[] {
  const { key, label, value } = field;
  if (isHiddenField(field) || value === null || value === undefined) return [];
  const question = { id: key, names: [], title: label ?? '' };
  const type = types[field.type] ?? 'other';
  if (type === 'matrix') return matrix(question, field);
  if (typeof value === 'boolean') return kit.answered(question, 'yes-no', value);
  const offered = field.options?.map(({ id }) => id);
  if (typeof value === 'number') return kit.answered(question, type, value, false);
  if (typeof value !== 'string' && !Array.isArray(value)) return kit.createTextAnswer(question, value);
  const number = type === 'number' && typeof value === 'string' ? kit.toExactNumber(value) : null;
  if (number !== null) return kit.answered(question, type, number);
  const items = [value].flat().flatMap((item) => {
    return (kit.asText(item) ?? kit.asText((item as { url?: unknown } | null)?.url) ?? kit.toReadableText(item)) || [];
  });
  const labels = items.map((item) => findOptionText(field.options, item));
  const isOne = labels.length === 1 && (typeof value === 'string' || type === 'choice' || type === 'file');
  const listed = type === 'choice' && !isOne ? 'choices' : type;
  const shown = isOne ? kit.unwrapSingleValue(labels) : labels;
  return kit.answered(question, listed, shown, kit.holdsOwnWords(type, items, offered));
}

function matrix(question: kit.IncomingAnswer['question'], { value, rows, columns }: Field): kit.IncomingAnswer[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return kit.createTextAnswer(question, value);
  return Object.entries(value).flatMap(([id, picked]) => {
    const texts = [picked].flat().flatMap((entry) => kit.asText(entry) ?? []);
    const labels = texts.map((text) => findOptionText(columns, text));
    const row = { id, title: findOptionText(rows, id) };
    return kit.createMatrixRowAnswer(question, row, kit.unwrapSingleValue(labels));
  });
}

const findOptionText = (options: Field['options'], id: string): string =>
  options?.find((option) => option.id === id)?.text || id;
