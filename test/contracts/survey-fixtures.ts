import { readdirSync, readFileSync } from 'node:fs';
import { InvalidInputError } from '#domain/base/errors.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type {
  IncomingResponse,
  ParsedDelivery,
  RawDelivery,
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
