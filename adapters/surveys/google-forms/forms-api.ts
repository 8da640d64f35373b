import * as z from 'zod';
import { IntegrationError } from '#domain/base/errors.ts';
import type * as port from '#domain/integrations/index.ts';
import { toIsoText } from '#domain/time/units.ts';
import * as kit from '../../kit.ts';

const pageSize = 200;

const Texts = z.object({ answers: z.array(z.object({ value: kit.Text })).nullish() }).nullish();
const Files = z.object({ answers: z.array(z.object({ fileId: kit.Text, fileName: kit.Text })).nullish() }).nullish();
const Answer = z.object({ questionId: kit.Text, textAnswers: Texts, fileUploadAnswers: Files });

const FormResponse = z.object({
  responseId: kit.Id,
  createTime: kit.Text,
  lastSubmittedTime: kit.Text,
  respondentEmail: kit.Text,
  answers: z.record(z.string(), Answer).nullish(),
});

const Question = z.object({
  questionId: kit.Text,
  choiceQuestion: z.object({ options: z.array(z.object({ value: kit.Text })).nullish() }).nullish(),
  rowQuestion: z.object({ title: kit.Text }).nullish(),
});
const Form = z.object({
  items: z
    .array(
      z.object({
        title: kit.Text,
        questionItem: z.object({ question: Question }).nullish(),
        questionGroupItem: z.object({ questions: z.array(Question).nullish() }).nullish(),
      }),
    )
    .nullish(),
});

/** Google's Forms API. Source: its reference, `forms.responses.list` and `forms.get`. */
export function createFormsApi(deps: port.SurveyApiDeps, token: string): port.SurveyApi {
  let login: Promise<string> | null = null;
  const demand = async <Value>(operation: string, path: string, schema: z.ZodType<Value>) => {
    login ??= fetchAccessToken(deps, token);
    const headers = { authorization: `Bearer ${await login}` };
    return kit.apiClient(deps, { headers }).demand(operation, path, schema);
  };
  const toFormPath = (form: string) => `/v1/forms/${encodeURIComponent(form)}`;
  return {
    async fetchQuestions(form) {
      const { items } = await demand('read a Google form', toFormPath(form), Form);
      return (items ?? []).flatMap(({ title, questionItem, questionGroupItem }) => [
        ...(questionItem ? describe(title, questionItem.question) : []),
        ...(questionGroupItem?.questions ?? []).flatMap((question) => describe(title, question)),
      ]);
    },
    async listResponses(form, since, cursor) {
      const query = new URLSearchParams({
        filter: `timestamp >= ${toIsoText(since)}`,
        pageSize: String(pageSize),
        ...(cursor ? { pageToken: cursor } : {}),
      });
      const schema = z.object({ responses: z.array(FormResponse).nullish(), nextPageToken: kit.Text });
      const path = `${toFormPath(form)}/responses?${query}`;
      const page = await demand('list responses of a Google form', path, schema);
      return {
        responses: (page.responses ?? []).map((entry) => toIncomingResponse(form, entry)),
        next: page.nextPageToken || null,
      };
    },
  };
}

/** First response of a saved list whose form id is not in it. */
export function readFirstSavedFormsResponse(json: unknown): port.IncomingResponse | null {
  const [entry] = z.object({ responses: z.array(FormResponse) }).safeParse(json).data?.responses ?? [];
  return entry ? toIncomingResponse('FORM', entry) : null;
}

function describe(title: string | null | undefined, question: z.output<typeof Question>): port.QuestionDescription[] {
  const { questionId, choiceQuestion, rowQuestion } = question;
  if (!questionId) return [];
  const choices = (choiceQuestion?.options ?? []).flatMap(({ value }): [string, string][] =>
    value ? [[value, value]] : [],
  );
  return [kit.describeQuestion(questionId, kit.formatRowTitle(title?.trim() ?? '', rowQuestion?.title ?? ''), choices)];
}

const toIncomingResponse = (form: string, given: z.output<typeof FormResponse>): port.IncomingResponse =>
  kit.responseOf({
    form,
    responseId: given.responseId,
    ...kit.readTimes({ lastSubmittedTime: given.lastSubmittedTime, createTime: given.createTime }),
    answers: Object.entries(given.answers ?? {}).flatMap(([id, answer]) => toAnswers(id, answer)),
    hidden: new Map(given.respondentEmail ? [['email', given.respondentEmail]] : []),
  });

/** Every value is text, even a scale's, and the API does not distinguish choices from typed words. */
function toAnswers(id: string, { textAnswers, fileUploadAnswers }: z.output<typeof Answer>): port.IncomingAnswer[] {
  const question = { id, names: [], title: '' };
  const files = (fileUploadAnswers?.answers ?? []).flatMap(({ fileId, fileName }) => fileName || fileId || []);
  if (files.length > 0) return kit.answered(question, 'file', kit.unwrapSingleValue(files));
  const values = (textAnswers?.answers ?? []).flatMap(({ value }) => value || []);
  const [only = '', ...more] = values;
  return more.length > 0 ? kit.answered(question, 'choices', values, true) : kit.createScoreOrText(question, only);
}

const signingIn = 'sign in at Google';
const scopes = [
  'https://www.googleapis.com/auth/forms.responses.readonly',
  'https://www.googleapis.com/auth/forms.body.readonly',
];

/** The two kinds of credential files that Google's own tools write. */
const Credentials = z.discriminatedUnion('type', [
  z.object({ type: z.literal('service_account'), client_email: z.string(), private_key: z.string() }),
  z.object({
    type: z.literal('authorized_user'),
    client_id: z.string(),
    client_secret: z.string(),
    refresh_token: z.string(),
  }),
]);
async function fetchAccessToken({ login, secret, now }: port.SurveyApiDeps, name: string): Promise<string> {
  const { type: _, ...given } = readCredentials(secret(name), name);
  if (!login) throw new IntegrationError('auth', signingIn, { detail: 'no address to sign in at' });
  const form: Record<string, string> =
    'client_id' in given
      ? { grant_type: 'refresh_token', ...given }
      : {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion: await assertion(given.client_email, given.private_key, name, now()),
        };
  return kit.fetchAccessToken(signingIn, login.fetch, `${login.baseUrl.replace(/\/$/, '')}/token`, form);
}

function readCredentials(text: string, name: string): z.output<typeof Credentials> {
  const read = Credentials.safeParse(kit.jsonOrNull(text));
  if (read.success) return read.data;
  const detail = `${name} is not the JSON of a service account or of an authorized user`;
  throw new IntegrationError('auth', signingIn, { detail });
}

/** Signed for the address that Google documents, whatever address the deployment uses. */
async function assertion(email: string, privateKey: string, name: string, now: number): Promise<string> {
  const { importPKCS8, SignJWT } = await import('jose');
  const seconds = Math.floor(now / 1000);
  try {
    return await new SignJWT({ scope: scopes.join(' ') })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(email)
      .setAudience('https://oauth2.googleapis.com/token')
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 3600)
      .sign(await importPKCS8(privateKey, 'RS256'));
  } catch {
    throw new IntegrationError('auth', signingIn, { detail: `the private key in ${name} cannot be read` });
  }
}
