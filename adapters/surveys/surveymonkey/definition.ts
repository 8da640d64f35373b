import * as z from 'zod';
import * as kit from '../../kit.ts';

const settings = kit.sourceSettings('surveymonkey', {
  secret: kit.SecretName.describe('Name of the secret that holds CLIENT_ID&CLIENT_SECRET of the app'),
  token: kit.SecretName.describe('Name of the secret with the access token: deliveries hold no answers'),
});

const Delivery = z.object({
  event_type: z.string(),
  object_type: z.literal('response', 'is not response: subscribe to events of responses only'),
  object_id: kit.Id,
  event_datetime: kit.Text,
  resources: z.object({ survey_id: kit.Id }),
});

const pageSize = 100;
/** A used-up limit lasts until the next minute; a used-up daily limit until midnight. */
function waitMs(headers: Headers): number | null {
  const readLimitHeader = (name: string) => headers.get(`x-ratelimit-app-global-${name}`);
  const seconds =
    readLimitHeader('day-remaining') === '0' ? readLimitHeader('day-reset') : readLimitHeader('minute-reset');
  return seconds && /^\d{1,6}$/.test(seconds) ? (Number(seconds) + 1) * 1000 : null;
}

const signature = kit.signedBy('sm-signature', { algorithm: 'sha1' });
const operation = 'read a SurveyMonkey response';

export const surveymonkey = kit.surveySource({
  kind: 'surveymonkey',
  title: 'SurveyMonkey',
  clicks: 'Make the webhook by its API, with your app’s token. The secret is CLIENT_ID&CLIENT_SECRET of the app.',
  givesSecret: true,
  settings,
  verify: signature.verify,
  signer: {
    sign: async (body, secret) => ({
      ...(await signature.signer.sign(body, secret)),
      'content-type': 'application/vnd.surveymonkey.response.v1+json',
      'sm-apikey': secret.split('&')[0] ?? '',
    }),
  },

  parse(delivery) {
    const title = 'SurveyMonkey event';
    const given = kit.readBySchema(title, Delivery, kit.readJsonDelivery(delivery));
    if (!given.event_type.startsWith('response_') || given.event_type === 'response_deleted')
      throw kit.unusable(title, 'event_type', 'names no response to read: subscribe to response_completed');
    return {
      kind: 'reference',
      reference: {
        form: given.resources.survey_id,
        responseId: given.object_id,
        revision: kit.computeRevision(kit.instant(given.event_datetime), given.event_type !== 'response_completed'),
      },
    };
  },

  api: {
    baseUrl: { variable: 'SURVEYMONKEY_API_URL', fallback: 'https://api.surveymonkey.com' },
    // Of private apps; public ones have no limit.
    callsPerDay: 500,
    connect(deps, token) {
      const { find, demand } = kit.apiClient(deps, {
        headers: { authorization: `bearer ${deps.secret(token)}` },
        waitMs,
      });
      const toSurveyPath = (form: string) => `/v3/surveys/${encodeURIComponent(form)}`;
      return {
        async fetchResponse({ form, responseId }) {
          const path = `${toSurveyPath(form)}/responses/${encodeURIComponent(responseId)}/details?simple=true`;
          const answer = await find(operation, path, SurveyMonkeyResponse);
          if (answer && isTestResponse(answer)) throw kit.refusal(operation, 'a preview');
          return answer && toIncomingResponse(answer);
        },
        async fetchQuestions(form) {
          const path = `${toSurveyPath(form)}/details`;
          const { pages } = await demand('read a SurveyMonkey survey', path, SurveyMonkeySurvey);
          return pages.flatMap(({ questions }) => (questions ?? []).flat());
        },
        async listResponses(form, since, cursor) {
          const page = Number(cursor ?? 1);
          const query = new URLSearchParams({
            simple: 'true',
            per_page: String(pageSize),
            page: String(page),
            sort_by: 'date_modified',
            sort_order: 'ASC',
            start_modified_at: kit.toIsoText(since).slice(0, 19),
          });
          const schema = z.object({
            data: z.array(SurveyMonkeyResponse),
            links: z.object({ next: kit.Text }).nullish(),
          });
          const path = `${toSurveyPath(form)}/responses/bulk?${query}`;
          const answer = await demand('list SurveyMonkey responses', path, schema);
          return {
            responses: answer.data.filter((entry) => !isTestResponse(entry)).map(toIncomingResponse),
            next: answer.links?.next ? String(page + 1) : null,
          };
        },
      };
    },
  },
});

