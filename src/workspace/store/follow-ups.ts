import type { Sql, SqlValue } from '#domain/ports.ts';

export interface FollowUp {
  seq: number;
  id: string;
  caseId: string;
  generation: number;
  kind: 'customer' | 'closer';
  /** A customer's key, or a person of the workspace. */
  person: string;
  survey: string;
  state: 'due' | 'sent' | 'skipped' | 'answered' | 'expired';
  why: string;
  dueAt: number;
  sentAt: number | null;
  expiresAt: number | null;
  answeredAt: number | null;
  answers: Record<string, string> | null;
}

type Row = Record<string, SqlValue> & {
  seq: number;
  id: string;
  case_id: string;
  generation: number;
  kind: FollowUp['kind'];
  person: string;
  survey: string;
  state: FollowUp['state'];
  why: string;
  due_at: number;
  sent_at: number | null;
  expires_at: number | null;
  answered_at: number | null;
  answers: string | null;
};

const toFollowUp = (row: Row): FollowUp => ({
  seq: row.seq,
  id: row.id,
  caseId: row.case_id,
  generation: row.generation,
  kind: row.kind,
  person: row.person,
  survey: row.survey,
  state: row.state,
  why: row.why,
  dueAt: row.due_at,
  sentAt: row.sent_at,
  expiresAt: row.expires_at,
  answeredAt: row.answered_at,
  answers: row.answers === null ? null : JSON.parse(row.answers),
});

/** One follow-up per case, generation, kind and person, however often it is asked for. */
export function insertFollowUp(
  sql: Sql,
  row: Pick<FollowUp, 'id' | 'caseId' | 'generation' | 'kind' | 'person' | 'survey' | 'why' | 'dueAt'>,
): boolean {
  return (
    sql.all(
      `INSERT INTO follow_ups (id, case_id, generation, kind, person, survey, state, why, due_at) VALUES (?, ?, ?, ?, ?, ?, 'due', ?, ?)
       ON CONFLICT (case_id, generation, kind, person) DO NOTHING RETURNING seq`,
      row.id,
      row.caseId,
      row.generation,
      row.kind,
      row.person,
      row.survey,
      row.why,
      row.dueAt,
    ).length > 0
  );
}

export function updateFollowUp(
  sql: Sql,
  id: string,
  changes: Partial<Pick<FollowUp, 'state' | 'why' | 'sentAt' | 'expiresAt' | 'answeredAt' | 'answers'>>,
): void {
  const columns = {
    state: 'state',
    why: 'why',
    sentAt: 'sent_at',
    expiresAt: 'expires_at',
    answeredAt: 'answered_at',
    answers: 'answers',
  };
  const entries = Object.entries(changes) as [keyof typeof columns, unknown][];
  sql.run(
    `UPDATE follow_ups SET ${entries.map(([field]) => `${columns[field]} = ?`).join(', ')} WHERE id = ?`,
    ...entries.map(([, value]) =>
      typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as SqlValue),
    ),
    id,
  );
}

export function findFollowUp(sql: Sql, id: string): FollowUp | null {
  const [row] = sql.all<Row>('SELECT * FROM follow_ups WHERE id = ?', id);
  return row ? toFollowUp(row) : null;
}

export function followUpsOfCase(sql: Sql, caseId: string, generation?: number): FollowUp[] {
  return sql
    .all<Row>(
      'SELECT * FROM follow_ups WHERE case_id = ? AND (? IS NULL OR generation = ?) ORDER BY seq',
      caseId,
      generation ?? null,
      generation ?? null,
    )
    .map(toFollowUp);
}

/** Other closings of the same customer whose follow-up still waits: one mail will serve them all. */
export function waitingFollowUpsOf(sql: Sql, person: string): FollowUp[] {
  return sql
    .all<Row>(
      "SELECT * FROM follow_ups WHERE kind = 'customer' AND person = ? AND state = 'due' ORDER BY seq",
      person,
    )
    .map(toFollowUp);
}

export function listFollowUps(sql: Sql, before: number, limit: number): FollowUp[] {
  return sql
    .all<Row>('SELECT * FROM follow_ups WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit)
    .map(toFollowUp);
}

/** How many customers are asked in each period of `ms` from an instant on: those who were, and those who are due. */
export function asksByPeriod(
  sql: Sql,
  from: number,
  ms: number,
  which: 'sent' | 'sent or due' = 'sent or due',
): Map<number, number> {
  const rows = sql.all<{ period: number; count: number }>(
    `SELECT CAST(at / ?1 AS INTEGER) AS period, COUNT(*) AS count FROM (
       SELECT sent_at AS at FROM follow_ups WHERE kind = 'customer' AND sent_at >= ?2
       UNION ALL SELECT due_at FROM follow_ups WHERE kind = 'customer' AND state = 'due' AND due_at >= ?2 AND ?3
     ) GROUP BY period`,
    ms,
    from,
    which === 'sent' ? 0 : 1,
  );
  return new Map(rows.map(({ period, count }) => [period, count]));
}

export function moveFollowUp(sql: Sql, id: string, dueAt: number): void {
  sql.run('UPDATE follow_ups SET due_at = ? WHERE id = ?', dueAt, id);
}
