import * as z from 'zod';
import { AppError, IntegrationError } from '#domain/base/errors.ts';
import type { SurveyApi, SurveyApiDeps, SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import { baseSourceFields } from '#domain/settings/workspace-file.ts';
import { readJson } from './json.ts';
import { readWithRetry } from './outbound.ts';
import { classifyFailedHttpAnswer, post, refusal, sendJson, throwNetworkError } from './outcomes.ts';
import { unusable } from './survey-reading.ts';

const maxAnswers = 1000;
/** A page of hundreds of responses. Its bytes are limited like those of every call. */
const maxJsonKeys = 1_000_000;

interface Api {
  headers: Record<string, string>;
  /** Duration of a used-up limit in milliseconds, from the vendor's own headers. */
  waitMs?(headers: Headers): number | null;
  status?(json: unknown): number;
}

/** A survey tool's API, whose calls throw an `IntegrationError` for every failure. */
export function apiClient(deps: SurveyApiDeps, api: Api) {
  const send = (method: string, path: string, body?: unknown) =>
    sendJson(deps.fetch, `${deps.baseUrl.replace(/\/$/, '')}${path}`, { method, headers: api.headers, body });

  /** Null for 404. */
  const find = <Value>(operation: string, path: string, schema: z.ZodType<Value>, body?: unknown) =>
    readWithRetry(deps.retryMs, () =>
      readAnswer(operation, api, schema, send(body === undefined ? 'GET' : 'POST', path, body)),
    );

  /** About a form that must exist: an unknown one is refused, never read as empty. */
  async function demand<Value>(operation: string, path: string, schema: z.ZodType<Value>, body?: unknown) {
    const value = await find(operation, path, schema, body);
    if (value !== null) return value;
    const detail = 'the survey tool knows no such form; check its id, and whether the token may see it';
    throw refusal(operation, detail, 404);
  }

  /** A change, in a single try. Nothing of the answer is read. */
  const write = (operation: string, method: 'POST' | 'PUT' | 'PATCH', path: string, body: unknown): Promise<void> =>
    post(operation, () => send(method, path, body));

  return { find, demand, write };
}

async function readAnswer<Value>(
  operation: string,
  api: Api,
  schema: z.ZodType<Value>,
  sent: Promise<Response>,
): Promise<Value | null> {
  const lost = throwNetworkError(operation);
  const answer = await sent.catch(lost);
  if (answer.status === 404) return null;
  const wait = answer.status === 429 ? (api.waitMs?.(answer.headers) ?? null) : null;
  if (wait !== null) throw new IntegrationError('rate-limited', operation, { status: 429, retryAfterMs: wait });
  if (!answer.ok) throw classifyFailedHttpAnswer(operation, answer.status, answer.headers, { write: false });
  const body = await answer.arrayBuffer().catch(lost);
  let json: unknown;
  try {
    json = readJson(new Uint8Array(body), maxJsonKeys);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new IntegrationError('unknown', operation, { status: answer.status, detail: error.message });
  }
  const status = api.status?.(json) ?? 200;
  if (status === 404) return null;
  if (status >= 300) throw classifyFailedHttpAnswer(operation, status, answer.headers, { write: false });
  const { data, success } = schema.safeParse(json);
  if (!success) throw refusal(operation, 'an answer that differs from the documentation', answer.status);
  return data;
}

/** Settings of one kind of source, beside those of every source. */
export const sourceSettings = <Kind extends string, Own extends z.ZodRawShape>(kind: Kind, own: Own) =>
  z.strictObject({ kind: z.literal(kind), ...own, ...baseSourceFields });

type Source<Settings> = SurveySourceDefinition<Settings>;

interface SurveyTool<Settings> extends Omit<Source<Settings>, 'settings' | 'secrets' | 'api'> {
  api?: Omit<NonNullable<Source<Settings>['api']>, 'secrets' | 'create'> & {
    /** @param token name of the secret with the credentials */
    connect(deps: SurveyApiDeps, token: string, settings: Settings): SurveyApi;
  };
}

/** A source whose setting `secret` proves its deliveries, and whose setting `token` opens its API. */
export function surveySource<Settings extends { secret?: string | undefined; token?: string | undefined }>({
  api,
  ...source
}: SurveyTool<NoInfer<Settings>> & { settings: z.ZodType<Settings> }): Source<Settings> {
  const named = (name: string | undefined) => (name ? [name] : []);
  const complete: Source<Settings> = {
    ...source,
    secrets: ({ secret }) => named(secret),
    parse(delivery, settings) {
      const parsed = source.parse(delivery, settings);
      if (parsed.kind === 'response' && parsed.response.answers.length > maxAnswers)
        throw unusable('response', 'answers', `has more than ${maxAnswers} answers`);
      return parsed;
    },
  };
  if (!api) return complete;
  const { connect, ...described } = api;
  return {
    ...complete,
    api: {
      ...described,
      secrets: ({ token }) => named(token),
      create: (settings, deps) => (settings.token ? connect(deps, settings.token, settings) : null),
    },
  };
}
