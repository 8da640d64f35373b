import * as z from 'zod';
import { type Registry, registry } from '#adapters/index.ts';
import { readJson } from '#adapters/json.ts';
import { classifyFailedHttpAnswer, classifyNetworkError, throwAsUnavailable } from '#adapters/outcomes.ts';
import { signWebhook } from '#adapters/signature.ts';
import { apiClient } from '#adapters/survey-api.ts';
import { standardWebhooks } from '#adapters/surveys/standard-webhooks/definition.ts';
import { InvalidInputError } from '#domain/base/errors.ts';
import type { WantedHook } from '#domain/integrations/hook-registrar.ts';
import type {
  IncomingResponse,
  ParsedDelivery,
  SurveyApi,
  SurveyApiDeps,
  SurveySourceDefinition,
} from '#domain/integrations/survey-source.ts';
import { baseSourceFields, SecretName } from '#domain/settings/workspace-file.ts';
import type { SurveyTool } from './survey-tool.ts';

const Settings = z.strictObject({
  kind: z.literal('emulated-survey-tool'),
  secret: SecretName,
  token: SecretName.optional(),
  ...baseSourceFields,
});
type Settings = z.output<typeof Settings>;

const Question = z.object({
  id: z.string(),
  title: z.string(),
  type: z.enum(['choice', 'number', 'text', 'yes-no']),
  choices: z.record(z.string(), z.string()),
});
const Response_ = z.object({
  id: z.string(),
  form: z.string(),
  revision: z.number(),
  submittedAt: z.number(),
  partial: z.boolean(),
  customer: z.string(),
  email: z.string(),
  answers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
const Hooks = z.array(z.object({ url: z.string(), form: z.string(), isOn: z.boolean() }));
const Reference = z.object({ id: z.string(), form: z.string(), revision: z.number() });
const Delivered = z.object({
  reference: Reference.optional(),
  response: Response_.optional(),
  questions: z.array(Question).default([]),
});

function incoming(response: z.output<typeof Response_>, questions: z.output<typeof Question>[] = []): IncomingResponse {
  return {
    form: response.form,
    formTitle: null,
    responseId: response.id,
    revision: response.revision,
    submittedAt: response.submittedAt,
    partial: response.partial,
    language: null,
    answers: Object.entries(response.answers).map(([id, value]) => {
      const question = questions.find((entry) => entry.id === id);
      const isChoice = typeof value === 'string' && /^choice-/.test(value);
      return {
        question: { id, names: [], title: question?.title ?? '' },
        type: isChoice
          ? 'choice'
          : typeof value === 'number'
            ? 'number'
            : typeof value === 'boolean'
              ? 'yes-no'
              : 'text',
        value: isChoice ? (question?.choices[value] ?? value) : value,
        ...(isChoice && !question?.choices[value] ? { choiceIds: [value] } : {}),
        freeText: typeof value === 'string' && !isChoice,
      };
    }),
    hidden: new Map([
      ['customer_id', response.customer],
      ['email', response.email],
    ]),
    link: null,
  };
}

/** Caselite's source definition for the emulated tool; it implements the whole port. */
const surveyTool: SurveySourceDefinition<Settings> = {
  kind: 'emulated-survey-tool',
  title: 'Emulated survey tool',
  settings: Settings,
  secrets: ({ secret }) => [secret],
  verify: (delivery, secrets, now) => standardWebhooks.verify(delivery, secrets, now),
  signer: { sign: signWebhook },
  parse({ body }): ParsedDelivery {
    const read = Delivered.safeParse(readJson(body));
    if (!read.success) throw new InvalidInputError('Not a delivery of the emulated tool.');
    const { reference, response, questions } = read.data;
    if (reference) {
      const { id, form, revision } = reference;
      return { kind: 'reference', reference: { form, responseId: id, revision } };
    }
    return response ? { kind: 'response', response: incoming(response, questions) } : { kind: 'test' };
  },
  api: {
    baseUrl: { variable: 'SURVEY_TOOL_API_URL', fallback: 'http://survey-tool.test' },
    secrets: ({ token }) => (token ? [token] : []),
    hooksNeed: 'webhooks',
    create(settings, deps) {
      const { token } = settings;
      if (!token) return null;
      const get = getter(deps, token);
      const find = async ({ url, form }: WantedHook) =>
        Hooks.parse(await get('/hooks', 'list webhooks')).find((hook) => hook.url === url && hook.form === form);
      const { write } = apiClient(deps, { headers: { authorization: `Bearer ${deps.secret(token)}` } });
      return {
        hooks: {
          isInOrder: async (wanted) => (await find(wanted))?.isOn === true,
          async register(wanted) {
            const known = await find(wanted).catch(throwAsUnavailable);
            await write('register webhook', known ? 'PUT' : 'POST', '/hooks', wanted);
          },
        },
        async fetchResponse({ form, responseId }) {
          const json = await get(`/forms/${form}/responses/${encodeURIComponent(responseId)}`, 'fetch response');
          return json === null ? null : incoming(Response_.parse(json));
        },
        async fetchQuestions(form) {
          const json = await get(`/forms/${form}/questions`, 'fetch questions');
          const { questions } = z.object({ questions: z.array(Question) }).parse(json);
          return questions.map(({ id, title, choices }) => ({
            id,
            names: [],
            title,
            choices: new Map(Object.entries(choices)),
          }));
        },
        async listResponses(form, since, cursor) {
          const query = new URLSearchParams({ since: String(since), ...(cursor ? { cursor } : {}) });
          const json = await get(`/forms/${form}/responses?${query}`, 'list responses');
          const page = z.object({ responses: z.array(Response_), next: z.string().nullable() }).parse(json);
          return { responses: page.responses.map((entry) => incoming(entry)), next: page.next };
        },
      };
    },
  },
};

/** The tool's API without HTTP, for calls within one process. */
export const surveyApiInMemory = (tool: SurveyTool): Required<SurveyApi> => ({
  async fetchResponse({ responseId }) {
    const response = tool.read(responseId);
    return response && incoming(response);
  },
  fetchQuestions: async () =>
    tool.questions.map(({ id, title, choices }) => ({
      id,
      names: [],
      title,
      choices: new Map(Object.entries(choices)),
    })),
  async listResponses(form, since, cursor) {
    const { responses, next } = tool.list(form, since, cursor);
    return { responses: responses.map((entry) => incoming(entry)), next };
  },
  hooks: tool.hooks.registrar(),
});

/** Reads JSON; null for 404. Unreadable JSON counts as no answer. */
function getter(deps: SurveyApiDeps, token: string) {
  return async (path: string, operation: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${deps.secret(token)}` };
    let response: Response;
    try {
      response = await deps.fetch(new URL(path, deps.baseUrl), { headers });
    } catch (error) {
      throw classifyNetworkError(operation, error);
    }
    if (response.status === 404) return null;
    if (!response.ok) throw classifyFailedHttpAnswer(operation, response.status, response.headers, { write: false });
    try {
      return await response.json();
    } catch (error) {
      throw classifyNetworkError(operation, error);
    }
  };
}

/** The vendors of the product, and the emulated tool beside them. */
export const registryWithTool: Registry = { ...registry, surveys: [...registry.surveys, surveyTool] };
