import type { Sql } from '#domain/base/ports.ts';
import type { Shipped } from '#domain/settings/gate.ts';
import { defineTable, singleValue } from './table.ts';

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

const shipped = defineTable<Shipped>('shipped', {});

/** @returns false for a known shipment */
export const insertShipment = (sql: Sql, { kind, name, at }: Shipped): boolean =>
  shipped.insert(sql, { kind, name, at }, 'ON CONFLICT (kind, name) DO NOTHING');

/** A shipped release or milestone by its name in any case; null before it ships. */
export const findShipment = (sql: Sql, kind: Shipped['kind'], name: string): Shipped | null =>
  shipped.find(sql, 'kind = ? AND name = ?', kind, name);

/* Counts for operators, each from an index or the last row's number. */

const count = (sql: Sql, from: string): number => singleValue<number>(sql, `SELECT COUNT(*) FROM ${from}`) ?? 0;
/** Rows are never renumbered, so the last number counts those that were erased as well. */
const total = (sql: Sql, table: string, column = 'seq'): number =>
  singleValue<number>(sql, `SELECT MAX(${column}) FROM ${table}`) ?? 0;

export const countDeliveries = (sql: Sql) => ({
  total: total(sql, 'deliveries'),
  waiting: count(sql, "deliveries WHERE outcome = 'waiting'"),
  setAside: count(sql, "deliveries WHERE outcome = 'set-aside'"),
  oldestWaitingAt: singleValue<number>(sql, "SELECT MIN(received_at) FROM deliveries WHERE outcome = 'waiting'"),
});

export const countTotals = (sql: Sql) => ({
  responses: total(sql, 'responses'),
  cases: total(sql, 'cases', 'number'),
  mails: total(sql, 'mails'),
});

export const countCasesByNeed = (sql: Sql) => ({
  open: count(sql, "cases WHERE loop IN ('working', 'disputed')"),
  overdue: count(sql, "cases WHERE overdue = 1 AND loop = 'working'"),
  disputed: count(sql, "cases WHERE loop = 'disputed'"),
  needsPerson: count(sql, 'cases WHERE needs_person IS NOT NULL'),
});

export const countOpenRowsByQueue = (sql: Sql) =>
  sql.all<{ queue: string; waiting: number; unknown: number; oldestAt: number }>(
    `SELECT queue, COUNT(*) AS waiting, SUM(state = 'unknown') AS unknown, MIN(created_at) AS oldestAt
       FROM outbox WHERE state IN ('waiting', 'calling', 'unknown') GROUP BY queue`,
  );

interface ForeignIssue {
  tracker: string;
  issueId: string;
  updatedAt: number;
  readAt: number;
}

const foreignIssues = defineTable<ForeignIssue>('foreign_issues', {});

/** An issue of no case as it was read last; null where that was long ago. */
export const findForeignIssue = (sql: Sql, tracker: string, issueId: string): ForeignIssue | null =>
  foreignIssues.find(sql, 'tracker = ? AND issue_id = ?', tracker, issueId);

/** Remembers a read in vain, for as long as lists may name the same change again. */
export function putForeignIssue(sql: Sql, { tracker, issueId, ...facts }: ForeignIssue, keptMs: number): void {
  foreignIssues.put(sql, { tracker, issue_id: issueId }, facts);
  sql.run('DELETE FROM foreign_issues WHERE tracker = ? AND read_at < ?', tracker, facts.readAt - keptMs);
}
