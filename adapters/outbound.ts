import pRetry from 'p-retry';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type { Meter, RateLimit } from '#domain/integrations/rate-limit.ts';
import { defaultWaitMs, readRetryAfterMs, throwAsUnavailable } from './outcomes.ts';

const requestTimeoutMs = 15_000;
/** A page of a hundred issues with long texts has several MiB. */
const maxHttpBodyBytes = 16 * 1024 * 1024;

/** A fetch that reaches one host only, follows no redirect, and ends after 15 seconds or 16 MiB. */
export function createOutboundFetch(baseUrl: string, fetch: Fetch = globalThis.fetch): Fetch {
  const { origin } = new URL(baseUrl);
  return async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== origin) throw new TypeError(`only ${origin} may be called here`);
    // A timer of AbortSignal.timeout would outlive the call and keep the object from resting.
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(new DOMException('no answer in time', 'TimeoutError')),
      requestTimeoutMs,
    );
    try {
      const response = await fetch(request, { redirect: 'manual', signal: deadline.signal });
      const { status, statusText, headers } = response;
      const body = await readBodyWithinLimit(response);
      return new Response(status === 204 || status === 304 ? null : body, { status, statusText, headers });
    } finally {
      clearTimeout(timer);
    }
  };
}

async function readBodyWithinLimit(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxHttpBodyBytes) throw new TypeError('the answer is larger than 16 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A fetch within the rate limit: a request above it is answered here with 429 and the wait, and never leaves. */
export function createMeteredFetch(
  fetch: Fetch,
  meter: Meter,
  { reportsLimit }: Pick<RateLimit, 'reportsLimit'>,
): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const wait = meter.ask(request);
    if (wait > 0) {
      const headers = { 'retry-after': String(wait / 1000) };
      return Response.json({ message: 'Held: the rate limit of this host is used up.' }, { status: 429, headers });
    }
    const response = await fetch(request);
    const { status, headers } = response;
    const isLimited = status === 429 || (status >= 400 && reportsLimit?.(status, await response.clone().text()));
    const waitMs = status < 400 ? null : (readRetryAfterMs(headers) ?? (isLimited ? defaultWaitMs : null));
    meter.recordReportedLimits(headers, waitMs);
    return response;
  };
}

/** Caches an answer until it is forgotten; failures are not cached. */
export function once<Result>(ask: () => Promise<Result>): { get(): Promise<Result>; forget(): void } {
  let answer: Promise<Result> | undefined;
  return {
    get() {
      const asked = answer ?? ask();
      answer = asked;
      asked.catch(() => {
        if (answer === asked) answer = undefined;
      });
      return asked;
    },
    forget() {
      answer = undefined;
    },
  };
}

/** A read repeated within seconds, which changes nothing when no answer can be read; never a write, which may have worked. */
export const readWithRetry = <Result>(retryMs: number, read: () => Promise<Result>): Promise<Result> =>
  pRetry(() => read().catch(throwAsUnavailable), {
    retries: 2,
    minTimeout: retryMs,
    factor: 3,
    shouldRetry: ({ error }) => error instanceof IntegrationError && error.code === 'unavailable',
  });
