import type { Sql } from '#domain/base/ports.ts';
import { defineTable } from './table.ts';

/** Polling state of one tracker. Instants are UTC milliseconds. */
export interface PollState {
  cursor: string | null;
  polledAt: number | null;
  /** Number of consecutive failed polls, with the last error. */
  failures: number;
  error: string | null;
  /** Instant of the last change to an issue of Caselite. */
  activeAt: number | null;
  /** Instant of the tracker's last webhook. */
  hintedAt: number | null;
}

const untouched: PollState = { cursor: null, polledAt: null, failures: 0, error: null, activeAt: null, hintedAt: null };

const targets = defineTable<PollState>('targets', {});

export const findPollState = (sql: Sql, tracker: string): PollState =>
  targets.find(sql, 'tracker = ?', tracker) ?? untouched;

export const savePollState = (sql: Sql, tracker: string, changes: Partial<PollState>): void =>
  targets.put(sql, { tracker }, { ...findPollState(sql, tracker), ...changes });

const hints = defineTable<{ tracker: string; id: string; at: number }>('hints', {});

/** Stores the id of a webhook; false for a repeated one. Ids are kept while a tracker may repeat. */
export function storeWebhookId(sql: Sql, tracker: string, id: string, at: number, keptMs: number): boolean {
  sql.run('DELETE FROM hints WHERE at < ?', at - keptMs);
  return hints.insert(sql, { tracker, id, at }, 'ON CONFLICT (tracker, id) DO NOTHING');
}
