import type { Shipped } from '#domain/settings/gate.ts';
import { oldestWaitingSql } from './deliveries.ts';
import { defineTable, query, type Sql } from './table.ts';

/** Polling state of one tracker. Instants are UTC milliseconds. */
const untouched = {
  cursor: null as string | null,
  polledAt: null as number | null,
  failures: 0,
  error: null as string | null,
  activeAt: null as number | null,
  hintedAt: null as number | null,
};
type PollState = typeof untouched;

const targets = defineTable<PollState & { tracker: string }>('targets', {}, { key: 'tracker' });

export const findPollState = (sql: Sql, tracker: string): PollState => targets.find(sql, { tracker }) ?? untouched;

export const savePollState = (sql: Sql, tracker: string, changes: Partial<PollState>): void =>
  targets.put(sql, { ...findPollState(sql, tracker), ...changes, tracker });

const hints = defineTable<{ tracker: string; id: string; at: number }>('hints', {});

/** Stores the id of a webhook; false for a repeated one. Ids are kept while a tracker may repeat. */
export function storeWebhookId(sql: Sql, tracker: string, id: string, at: number, keptMs: number): boolean {
  sql.run('DELETE FROM hints WHERE at < ?', at - keptMs);
  return hints.add(sql, { tracker, id, at });
}

/** A webhook that Caselite registers. Instants are UTC milliseconds. */
export interface Hook {
  queue: string;
  /** Empty for a tracker. */
  form: string;
  state: 'asked' | 'in use' | 'refused';
  /** Why it was refused. */
  why: string | null;
  checkedAt: number;
  renewedAt: number | null;
}

export const hooks = defineTable<Hook>('hooks', {}, { key: 'queue, form', order: 'queue, form' });

export const shipped = defineTable<Shipped>('shipped', {});

/** Deliveries that are still to be processed, or were set aside, each by an index of its own. */
const deliveriesLeft = (outcome: string) => `SELECT COUNT(*) FROM deliveries WHERE outcome = '${outcome}'`;
export const countWaitingDeliveries = query.number`${deliveriesLeft('waiting')}`;
export const countSetAsideDeliveries = query.number`${deliveriesLeft('set-aside')}`;

/** Rows are never renumbered, so the last number counts those that were erased as well. */
const total = (table: string, column = 'seq') => `(SELECT COALESCE(MAX(${column}), 0) FROM ${table})`;

export const countDeliveries = query.sums<
  Record<'total' | 'waiting' | 'setAside', number> & { oldestWaitingAt: number | null }
>`
  SELECT ${total('deliveries')} AS total, (${deliveriesLeft('waiting')}) AS waiting,
    (${deliveriesLeft('set-aside')}) AS setAside, (${oldestWaitingSql} ORDER BY seq LIMIT 1) AS oldestWaitingAt`;

export const countTotals = query.sums<Record<'responses' | 'cases' | 'mails', number>>`
  SELECT ${total('responses')} AS responses, ${total('cases', 'number')} AS cases, ${total('mails')} AS mails`;

const casesWhere = (condition: string) => `(SELECT COUNT(*) FROM cases WHERE ${condition})`;

export const countCasesByNeed = query.sums<Record<'open' | 'overdue' | 'disputed' | 'needsPerson', number>>`
  SELECT ${casesWhere("loop IN ('working', 'disputed')")} AS open, ${casesWhere("overdue = 1 AND loop = 'working'")} AS overdue,
    ${casesWhere("loop = 'disputed'")} AS disputed, ${casesWhere('needs_person IS NOT NULL')} AS needsPerson`;

export const countOpenRowsByQueue = query.rows<{ queue: string; waiting: number; unknown: number; oldestAt: number }>`
  SELECT queue, COUNT(*) AS waiting, SUM(state = 'unknown') AS unknown, MIN(created_at) AS oldestAt
    FROM outbox WHERE state IN ('waiting', 'calling', 'unknown') GROUP BY queue`;

type ForeignIssue = { tracker: string; issueId: string; updatedAt: number; readAt: number };

export const foreignIssues = defineTable<ForeignIssue>('foreign_issues', {}, { key: 'tracker, issue_id' });

/** Remembers a read in vain, for as long as lists may name the same change again. */
export function putForeignIssue(sql: Sql, issue: ForeignIssue, keptMs: number): void {
  foreignIssues.put(sql, issue);
  sql.run('DELETE FROM foreign_issues WHERE tracker = ? AND read_at < ?', issue.tracker, issue.readAt - keptMs);
}
