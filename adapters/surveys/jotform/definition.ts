import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import * as kit from '../../kit.ts';

const settings = kit.sourceSettings('jotform', {
  secret: kit.SecretName.describe('Name of the secret that the webhook address carries as ?secret=…'),
  token: kit.SecretName.optional().describe('Name of the secret with an API key, for titles and missed responses'),
  'time-zone': z.string().default('America/New_York').describe('Zone of the times that Jotform sends'),
});

const Parts = z.object({
  formID: kit.Id,
  submissionID: kit.Id,
  formTitle: kit.Text,
  rawRequest: z.union([z.string().min(1), z.record(z.string(), z.unknown())]),
});
const Raw = z.record(z.string(), z.unknown());

const pageSize = 100;

/** Jotform signs nothing: the webhook's address carries the secret, which the part `webhookURL` repeats. */
export const jotform = kit.surveySource({
  kind: 'jotform',
  title: 'Jotform',
  clicks:
    'Open the form, then Settings, Integrations, Webhooks. Enter the address with ?secret= and the secret after it.',
  settings,
  verify: async ({ query }, secrets) => kit.isAnyOfSecrets(secrets, query?.secret),
  redact: ({ query: _, ...delivery }) => clearSecretPart(delivery),
  signer: {
    sign: async (body) => ({ 'content-type': `multipart/form-data; boundary=${kit.readBoundary(body)}` }),
    wrap: async (body, secret) => ({ body, query: { secret } }),
  },

  parse(delivery) {
    const title = 'Jotform submission';
    const given = isRelayed(delivery)
      ? kit.readDeliveredFields(delivery)
      : Object.fromEntries(kit.readMultipartTexts(delivery.body).toReversed());
    const parts = kit.readBySchema(title, Parts, given);
    const { rawRequest } = parts;
    const sent = typeof rawRequest === 'string' ? kit.readJsonText(rawRequest, 'The field rawRequest') : rawRequest;
    const raw = kit.readBySchema(title, Raw, sent);
    const [opened] = (kit.asText(raw.event_id) ?? '').split('_');
    return kit.parsedResponse({
      form: parts.formID,
      formTitle: parts.formTitle || null,
      responseId: parts.submissionID,
      at: delivery.receivedAt,
      // A delivery holds no time but that of opening the form.
      changedAt: kit.instant(opened) ?? 0,
      answers: readBrowserAnswers(raw),
    });
  },

  api: {
    baseUrl: { variable: 'JOTFORM_API_URL', fallback: 'https://api.jotform.com' },
    callsPerDay: 1000,
    connect(deps, token, { 'time-zone': zone }) {
      const { demand } = kit.apiClient(deps, {
        headers: { APIKEY: deps.secret(token) },
        status: (json) => Status.safeParse(json).data?.responseCode ?? 200,
      });
      return {
        async fetchQuestions(form) {
          const path = `/form/${encodeURIComponent(form)}/questions`;
          const schema = z.object({ content: z.record(z.string(), Described) });
          const { content } = await demand('read a Jotform form', path, schema);
          return Object.values(content).map(({ qid, name, text }) =>
            kit.describeQuestion(qid, kit.stripHtml(text ?? ''), [], toNames(qid, name)),
          );
        },
        async listResponses(form, since, cursor) {
          const offset = Number(cursor ?? 0);
          // One second earlier, because Jotform only filters by "later than".
          const after = Temporal.Instant.fromEpochMilliseconds(Math.max(0, since - 1000))
            .toZonedDateTimeISO(zone)
            .toPlainDateTime()
            .toString({ smallestUnit: 'second' })
            .replace('T', ' ');
          const query = new URLSearchParams({
            filter: JSON.stringify({ 'created_at:gt': after }),
            orderby: 'created_at',
            limit: String(pageSize),
            offset: String(offset),
          });
          const path = `/form/${encodeURIComponent(form)}/submissions?${query}`;
          const schema = z.object({ content: z.array(Submission) });
          const { content: page } = await demand('list Jotform submissions', path, schema);
          return {
            responses: page.filter(({ status }) => status !== 'DELETED').map((entry) => readSubmission(entry, zone)),
            next: page.length === pageSize ? String(offset + pageSize) : null,
          };
        },
      };
    },
  },
});

const Status = z.object({ responseCode: z.number() });
const Described = z.object({ qid: kit.Id, name: kit.Text, text: kit.Text });

/** Programs between tools pass the parts on as JSON or URL-encoded. */
const isRelayed = ({ body, headers }: kit.RawDelivery): boolean =>
  kit.isJson(body) || (headers['content-type'] ?? '').includes('urlencoded');

/** Bytes that are no form are stored unchanged for a person. */
function clearSecretPart(delivery: kit.RawDelivery): kit.RawDelivery {
  try {
    if (isRelayed(delivery)) return kit.redactProof(delivery, { kind: 'field', field: 'webhookURL' });
    return { ...delivery, body: kit.clearMultipartPart(delivery.body, 'webhookURL') };
  } catch {
    return delivery;
  }
}

type Question = kit.IncomingAnswer['question'];

const toNames = (id: string, name: string | null | undefined): string[] => (name ? [name, `q${id}_${name}`] : []);

const splitName = (name: string): string[] => /^q(\d+)_(.+)$/.exec(name)?.slice(1) ?? [];

/** Answers of a form as the browser sent them: `q3_howOften`, and files under their bare names. */
function readBrowserAnswers(raw: Record<string, unknown>): kit.IncomingAnswer[] {
  const uploads = Object.keys(raw.temp_upload ?? {}).map(splitName);
  const files = new Map(uploads.map(([id, name]) => [name, id]));
  return Object.entries(raw).flatMap(([field, value]): kit.IncomingAnswer[] => {
    const [id = files.get(field), name = field] = splitName(field);
    if (!id) return [];
    return toAnswers({ id, names: toNames(id, name), title: '' }, value, name === field ? 'file' : null);
  });
}

