import type { Sql } from '#domain/base/ports.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { Settings } from '#domain/templates/template.ts';
import { keyring } from '#src/keyring.ts';
import { createIntegrations } from '#src/wiring.ts';
import type { Core } from '#src/workspace/core.ts';
import { updateSourcesFromSettings } from '#src/workspace/intake/keep-sources.ts';
import { setHuddleTimers } from '#src/workspace/mail/notify.ts';
import { setPollTimersToNow } from '#src/workspace/issues/poll.ts';
import { runDue } from '#src/workspace/run-due.ts';
import { type FollowUp, followUps } from '#src/workspace/store/asks.ts';
import { migrate } from '#src/workspace/store/backup.ts';
import { listTimelineEntries, cases, updateCase } from '#src/workspace/store/cases.ts';
import { type Delivery, listDeliveries } from '#src/workspace/store/deliveries.ts';
import { listResponses, type StoredResponse } from '#src/workspace/store/responses.ts';
import { findNextWorkAt } from '#src/workspace/store/schedule.ts';
import { outboxRows } from '#test/workspace/store/rows.ts';
import { migrations } from './migrations.ts';
import { start } from './times.ts';
import { createVolatileStore, type VolatileStore } from './volatile-store.ts';

/** Bound of lists without a limit. */
const all = Number.MAX_SAFE_INTEGER;

/** One workspace over node:sqlite under a clock that only its test moves; what surrounds it is for a subclass to connect. */
export class WorkspaceHarness {
  readonly store: VolatileStore;
  readonly sql: Sql;
  readonly log: string[] = [];
  readonly core: Core;
  now = start;
  readonly #busy = new Set<string>();

  constructor(settings: Settings, store = createVolatileStore()) {
    this.store = store;
    this.sql = store.sql;
    let drawn = 0;
    migrate(this.sql, migrations);
    this.core = {
      workspace: 'acme',
      publicUrl: 'https://caselite.test',
      sql: this.sql,
      durability: this.store.durability,
      giveWay: async () => {},
      clock: { now: () => this.now },
      random: {
        fraction: () => 0,
        bytes: (length) => {
          drawn += 1;
          return Uint8Array.from({ length }, (_, index) => (drawn >> (8 * (index % 4))) & 0xff);
        },
      },
      keys: keyring('a key of the harness, long enough to be one'),
      log: { info: () => {}, error: (event, facts) => this.log.push(`${event} ${JSON.stringify(facts)}`) },
      settings,
      integrations: createIntegrations(settings, (name) => `secret of ${name}`),
    };
    setPollTimersToNow(this.core, settings);
    updateSourcesFromSettings(this.core, settings);
    setHuddleTimers(this.core, settings);
    this.store.commit();
  }

  /** Runs everything that falls due up to the instant. */
  async until(at: number): Promise<void> {
    for (let turns = 0; turns < 5000; turns += 1) {
      const due = findNextWorkAt(this.sql) ?? Number.POSITIVE_INFINITY;
      if (due > at) {
        this.now = Math.max(this.now, at);
        return;
      }
      this.now = Math.max(this.now, due);
      await runDue(this.core, this.#busy);
      this.store.commit();
    }
    throw new Error('the workspace goes round in circles');
  }

  pass(ms: number): Promise<void> {
    return this.until(this.now + ms);
  }

  /** Polls every tracker now. */
  async poll(): Promise<void> {
    setPollTimersToNow(this.core, this.core.settings);
    await this.pass(0);
  }

  /** All cases, oldest first. */
  cases(): Case[] {
    return cases.list(this.sql, {});
  }

  case(index = 0): Case {
    const caseRecord = this.cases()[index];
    if (!caseRecord) throw new Error(`no case ${index}`);
    return caseRecord;
  }

  timeline(index = 0): string[] {
    return listTimelineEntries(this.sql, this.case(index).id).map(({ what }) => what);
  }

  followUps(index = 0): FollowUp[] {
    return followUps.list(this.sql, { caseId: this.case(index).id });
  }

  customerFollowUp(generation = 1, index = 0): FollowUp {
    return this.#followUp('customer', generation, index);
  }

  update(changes: Parameters<typeof updateCase>[2], index = 0): void {
    updateCase(this.sql, this.case(index).id, changes);
  }

  /** All responses, oldest first. */
  responses(): StoredResponse[] {
    return listResponses(this.sql, all, all).reverse();
  }

  /** All deliveries, oldest first. */
  deliveries(): Delivery[] {
    return listDeliveries(this.sql, all, all).reverse();
  }

  /** All calls that left or are to leave, oldest first. */
  outbox() {
    return outboxRows(this.sql);
  }

  /** The question to a customer or a closer about the newest closing of a case. */
  question(kind: FollowUp['kind'], index = 0): FollowUp {
    return this.#followUp(kind, this.case(index).generation, index);
  }

  #followUp(kind: FollowUp['kind'], generation: number, index: number): FollowUp {
    const followUp = this.followUps(index).find((entry) => entry.kind === kind && entry.generation === generation);
    if (!followUp) throw new Error(`no ${kind} follow-up of generation ${generation}`);
    return followUp;
  }
}
