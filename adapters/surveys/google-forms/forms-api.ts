import * as z from 'zod';
import type * as port from '#domain/integrations/index.ts';
import { toIsoText } from '#domain/time/units.ts';
import * as kit from '../../kit.ts';
import { fetchAccessToken } from './login.ts';

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
  const read = async <Value>(operation: string, path: string, schema: z.ZodType<Value>) => {
    login ??= fetchAccessToken(deps, token);
    return kit.apiReader(deps, { headers: { authorization: `Bearer ${await login}` } })(operation, path, schema);
  };
  const toFormPath = (form: string) => `/v1/forms/${encodeURIComponent(form)}`;
  return {
    async fetchQuestions(form) {
      const what = 'read a Google form';
      const { items } = await kit.requireForm(what, read(what, toFormPath(form), Form));
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
      const what = 'list responses of a Google form';
      const page = await kit.requireForm(what, read(what, path, schema));
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
  const named = kit.formatRowTitle(title?.trim() ?? '', rowQuestion?.title ?? '');
  return [{ id: questionId, names: [], title: named, choices: new Map(choices) }];
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
  if (files.length > 0) return [{ question, type: 'file', value: kit.unwrapSingleValue(files), freeText: true }];
  const values = (textAnswers?.answers ?? []).flatMap(({ value }) => value || []);
  const [only] = values;
  if (only === undefined) return [];
  if (values.length > 1) return [{ question, type: 'choices', value: values, freeText: true }];
  const score = kit.parseShortNumber(only);
  return score === null
    ? [{ question, type: 'text', value: only, freeText: true }]
    : [{ question, type: 'number', value: score, freeText: false }];
}
