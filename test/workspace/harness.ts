import { readdirSync, readFileSync } from 'node:fs';
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
import { sayWhatChanged } from '#src/workspace/loop/what-changed.ts';
import { runDue } from '#src/workspace/run-due.ts';
import { findCase, updateCase } from '#src/workspace/store/cases.ts';
import { followUpsOfCase } from '#src/workspace/store/follow-ups.ts';
import { migrate } from '#src/workspace/store/migrate.ts';
import { nextDue } from '#src/workspace/store/schedule.ts';
import { timelineOf } from '#src/workspace/store/timeline.ts';
import { acme } from '#test/domain/samples.ts';
import { nodeSql } from '#test/simulation/node-sql.ts';
import { FakeMailHost, FakeTracker } from './fakes.ts';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
export const start = Date.UTC(2026, 10, 23, 8);

const folder = new URL('../../src/workspace/migrations/', import.meta.url);
export const migrations = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name) => ({ name, sql: readFileSync(new URL(name, folder), 'utf8') }));

export interface Reported {
  token?: string;
  at?: number;
  partial?: boolean;
  customer?: string;
  email?: string;
  tier?: string;
  completed?: boolean;
  ease?: number;
  wish?: string;
  language?: string;
}

const encoder = new TextEncoder();

/** A Typeform delivery of Acme's survey. */
export function body(told: Reported, now: number): Uint8Array {
  const { customer = 'k-1', completed = true, ease = 8, wish } = told;
  const field = (name: string) => ({ id: name, type: 'x', ref: `upgrade_${name}` });
  const json = {
    event_id: 'e',
    event_type: told.partial ? 'form_response_partial' : 'form_response',
    form_response: {
      form_id: 'upgrade',
      token: told.token ?? 'r-1',
      submitted_at: new Date(told.at ?? now).toISOString(),
      hidden: {
        customer_id: customer,
        email: told.email ?? `${customer}@customer.example`,
        name: `Name of ${customer}`,
        tier: told.tier ?? 'gold',
        arr: '1000',
        ...(told.language && { lang: told.language }),
      },
      answers: [
        { type: 'boolean', boolean: completed, field: field('completed') },
        { type: 'number', number: ease, field: field('ease') },
        ...(wish ? [{ type: 'text', text: wish, field: field('wish') }] : []),
      ],
    },
  };
  return encoder.encode(JSON.stringify(json));
}

/** Acme as it is shipped, asked once a day whether anything changed, so that months pass in a moment. */
export const slowAcme = (change: (text: string) => string = (text) => text): Settings =>
  acme(({ name, text }) =>
    name === 'acme' ? change(text).replace('every: 2 minutes', 'every: 1 day') : text,
  );

/** One workspace over node:sqlite, under a clock that only tests move, with hosts that do as they are told. */
export class Harness {
  readonly database = new DatabaseSync(':memory:');
  readonly sql = nodeSql(this.database);
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

  /** Everything that falls due up to the instant. */
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

  /** Asks every tracker now. */
  async poll(): Promise<void> {
    startPolling(this.core, this.core.settings);
    await this.pass(0);
  }

  /** Stores deliveries as they come in and does what follows at once. */
  async receive(...all: Reported[]): Promise<string[]> {
    const raw = (told: Reported) => ({ body: body(told, this.now), headers: {}, receivedAt: this.now });
    const ids = storeDeliveries(
      this.core,
      all.map((told) => ({ source: 'upgrade-survey', raw: raw(told) })),
    );
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

  /** A case manager writes what customers of a strategic case are told. */
  sayWhatChanged(text = 'The installer signs its driver now.', index = 0): void {
    this.sql.transaction(() => sayWhatChanged(this.core, this.case(index).id, { text, who: 'dana' }));
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
