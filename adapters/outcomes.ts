import * as z from 'zod';
import { IntegrationError, type IntegrationErrorCode, type RefusedField } from '#domain/base/errors.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type { SetUpFinding } from '#domain/integrations/tracker.ts';
import { dayMs, secondMs } from '#domain/time/units.ts';

const maxWaitMs = dayMs;
export const defaultWaitMs = 60 * secondMs;

const unsentErrorCodes = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'],
]);

/** Outcome of a rejected fetch: `unavailable` when certainly nothing was sent, else `unknown`. */
export function classifyNetworkError(operation: string, error: unknown): IntegrationError {
  if (error instanceof IntegrationError) return error;
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if ((typeof code === 'string' && unsentErrorCodes.has(code)) || syscall === 'connect')
      return new IntegrationError('unavailable', operation, { detail: code ?? 'no connection' });
  }
  return new IntegrationError('unknown', operation, { detail: 'no answer' });
}

/** A request that wants JSON, with a body of JSON or none. */
export const sendJson = (
  fetch: Fetch,
  url: string,
  { method, headers, body }: { method: string; headers: Record<string, string>; body: unknown },
): Promise<Response> => {
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const text = body === undefined ? null : JSON.stringify(body);
  return fetch(url, { method, headers: { accept: 'application/json', ...type, ...headers }, body: text });
};

/** A refusal of what was asked for, with the reason. */
export const refusal = (operation: string, detail: string, status = 0): IntegrationError =>
  new IntegrationError('rejected', operation, { status, detail });

/** For `catch` of a request. */
export const throwNetworkError =
  (operation: string) =>
  (error: unknown): never => {
    throw classifyNetworkError(operation, error);
  };

/** Makes a request that changes something, and throws the outcome of every failure. */
export async function post(operation: string, send: () => Promise<Response>): Promise<void> {
  const answer = await send().catch(throwNetworkError(operation));
  if (!answer.ok) throw classifyFailedHttpAnswer(operation, answer.status, answer.headers, { write: true });
}

const Token = z.object({ access_token: z.string().min(1) });

/** An access token of OAuth 2.0. Some hosts tell wrong credentials with 400. */
export async function fetchAccessToken(
  operation: string,
  fetch: Fetch,
  url: string | URL,
  form: Record<string, string>,
): Promise<string> {
  const sent = fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  // If the answer with a token is lost, the next request gets another.
  const answer = await sent.catch(throwNetworkError(operation)).catch(throwAsUnavailable);
  const { status, headers } = answer;
  if (!answer.ok) {
    const outcome = classifyFailedHttpAnswer(operation, status, headers, { write: false });
    throw status === 400 ? new IntegrationError('auth', operation, { status }) : outcome;
  }
  const { data } = Token.safeParse(await answer.json().catch(() => null));
  if (data) return data.access_token;
  throw new IntegrationError('unavailable', operation, { detail: 'no access token in the answer' });
}

/** Outcome of an unsuccessful answer; `limited` is the vendor's own sign of a limit, beside 429. */
export function classifyFailedHttpAnswer(
  operation: string,
  status: number,
  headers: Headers,
  facts: { write: boolean; limited?: boolean; fields?: RefusedField[]; detail?: string },
): IntegrationError {
  const wait = readRetryAfterMs(headers);
  const isLimitUsedUp = headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0';
  if (status === 429 || facts.limited || (status === 403 && isLimitUsedUp))
    return new IntegrationError('rate-limited', operation, { status, retryAfterMs: wait ?? defaultWaitMs });
  const { fields = [], detail } = facts;
  if (status === 401 || status === 403) return new IntegrationError('auth', operation, { status, fields, detail });
  if (status === 409 || status === 408 || (status >= 500 && status !== 501) || status < 300) {
    const code = facts.write || status < 300 ? 'unknown' : 'unavailable';
    return new IntegrationError(code, operation, { status, retryAfterMs: wait });
  }
  return new IntegrationError('rejected', operation, { status, fields, detail });
}

const longestSetUpWords = 200;
const sentPieceLength = 12;

/** Words of a host about the set-up; empty where they repeat a piece of what was sent, perhaps a person's words. */
export function keepSetUpWords(message: string, sent: string[]): string {
  const words = message.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  if (words.length > longestSetUpWords || /@|:\/\//.test(words)) return '';
  const texts = sent.join('\n').toLowerCase();
  const length = Math.min(sentPieceLength, words.length);
  for (let at = 0; at + length <= words.length; at += 1)
    if (texts.includes(words.slice(at, at + length).toLowerCase())) return '';
  return words;
}

const relabel = ({ operation, status, retryAfterMs, detail }: IntegrationError, code: IntegrationErrorCode) =>
  new IntegrationError(code, operation, { status, retryAfterMs, detail });

/** For `catch` of a step before a write: without an answer to it, the write certainly did not happen. */
export function throwAsUnavailable(error: unknown): never {
  throw error instanceof IntegrationError && error.code === 'unknown' ? relabel(error, 'unavailable') : error;
}

/** For `catch` of a step after a write: when it fails, the write has worked all the same. */
export function throwAsUnknown(error: unknown): never {
  throw error instanceof IntegrationError ? relabel(error, 'unknown') : error;
}

/** Wait in milliseconds that a host asked for by `retry-after` or its reset, by the host's clock; null for none. */
export function readRetryAfterMs(headers: Headers): number | null {
  const vendorTimeMs = Date.parse(headers.get('date') ?? '');
  const after = headers.get('retry-after')?.trim();
  if (after) return clampWaitMs(/^-?[\d.]+$/.test(after) ? Number(after) * secondMs : Date.parse(after) - vendorTimeMs);
  const reset = headers.get('x-ratelimit-reset');
  if (reset && headers.get('x-ratelimit-remaining') === '0')
    return clampWaitMs(Number(reset) * secondMs - vendorTimeMs);
  return null;
}

/** Delay in milliseconds, from 1 s to 24 h. */
export function clampWaitMs(ms: number): number {
  if (Number.isNaN(ms)) return defaultWaitMs;
  return Math.min(Math.max(Math.ceil(ms), secondMs), maxWaitMs);
}

const clockToleranceMs = 60 * secondMs;

/** Reports clocks that differ so much that times in signatures and limits no longer fit. */
export function checkVendorClock(vendorTimeMs: number, now: number): SetUpFinding[] {
  const apart = vendorTimeMs - now;
  if (Number.isNaN(apart) || Math.abs(apart) < clockToleranceMs) return [];
  const seconds = Math.round(Math.abs(apart) / secondMs);
  const message = `this machine’s clock is ${seconds} s ${apart > 0 ? 'behind' : 'ahead of'} the tracker’s`;
  return [note('clock', message, 'switch on time synchronisation (NTP) on this machine')];
}

/** Finding for the first failing call of a check; `needs` is what the credentials must allow. */
export function createFailedCheckFinding(error: unknown, needs: string): SetUpFinding {
  if (!(error instanceof IntegrationError)) throw error;
  if (error.code === 'auth')
    return stop(
      error.status === 403 ? 'permissions' : 'credentials',
      `the tracker refused the credentials (status ${error.status})`,
      `make a new token with ${needs}, set the secret to it, and start again`,
    );
  return stop(
    'place',
    `the tracker did not answer as it should (${error.message})`,
    'check the base address of the deployment and the network, then try again',
  );
}

const finding = (blocking: boolean) => (about: SetUpFinding['about'], message: string, remedy: string) =>
  ({ about, blocking, message, remedy }) satisfies SetUpFinding;

export const stop = finding(true);

export const note = finding(false);