const Answered = z.object({ ...kit.each(['name', 'text', 'type'], kit.Text), answer: z.unknown().optional() });

const Submission = z.object({
  ...kit.each(['id', 'form_id'], kit.Id),
  ...kit.each(['created_at', 'updated_at', 'status'], kit.Text),
  // PHP writes an empty object as an empty list.
  answers: kit.Fields,
});

const types: Record<string, kit.AnswerType> = {
  ...kit.each(['control_radio', 'control_dropdown'], 'choice'),
  control_checkbox: 'choices',
  control_email: 'email',
  control_phone: 'phone',
  control_fileupload: 'file',
  control_datetime: 'date',
  ...kit.each(['control_scale', 'control_rating', 'control_number', 'control_spinner'], 'number'),
};

/** @param zone time zone of its times */
function readSubmission(given: z.output<typeof Submission>, zone: string): kit.IncomingResponse {
  const createdAt = kit.instant(given.created_at, zone);
  return kit.responseOf({
    form: given.form_id,
    responseId: given.id,
    at: createdAt,
    changedAt: kit.instant(given.updated_at, zone) ?? createdAt,
    unedited: !given.updated_at,
    answers: Object.entries(given.answers ?? {}).flatMap(([id, entry]) => {
      const { name, text, type, answer } = Answered.safeParse(entry).data ?? {};
      const question = { id, names: toNames(id, name), title: kit.stripHtml(text ?? '') };
      return toAnswers(question, answer, types[type ?? ''] ?? null);
    }),
  });
}

const nameFieldParts = ['prefix', 'first', 'middle', 'last', 'suffix'];
const addressFieldParts = ['addr_line1', 'addr_line2', 'city', 'state', 'postal', 'country'];

/** @param known type, where the tool reports it; a browser's form does not */
function toAnswers(question: Question, value: unknown, known: kit.AnswerType | null): kit.IncomingAnswer[] {
  const text = kit.asText(value);
  if (text !== null) return toAnswersOfText(question, text, known);
  if (Array.isArray(value)) {
    // A table comes as a list of rows, each a list of cells.
    const items = kit.toReadableTexts(value);
    if (known === 'file') return kit.answered(question, 'file', kit.unwrapSingleValue(items));
    // Ticked boxes; one of them may be "other", in the respondent's words.
    return kit.answered(question, 'choices', items, true);
  }
  if (typeof value !== 'object' || value === null) return [];
  return toAnswersOfParts(question, value as Record<string, unknown>, known);
}

function toAnswersOfText(question: Question, text: string, known: kit.AnswerType | null): kit.IncomingAnswer[] {
  if (text === '') return [];
  const number = known === 'number' ? kit.toExactNumber(text) : kit.parseShortNumber(text);
  if (number !== null && (known === null || known === 'number')) return kit.answered(question, 'number', number);
  if (known === 'choices') return kit.answered(question, 'choices', [text], true);
  return kit.answered(question, known === 'number' ? 'text' : (known ?? 'text'), text, true);
}

function toAnswersOfParts(
  question: Question,
  given: Record<string, unknown>,
  known: kit.AnswerType | null,
): kit.IncomingAnswer[] {
  const parts = new Map(kit.scalars(given).filter(([, text]) => text !== ''));
  const has = (...names: string[]) => names.some((name) => Object.hasOwn(given, name));
  const joined = (names: string[], mark: string) => names.flatMap((name) => parts.get(name) ?? []).join(mark);
  if (has('year', 'month', 'day')) {
    const day = ['year', 'month', 'day'].flatMap((name) => parts.get(name)?.padStart(2, '0') ?? []);
    return kit.answered(question, 'date', day.length === 3 ? day.join('-') : null);
  }
  if (has('implementation', 'duration')) return toAnswersOfText(question, parts.get('date') ?? '', 'date');
  if (has('hourSelect', 'timeInput')) {
    const time = parts.get('timeInput') ?? joined(['hourSelect', 'minuteSelect'], ':');
    return toAnswersOfText(question, [time, parts.get('ampm')].filter(Boolean).join(' '), 'text');
  }
  if (has('products', 'totalInfo', 'paymentArray')) return kit.createTextAnswer(question, given);
  if (has('first', 'last')) return toAnswersOfText(question, joined(nameFieldParts, ' '), 'text');
  if (has('full', 'area', 'phone'))
    return toAnswersOfText(question, parts.get('full') ?? joined(['country', 'area', 'phone'], ' '), 'phone');
  if (has(...addressFieldParts)) return toAnswersOfText(question, joined(addressFieldParts, ', '), 'text');
  if (known === 'file') return kit.createTextAnswer(question, given);
  // Choices, with the words beside "other" under a name of their own.
  const isChoice = Object.keys(given).every((name) => /^(\d+|other)$/.test(name)) && has('other');
  if (isChoice || known === 'choice' || known === 'choices')
    return kit.answered(question, 'choices', kit.toReadableTexts(Object.values(given)), true);
  // `colIds` and `rowIds` describe the table itself, which may have cells for typing.
  return Object.entries(given)
    .filter(([name]) => name !== 'colIds' && name !== 'rowIds')
    .flatMap(([row, value]) => {
      const picked = kit.unwrapSingleValue(kit.toReadableTexts([value].flat()));
      return kit.createMatrixRowAnswer(question, { id: row, title: row }, picked, true);
    });
}