const Answer = z.object({
  ...kit.each(['choice_id', 'row_id', 'col_id', 'other_id', 'text'], kit.Text),
  simple_text: kit.Text.transform((text) => text && kit.stripHtml(text)),
  is_na: kit.lenient(z.boolean()),
  download_url: kit.Text,
  choice_metadata: kit.lenient(z.object({ weight: kit.Text })),
});
type Answer = z.output<typeof Answer>;

const Question = z.object({
  id: kit.Id,
  ...kit.each(['heading', 'family', 'subtype'], kit.Text),
  answers: kit.entries(Answer),
});
type Question = z.output<typeof Question>;

export const SurveyMonkeyResponse = z.object({
  id: kit.Id,
  survey_id: kit.Id,
  response_status: z.string(),
  ...kit.each(['collection_mode', 'date_created', 'date_modified'], kit.Text),
  custom_variables: kit.Fields,
  ...kit.each(['custom_value', 'email_address', 'first_name', 'last_name'], kit.Text),
  recipient_id: kit.lenient(kit.Id),
  collector_id: kit.lenient(kit.Id),
  analyze_url: kit.Text,
  metadata: kit.lenient(z.object({ contact: kit.Fields })),
  pages: kit.entries(z.object({ questions: kit.entries(Question) })),
});
type SurveyMonkeyResponse = z.output<typeof SurveyMonkeyResponse>;

const isTestResponse = ({ collection_mode: mode }: SurveyMonkeyResponse): boolean =>
  mode === 'preview' || mode === 'survey_preview';

export function toIncomingResponse(given: SurveyMonkeyResponse): kit.IncomingResponse {
  const { email_address, first_name, last_name, custom_value, recipient_id, collector_id } = given;
  const contact = Object.entries(given.metadata?.contact ?? {}).map(([name, entry]) => [
    name,
    kit.Fields.parse(entry)?.value ?? entry,
  ]);
  const hidden = [
    ...kit.scalars({ email_address, first_name, last_name, custom_value, recipient_id, collector_id }),
    ...kit.scalars(Object.fromEntries(contact)),
    ...kit.scalars(given.custom_variables),
  ];
  return kit.responseOf({
    form: given.survey_id,
    responseId: given.id,
    ...kit.readTimes({ date_modified: given.date_modified, date_created: given.date_created }),
    partial: given.response_status !== 'completed',
    answers: (given.pages ?? []).flatMap(({ questions }) => questions ?? []).flatMap(toAnswers),
    hidden: new Map(hidden.filter(([, value]) => value !== '')),
    link: kit.toHttpsLink(given.analyze_url),
  });
}

function toAnswers(question: Question): kit.IncomingAnswer[] {
  const rows = new Map<string, Answer[]>();
  for (const answer of question.answers ?? []) {
    const row = [answer.row_id, answer.col_id].filter(Boolean).join('.');
    rows.set(row, [...(rows.get(row) ?? []), answer]);
  }
  return [...rows].flatMap(([row, answers]) => toAnswersOfRow(question, row, answers));
}

