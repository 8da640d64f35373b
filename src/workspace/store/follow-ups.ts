import type { Sql, SqlValue } from '#domain/base/ports.ts';

export interface FollowUp {
  seq: number;
  id: string;
  caseId: string;
  generation: number;
  kind: 'customer' | 'closer';
  person: string;
  survey: string;
  state: 'due' | 'sent' | 'skipped' | 'answered' | 'expired';
  why: string;
  dueAt: number;
  sentAt: number | null;
  expiresAt: number | null;
  answeredAt: number | null;
  answers: Record<string, string> | null;
  mergedInto: string | null;
  /** What it waits for before sending; null for nothing. */
  waitsFor: string | null;
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
  merged_into: string | null;
  waits_for: string | null;
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
  mergedInto: row.merged_into,
  waitsFor: row.waits_for,
});

/** Inserts a follow-up, unique per case, generation, kind and person. */
export function insertFollowUp(
  sql: Sql,
  row: Pick<FollowUp, 'id' | 'caseId' | 'generation' | 'kind' | 'person' | 'survey' | 'why' | 'dueAt'> &
    Partial<Pick<FollowUp, 'waitsFor'>>,
): boolean {
  return (
    sql.all(
      `INSERT INTO follow_ups (id, case_id, generation, kind, person, survey, state, why, due_at, waits_for)
       VALUES (?, ?, ?, ?, ?, ?, 'due', ?, ?, ?)
       ON CONFLICT (case_id, generation, kind, person) DO NOTHING RETURNING seq`,
      row.id,
      row.caseId,
      row.generation,
      row.kind,
      row.person,
      row.survey,
      row.why,
      row.dueAt,
      row.waitsFor ?? null,
    ).length > 0
  );
}

/**
 * Makes a skipped follow-up due again.
 *
 * @param ended reason for which it was skipped; other ends stay
 */
export const reviveFollowUp = (
  sql: Sql,
  { id, survey, why, dueAt, waitsFor }: Pick<FollowUp, 'id' | 'survey' | 'why' | 'dueAt' | 'waitsFor'>,
  ended: string,
): boolean =>
  sql.all(
    `UPDATE follow_ups SET state = 'due', survey = ?, why = ?, due_at = ?, waits_for = ?,
       sent_at = NULL, expires_at = NULL, merged_into = NULL
     WHERE id = ? AND state IN ('skipped', 'expired') AND why = ? RETURNING seq`,
    survey,
    why,
    dueAt,
    waitsFor,
    id,
    ended,
  ).length > 0;

export function updateFollowUp(
  sql: Sql,
  id: string,
  changes: Partial<
    Pick<
      FollowUp,
      'state' | 'why' | 'dueAt' | 'sentAt' | 'expiresAt' | 'answeredAt' | 'answers' | 'mergedInto' | 'waitsFor'
    >
  >,
): void {
  const columns = {
    state: 'state',
    why: 'why',
    dueAt: 'due_at',
    sentAt: 'sent_at',
    expiresAt: 'expires_at',
    answeredAt: 'answered_at',
    answers: 'answers',
    mergedInto: 'merged_into',
    waitsFor: 'waits_for',
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

export function waitingFollowUpsOf(sql: Sql, keys: string[]): FollowUp[] {
  return sql
    .all<Row>(
      `SELECT * FROM follow_ups WHERE kind = 'customer' AND state = 'due' AND person IN (${keys.map(() => '?').join(', ')}) ORDER BY seq`,
      ...keys,
    )
    .map(toFollowUp);
}

/** Follow-ups to customers that wait or have no answer yet. */
export function openFollowUpsOf(sql: Sql, keys: string[]): FollowUp[] {
  return sql
    .all<Row>(
      `SELECT * FROM follow_ups WHERE kind = 'customer' AND state IN ('due', 'sent') AND person IN (${keys.map(() => '?').join(', ')}) ORDER BY seq`,
      ...keys,
    )
    .map(toFollowUp);
}

/** Follow-ups of one mail: the leading one first, then those merged into it. */
export function followUpsOfMail(sql: Sql, leader: string): FollowUp[] {
  return sql
    .all<Row>('SELECT * FROM follow_ups WHERE id = ?1 OR merged_into = ?1 ORDER BY id <> ?1, seq', leader)
    .map(toFollowUp);
}

export function closerFollowUps(sql: Sql, caseId: string, generation: number): FollowUp[] {
  return sql
    .all<Row>(
      "SELECT * FROM follow_ups WHERE case_id = ? AND generation = ? AND kind = 'closer' ORDER BY seq",
      caseId,
      generation,
    )
    .map(toFollowUp);
}

export function customerFollowUp(sql: Sql, caseId: string, generation: number, customer: string): FollowUp | null {
  const [row] = sql.all<Row>(
    "SELECT * FROM follow_ups WHERE case_id = ? AND generation = ? AND kind = 'customer' AND person = ?",
    caseId,
    generation,
    customer,
  );
  return row ? toFollowUp(row) : null;
}

/** Follow-ups of all cases, newest first, optionally of one state and of given people. */
export function followUpRows(
  sql: Sql,
  find: { before: number; limit: number; state: FollowUp['state'] | null; keys: string[] | null },
): {
  followUp: FollowUp;
  number: number;
  category: string;
  assignee: string | null;
  loopOwner: string | null;
}[] {
  const of =
    find.keys === null ? '' : `AND f.kind = 'customer' AND f.person IN (${find.keys.map(() => '?').join(', ')})`;
  return sql
    .all<Row & { number: number; category: string; assignee: string | null; loop_owner: string | null }>(
      `SELECT f.*, c.number, c.category, c.assignee, c.loop_owner FROM follow_ups f JOIN cases c ON c.id = f.case_id
        WHERE f.seq < ? AND (? IS NULL OR f.state = ?) ${of} ORDER BY f.seq DESC LIMIT ?`,
      find.before,
      find.state,
      find.state,
      ...(find.keys ?? []),
      find.limit,
    )
    .map((row) => ({
      followUp: toFollowUp(row),
      number: row.number,
      category: row.category,
      assignee: row.assignee,
      loopOwner: row.loop_owner,
    }));
}

export function listFollowUps(sql: Sql, before: number, limit: number): FollowUp[] {
  return sql
    .all<Row>('SELECT * FROM follow_ups WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit)
    .map(toFollowUp);
}

/** Number of follow-ups in each period of `ms` from an instant on, sent and due. */
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
