import type { Fetch } from '#domain/base/ports.ts';
import { hourMs, minuteMs, secondMs } from '#domain/time/units.ts';
/*
 * The limits of each vendor as its host counts them: over exact windows, in memory, independent of Caselite's own rate limits.
 */

/** A tracker whose host counts calls. */
export type LimitedHost = 'github' | 'jira' | 'linear';

interface Rule {
  withinMs: number;
  most: number;
  /** Cost of this request under the rule; 0 if the rule does not apply. */
  counts(request: Request): number;
  /** Requests with different keys have separate counts. */
  keyOf?(request: Request): string;
}

/** Each vendor's answer to an exceeded limit. */
export const limitAnswers: Record<LimitedHost, (waitMs: number, now: number) => Response> = {
  github: (waitMs, now) =>
    Response.json(
      {
        message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      },
      { status: 403, headers: { date: dateOf(now), 'retry-after': seconds(waitMs) } },
    ),
  jira: (waitMs, now) =>
    Response.json(
      { errorMessages: ['Rate limit exceeded.'], errors: {} },
      {
        status: 429,
        headers: {
          date: dateOf(now),
          'retry-after': seconds(waitMs),
          'ratelimit-reason': 'jira-per-issue-on-write',
        },
      },
    ),
  linear: (waitMs, now) =>
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
          date: dateOf(now),
          'x-ratelimit-requests-limit': '2500',
          'x-ratelimit-requests-remaining': '0',
          'x-ratelimit-requests-reset': String(now + waitMs),
        },
      },
    ),
};

const dateOf = (now: number) => new Date(now).toUTCString();
const seconds = (ms: number) => String(Math.ceil(ms / secondMs));

const isRead = ({ method, url }: Request) =>
  method === 'GET' || /\/(search\/jql|bulkfetch|comment\/list)(\?|$)/.test(url);
const issueOf = ({ url }: Request) => /\/issue\/([^/?]+)/.exec(url)?.[1] ?? '';

const writes = (request: Request) => Number(!isRead(request));

const rules: Record<LimitedHost, Rule[]> = {
  github: [
    { withinMs: minuteMs, most: 80, counts: writes },
    { withinMs: hourMs, most: 500, counts: writes },
    { withinMs: minuteMs, most: 900, counts: (request) => (isRead(request) ? 1 : 5) },
  ],
  jira: [
    { withinMs: secondMs, most: 100, counts: () => 1 },
    { withinMs: 2 * secondMs, most: 20, counts: writesToIssue, keyOf: issueOf },
    { withinMs: 30 * secondMs, most: 100, counts: writesToIssue, keyOf: issueOf },
  ],
  linear: [{ withinMs: hourMs, most: 2500, counts: () => 1 }],
};

function writesToIssue(request: Request): number {
  return Number(!isRead(request) && issueOf(request) !== '');
}

/** A host's record of its caller's violations. */
export interface LimitRecord {
  /** Requests that exceeded a limit. */
  refused: { at: number; url: string }[];
  /** Requests that were sent before a requested wait had ended. */
  early: { at: number; url: string }[];
}

/**
 * A host with its vendor's limits in force. `force` requests a wait that the caller could not foresee; `sends` records
 * the sending of a request, whenever it arrives; `forget` drops requested waits, because the caller may have died
 * before storing them.
 */
export function limited(
  vendor: LimitedHost,
  inner: (request: Request) => Response | Promise<Response>,
  now: () => number,
): {
  fetch: Fetch;
  record: LimitRecord;
  force(waitMs: number): Response;
  sends(url: string): void;
  forget(): void;
} {
  const counted = rules[vendor].map(() => new Map<string, { at: number; amount: number }[]>());
  const record: LimitRecord = { refused: [], early: [] };
  let quietUntil = 0;
  let askedUntil = 0;

  const force = (waitMs: number) => {
    quietUntil = Math.max(quietUntil, now() + waitMs);
    askedUntil = quietUntil;
    return limitAnswers[vendor](waitMs, now());
  };

  const sends = (url: string) => {
    if (now() < askedUntil) record.early.push({ at: now(), url });
  };

  const forget = () => {
    askedUntil = 0;
  };

  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    const at = now();
    if (at < quietUntil) return limitAnswers[vendor](quietUntil - at, at);
    for (const [index, rule] of rules[vendor].entries()) {
      const key = rule.keyOf?.(request) ?? '';
      const windows = counted[index];
      const window = (windows?.get(key) ?? []).filter((entry) => entry.at > at - rule.withinMs);
      windows?.set(key, window);
      const amount = rule.counts(request);
      const sum = window.reduce((total, entry) => total + entry.amount, amount);
      if (amount > 0 && sum > rule.most) {
        record.refused.push({ at, url: request.url });
        const wait = (window[0]?.at ?? at) + rule.withinMs - at;
        quietUntil = at + wait;
        askedUntil = quietUntil;
        return limitAnswers[vendor](wait, at);
      }
    }
    for (const [index, rule] of rules[vendor].entries()) {
      const amount = rule.counts(request);
      if (amount > 0) counted[index]?.get(rule.keyOf?.(request) ?? '')?.push({ at, amount });
    }
    return withBudget(await inner(request), at);
  };

  /** Linear reports its remaining budget with every answer. */
  function withBudget(answer: Response, at: number): Response {
    const rule = rules[vendor][0];
    if (vendor !== 'linear' || !rule) return answer;
    const window = counted[0]?.get('') ?? [];
    answer.headers.set('x-ratelimit-requests-limit', String(rule.most));
    answer.headers.set('x-ratelimit-requests-remaining', String(rule.most - window.length));
    answer.headers.set('x-ratelimit-requests-reset', String((window[0]?.at ?? at) + rule.withinMs));
    return answer;
  }

  return { fetch, record, force, sends, forget };
}
