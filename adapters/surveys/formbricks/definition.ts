import * as z from 'zod';
import * as kit from '../../kit.ts';

const settings = kit.sourceSettings('formbricks', {
  secret: kit.SecretName,
  token: kit.SecretName.optional().describe('Name of the secret with an API key, for titles and missed responses'),
});

const Response = z.object({
  ...kit.each(['id', 'surveyId'], kit.Id),
  ...kit.each(['createdAt', 'updatedAt', 'language', 'singleUseId'], kit.Text),
  finished: kit.lenient(z.boolean()),
  data: z.record(z.string(), z.unknown()),
  ...kit.each(['variables', 'contact', 'contactAttributes', 'meta'], kit.Fields),
  // In use until 2024.
  person: kit.lenient(z.object({ attributes: kit.Fields })),
  personAttributes: kit.Fields,
  survey: kit.lenient(z.object({ title: kit.Text })),
});

const Delivery = z.object({
  event: z.enum(['responseCreated', 'responseUpdated', 'responseFinished']),
  data: Response,
});

/** Formbricks. Source: its webhook documentation and source code of August 2026. */
export const formbricks = kit.surveySource({
  kind: 'formbricks',
  title: 'Formbricks',
  clicks:
    'Open Integrations, Webhooks. Enter the address and choose Response Finished. Enter the secret that Formbricks shows under Connections, Secrets.',
  givesSecret: true,
  settings,
  ...kit.signedByStandard,

  parse(delivery) {
    const json = kit.readJsonDelivery(delivery);
    if (z.object({ event: z.literal('testEndpoint') }).safeParse(json).success) return { kind: 'test' };
    const { event, data } = kit.readBySchema('Formbricks response', Delivery, json);
    const finished = data.finished || event === 'responseFinished';
    return { kind: 'response', response: toIncomingResponse({ ...data, finished }, delivery.receivedAt) };
  },

  api: {
    baseUrl: { variable: 'FORMBRICKS_API_URL', fallback: 'https://app.formbricks.com' },
    connect(deps, token) {
      const { demand } = kit.apiClient(deps, { headers: { 'x-api-key': deps.secret(token) } });
      return {
        async fetchQuestions(form) {
          const path = `/api/v1/management/surveys/${encodeURIComponent(form)}`;
          const { questions, blocks } = (await demand('read a Formbricks survey', path, Survey)).data;
          const all = [...(questions ?? []), ...(blocks ?? []).flatMap(({ elements }) => elements ?? [])].flat();
          return [...new Map(all.map((question) => [question.id, question])).values()];
        },
        async listResponses(form, since, cursor) {
          const skip = Number(cursor ?? 0);
          const path = `/api/v1/management/responses?surveyId=${encodeURIComponent(form)}&limit=${pageSize}&skip=${skip}`;
          const schema = z.object({ data: z.array(Response) });
          const { data: result } = await demand('list Formbricks responses', path, schema);
          const responses = result.map((entry) => toIncomingResponse(entry, since));
          const mayHaveMoreChanges = (kit.instant(result.at(-1)?.createdAt) ?? since) >= since - maxFillingTimeMs;
          return {
            responses: responses.filter(({ submittedAt }) => submittedAt >= since),
            // Listed by creation, newest first: an old response with a late change is on a later page.
            next: result.length === pageSize && mayHaveMoreChanges ? String(skip + pageSize) : null,
          };
        },
      };
    },
  },
});

const pageSize = 100;
const maxFillingTimeMs = 30 * kit.dayMs;

const toIncomingResponse = (given: z.output<typeof Response>, receivedAt: number): kit.IncomingResponse =>
  kit.responseOf({
    form: given.surveyId,
    formTitle: given.survey?.title ?? null,
    responseId: given.id,
    ...kit.readTimes({ updatedAt: given.updatedAt, createdAt: given.createdAt }),
    receivedAt,
    partial: !given.finished,
    language: given.language && given.language !== 'default' ? given.language : null,
    answers: Object.entries(given.data).flatMap(([id, value]) => toAnswers(id, value)),
    // Hidden fields are among the answers, so those can be mapped as hidden fields too.
    hidden: new Map([
      ...kit.scalars(given.data),
      ...kit.scalars(given.variables),
      ...kit.scalars(given.meta, 'meta.'),
      ...kit.scalars(given.person?.attributes),
      ...kit.scalars(given.personAttributes),
      ...kit.scalars(given.contact, 'contact.'),
      ...kit.scalars(given.contactAttributes),
      ...kit.scalars({ singleUseId: given.singleUseId }),
    ]),
  });

const marks = new Set(['accepted', 'dismissed', 'clicked']);

/** The delivery does not distinguish a chosen label from typed words; words typed beside "other" follow an empty text. */
function toAnswers(id: string, value: unknown): kit.IncomingAnswer[] {
  const question = { id, names: [], title: '' };
  if (typeof value === 'string' && marks.has(value)) return kit.answered(question, 'choice', value);
  const items = Array.isArray(value) ? kit.toReadableTexts(value) : [];
  const isFile = items.length > 0 && items.every((item) => item.startsWith('https://'));
  if (isFile) return kit.answered(question, 'file', kit.unwrapSingleValue(items));
  return kit.createUntypedAnswers(question, value, false);
}

const Localized = z
  .union([z.string(), z.looseObject({ default: kit.Text }).transform((given) => given.default)])
  .nullish()
  .transform((text) => text ?? '');
const Labelled = z.union([
  z.looseObject({ id: kit.Text, label: Localized, default: kit.Text }).transform(({ id, label, default: text }) => {
    return { id, label: label || (text ?? '') };
  }),
  z.string().transform((label) => ({ id: label, label })),
]);
const Question = z
  .looseObject({
    id: z.string(),
    headline: Localized,
    choices: kit.entries(Labelled),
    rows: kit.entries(Labelled),
  })
  .transform(({ id, headline, choices, rows }): kit.QuestionDescription[] => {
    const title = kit.stripHtml(headline);
    const labels = (choices ?? []).map((choice): [string, string] => [choice.id ?? choice.label, choice.label]);
    const ofRows = (rows ?? []).map((row) =>
      kit.describeQuestion(`${id}.${row.label}`, kit.formatRowTitle(title, row.label)),
    );
    return [kit.describeQuestion(id, title, labels), ...ofRows];
  });
const Survey = z.object({
  data: z.object({
    questions: kit.entries(Question),
    // Newer surveys hold their questions in blocks.
    blocks: kit.entries(z.looseObject({ elements: kit.entries(Question) })),
  }),
});
