import type { Sql, SqlRow } from '#domain/base/ports.ts';
import type { Case } from '#domain/cases/case-record.ts';
import { defineTable, hasRow, pairsOf, placesFor } from './table.ts';

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

const followUps = defineTable<FollowUp>('follow_ups', {
  seq: 'seq',
  id: 'id',
  caseId: 'case_id',
  generation: 'generation',
  kind: 'kind',
  person: 'person',
  survey: 'survey',
  state: 'state',
  why: 'why',
  dueAt: 'due_at',
  sentAt: 'sent_at',
  expiresAt: 'expires_at',
  answeredAt: 'answered_at',
  answers: ['answers', 'json'],
  mergedInto: 'merged_into',
  waitsFor: 'waits_for',
});

/** Inserts a follow-up, unique per case, generation, kind and person. */
export const insertFollowUp = (
  sql: Sql,
  row: Pick<FollowUp, 'id' | 'caseId' | 'generation' | 'kind' | 'person' | 'survey' | 'why' | 'dueAt'> &
    Partial<Pick<FollowUp, 'waitsFor'>>,
): boolean =>
  followUps.insert(sql, { ...row, state: 'due' }, 'ON CONFLICT (case_id, generation, kind, person) DO NOTHING');

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
  hasRow(
    sql,
    `UPDATE follow_ups SET state = 'due', survey = ?, why = ?, due_at = ?, waits_for = ?,
       sent_at = NULL, expires_at = NULL, merged_into = NULL
     WHERE id = ? AND state IN ('skipped', 'expired') AND why = ? RETURNING seq`,
    survey,
    why,
    dueAt,
    waitsFor,
    id,
    ended,
  );

export function updateFollowUp(
  sql: Sql,
  id: string,
  changes: Partial<Omit<FollowUp, 'seq' | 'id' | 'caseId' | 'generation' | 'kind' | 'person' | 'survey'>>,
): void {
  followUps.update(sql, changes, 'id = ?', id);
}

export const findFollowUp = (sql: Sql, id: string): FollowUp | null => followUps.find(sql, 'id = ?', id);

export function followUpsOfCase(sql: Sql, caseId: string, generation: number | null = null): FollowUp[] {
  return followUps.list(sql, 'WHERE case_id = ?1 AND (?2 IS NULL OR generation = ?2) ORDER BY seq', caseId, generation);
}

/** Follow-ups to customers that wait or have no answer yet; without the sent ones on request. */
export function listOpenFollowUpsOfPerson(
  sql: Sql,
  keys: string[],
  which: 'due' | 'due or sent' = 'due or sent',
): FollowUp[] {
  const states = which === 'due' ? "state = 'due'" : "state IN ('due', 'sent')";
  const open = `WHERE kind = 'customer' AND ${states} AND person IN (${placesFor(keys)}) ORDER BY seq`;
  return followUps.list(sql, open, ...keys);
}

/** Follow-ups of one mail: the leading one first, then those merged into it. */
export const followUpsOfMail = (sql: Sql, leader: string): FollowUp[] =>
  followUps.list(sql, 'WHERE id = ?1 OR merged_into = ?1 ORDER BY id <> ?1, seq', leader);

export const listCloserFollowUps = (sql: Sql, caseId: string, generation: number): FollowUp[] =>
  followUpsOfCase(sql, caseId, generation).filter(({ kind }) => kind === 'closer');

export function findCustomerFollowUp(sql: Sql, caseId: string, generation: number, customer: string): FollowUp | null {
  const ofCustomer = "case_id = ? AND generation = ? AND kind = 'customer' AND person = ?";
  return followUps.find(sql, ofCustomer, caseId, generation, customer);
}

/** Follow-ups of all cases, newest first, optionally of one state and of given people. */
export function listFollowUpsWithCases(
  sql: Sql,
  find: { before: number; limit: number; state: FollowUp['state'] | null; keys: string[] | null },
): (Pick<Case, 'number' | 'category' | 'assignee' | 'loopOwner'> & { followUp: FollowUp })[] {
  const of = find.keys === null ? '' : `AND f.kind = 'customer' AND f.person IN (${placesFor(find.keys)})`;
  return sql
    .all<SqlRow & Pick<Case, 'number' | 'category' | 'assignee' | 'loopOwner'>>(
      `SELECT f.*, c.number, c.category, c.assignee, c.loop_owner AS loopOwner
         FROM follow_ups f JOIN cases c ON c.id = f.case_id
        WHERE f.seq < ? AND (? IS NULL OR f.state = ?) ${of} ORDER BY f.seq DESC LIMIT ?`,
      find.before,
      find.state,
      find.state,
      ...(find.keys ?? []),
      find.limit,
    )
    .map(({ number, category, assignee, loopOwner, ...row }) => ({
      followUp: followUps.read(row),
      number,
      category,
      assignee,
      loopOwner,
    }));
}

export const listFollowUps = (sql: Sql, before: number, limit: number): FollowUp[] =>
  followUps.list(sql, 'WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit);

/** Number of follow-ups in each period of `ms` from an instant on, sent and due. */
export function countFollowUpsByPeriod(
  sql: Sql,
  from: number,
  ms: number,
  which: 'sent' | 'sent or due' = 'sent or due',
): Map<number, number> {
  return pairsOf(
    sql,
    `SELECT CAST(at / ?1 AS INTEGER) AS period, COUNT(*) AS count FROM (
       SELECT sent_at AS at FROM follow_ups WHERE kind = 'customer' AND sent_at >= ?2
       UNION ALL SELECT due_at FROM follow_ups WHERE kind = 'customer' AND state = 'due' AND due_at >= ?2 AND ?3
     ) GROUP BY period`,
    ms,
    from,
    which === 'sent' ? 0 : 1,
  );
}
