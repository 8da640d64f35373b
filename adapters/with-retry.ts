import pRetry from 'p-retry';
import { IntegrationError } from '#domain/base/errors.ts';

/**
 * Tries a read again within seconds; longer waits are rows and alarms. Only for calls that change nothing:
 * a write without an answer may have worked.
 *
 * @param retryMs milliseconds before the first retry; 0 waits for nothing
 */
export function withRetry<Result>(retryMs: number, read: () => Promise<Result>): Promise<Result> {
  return pRetry(read, {
    retries: 2,
    minTimeout: retryMs,
    factor: 3,
    shouldRetry: ({ error }) =>
      error instanceof IntegrationError && (error.code === 'unknown' || error.code === 'unavailable'),
  });
}
