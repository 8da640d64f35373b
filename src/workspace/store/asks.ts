import type { Sql, SqlRow } from '#domain/base/ports.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { AskKind } from '#domain/loop/skip-ask.ts';
import { setTimer } from './schedule.ts';
import { defineTable, pairsOf, placesFor } from './table.ts';

/** Columns of every ask; those of another kind are null. */
interface AskRow {
  seq: number;
  id: string;
  kind: AskKind;
  /** Customer key; a person of the workspace for a closer. */
  person: string;
  survey: string | null;
  state: 'due' | 'sent' | 'skipped' | 'answered' | 'expired';
  why: string;
  dueAt: number;
  sentAt: number | null;
  expiresAt: number | null;
  answeredAt: number | null;
  answers: Record<string, string> | null;
  caseId: string | null;
  generation: number | null;
  mergedInto: string | null;
  /** What it waits for before sending; null for nothing. */
  waitsFor: string | null;
  rule: string | null;
  /** The first response, or the delivery that reported the event. */
  originId: string | null;
  event: string | null;
  eventAt: number | null;
  /** Mail address that the event named. */
  address: string | null;
}

export type FollowUp = AskRow & { kind: 'customer' | 'closer'; caseId: string; generation: number; survey: string };

export interface Resurvey extends AskRow {
  kind: 'resurvey';
  state: 'due' | 'sent' | 'skipped' | 'answered';
  survey: string;
  rule: string;
  originId: string;
}

/** An invitation of a customer to a survey, a set time after an event. */
export interface Invitation extends AskRow {
  kind: 'invitation';
  state: 'due' | 'sent' | 'skipped';
  rule: string;
  originId: string;
  event: string;
  eventAt: number;
}

export type Ask = FollowUp | Resurvey | Invitation;

const asks = defineTable<AskRow>('asks', { answers: 'json' });

type NewAsk<Kind extends Ask, Field extends keyof Kind> = Pick<
  Kind,
  'id' | 'kind' | 'person' | 'why' | 'dueAt' | Field
>;

/** Stores an ask with the timer that sends it, not before `now`. @returns false for a known one */
export function insertAsk(
  sql: Sql,
  row:
    | (NewAsk<FollowUp, 'caseId' | 'generation' | 'survey'> & { waitsFor?: string | null })
    | NewAsk<Resurvey, 'survey' | 'rule' | 'originId'>
    | NewAsk<Invitation, 'rule' | 'originId' | 'event' | 'eventAt' | 'address'>,
  now: number,
): boolean {
  const isNew = asks.insert(sql, { ...row, state: 'due' }, 'ON CONFLICT (id) DO NOTHING');
  if (isNew) setTimer(sql, 'ask', row.id, Math.max(row.dueAt, now));
  return isNew;
}

type AskChanges = Partial<Omit<AskRow, 'seq' | 'id' | 'kind' | 'person'>>;

export const updateAsk = (sql: Sql, id: string, changes: AskChanges): void => asks.update(sql, changes, 'id = ?', id);

/** Makes an ask due at another instant. */
export function postponeAsk(sql: Sql, id: string, dueAt: number, changes: AskChanges = {}): void {
  updateAsk(sql, id, { ...changes, dueAt });
  setTimer(sql, 'ask', id, dueAt);
}

/** Makes an ask due that was sent or skipped before. */
export const planAskAgain = (sql: Sql, id: string, dueAt: number, changes: AskChanges = {}): void =>
  postponeAsk(sql, id, dueAt, { ...changes, state: 'due', sentAt: null, expiresAt: null, mergedInto: null });

export const findAsk = (sql: Sql, id: string): Ask | null => asks.find(sql, 'id = ?', id) as Ask | null;

export function followUpsOfCase(sql: Sql, caseId: string, generation: number | null = null): FollowUp[] {
  const ofCase = 'WHERE case_id = ?1 AND (?2 IS NULL OR generation = ?2) ORDER BY seq';
  return asks.list(sql, ofCase, caseId, generation) as FollowUp[];
}

