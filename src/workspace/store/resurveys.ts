import type { Sql } from '#domain/base/ports.ts';
import { defineTable, placesFor } from './table.ts';

/** A later repetition of a survey for one respondent. */
export interface Resurvey {
  seq: number;
  id: string;
  /** Rule under `resurvey` of the workspace file. */
  rule: string;
  responseId: string;
  customerKey: string;
  survey: string;
  state: 'due' | 'sent' | 'skipped' | 'answered';
  why: string;
  dueAt: number;
  sentAt: number | null;
  expiresAt: number | null;
  answeredAt: number | null;
  answers: Record<string, string> | null;
}

const resurveys = defineTable<Resurvey>('resurveys', {
  seq: 'seq',
  id: 'id',
  rule: 'rule',
  responseId: 'response_id',
  customerKey: 'customer_key',
  survey: 'survey',
  state: 'state',
  why: 'why',
  dueAt: 'due_at',
  sentAt: 'sent_at',
  expiresAt: 'expires_at',
  answeredAt: 'answered_at',
  answers: ['answers', 'json'],
});

/** @returns false for a response that the rule has planned already */
export const insertResurvey = (
  sql: Sql,
  row: Pick<Resurvey, 'id' | 'rule' | 'responseId' | 'customerKey' | 'survey' | 'why' | 'dueAt'>,
): boolean => resurveys.insert(sql, { ...row, state: 'due' }, 'ON CONFLICT (id) DO NOTHING');

export const findResurvey = (sql: Sql, id: string): Resurvey | null => resurveys.find(sql, 'id = ?', id);

export function updateResurvey(
  sql: Sql,
  id: string,
  changes: Partial<Pick<Resurvey, 'state' | 'why' | 'sentAt' | 'expiresAt' | 'answeredAt' | 'answers'>>,
): void {
  resurveys.update(sql, changes, 'id = ?', id);
}

/** Re-surveys that wait or have no answer yet, under any of these keys. */
export function listOpenResurveysOfPerson(sql: Sql, keys: string[]): Resurvey[] {
  const open = `WHERE state IN ('due', 'sent') AND customer_key IN (${placesFor(keys)}) ORDER BY seq`;
  return resurveys.list(sql, open, ...keys);
}

/** Re-surveys of one person, under any of their keys, newest first. */
export const resurveysOfPerson = (sql: Sql, keys: string[], limit: number): Resurvey[] =>
  resurveys.list(sql, `WHERE customer_key IN (${placesFor(keys)}) ORDER BY seq DESC LIMIT ?`, ...keys, limit);

export const listResurveys = (sql: Sql, before: number, limit: number): Resurvey[] =>
  resurveys.list(sql, 'WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit);

/** Counts of a rule's answers in a period, by whether the first response had opened a case. */
export function countResurveyAnswers(
  sql: Sql,
  from: number,
  to: number,
): { rule: string; hadCase: number; asked: number; answered: number; resolved: number }[] {
  return sql.all(
    `SELECT rule, EXISTS (SELECT 1 FROM case_responses b WHERE b.response_id = r.response_id) AS hadCase,
       COUNT(*) AS asked, COALESCE(SUM(answers IS NOT NULL), 0) AS answered,
       COALESCE(SUM(json_extract(answers, '$.resolved') = 'yes'), 0) AS resolved
     FROM resurveys r WHERE sent_at >= ? AND sent_at < ? GROUP BY rule, hadCase ORDER BY rule, hadCase DESC`,
    from,
    to,
  );
}
