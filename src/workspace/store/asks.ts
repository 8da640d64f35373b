import type { FollowUpJson, Stored } from '#domain/json/index.ts';
import type { AskKind } from '#domain/loop/skip-ask.ts';
import { setTimer } from './schedule.ts';
import { defineTable, query, type Sql } from './table.ts';

/** Columns of every ask; those of another kind are null. */
interface AskRow
  extends Stored<
    Pick<FollowUpJson, 'id' | 'state' | 'why' | 'dueAt' | 'sentAt' | 'answeredAt' | 'answers'>,
    'dueAt' | 'sentAt' | 'answeredAt'
  > {
  seq: number;
  kind: AskKind;
  /** Customer key; a person of the workspace for a closer. */
  person: string;
  survey: string | null;
  expiresAt: number | null;
  caseId: string | null;
  generation: number | null;
  mergedInto: string | null;
  /** What it waits for before sending; null for nothing. */
  waitsFor: string | null;
  rule: string | null;
  originId: string | null;
  event: string | null;
  eventAt: number | null;
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

export interface Invitation extends AskRow {
  kind: 'invitation';
  state: 'due' | 'sent' | 'skipped';
  rule: string;
  originId: string;
  event: string;
  eventAt: number;
}

export type Ask = FollowUp | Resurvey | Invitation;

export const asks = defineTable<AskRow>('asks', { answers: 'json' });
const readAsks = defineTable<Ask>('asks', { answers: 'json' });
export const followUps = defineTable<FollowUp>('asks', { answers: 'json' }, { order: 'seq' });
export const resurveys = defineTable<Resurvey>('asks', { answers: 'json' });
export const invitations = defineTable<Invitation>('asks', { answers: 'json' });

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
  const isNew = asks.add(sql, { ...row, state: 'due' });
  if (isNew) setTimer(sql, 'ask', row.id, Math.max(row.dueAt, now));
  return isNew;
}

type AskChanges = Partial<Omit<AskRow, 'seq' | 'id' | 'kind' | 'person'>>;

export function postponeAsk(sql: Sql, id: string, dueAt: number, changes: AskChanges = {}): void {
  asks.update(sql, { id }, { ...changes, dueAt });
  setTimer(sql, 'ask', id, dueAt);
}

export const planAskAgain = (sql: Sql, id: string, dueAt: number, changes: AskChanges = {}): void =>
  postponeAsk(sql, id, dueAt, { ...changes, state: 'due', sentAt: null, expiresAt: null, mergedInto: null });

export const findAsk = readAsks.row<[id: string | null]>`WHERE id = ?`;

const asksOfPeople = (states: string) => readAsks.rows<[keys: string[]]>`WHERE kind <> 'closer' AND ${states}
  AND person IN (SELECT value FROM json_each(?)) ORDER BY kind <> 'customer', seq`;

/** Asks of customers that wait or have no answer yet, the follow-ups first. */
export const listOpenAsksOfPerson = asksOfPeople("state IN ('due', 'sent')");

export const listDueAsksOfPerson = asksOfPeople("state = 'due'");

/** Asks of one mail: the leading one first, then those merged into it. */
export const asksOfMail = readAsks.rows<[leader: string]>`
  WHERE id = ?1 OR merged_into = ?1 ORDER BY id <> ?1, seq`;

/** Follow-ups that wait, about closings that were seen since an instant. */
export const listDueAsksOfCasesClosedSince = followUps.rows<[since: number]>`
  WHERE state = 'due' AND case_id IN (SELECT id FROM cases WHERE resolved_at >= ?) ORDER BY seq`;

/** Number of follow-ups to customers in each period of `ms` from an instant on, the sent ones, and with the due ones. */
export const countFollowUpsByPeriod = query.pairs<number, number, [from: number, ms: number, withDue: boolean]>`
  SELECT CAST(at / ?2 AS INTEGER) AS period, COUNT(*) AS count FROM (
      SELECT sent_at AS at FROM asks WHERE kind = 'customer' AND sent_at >= ?1
      UNION ALL SELECT due_at FROM asks WHERE kind = 'customer' AND state = 'due' AND due_at >= ?1 AND ?3
    ) GROUP BY period`;

/** Counts of a rule's answers in a period, by whether the first response had opened a case. */
export const countResurveyAnswers = query.rows<
  { rule: string; hadCase: number; asked: number; answered: number; resolved: number },
  [from: number, to: number]
>`
  SELECT rule, EXISTS (SELECT 1 FROM case_responses b WHERE b.response_id = r.origin_id) AS hadCase,
      COUNT(*) AS asked, COALESCE(SUM(answers IS NOT NULL), 0) AS answered,
      COALESCE(SUM(json_extract(answers, '$.resolved') = 'yes'), 0) AS resolved
    FROM asks r WHERE kind = 'resurvey' AND sent_at >= ? AND sent_at < ?
     GROUP BY rule, hadCase ORDER BY rule, hadCase DESC`;
