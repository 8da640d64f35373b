import type { Fetch } from '#domain/ports.ts';

export interface TrackerFaults {
  /** The next change takes effect, but its answer is lost. */
  loseNextAnswer(): void;
  /**
   * The next change is answered with this status and has no effect. 0: the connection is refused.
   * 200: the change takes effect, and the answer is a page that no program can read.
   */
  failNext(status: number): void;
  /** The next change meets the vendor's limit, in the vendor's own words, and has no effect. */
  limitNext(kind: string): void;
}

/** How each vendor says that it is too much, with a wait of 7 seconds. */
const limits: Record<string, (now: number) => Response> = {
  github: () =>
    Response.json(
      { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' },
      { status: 403, headers: { 'retry-after': '7' } },
    ),
  jira: () =>
    Response.json(
      { errorMessages: ['Rate limit exceeded.'], errors: {} },
      { status: 429, headers: { 'retry-after': '7', 'ratelimit-reason': 'jira-per-issue-on-write' } },
    ),
  linear: (now) =>
    Response.json(
      {
        errors: [
          {
            message: 'Rate limit exceeded',
            extensions: { type: 'ratelimited', code: 'RATELIMITED', statusCode: 429 },
          },
        ],
      },
      {
        status: 400,
        headers: {
          date: new Date(now).toUTCString(),
          'x-ratelimit-requests-remaining': '0',
          'x-ratelimit-requests-reset': String(now + 7000),
        },
      },
    ),
};

/** A fetch in front of an emulator, with faults for the next request that changes something. */
export function withFaults(
  inner: Fetch,
  isChange = changesSomething,
): { fetch: Fetch; faults: TrackerFaults } {
  let next: ((request: Request) => Promise<Response>) | null = null;

  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!next || !(await isChange(request.clone()))) return inner(request);
    const fault = next;
    next = null;
    return fault(request);
  };

  return {
    fetch,
    faults: {
      loseNextAnswer() {
        next = async (request) => {
          await inner(request);
          throw networkError('ECONNRESET');
        };
      },
      limitNext(kind) {
        next = async () => {
          const limited = limits[kind];
          if (!limited) throw new Error(`no limit known of ${kind}`);
          return limited(Date.UTC(2026, 10, 23, 9));
        };
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
  // Jira reads by POST too.
  if (request.method === 'GET' || /\/(search|bulkfetch)/.test(request.url)) return false;
  return !request.url.endsWith('/graphql') || (await request.text()).includes('mutation');
}

function networkError(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}
