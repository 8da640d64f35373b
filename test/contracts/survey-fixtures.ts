import { readdirSync, readFileSync } from 'node:fs';
import { registry } from '#adapters/index.ts';
import { InvalidInputError } from '#domain/base/errors.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type {
  IncomingResponse,
  ParsedDelivery,
  RawDelivery,
  ResponseReference,
  SurveyApi,
  SurveySourceDefinition,
} from '#domain/integrations/survey-source.ts';
import { toSurveyResponse } from '#domain/responses/response.ts';
import type { SourceSettings } from '#domain/settings/workspace-file.ts';

export const receivedAt = Date.UTC(2026, 10, 23, 8);

/** Settings of the source that the Typeform fixtures belong to. */
export const typeformSettings = {
  kind: 'typeform' as const,
  secret: 'TYPEFORM_SECRET',
  questions: { completed: 'upgrade_completed', ease: 'upgrade_ease', recommend: 'ref-nps', site: 'site' },
  respondent: {
    key: 'hidden.customer_id',
    email: 'contact_mail',
    name: 'hidden.name',
    tier: 'hidden.tier',
    revenue: 'hidden.arr',
    language: 'hidden.lang',
  },
};

const contentTypes: Record<string, string> = {
  json: 'application/json',
  csv: 'text/csv',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data; boundary=x',
  eml: 'message/rfc822',
};

export interface Fixture {
  name: string;
  body: Uint8Array;
  expected: unknown;
  delivery: RawDelivery;
}

export function readFixtures(kind: string): Fixture[] {
  const folder = new URL(`../fixtures/survey/${kind}/`, import.meta.url);
  return readdirSync(folder)
    .filter((file) => !file.endsWith('.expected.json') && file !== 'README.md')
    .map((file) => {
      const [name = '', extension = ''] = file.split('.');
      const body = new Uint8Array(readFileSync(new URL(file, folder)));
      const expected = JSON.parse(readFileSync(new URL(`${name}.expected.json`, folder), 'utf8'));
      const headers = { 'content-type': contentTypes[extension] ?? '' };
      return { name, body, expected, delivery: { body, headers, receivedAt } };
    });
}

/** A response in a form that a person can compare: times as text, each answer on one line. */
export function readable(incoming: IncomingResponse, settings: SourceSettings): unknown {
  const { submittedAt, revision, ...rest } = toSurveyResponse('upgrade-survey', settings, incoming);
  return {
    ...rest,
    submittedAt: new Date(submittedAt).toISOString(),
    revision: new Date(Math.floor(revision / 2)).toISOString(),
    finished: revision % 2 === 1,
    answers: rest.answers.map(({ question, ...answer }) => ({
      question: `${question.id}: ${question.title}`,
      ...answer,
    })),
  };
}

/** Result of a delivery: a response, a reference, a test or a refusal. */
export function outcome(read: () => ParsedDelivery, settings: SourceSettings): unknown {
  try {
    const parsed = read();
    if (parsed.kind === 'test') return { test: true };
    if (parsed.kind === 'event') return { event: { ...parsed.event, at: new Date(parsed.event.at).toISOString() } };
    if (parsed.kind === 'response') return readable(parsed.response, settings);
    if (parsed.kind === 'rows')
      return {
        rows: parsed.rows.map(({ line, response }) => ({
          line,
          ...(readable({ ...response, responseId: response.responseId ?? 'of the row' }, settings) as object),
        })),
      };
    const { revision, ...reference } = parsed.reference;
    return { reference, revision: new Date(Math.floor(revision / 2)).toISOString() };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return { refused: error.message, fields: error.problems.map(({ field }) => field) };
  }
}

/** The response that an API tells, or the first that it lists. */
export const readByApi = async (api: SurveyApi, reference: ResponseReference): Promise<IncomingResponse | null> =>
  api.fetchResponse
    ? await api.fetchResponse(reference)
    : ((await api.listResponses?.(reference.form, 0, null))?.responses[0] ?? null);

/** An API whose host always gives one answer, with the requests that it received. */
export function apiOver<Settings>(
  { api }: SurveySourceDefinition<Settings>,
  settings: Settings,
  answer: () => Response,
): { api: SurveyApi; asked: Request[] } {
  const asked: Request[] = [];
  const fetch: Fetch = async (input, init) => {
    asked.push(new Request(input, init));
    return answer();
  };
  const made = api?.create(settings, {
    fetch,
    baseUrl: 'https://api.vendor.test',
    retryMs: 0,
    secret: (name) => `the ${name}`,
  });
  if (!made) throw new Error('no API');
  return { api: made, asked };
}

/** The response in an answer of a tool's API. */
export async function readAnswerOfApi(kind: string, json: object): Promise<IncomingResponse> {
  const definition = registry.surveys.find((survey) => survey.kind === kind);
  if (!definition) throw new Error(`no survey tool ${kind}`);
  const settings = definition.settings.parse({ kind, secret: 'A_SECRET', token: 'A_TOKEN' });
  const { api } = apiOver(definition, settings, () => Response.json(json));
  const response = await readByApi(api, { form: 'f', responseId: 'r', revision: 0 });
  if (!response) throw new Error(`${kind} does not read it`);
  return response;
}