function toAnswersOfRow(asked: Question, row: string, answers: Answer[]): kit.IncomingAnswer[] {
  const { id, family } = asked;
  const heading = kit.stripHtml(asked.heading ?? '');
  const rowTexts = answers.flatMap((answer) => splitSimpleText(answer).rows);
  const rowTitle = heading && rowTexts.length > 0 ? kit.formatRowTitle(heading, [...new Set(rowTexts)].join(', ')) : '';
  const question = { id: row ? `${id}.${row}` : id, names: [], title: row ? rowTitle : heading };
  const file = answers.flatMap(({ download_url: url }) => url || []);
  if (file.length > 0) return kit.answered(question, 'file', kit.unwrapSingleValue(file));
  const typed = answers.filter(({ choice_id: choice }) => !choice).flatMap(({ text }) => text || []);
  // SurveyMonkey repeats identical answers.
  const chosen = answers.filter(({ choice_id: choice }) => choice);
  const picked = [...new Map(chosen.map((answer) => [answer.choice_id, answer])).values()];
  const [first] = picked;
  if (!first) {
    const isDate = family === 'datetime';
    const type = isDate ? 'date' : answers.some(({ other_id: other }) => other) ? 'choice' : 'text';
    return kit.answered(question, type, typed.join(', '), true);
  }
  // A choice in words stays these words, whatever weight the survey gives it.
  const isInWords = /choice/.test(family ?? '') && kit.toExactNumber(splitSimpleText(first).label) === null;
  const weight = isInWords ? null : readWeight(first);
  if (picked.length === 1 && typed.length === 0 && weight !== null) return kit.answered(question, 'number', weight);
  const choiceIds = [...new Set(picked.flatMap(({ choice_id: choice, simple_text: text }) => (!text && choice) || []))];
  const unread = choiceIds.length > 0 ? { choiceIds } : {};
  const labels = [...new Set([...picked.map((answer) => splitSimpleText(answer).label), ...typed])];
  const isMany = !row && (family === 'multiple_choice' || labels.length > 1);
  const type = row ? 'matrix' : isMany ? 'choices' : 'choice';
  const value = isMany ? labels : kit.unwrapSingleValue(labels);
  return [{ question, type, value, ...unread, freeText: typed.length > 0 }];
}

/** Null for "N/A", whose weight is empty or 0. */
function readWeight(answer: Answer): number | null {
  const weight = kit.toExactNumber(answer.choice_metadata?.weight ?? '');
  const isNotApplicable = answer.is_na || /^n\s?\/?\s?a\.?$|not applicable/i.test(splitSimpleText(answer).label);
  return isNotApplicable ? null : weight;
}

/** `simple=true` writes "Row | Column | Choice" in a matrix. A choice without a text stays an id. */
function splitSimpleText({ simple_text: text, choice_id: choice, row_id: row, col_id: column }: Answer) {
  const parts = (text ?? '').split(' | ');
  const count = [row, column].filter(Boolean).length;
  const rows = parts.length > count ? parts.slice(0, count) : [];
  return { rows, label: parts.slice(rows.length).join(' | ') || choice || '' };
}

const Labelled = z
  .object({ id: kit.Id, text: kit.Text })
  .transform(({ id, text }): [string, string] => [id, kit.stripHtml(text ?? '')]);
const Column = z.object({ id: kit.Id, text: kit.Text, choices: kit.entries(Labelled) });
const Described = z
  .object({
    id: kit.Id,
    headings: kit.entries(z.object({ heading: kit.Text })),
    answers: kit.lenient(
      z.object({
        choices: kit.entries(Labelled),
        rows: kit.entries(Labelled),
        cols: kit.entries(Column),
        other: kit.lenient(Labelled),
      }),
    ),
  })
  .transform(({ id, headings, answers }): kit.QuestionDescription[] => {
    const title = kit.stripHtml(headings?.[0]?.heading ?? '');
    const choices = [...(answers?.choices ?? []), ...(answers?.other ? [answers.other] : [])];
    const rows = (answers?.rows ?? []).flatMap(([row, text]) => [
      kit.describeQuestion(`${id}.${row}`, kit.formatRowTitle(title, text), choices),
      ...(answers?.cols ?? []).map((column) => {
        const cell = kit.formatRowTitle(title, `${text}, ${kit.stripHtml(column.text ?? '')}`);
        return kit.describeQuestion(`${id}.${row}.${column.id}`, cell, column.choices ?? []);
      }),
    ]);
    return [kit.describeQuestion(id, title, choices), ...rows];
  });

const SurveyMonkeySurvey = z.object({ pages: z.array(z.object({ questions: kit.entries(Described) })) });
