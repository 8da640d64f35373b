import { type Context, Hono } from 'hono';
import { minuteMs } from '#domain/time/units.ts';

/** A response as an emulated tool stores it: one score, one text, an address. */
export interface Filled {
  id: string;
  submittedAt: number;
  changedAt: number;
  score: number;
  words: string;
  email: string;
  /** A response from a preview or test, where the tool marks those. */
  trial: boolean;
}

export interface HostOptions {
  now(): number;
  token: string;
  /** Whether a request carries the token in the vendor's format. */
  allows(c: Context, token: string): boolean;
  /** The vendor's answer to a wrong token. */
  refuse?(c: Context): Response;
  /** The vendor's answer to an exceeded limit; `resetMs` is the rest of the minute. */
  limit?(resetMs: number): Response;
}

export const form = 'form-1';

/** The API of a stateful survey tool, with pages, delays, limits, refusals and outages on demand. */
export class SurveyHost {
  readonly app = new Hono();
  readonly responses = new Map<string, Filled>();
  /** Webhooks in the vendor's own words, by their ids. */
  readonly hooks = new Map<string, Record<string, unknown>>();
  readonly now: () => number;
  /** Status of every answer while it is not null. */
  status: number | null = null;
  /** Body of every answer, instead of the correct one, while it is not null. */
  garbage: string | null = null;
  /** Delay until a changed response can be read by its id, in milliseconds. */
  readableAfter = 0;
  /** Delay of lists, in milliseconds. */
  lag = 0;
  /** Number of calls that are answered within one minute. */
  perMinute = Number.POSITIVE_INFINITY;
  calls = 0;
  #minute = { at: 0, calls: 0 };

  constructor({ now, token, allows, refuse, limit }: HostOptions) {
    this.now = now;
    this.app.use(async (c, next) => {
      this.calls += 1;
      if (this.status !== null) return new Response('{}', { status: this.status });
      if (this.garbage !== null) return new Response(this.garbage);
      const minute = Math.floor(now() / minuteMs);
      if (this.#minute.at !== minute) this.#minute = { at: minute, calls: 0 };
      this.#minute.calls += 1;
      if (this.#minute.calls > this.perMinute) {
        const resetMs = (minute + 1) * minuteMs - now();
        return limit?.(resetMs) ?? new Response('{}', { status: 429 });
      }
      if (!allows(c, token)) return refuse?.(c) ?? c.json({ error: 'unauthorized' }, 401);
      return next();
    });
  }

  /** A respondent answers or edits an answer. */
  submit(id: string, given: Partial<Filled> = {}): void {
    const now = this.now();
    const before = this.responses.get(id);
    this.responses.set(id, {
      id,
      score: 7,
      words: `Words of ${id}`,
      email: `${id}@customer.example`,
      trial: false,
      submittedAt: now,
      ...before,
      ...given,
      changedAt: now,
    });
  }

  /** Responses in a list, oldest first by the tool's sort key. */
  list(by: 'submittedAt' | 'changedAt', since: number): Filled[] {
    const shown = this.now() - this.lag;
    return [...this.responses.values()]
      .filter((filled) => filled[by] >= since && filled.changedAt <= shown)
      .sort((a, b) => a[by] - b[by] || (a.id < b.id ? -1 : 1));
  }

  /** A response by its id; null until it can be read. */
  read(id: string): Filled | null {
    const result = this.responses.get(id);
    return result && this.now() - result.changedAt >= this.readableAfter ? result : null;
  }
}

export const hasBearer = (c: Context, token: string): boolean =>
  c.req.header('authorization')?.toLowerCase() === `bearer ${token}`.toLowerCase();
