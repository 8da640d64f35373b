import * as z from 'zod';
import * as kit from '../../kit.ts';

const settings = kit.sourceSettings('qualtrics', {
  secret: kit.SecretName.describe('Name of the secret with the sharedKey of the subscription'),
  header: kit.ProofHeaderName.optional().describe(
    'For a subscription without sharedKey behind a gateway that adds this header with the secret',
  ),
  'data-center': z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/, 'is the id of a data centre, such as fra1 of fra1.qualtrics.com')
    .optional()
    .describe('Id of the data centre that holds the brand; without it the deployment’s QUALTRICS_API_URL'),
  token: kit.SecretName.describe('Name of the secret with the API token: deliveries hold no answers'),
});

const Message = z.object({ SurveyID: z.string().min(1), ResponseID: z.string().min(1) });

export const QualtricsResponse = z.object({
  responseId: z.string().min(1),
  values: z.record(z.string(), z.unknown()),
  labels: kit.Fields,
});
type QualtricsResponse = z.output<typeof QualtricsResponse>;

const Answer = z.object({ result: QualtricsResponse });
const Export = z.object({ result: z.object({ status: z.string(), fileId: kit.Text }) });
const notReady = { retryAfterMs: 5000, detail: 'not ready yet' };

const encoder = new TextEncoder();
const operation = 'read a Qualtrics response';

/** Qualtrics' event subscription. Source: captured deliveries, with two signatures computed anew. */
export const qualtrics = kit.surveySource({
  kind: 'qualtrics',
  title: 'Qualtrics (event subscription)',
  clicks: 'A brand administrator makes an event subscription with the address and the secret as sharedKey.',
  settings,

  async verify({ body, headers }, secrets, _now, given) {
    if (given?.header) return kit.isAnyOfSecrets(secrets, headers[given.header]);
    const form = formOf(body);
    const message = form?.get('MSG');
    const signature = kit.decodeBytes(form?.get('HMAC') ?? '', 'hex');
    return message ? kit.isSignedByAnySecret('sha512', secrets, encoder.encode(message), signature) : false;
  },

  redact: (delivery, { header }) => (header ? kit.redactProof(delivery, { kind: 'header', header }) : delivery),

  signer: {
    async sign(_body, secret, _delivery, given) {
      const proof: Record<string, string> = given?.header ? { [given.header]: secret } : {};
      return { 'content-type': 'application/x-www-form-urlencoded', ...proof };
    },
    async wrap(body, secret, { header }) {
      const text = kit.decodeUtf8Text(body);
      if (header || !text.startsWith('{')) return { body, query: {} };
      const signature = kit.hmac('sha512', secret, body).toString('hex');
      const form = new URLSearchParams({ HMAC: signature, MSG: text });
      return { body: encoder.encode(form.toString()), query: {} };
    },
  },

  parse({ body }) {
    const form = kit.parseFormBody(body);
    const message = form.get('MSG');
    const given = message === undefined ? Object.fromEntries(form) : kit.readJsonText(message, 'The field MSG');
    const { SurveyID, ResponseID } = kit.readBySchema('Qualtrics event', Message, given);
    return {
      kind: 'reference',
      // `CompletedDate` has no zone, so it is not comparable with the times of the API.
      reference: { form: SurveyID, responseId: ResponseID, revision: 0 },
    };
  },

  api: {
    // Each brand has its own data centre, such as https://fra1.qualtrics.com.
    baseUrl: {
      variable: 'QUALTRICS_API_URL',
      fallback: '',
      ofSettings: (given) => (given['data-center'] ? `https://${given['data-center']}.qualtrics.com` : null),
    },
    connect(deps, token) {
      const { find, demand } = kit.apiClient(deps, { headers: { 'x-api-token': deps.secret(token) } });
      return {
        async fetchResponse({ form, responseId }) {
          const path = `/API/v3/surveys/${encodeURIComponent(form)}/responses/${encodeURIComponent(responseId)}`;
          const answer = await find(operation, path, Answer);
          if (!answer) return null;
          if (isTestResponse(answer.result)) throw kit.refusal(operation, 'a preview, a test or spam');
          return toIncomingResponse(form, answer.result);
        },
        async listResponses(form, since, cursor) {
          const exports = `/API/v3/surveys/${encodeURIComponent(form)}/export-responses`;
          const what = 'export Qualtrics responses';
          const [step, id = ''] = (cursor ?? '').split(':');
          if (step === 'file') {
            const path = `${exports}/${encodeURIComponent(id)}/file`;
            const file = await find(what, path, z.object({ responses: z.array(QualtricsResponse) }));
            if (!file) throw kit.refusal(what, 'the file of an export is gone');
            const real = file.responses.filter((entry) => !isTestResponse(entry));
            return { responses: real.map((entry) => toIncomingResponse(form, entry)), next: null };
          }
          if (step === 'progress') {
            const job = await find(what, `${exports}/${encodeURIComponent(id)}`, Export);
            if (job?.result.status === 'complete' && job.result.fileId)
              return { responses: [], next: `file:${job.result.fileId}` };
            if (!job || job.result.status === 'failed') throw kit.refusal(what, 'the export failed');
            throw new kit.IntegrationError('rate-limited', what, notReady);
          }
          const wanted = { format: 'json', compress: false, startDate: kit.toIsoText(since) };
          const schema = z.object({ result: z.object({ progressId: kit.Id }) });
          const { result } = await demand(what, exports, schema, wanted);
          return { responses: [], next: `progress:${result.progressId}` };
        },
        async fetchQuestions(form) {
          const path = `/API/v3/survey-definitions/${encodeURIComponent(form)}`;
          const schema = z.object({ result: QualtricsSurvey });
          const { result } = await demand('read a Qualtrics survey', path, schema);
          return Object.entries(result.Questions).flatMap(([id, question]) => describe(id, question));
        },
      };
    },
  },
});

