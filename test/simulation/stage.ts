import { AppError, IntegrationError } from '#domain/base/errors.ts';
import type { Sql } from '#domain/base/ports.ts';
import { clearTimer, setTimer } from '#src/workspace/store/schedule.ts';
import { savePollState } from '#src/workspace/store/targets.ts';
import { type TrackerName, trackerNames } from '#test/harness/emulated-hosts.ts';
import type { Harness } from '#test/harness/harness.ts';
import { minute, second } from '#test/harness/times.ts';
import { writtenTable } from './crash-points.ts';
import { Crash, overSurveyApi } from './faults.ts';

/**
 * Faults of a port call. A call that is refused or lost before has no effect, one that is lost after has; the storage
 * rolls a transaction back where it is lost before, and stays out of order for 90 s where it is limited.
 */
export const faultKinds = ['refused', 'lost before', 'lost after', 'crash before', 'crash after', 'limited'] as const;
export type FaultKind = (typeof faultKinds)[number];

const limitedMs = 90 * second;
const mostTries = 5;

/** The storage refuses a write, or does not confirm it. */
class StorageFault extends Error {}

/** A harness whose N-th port call fails once. */
export class Stage<Kind extends Harness = Harness> {
  readonly harness: Kind;
  /** Port calls so far: the host's operation, or the tables that were written. */
  readonly calls: string[] = [];
  #count = 0;
  #isDead = false;
  /** End of the storage's disorder. */
  #limitedUntil = 0;
  readonly #at: number;
  readonly #kind: FaultKind;

