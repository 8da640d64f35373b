import { type Context, Hono } from 'hono';
import { minuteMs } from '#domain/time/units.ts';

/** A filled-in survey as an emulated tool keeps it: one score, one text, an address. */
export interface Filled {
  id: string;
  submittedAt: number;
  changedAt: number;
  score: number;
  words: string;
  email: string;
  /** Made by somebody who tries the survey out, where the tool marks such. */
  trial: boolean;
}

export interface HostOptions {
  now(): number;
  token: string;
  /** Whether a request carries the token in the vendor's own way. */
  allows(c: Context, token: string): boolean;
  /** The vendor's answer to a wrong token. */
  refuse?(c: Context): Response;
  /** The vendor's answer to a spent limit; `resetMs` is what is left of the minute. */
  limit?(resetMs: number): Response;
}

export const form = 'form-1';

/** The API of a survey tool with a memory: it pages, lags, limits, refuses and falls over when told to. */
export class SurveyHost {
  readonly app = new Hono();
  readonly responses = new Map<string, Filled>();
  readonly now: () => number;
  /** Status of every answer while it is not null. */
  status: number | null = null;
  /** What every answer holds instead of what it should, while it is not null. */
  garbage: string | null = null;
  /** How long a response cannot be read by its id after it changed, in milliseconds. */
  readableAfter = 0;
  /** How far lists lag behind, in milliseconds. */
  lag = 0;
  /** Calls that are answered within one minute. */
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

  /** Somebody answers, or edits an answer. */
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

  /** What a list shows, oldest first by the time that the tool sorts by. */
  list(by: 'submittedAt' | 'changedAt', since: number): Filled[] {
    const shown = this.now() - this.lag;
    return [...this.responses.values()]
      .filter((filled) => filled[by] >= since && filled.changedAt <= shown)
      .sort((a, b) => a[by] - b[by] || (a.id < b.id ? -1 : 1));
  }

  /** A response by its id, once it can be read. */
  read(id: string): Filled | null {
    const found = this.responses.get(id);
    return found && this.now() - found.changedAt >= this.readableAfter ? found : null;
  }
}

export const hasBearer = (c: Context, token: string): boolean =>
  c.req.header('authorization')?.toLowerCase() === `bearer ${token}`.toLowerCase();
