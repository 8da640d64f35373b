import { limitAnswers } from '#adapters/emulators/host-limits.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type { Vendor } from './validating.ts';

export interface TrackerFaults {
  /** The next change takes effect, but its answer is lost. */
  loseNextAnswer(): void;
  /**
   * The next change gets this status and has no effect. 0: the connection is refused. 200: the change takes effect, and
   * the answer is unreadable.
   */
  failNext(status: number): void;
  /**
   * The next change exceeds the vendor's limit: the answer has the vendor's format and a wait of 7 seconds, and the
   * change has no effect.
   */
  limitNext(kind: Vendor): void;
  /** From now on, or from the next change on, no read gets an answer. */
  loseReads(from?: 'now' | 'next change'): void;
}

/** A fetch to an emulator with faults for the next changing request. */
export function withFaults(inner: Fetch, isChange = changesSomething): { fetch: Fetch; faults: TrackerFaults } {
  let next: ((request: Request) => Promise<Response>) | null = null;
  let readsLost: 'now' | 'next change' | null = null;

  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    const changes = await isChange(request.clone());
    if (!changes && readsLost === 'now') throw networkError('ECONNRESET');
    if (changes && readsLost) readsLost = 'now';
    if (!next || !changes) return inner(request);
    const fault = next;
    next = null;
    return fault(request);
  };

  return {
    fetch,
    faults: {
      loseReads(from = 'now') {
        readsLost = from;
      },
      loseNextAnswer() {
        next = async (request) => {
          await inner(request);
          throw networkError('ECONNRESET');
        };
      },
      limitNext(kind) {
        next = async () => limitAnswers[kind](7000, Date.UTC(2026, 10, 23, 9));
      },
      failNext(status) {
        next = async (request) => {
          if (status === 0) throw networkError('ECONNREFUSED');
          if (status === 200) await inner(request);
          const headers: HeadersInit = { 'content-type': status === 200 ? 'text/html' : 'application/json' };
          if (status === 429) headers['retry-after'] = '7';
          return new Response(status === 200 ? '<p>Sign in</p>' : '{"message":"no"}', { status, headers });
        };
      },
    },
  };
}

async function changesSomething(request: Request): Promise<boolean> {
  // Jira uses POST for some reads.
  if (request.method === 'GET' || /\/(search|bulkfetch)/.test(request.url)) return false;
  return !request.url.endsWith('/graphql') || (await request.text()).includes('mutation');
}

function networkError(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}
