import * as z from 'zod';
import type { IncomingAnswer, IncomingResponse, QuestionDescription } from '#domain/integrations/survey-source.ts';
import { SecretName } from '#domain/settings/workspace-file.ts';
import { dayMs } from '#domain/time/units.ts';
import * as kit from '../../kit.ts';

const settings = kit.sourceSettings('formbricks', {
  secret: SecretName,
  token: SecretName.optional().describe('Name of the secret with an API key, for titles and missed responses'),
});

const Response = z.object({
  id: kit.Id,
  surveyId: kit.Id,
  createdAt: kit.Text,
  updatedAt: kit.Text,
  finished: z.boolean().nullish().catch(null),
  language: kit.Text,
  singleUseId: kit.Text,
  data: z
    .record(z.string(), z.unknown())
    .refine((data) => Object.keys(data).length <= kit.maxAnswers, `has more than ${kit.maxAnswers} answers`),
  variables: kit.Fields,
  contact: kit.Fields,
  contactAttributes: kit.Fields,
  // In use until 2024.
  person: z.object({ id: kit.Text, attributes: kit.Fields }).nullish().catch(null),
  personAttributes: kit.Fields,
  meta: kit.Fields,
  survey: z.object({ title: kit.Text }).nullish().catch(null),
});

const Delivery = z.object({
  event: z.enum(['responseCreated', 'responseUpdated', 'responseFinished']),
  data: Response,
});

/** Formbricks. Source: its webhook documentation and source code of August 2026. */
export const formbricks = kit.surveySource({
  kind: 'formbricks',
  title: 'Formbricks',
  clicks: 'Open Integrations, Webhooks. Enter the address, choose Response Finished, and paste the secret shown here.',
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
      const read = kit.apiReader(deps, { headers: { 'x-api-key': deps.secret(token) } });
      return {
        async fetchQuestions(form) {
          const path = `/api/v1/management/surveys/${encodeURIComponent(form)}`;
          const what = 'read a Formbricks survey';
          const { questions, blocks } = (await kit.requireForm(what, read(what, path, Survey))).data;
          const all = [...(questions ?? []), ...(blocks ?? []).flatMap(({ elements }) => elements ?? [])];
          return [...new Map(all.map((question) => [question.id, question])).values()].flatMap(describeQuestion);
        },
        async listResponses(form, since, cursor) {
          const skip = Number(cursor ?? 0);
          const path = `/api/v1/management/responses?surveyId=${encodeURIComponent(form)}&limit=${pageSize}&skip=${skip}`;
          const what = 'list Formbricks responses';
          const schema = z.object({ data: z.array(Response) });
          const { data: result } = await kit.requireForm(what, read(what, path, schema));
          const isNew = (entry: z.output<typeof Response>) =>
            (kit.instant(entry.updatedAt) ?? kit.instant(entry.createdAt) ?? since) >= since;
          const isFull = result.length === pageSize;
          const mayHaveMoreChanges = (kit.instant(result.at(-1)?.createdAt) ?? since) >= since - maxFillingTimeMs;
          return {
            responses: result.filter(isNew).map((entry) => toIncomingResponse(entry, since)),
            // Listed by creation, newest first: an old response with a late change is on a later page.
            next: isFull && mayHaveMoreChanges ? String(skip + pageSize) : null,
          };
        },
      };
    },
  },
});

const pageSize = 100;
/** A response begun earlier than this is not expected to change. */
const maxFillingTimeMs = 30 * dayMs;

const toIncomingResponse = (given: z.output<typeof Response>, receivedAt: number): IncomingResponse =>
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

/** Words of the form itself, not of the respondent. */
const marks = new Set(['accepted', 'dismissed', 'clicked']);

function toAnswers(id: string, value: unknown): IncomingAnswer[] {
  const question = { id, names: [], title: '' };
  if (typeof value === 'number') return [{ question, type: 'number', value, freeText: false }];
  if (typeof value === 'boolean') return [{ question, type: 'yes-no', value, freeText: false }];
  if (typeof value === 'string') {
    if (value === '') return [];
    // The delivery does not distinguish a chosen label from typed words.
    const isMark = marks.has(value);
    return [{ question, type: isMark ? 'choice' : 'text', value, freeText: !isMark }];
  }
  if (Array.isArray(value)) {
    // Words typed beside "other" follow an empty text.
    const items = value.flatMap((entry) => kit.toReadableText(entry) || []);
    if (items.length === 0) return [];
    const isFile = items.every((item) => item.startsWith('https://'));
    return [
      {
        question,
        type: isFile ? 'file' : 'choices',
        value: isFile ? kit.unwrapSingleValue(items) : items,
        freeText: true,
      },
    ];
  }
  return Object.entries(value ?? {}).flatMap(([row, picked]) => {
    const text = kit.toReadableText(picked);
    return text === '' ? [] : [kit.createMatrixRowAnswer(question, { id: row, title: row }, text)];
  });
}

const Localized = z.union([z.string(), z.looseObject({ default: kit.Text })]).nullish();
const Labelled = z.union([z.looseObject({ id: kit.Text, label: Localized, default: kit.Text }), z.string()]);
const Question = z.looseObject({
  id: z.string(),
  headline: Localized,
  choices: z.array(Labelled).nullish(),
  rows: z.array(Labelled).nullish(),
});
const Survey = z.object({
  data: z.object({
    questions: z.array(Question).nullish(),
    // Newer surveys hold their questions in blocks.
    blocks: z.array(z.looseObject({ elements: z.array(Question).nullish() })).nullish(),
  }),
});

function describeQuestion({ id, headline, choices, rows }: z.output<typeof Question>): QuestionDescription[] {
  const title = kit.stripHtml(localized(headline));
  const labels = (choices ?? []).map((choice): [string, string] => {
    const label = readChoiceLabel(choice);
    return [(typeof choice === 'string' ? choice : choice.id) ?? label, label];
  });
  const question = { id, names: [], title, choices: new Map(labels) };
  const ofRows = (rows ?? []).map(readChoiceLabel).map((row) => ({
    id: `${id}.${row}`,
    names: [],
    title: kit.formatRowTitle(title, row),
    choices: new Map<string, string>(),
  }));
  return [question, ...ofRows];
}

const readChoiceLabel = (given: z.output<typeof Labelled>): string =>
  typeof given === 'string' ? given : localized(given.label) || (given.default ?? '');

const localized = (given: z.output<typeof Localized>): string =>
  (typeof given === 'string' ? given : given?.default) ?? '';
