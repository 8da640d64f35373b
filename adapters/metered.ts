import type { Fetch } from '#domain/base/ports.ts';
import type { Meter } from '#domain/integrations/rate-limit.ts';
import { defaultWaitMs, readRetryAfterMs } from './outcomes.ts';

/**
 * A fetch within the rate limit. A request above it is answered here with 429 and the wait, as the host would, and
 * never leaves.
 */
export function createMeteredFetch(fetch: Fetch, meter: Meter): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const wait = meter.ask(request);
    if (wait > 0) {
      const headers = { 'retry-after': String(wait / 1000) };
      return Response.json({ message: 'Held: the rate limit of this host is used up.' }, { status: 429, headers });
    }
    const response = await fetch(request);
    meter.recordReportedLimits(response.headers, readRequestedWaitMs(response));
    return response;
  };
}

function readRequestedWaitMs({ status, headers }: Response): number | null {
  if (status < 400) return null;
  return readRetryAfterMs(headers) ?? (status === 429 ? defaultWaitMs : null);
}
