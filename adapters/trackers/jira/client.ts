import type { Client } from 'jira.js/core';
import type * as z from 'zod';
import { networkOutcome, statusOutcome } from '#adapters/outcomes.ts';
import { withRetry } from '#adapters/with-retry.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { TrackerDeps } from '#domain/integrations/tracker-definition.ts';

type Effect = 'read' | 'write';
type Request = Parameters<Client['sendRequest']>[0];

/** One call each: `ask` uses the client it is given, and the answer must have the shape. */
export interface JiraClient {
  read<Answer>(
    operation: string,
    shape: z.ZodType<Answer>,
    ask: (client: Client) => Promise<unknown>,
  ): Promise<Answer>;
  write<Answer>(
    operation: string,
    shape: z.ZodType<Answer>,
    ask: (client: Client) => Promise<unknown>,
  ): Promise<Answer>;
  /** Asks without signing in: the status that anybody on the internet would get. */
  anonymously(url: string): Promise<number>;
  /** The host's clock at its last answer, milliseconds UTC; NaN before. */
  hostNow(): number;
}

/** Our own transport for jira.js: its own uses the global fetch and drops the headers of an error. */
export function createClient(deps: TrackerDeps, email: string, token: string): JiraClient {
  const base = deps.baseUrl.replace(/\/+$/, '');
  const authorization = `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${email}:${token}`)))}`;

  let lastDate = Number.NaN;

  async function send(operation: string, effect: Effect, request: Request): Promise<unknown> {
    try {
      const response = await deps.fetch(base + request.url + queryOf(request.searchParams), {
        method: request.method ?? 'GET',
        headers: {
          accept: 'application/json',
          authorization,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
      lastDate = Date.parse(response.headers.get('date') ?? '');
      const failure = httpFailure(operation, effect, response);
      if (failure) {
        await response.body?.cancel();
        throw failure;
      }
      return response.status === 204 ? undefined : await response.json();
    } catch (error) {
      throw networkOutcome(operation, error);
    }
  }

  async function call<Answer>(
    operation: string,
    effect: Effect,
    shape: z.ZodType<Answer>,
    ask: (client: Client) => Promise<unknown>,
  ): Promise<Answer> {
    const answer = await ask({
      sendRequest: <Result>(request: Request) => send(operation, effect, request) as Promise<Result>,
    });
    const parsed = shape.safeParse(answer);
    if (!parsed.success) throw new IntegrationError('unknown', operation, { detail: 'unexpected answer' });
    return parsed.data;
  }

  return {
    read: (operation, shape, ask) => withRetry(deps.retryMs, () => call(operation, 'read', shape, ask)),
    write: (operation, shape, ask) => call(operation, 'write', shape, ask),
    async anonymously(url) {
      const response = await deps.fetch(url, { headers: { accept: 'application/json' } });
      await response.body?.cancel();
      return response.status;
    },
    hostNow: () => lastDate,
  };
}

/** For a read that goes before a write: when it fails, the write has certainly not happened. */
export async function beforeWrite<Result>(read: Promise<Result>): Promise<Result> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof IntegrationError) || error.code !== 'unknown') throw error;
    throw new IntegrationError('unavailable', error.operation, { status: error.status });
  }
}

function queryOf(parameters: Record<string, unknown> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const item of [value].flat()) {
      if (item !== undefined && item !== null) query.append(name, String(item));
    }
  }
  return query.size ? `?${query}` : '';
}

/** The one place where Jira's dialect of failing is told apart. */
function httpFailure(operation: string, effect: Effect, response: Response): IntegrationError | null {
  const { status, headers } = response;
  // Jira may treat a wrong token as no token, and then shows an empty site instead of a 401.
  if (/AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/.test(headers.get('x-seraph-loginreason') ?? '')) {
    return new IntegrationError('auth', operation, { status });
  }
  if (status >= 200 && status < 300) return null;
  // A read that Jira puts off has no effect to look for; a write may have had one.
  const limited = status === 503 && headers.has('retry-after') && effect === 'read';
  return statusOutcome(operation, status, headers, { write: effect === 'write', limited });
}
