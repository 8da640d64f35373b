import type { Client } from 'jira.js/core';
import type * as z from 'zod';
import { withRetry } from '#adapters/with-retry.ts';
import { OutsideError } from '#domain/errors.ts';
import type { TrackerDeps } from '#domain/tracker.ts';

type Effect = 'read' | 'write';
type Request = Parameters<Client['sendRequest']>[0];

/** One call each: `ask` uses the client it is given, and the answer must have the shape. */
export interface JiraCalls {
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
}

/** Our own transport for jira.js: its own uses the global fetch and drops the headers of an error. */
export function jiraCalls(deps: TrackerDeps, email: string, token: string): JiraCalls {
  const base = deps.baseUrl.replace(/\/+$/, '');
  const authorization = `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${email}:${token}`)))}`;

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
      const failure = httpFailure(operation, effect, response);
      if (failure) {
        await response.body?.cancel();
        throw failure;
      }
      return response.status === 204 ? undefined : await response.json();
    } catch (error) {
      throw error instanceof OutsideError ? error : silentFailure(operation, error);
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
    if (!parsed.success) throw new OutsideError('unknown', operation, { detail: 'unexpected answer' });
    return parsed.data;
  }

  return {
    read: (operation, shape, ask) => withRetry(deps.retryMs, () => call(operation, 'read', shape, ask)),
    write: (operation, shape, ask) => call(operation, 'write', shape, ask),
  };
}

/** For a read that goes before a write: when it fails, the write has certainly not happened. */
export async function beforeWrite<Result>(read: Promise<Result>): Promise<Result> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof OutsideError) || error.code !== 'unknown') throw error;
    throw new OutsideError('unavailable', error.operation, { status: error.status });
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

function httpFailure(operation: string, effect: Effect, response: Response): OutsideError | null {
  const { status, headers } = response;
  const failed = (code: OutsideError['code'], detail?: string): OutsideError =>
    new OutsideError(code, operation, { status, ...(detail ? { detail } : {}) });
  const limited = (): OutsideError =>
    new OutsideError('rate-limited', operation, { status, retryAfterMs: retryAfter(headers) });

  // Jira may treat a wrong token as no token, and then shows an empty site instead of a 401.
  if (/AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/.test(headers.get('x-seraph-loginreason') ?? '')) {
    return failed('auth');
  }
  if (status >= 200 && status < 300) return null;
  if (status === 429 || (status === 403 && headers.has('retry-after'))) return limited();
  if (status === 503 && headers.has('retry-after') && effect === 'read') return limited();
  if (status === 401 || status === 403) return failed('auth');
  if (status === 408 || status === 409 || status >= 500) return failed('unknown');
  return failed('rejected', status >= 300 && status < 400 ? 'redirected' : undefined);
}

const second = 1000;
const day = 24 * 60 * 60 * second;

/** Seconds or a date, which is measured by the host's own clock. */
function retryAfter(headers: Headers): number {
  const text = headers.get('retry-after')?.trim();
  if (!text) return 60 * second;
  const seconds = Number(text);
  const wait = Number.isNaN(seconds)
    ? Date.parse(text) - Date.parse(headers.get('date') ?? '')
    : seconds * second;
  return Number.isNaN(wait) ? 60 * second : Math.min(Math.max(wait, second), day);
}

/** Codes that only occur before a request leaves: no connection, no name, no trusted certificate. */
const neverSent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT_\w+|UNABLE_TO_\w+|(DEPTH_ZERO_)?SELF_SIGNED_\w+)$/;

function silentFailure(operation: string, error: unknown): OutsideError {
  const code = systemCode(error);
  return neverSent.test(code)
    ? new OutsideError('unavailable', operation, { detail: code })
    : new OutsideError('unknown', operation, { detail: code || 'no readable answer' });
}

function systemCode(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && /^[A-Z\d_]+$/.test(cause.code))
      return cause.code;
  }
  return '';
}
