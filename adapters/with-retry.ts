import pRetry from 'p-retry';
import { IntegrationError } from '#domain/base/errors.ts';

/**
 * Repeats a read within seconds; longer waits are rows and alarms. Only for calls that change nothing: a write without
 * an answer may have worked.
 *
 * @param retryMs delay before the first retry in milliseconds; 0 for none
 */
export function readWithRetry<Result>(retryMs: number, read: () => Promise<Result>): Promise<Result> {
  return pRetry(read, {
    retries: 2,
    minTimeout: retryMs,
    factor: 3,
    shouldRetry: ({ error }) =>
      error instanceof IntegrationError && (error.code === 'unknown' || error.code === 'unavailable'),
  });
}
