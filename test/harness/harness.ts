import { DatabaseSync } from 'node:sqlite';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { Settings } from '#domain/templates/settings.ts';
import { keyring } from '#src/keyring.ts';
import { createIntegrations } from '#src/wiring.ts';
import type { Core } from '#src/workspace/core.ts';
import { keepSources } from '#src/workspace/intake/keep-sources.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { startPolling } from '#src/workspace/issues/poll.ts';
import { setWhatChanged } from '#src/workspace/loop/what-changed.ts';
import { runDue } from '#src/workspace/run-due.ts';
import { findCase, updateCase } from '#src/workspace/store/cases.ts';
import { followUpsOfCase } from '#src/workspace/store/follow-ups.ts';
import { migrate } from '#src/workspace/store/migrate.ts';
import { nextDue } from '#src/workspace/store/schedule.ts';
import { timelineOf } from '#src/workspace/store/timeline.ts';
import { acme } from '#test/domain/samples.ts';
import { FakeMailHost, FakeTracker } from '#test/workspace/fakes.ts';
import { migrations } from './migrations.ts';
import { nodeSql } from './node-sql.ts';
import { encodeTypeform, type SampleResponse } from './sample-response.ts';
import { day, start } from './times.ts';

/** Acme as shipped, but polled once a day, so that months pass quickly. */
export const slowAcme = (change: (text: string) => string = (text) => text): Settings =>
  acme(({ name, text }) => (name === 'acme' ? change(text).replace('every: 2 minutes', 'every: 1 day') : text));

/** One workspace over node:sqlite, under a clock that only tests advance, with hosts under the test's control. */
export class Harness {
  readonly sql = nodeSql(new DatabaseSync(':memory:'));
  readonly trackers: Record<'support' | 'product' | 'growth', FakeTracker>;
  readonly mail: FakeMailHost;
  readonly log: string[] = [];
  readonly core: Core;
  now = start;
  readonly #busy = new Set<string>();

  constructor(settings: Settings = slowAcme()) {
    const clock = { now: () => this.now };
    const advance = (ms: number) => {
      this.now += ms;
    };
    this.trackers = {
      support: new FakeTracker('SUP', clock, advance),
      product: new FakeTracker('PRO', clock, advance),
      growth: new FakeTracker('GRO', clock, advance),
    };
    this.mail = new FakeMailHost(clock);
    let drawn = 0;
    migrate(this.sql, migrations);
    const real = createIntegrations(settings, (name) => `secret of ${name}`);
    this.core = {
      workspace: 'acme',
      publicUrl: 'https://caselite.test',
      sql: this.sql,
      clock,
      random: {
        fraction: () => 0,
        bytes: (length) => {
          drawn += 1;
          return Uint8Array.from({ length }, (_, index) => (drawn >> (8 * (index % 4))) & 0xff);
        },
      },
      keys: keyring('a key of the rig, long enough to be one'),
      log: { info: () => {}, error: (event, facts) => this.log.push(`${event} ${JSON.stringify(facts)}`) },
      settings,
      integrations: {
        ...real,
        mailIdempotencyMs: day,
        tracker: async (name) => {
          const tracker = new Map(Object.entries(this.trackers)).get(name);
          if (!tracker) throw new IntegrationError('rejected', 'find tracker');
          return tracker;
        },
        mailer: async () => this.mail,
      },
    };
    startPolling(this.core, settings);
    keepSources(this.core, settings);
  }

  /** Runs everything due up to the instant. */
  async until(at: number): Promise<void> {
    for (let turns = 0; turns < 5000; turns += 1) {
      const due = nextDue(this.sql) ?? Number.POSITIVE_INFINITY;
      if (due > at) {
        this.now = Math.max(this.now, at);
        return;
      }
      this.now = Math.max(this.now, due);
      await runDue(this.core, this.#busy);
    }
    throw new Error('the workspace goes round in circles');
  }

  pass(ms: number): Promise<void> {
    return this.until(this.now + ms);
  }

  /** Polls every tracker now. */
  async poll(): Promise<void> {
    startPolling(this.core, this.core.settings);
    await this.pass(0);
  }

  /** Stores deliveries as they arrive, and runs the immediate work. */
  async receive(...responses: SampleResponse[]): Promise<string[]> {
    const arrivals = responses.map((response) => ({
      source: 'upgrade-survey',
      raw: { body: encodeTypeform(response, this.now), headers: {}, receivedAt: this.now },
    }));
    const ids = storeDeliveries(this.core, arrivals);
    await this.pass(0);
    return ids;
  }

  cases(): Case[] {
    const rows = this.sql.all<{ id: string }>('SELECT id FROM cases ORDER BY number');
    return rows.flatMap(({ id }) => findCase(this.sql, id) ?? []);
  }

  case(index = 0): Case {
    const caseRecord = this.cases()[index];
    if (!caseRecord) throw new Error(`no case ${index}`);
    return caseRecord;
  }

  timeline(index = 0): string[] {
    return timelineOf(this.sql, this.case(index).id).map(({ what }) => what);
  }

  followUps(index = 0) {
    return followUpsOfCase(this.sql, this.case(index).id);
  }

  customerFollowUp(generation = 1, index = 0) {
    const followUp = this.followUps(index).find(
      (entry) => entry.kind === 'customer' && entry.generation === generation,
    );
    if (!followUp) throw new Error(`no follow-up of generation ${generation}`);
    return followUp;
  }

  update(changes: Parameters<typeof updateCase>[2], index = 0): void {
    updateCase(this.sql, this.case(index).id, changes);
  }

  /** A case manager writes the text for the customers of a strategic case. */
  setWhatChanged(text = 'The installer signs its driver now.', index = 0): void {
    this.sql.transaction(() => setWhatChanged(this.core, this.case(index).id, { text, who: 'dana' }));
  }

  outbox() {
    return this.sql.all<{ kind: string; state: string; attempts: number; error: string | null }>(
      'SELECT kind, state, attempts, error FROM outbox ORDER BY id',
    );
  }

  deliveries() {
    return this.sql
      .all<{ outcome: string; tries: number; error: string | null }>(
        'SELECT outcome, tries, error FROM deliveries ORDER BY seq',
      )
      .map((row) => ({ ...row }));
  }
}