function formOf(body: Uint8Array): Map<string, string> | null {
  try {
    return kit.parseFormBody(body);
  } catch {
    return null;
  }
}

const metadata = new Set([
  ...['startDate', 'endDate', 'status', 'ipAddress', 'progress', 'duration', 'finished', 'recordedDate', '_recordId'],
  ...['locationLatitude', 'locationLongitude', 'userLanguage'],
]);

/** Column of a question; in a loop the loop's number comes first. */
const column = /^(?:\w{1,10}_)?QID\d+(?:#\d+)?(?:_(.+))?$/;

/** Columns beside an answer: of a file, the order in which choices were shown, the time taken, and the browser. */
const notAnswered =
  /^(FILE_(NAME|SIZE|TYPE)|DO(_\d+)?|(FIRST|LAST)_CLICK|PAGE_SUBMIT|CLICK_COUNT|BROWSER|VERSION|OS|RESOLUTION)$/;

/** Qualtrics' own marks: 1 preview, 2 test, 8 spam. */
const isTestResponse = ({ values }: QualtricsResponse): boolean =>
  ['1', '2', '8'].includes(kit.asText(values.status) ?? '');

export const toIncomingResponse = (form: string, { responseId, values, labels }: QualtricsResponse) =>
  kit.responseOf({
    form,
    responseId,
    ...kit.readTimes({ endDate: values.endDate, recordedDate: values.recordedDate }),
    changedAt: kit.instant(values.recordedDate),
    partial: /^(0|false)$/i.test(kit.asText(values.finished) ?? ''),
    language: kit.asText(values.userLanguage)?.toLowerCase() ?? null,
    answers: Object.entries(values)
      .filter(([name]) => column.test(name))
      .flatMap(([name, value]) => toAnswers(name, value, labels?.[name])),
    hidden: new Map(kit.scalars(values).filter(([name]) => !column.test(name) && !metadata.has(name))),
  });

function toAnswers(name: string, value: unknown, label: unknown): kit.IncomingAnswer[] {
  const part = column.exec(name)?.[1] ?? '';
  const question = { id: name, names: part === 'TEXT' ? [name.replace(/_TEXT$/, '')] : [], title: '' };
  if (notAnswered.test(part)) return [];
  if (Array.isArray(value)) {
    const chosen = kit.toReadableTexts(Array.isArray(label) ? label : value);
    return kit.answered(question, 'choices', chosen.map(kit.stripHtml));
  }
  const text = kit.asText(value);
  if (text === null) return kit.createTextAnswer(question, value);
  if (text === '') return [];
  if (part === 'FILE_ID') return kit.answered(question, 'file', text);
  // Columns of typed words end in TEXT, also those beside "other".
  if (/(^|_)TEXT$/.test(part)) return kit.answered(question, 'text', text);
  const chosen = kit.stripHtml(kit.asText(label) ?? '');
  if (chosen !== '') return kit.answered(question, /^\d+(_\d+)*$/.test(part) ? 'matrix' : 'choice', chosen);
  return typeof value === 'number' ? kit.answered(question, 'number', value) : kit.answered(question, 'text', text);
}

/** Qualtrics sends an empty object as an empty list. */
const Choices = kit.Fields.transform((choices) =>
  Object.entries(choices ?? {}).map(([key, choice]): [string, string] => {
    return [key, kit.stripHtml(kit.asText(kit.Fields.parse(choice)?.Display) ?? '')];
  }),
);
const Question = z.object({
  QuestionText: kit.Text,
  DataExportTag: kit.Text,
  ChoiceDataExportTags: kit.lenient(z.record(z.string(), z.string())),
  QuestionType: kit.Text,
  Choices,
  Answers: Choices,
});

const QualtricsSurvey = z.object({ Questions: z.record(z.string(), Question) });

function describe(id: string, question: z.output<typeof Question>): kit.QuestionDescription[] {
  const { DataExportTag: tag, ChoiceDataExportTags: tags, QuestionType: type, Choices: choices } = question;
  const title = kit.stripHtml(question.QuestionText ?? '');
  const part = ([key, text]: [string, string], end: string, answers: [string, string][] = []) => {
    const names = [tags?.[key], tag && `${tag}_${key}`].flatMap((name) => (name ? [`${name}${end}`] : []));
    return kit.describeQuestion(`${id}_${key}${end}`, kit.formatRowTitle(title, text), answers, names);
  };
  if (type === 'Matrix') return choices.map((row) => part(row, '', question.Answers));
  const others = choices.map((choice) => part(choice, '_TEXT'));
  const names = tag ? [tag] : [];
  const own =
    type === 'TE'
      ? kit.describeQuestion(`${id}_TEXT`, title, choices, [id, ...names])
      : kit.describeQuestion(id, title, choices, names);
  return [own, ...others];
}
