import type { Sql } from '#domain/base/ports.ts';
import { singleValue } from './table.ts';

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
