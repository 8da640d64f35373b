import { IntegrationError } from '#domain/base/errors.ts';
import type { Sql } from '#domain/base/ports.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, minute } from '#test/harness/times.ts';
import { Crash } from './faults.ts';
import { recordHarness } from './harness-history.ts';
import { readPlannedAcme } from './healthy-history.ts';
import { type History, listOwnIssues } from './history.ts';
import { findViolations } from './invariants.ts';

/** Read once, because no story changes them. */
const settings = readPlannedAcme();

export const faultKinds = [
  'crash before',
  'crash after',
  'refused',
  'unknown without effect',
  'unknown with effect',
  'limited',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** What the records of a run say beyond its rows: the closings and promises that its people made. */
export type Promised = Partial<Pick<History, 'closings' | 'optOuts' | 'closedFromPage' | 'dead' | 'sent' | 'shipped'>>;

export interface Story {
  name: string;
  /** Plays the story; `act` repeats what a person or a sender does until it succeeds. */
  play(stage: Stage): Promise<Promised | undefined>;
}

/** A harness whose N-th port call fails once. */
export class Stage {
  readonly harness = new Harness(settings);
  calls = 0;
  /** The call that failed: its name, and whether a look-up or a poll surrounded it. */
  failed: string | null = null;
  readonly #at: number;
  readonly #kind: FaultKind;
  #isDead = false;

  constructor(at: number, kind: FaultKind) {
    this.#at = at;
    this.#kind = kind;
    const { core, trackers, mail } = this.harness;
    const { integrations } = core;
    this.harness.store.commit();
    core.sql = this.#storage(this.harness.sql);
    core.durability = {
      sync: async () => {
        this.#demandLife();
        this.harness.store.commit();
      },
    };
    const faulty = new Map(Object.entries(trackers).map(([name, tracker]) => [name, this.#host('tracker', tracker)]));
    const mailer = this.#host('mail', mail);
    core.integrations = {
      ...integrations,
      tracker: async (name) => faulty.get(name) ?? integrations.tracker(name),
      mailer: async () => mailer,
    };
  }

  /** Runs work that the fault may end, as its sender or a person would repeat it. */
  async act(work: () => unknown): Promise<void> {
    for (let tries = 0; tries < 5; tries += 1) {
      try {
        await work();
        if (!this.#isDead) return this.harness.store.commit();
      } catch (error) {
        if (!this.#isDead && !(error instanceof StorageFault)) throw error;
      }
      await this.#restart();
    }
    throw new Error('nothing succeeds although only one call fails');
  }

  /** Runs everything that falls due within a time. */
  pass(ms: number): Promise<void> {
    const until = this.harness.now + ms;
    return this.act(() => this.harness.until(until));
  }

  poll(): Promise<void> {
    return this.act(() => this.harness.poll());
  }

  async #restart(): Promise<void> {
    // Calls of other queues that were under way end here; each of them meets the dead process.
    await new Promise((done) => setImmediate(done));
    if (this.#isDead) this.harness.store.lose();
    this.#isDead = false;
    this.harness.now += minute;
  }

  #demandLife(): void {
    if (this.#isDead) throw new Crash();
  }

  #isNext(name: string): boolean {
    this.#demandLife();
    this.calls += 1;
    if (this.calls !== this.#at) return false;
    this.failed = name;
    return true;
  }

  #die(): never {
    this.#isDead = true;
    throw new Crash();
  }

  #storage(sql: Sql): Sql {
    let depth = 0;
    const write = <Result>(name: string, work: () => Result): Result => {
      if (depth > 0 || !this.#isNext(name)) return work();
      const kind = this.#kind;
      if (kind === 'crash before') this.#die();
      if (kind !== 'crash after' && kind !== 'unknown with effect') throw new StorageFault(kind);
      work();
      this.harness.store.commit();
      if (kind === 'crash after') this.#die();
      throw new StorageFault(kind);
    };
    return {
      all: (query, ...values) => {
        this.#demandLife();
        return sql.all(query, ...values);
      },
      run: (query, ...values) => {
        this.#demandLife();
        write('storage write', () => sql.run(query, ...values));
      },
      transaction: (work) => {
        this.#demandLife();
        return write('storage transaction', () => {
          depth += 1;
          try {
            return sql.transaction(work);
          } finally {
            depth -= 1;
          }
        });
      },
    };
  }

  #host<Host extends object>(name: string, host: Host): Host {
    return new Proxy(host, {
      get: (target, field) => {
        const value: unknown = Reflect.get(target, field, target);
        if (['relations', 'setUp', 'subIssueWriter'].includes(String(field)) && typeof value === 'object' && value)
          return this.#host(name, value);
        if (typeof value !== 'function') return value;
        return (...values: unknown[]) => this.#call(`${name} ${String(field)}`, () => value.apply(target, values));
      },
    });
  }

  /** A request leaves only after everything written before it is stored. */
  async #call(name: string, send: () => unknown): Promise<unknown> {
    this.#demandLife();
    this.harness.store.commit();
    if (!this.#isNext(name)) {
      const answer = await send();
      this.#demandLife();
      return answer;
    }
    switch (this.#kind) {
      case 'crash before':
        return this.#die();
      case 'crash after':
        await send();
        return this.#die();
      case 'refused':
        throw new IntegrationError('unavailable', 'call', { detail: 'refused' });
      case 'limited':
        throw new IntegrationError('rate-limited', 'call', { status: 429, retryAfterMs: 90_000 });
      case 'unknown with effect':
        await send();
        throw new IntegrationError('unknown', 'call', { detail: 'no answer' });
      case 'unknown without effect':
        throw new IntegrationError('unknown', 'call', { detail: 'no answer' });
    }
  }
}

/** The storage refuses a write, or does not confirm it. */
class StorageFault extends Error {}

export interface StoryReport {
  name: string;
  calls: number;
  runs: number;
  failures: string[];
  /** Failed calls with the kind of their fault. */
  hits: Set<string>;
}

/**
 * Plays a story once without a fault and then once per port call and kind of fault. The end of each run must satisfy
 * all invariants and have the same issues, comments, mails and verdicts.
 *
 * @param step 1 fails every call; 5 only every fifth
 */
export async function exhaust(story: Story, step = 1): Promise<StoryReport> {
  const healthy = await playToEnd(story, 0, 'refused');
  const report: StoryReport = { name: story.name, calls: healthy.calls, runs: 0, failures: [], hits: new Set() };
  report.failures.push(...healthy.violations.map((line) => `${story.name}, without a fault: ${line}`));
  for (const kind of faultKinds) {
    for (let at = 1; at <= 2000; at += step) {
      const run = await playToEnd(story, at, kind);
      if (run.failed === null) break;
      report.runs += 1;
      report.hits.add(`${kind}: ${run.failed}`);
      const differences = compare(healthy.outcome, run.outcome);
      const where = `${story.name}, call ${at} (${run.failed}) ${kind}`;
      report.failures.push(...[...run.violations, ...differences].map((line) => `${where}: ${line}`));
    }
  }
  return report;
}

async function playToEnd(story: Story, at: number, kind: FaultKind) {
  const stage = new Stage(at, kind);
  try {
    const promised = await story.play(stage);
    await stage.poll();
    await stage.pass(2 * day);
    const { calls, failed } = stage;
    const history = { ...(await recordHarness(stage.harness)), ...promised };
    return { calls, failed, violations: findViolations(history), outcome: summarise(history) };
  } catch (error) {
    const line = `the run broke: ${error instanceof Error ? error.stack : error}`;
    return { calls: stage.calls, failed: stage.failed, violations: [line], outcome: new Map<string, number>() };
  }
}

/** Issues, comments, mails and verdicts by number. */
function summarise({ sql, mails, trackers }: History): Map<string, number> {
  const count = new Map<string, number>();
  const add = (what: string) => count.set(what, (count.get(what) ?? 0) + 1);
  for (const trackerHistory of Object.values(trackers))
    for (const { title, state, comments } of listOwnIssues(trackerHistory)) {
      add(`issue ${title}, ${state}`);
      for (const { author } of comments) add(`comment by ${author} on ${title}`);
    }
  for (const { to, subject } of mails) add(`mail to ${to}: ${subject}`);
  const verdicts = sql.all<{ number: number; generation: number; verdict: string }>(
    'SELECT c.number, v.generation, v.verdict FROM verdicts v JOIN cases c ON c.id = v.case_id',
  );
  for (const { number, generation, verdict } of verdicts) add(`verdict ${verdict} of C-${number} ${generation}`);
  return count;
}

const compare = (wanted: Map<string, number>, actual: Map<string, number>): string[] =>
  [...new Set([...wanted.keys(), ...actual.keys()])]
    .filter((what) => wanted.get(what) !== actual.get(what))
    .map((what) => `${actual.get(what) ?? 0} instead of ${wanted.get(what) ?? 0} × ${what}`);