/** Asks of customers that wait or have no answer yet, the follow-ups first; without the sent ones on request. */
export function listOpenAsksOfPerson(sql: Sql, keys: string[], which: 'due' | 'due or sent' = 'due or sent'): Ask[] {
  const states = which === 'due' ? "state = 'due'" : "state IN ('due', 'sent')";
  const open = `WHERE kind <> 'closer' AND ${states} AND person IN (${placesFor(keys)}) ORDER BY kind <> 'customer', seq`;
  return asks.list(sql, open, ...keys) as Ask[];
}

/** Asks of one mail: the leading one first, then those merged into it. */
export const asksOfMail = (sql: Sql, leader: string): Ask[] =>
  asks.list(sql, 'WHERE id = ?1 OR merged_into = ?1 ORDER BY id <> ?1, seq', leader) as Ask[];

export function findCustomerFollowUp(sql: Sql, caseId: string, generation: number, customer: string): FollowUp | null {
  const ofCustomer = "case_id = ? AND generation = ? AND kind = 'customer' AND person = ?";
  return asks.find(sql, ofCustomer, caseId, generation, customer) as FollowUp | null;
}

/** Follow-ups that wait, about closings that were seen since an instant. */
export const listDueAsksOfCasesClosedSince = (sql: Sql, since: number): FollowUp[] =>
  asks.list(
    sql,
    "WHERE state = 'due' AND case_id IN (SELECT id FROM cases WHERE resolved_at >= ?) ORDER BY seq",
    since,
  ) as FollowUp[];

/** Asks of given kinds, newest first, optionally of given people only. */
export function listAsks<Kind extends AskKind>(
  sql: Sql,
  kinds: Kind[],
  { before = Number.MAX_SAFE_INTEGER, limit, keys }: { before?: number; limit: number; keys?: string[] },
): (Ask & { kind: Kind })[] {
  const ofPeople = keys ? `AND person IN (${placesFor(keys)})` : '';
  const rest = `WHERE seq < ? AND kind IN (${placesFor(kinds)}) ${ofPeople} ORDER BY seq DESC LIMIT ?`;
  return asks.list(sql, rest, before, ...kinds, ...(keys ?? []), limit) as (Ask & { kind: Kind })[];
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
         FROM asks f JOIN cases c ON c.id = f.case_id
        WHERE f.seq < ? AND (? IS NULL OR f.state = ?) ${of} ORDER BY f.seq DESC LIMIT ?`,
      find.before,
      find.state,
      find.state,
      ...(find.keys ?? []),
      find.limit,
    )
    .map(({ number, category, assignee, loopOwner, ...row }) => ({
      followUp: asks.read(row) as FollowUp,
      number,
      category,
      assignee,
      loopOwner,
    }));
}

/** Number of follow-ups to customers in each period of `ms` from an instant on, sent and due. */
export function countFollowUpsByPeriod(
  sql: Sql,
  from: number,
  ms: number,
  which: 'sent' | 'sent or due' = 'sent or due',
): Map<number, number> {
  const query = `SELECT CAST(at / ?1 AS INTEGER) AS period, COUNT(*) AS count FROM (
       SELECT sent_at AS at FROM asks WHERE kind = 'customer' AND sent_at >= ?2
       UNION ALL SELECT due_at FROM asks WHERE kind = 'customer' AND state = 'due' AND due_at >= ?2 AND ?3
     ) GROUP BY period`;
  return pairsOf(sql, query, ms, from, which === 'sent' ? 0 : 1);
}

/** Counts of a rule's answers in a period, by whether the first response had opened a case. */
export function countResurveyAnswers(
  sql: Sql,
  from: number,
  to: number,
): { rule: string; hadCase: number; asked: number; answered: number; resolved: number }[] {
  const query = `SELECT rule, EXISTS (SELECT 1 FROM case_responses b WHERE b.response_id = r.origin_id) AS hadCase,
       COUNT(*) AS asked, COALESCE(SUM(answers IS NOT NULL), 0) AS answered,
       COALESCE(SUM(json_extract(answers, '$.resolved') = 'yes'), 0) AS resolved
     FROM asks r WHERE kind = 'resurvey' AND sent_at >= ? AND sent_at < ?
      GROUP BY rule, hadCase ORDER BY rule, hadCase DESC`;
  return sql.all(query, from, to);
}