  /** @param at number of the call that fails, from 1; 0 for none */
  constructor(harness: Kind, at: number, kind: FaultKind) {
    this.harness = harness;
    this.#at = at;
    this.#kind = kind;
    const { core, trackers, mail, store } = harness;
    // The trackers were polled once, and from now on only those of the story are, because each poll takes several calls.
    for (const tracker of trackerNames) {
      savePollState(harness.sql, tracker, { cursor: String(harness.now), failures: 0, error: null });
      clearTimer(harness.sql, 'poll', tracker);
    }
    store.commit();
    core.sql = this.#storage(harness.sql);
    core.durability = { sync: async () => this.#sync() };
    const { integrations } = core;
    const faulty = new Map(Object.entries(trackers).map(([name, tracker]) => [name, this.#host('tracker', tracker)]));
    const mailer = this.#host('mail', mail);
    core.integrations = {
      ...overSurveyApi(integrations, (api) => this.#host('survey tool', api)),
      tracker: async (name) => faulty.get(name) ?? integrations.tracker(name),
      mailer: async () => mailer,
      channel: async (name) => this.#host('channel', await integrations.channel(name)),
    };
  }

  /** Whether the call that should fail was made. */
  get hasFailed(): boolean {
    return this.#at > 0 && this.#count >= this.#at;
  }

  /** Does what a person or a sender repeats until it succeeds. */
  async act(work: () => unknown): Promise<void> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      try {
        await work();
        if (!this.#isDead) return this.harness.store.commit();
      } catch (error) {
        // A person who repeats what was done learns that it was.
        if (tries > 0 && error instanceof AppError) return this.harness.store.commit();
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

  /** Polls a tracker, and again where a call failed meanwhile: the next poll follows soon. */
  async poll(tracker: TrackerName = 'support'): Promise<void> {
    const before = this.hasFailed;
    await this.#pollOnce(tracker);
    if (this.hasFailed === before) return;
    this.harness.now += 2 * minute;
    await this.#pollOnce(tracker);
  }

  #pollOnce(tracker: TrackerName): Promise<void> {
    const { harness } = this;
    return this.act(async () => {
      setTimer(harness.core.sql, 'poll', tracker, harness.now);
      await harness.pass(0);
    });
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

  #die(): never {
    this.#isDead = true;
    throw new Crash();
  }

  /** The fault of the next call; null without one. */
  #nextFault(): FaultKind | null {
    this.#count += 1;
    return this.#count === this.#at ? this.#kind : null;
  }

  /** Writes through the storage as one call. */
  #store<Result>(write: () => Result, tables: Set<string>): Result {
    const { store, now } = this.harness;
    const fault = this.#nextFault();
    if (fault === 'limited') this.#limitedUntil = now + limitedMs;
    if (fault === 'crash before') this.#die();
    if (fault === 'refused' || now < this.#limitedUntil) throw new StorageFault('the storage refuses to write');
    try {
      if (fault === 'lost before') this.#rollBack(write);
      const result = write();
      if (fault !== null) store.commit();
      if (fault === 'crash after') this.#die();
      if (fault === 'lost after') throw new StorageFault('the storage does not confirm a commit');
      return result;
    } finally {
      this.calls.push(['write', ...tables].join(' '));
    }
  }

  /** A sync that fails leaves the writes so far to a later commit. */
  #sync(): void {
    this.#demandLife();
    const { store } = this.harness;
    const fault = this.#nextFault();
    this.calls.push('sync');
    if (fault === 'crash before') this.#die();
    if (fault === 'limited') this.#limitedUntil = this.harness.now + limitedMs;
    if (fault !== 'refused' && fault !== 'lost before' && fault !== 'limited') store.commit();
    if (fault === 'crash after') this.#die();
    if (fault !== null) throw new StorageFault('the storage does not confirm a commit');
  }

  #rollBack(write: () => unknown): never {
    this.harness.sql.transaction(() => {
      write();
      throw new StorageFault('the storage could not commit');
    });
    throw new Error('nothing was rolled back');
  }

  #storage(sql: Sql): Sql {
    let tables: Set<string> | null = null;
    const run = <Result>(query: string, statement: () => Result): Result => {
      this.#demandLife();
      const table = writtenTable.exec(query)?.[1];
      if (table === undefined) return statement();
      if (tables === null) return this.#store(statement, new Set([table]));
      tables.add(table);
      return statement();
    };
    return {
      all: (query, ...values) => run(query, () => sql.all(query, ...values)),
      run: (query, ...values) => run(query, () => sql.run(query, ...values)),
      transaction: (work) => {
        this.#demandLife();
        if (tables !== null) return sql.transaction(work);
        const touched = new Set<string>();
        tables = touched;
        try {
          return this.#store(() => sql.transaction(work), touched);
        } finally {
          tables = null;
        }
      },
    };
  }

  /** A host whose methods, and those of its parts, are port calls. */
  #host<Host extends object>(name: string, host: Host): Host {
    return new Proxy(host, {
      get: (target, field) => {
        const value: unknown = Reflect.get(target, field, target);
        if (typeof value === 'object' && value !== null) return this.#host(name, value);
        if (typeof value !== 'function') return value;
        return (...values: unknown[]) => this.#call(`${name} ${String(field)}`, () => value.apply(target, values));
      },
    });
  }

  /** A request leaves only after everything written before it is stored. */
  async #call(name: string, send: () => unknown): Promise<unknown> {
    this.#demandLife();
    this.harness.store.commit();
    const fault = this.#nextFault();
    this.calls.push(name);
    switch (fault) {
      case null: {
        const answer = await send();
        this.#demandLife();
        return answer;
      }
      case 'crash before':
        return this.#die();
      case 'crash after':
        await send();
        return this.#die();
      case 'refused':
        throw new IntegrationError('unavailable', 'call', { detail: 'refused' });
      case 'limited':
        throw new IntegrationError('rate-limited', 'call', { status: 429, retryAfterMs: limitedMs });
      case 'lost after':
        await send();
        throw new IntegrationError('unknown', 'call', { detail: 'no answer' });
      case 'lost before':
        throw new IntegrationError('unknown', 'call', { detail: 'no answer' });
    }
  }
}
