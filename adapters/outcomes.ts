import { OutsideError } from '#domain/errors.ts';

const second = 1000;
const longestWaitMs = 24 * 60 * 60 * second;
const waitWhenUnsaidMs = 60 * second;

/** Failures that can only happen before the first byte of a request is sent. */
const beforeAnyByte = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What a rejected fetch means: `unavailable` when certainly nothing was sent, else `unknown`. */
export function networkOutcome(operation: string, error: unknown): OutsideError {
  if (error instanceof OutsideError) return error;
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if ((typeof code === 'string' && beforeAnyByte.has(code)) || syscall === 'connect') {
      return new OutsideError('unavailable', operation, { detail: code ?? 'no connection' });
    }
  }
  return new OutsideError('unknown', operation, { detail: 'no answer' });
}

/**
 * What an answer that is not a success means.
 *
 * @param facts.write a read that failed on the host's side had certainly no effect
 * @param facts.limited the vendor's own sign of a limit, beyond status 429 and the usual headers
 */
export function statusOutcome(
  operation: string,
  status: number,
  headers: Headers,
  facts: { write: boolean; limited?: boolean },
): OutsideError {
  const wait = retryAfterMs(headers);
  const spent = headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0';
  if (status === 429 || facts.limited || (status === 403 && spent)) {
    return new OutsideError('rate-limited', operation, { status, retryAfterMs: wait ?? waitWhenUnsaidMs });
  }
  if (status === 401 || status === 403) return new OutsideError('auth', operation, { status });
  if (status === 409 || status === 408 || status >= 500 || status < 300) {
    const code = facts.write || status < 300 ? 'unknown' : 'unavailable';
    return new OutsideError(code, operation, { status, retryAfterMs: wait });
  }
  return new OutsideError('rejected', operation, { status });
}

/**
 * How long a host asked us to wait: `retry-after` in seconds or as a date, else the reset of a spent limit,
 * both dates measured by the host's own clock. Null when it did not say.
 */
export function retryAfterMs(headers: Headers): number | null {
  const hostNow = Date.parse(headers.get('date') ?? '');
  const after = headers.get('retry-after')?.trim();
  if (after) {
    return clamp(/^-?[\d.]+$/.test(after) ? Number(after) * second : Date.parse(after) - hostNow);
  }
  const reset = headers.get('x-ratelimit-reset');
  if (reset && headers.get('x-ratelimit-remaining') === '0') return clamp(Number(reset) * second - hostNow);
  return null;
}

function clamp(ms: number): number {
  if (Number.isNaN(ms)) return waitWhenUnsaidMs;
  return Math.min(Math.max(Math.ceil(ms), second), longestWaitMs);
}
