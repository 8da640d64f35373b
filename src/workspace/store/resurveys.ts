import type { Sql, SqlValue } from '#domain/base/ports.ts';
import { fieldsOf } from './fields.ts';

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

const fields = fieldsOf<Resurvey>({
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

type Row = Record<string, SqlValue>;

/** @returns false for a response that the rule has planned already */
export function insertResurvey(
  sql: Sql,
  row: Pick<Resurvey, 'id' | 'rule' | 'responseId' | 'customerKey' | 'survey' | 'why' | 'dueAt'>,
): boolean {
  const { columns, values } = fields.write({ ...row, state: 'due' });
  return (
    sql.all(
      `INSERT INTO resurveys (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
       ON CONFLICT (id) DO NOTHING RETURNING seq`,
      ...values,
    ).length > 0
  );
}

export function findResurvey(sql: Sql, id: string): Resurvey | null {
  const [row] = sql.all<Row>('SELECT * FROM resurveys WHERE id = ?', id);
  return row ? fields.read(row) : null;
}

export function updateResurvey(
  sql: Sql,
  id: string,
  changes: Partial<Pick<Resurvey, 'state' | 'why' | 'sentAt' | 'expiresAt' | 'answeredAt' | 'answers'>>,
): void {
  const { columns, values } = fields.write(changes);
  sql.run(`UPDATE resurveys SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`, ...values, id);
}

/** Re-surveys that wait or have no answer yet, under any of these keys. */
export function openResurveysOf(sql: Sql, keys: string[]): Resurvey[] {
  return sql
    .all<Row>(
      `SELECT * FROM resurveys WHERE state IN ('due', 'sent') AND customer_key IN (${keys.map(() => '?').join(', ')}) ORDER BY seq`,
      ...keys,
    )
    .map((row) => fields.read(row));
}

/** Re-surveys of one person, under any of their keys, newest first. */
export function resurveysOfPerson(sql: Sql, keys: string[], limit: number): Resurvey[] {
  return sql
    .all<Row>(
      `SELECT * FROM resurveys WHERE customer_key IN (${keys.map(() => '?').join(', ')}) ORDER BY seq DESC LIMIT ?`,
      ...keys,
      limit,
    )
    .map((row) => fields.read(row));
}

export function listResurveys(sql: Sql, before: number, limit: number): Resurvey[] {
  return sql
    .all<Row>('SELECT * FROM resurveys WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit)
    .map((row) => fields.read(row));
}

/** Counts of a rule's answers in a period, by whether the first response had opened a case. */
export function resurveySums(
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
