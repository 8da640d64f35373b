import type { ClosingReason, Loop } from '#domain/case.ts';
import type { CaseClock } from '#domain/clock.ts';
import type { Gate } from '#domain/gate.ts';
import { type Seen, seenOf, type Written } from '#domain/ownership.ts';
import type { Sql, SqlValue } from '#domain/ports.ts';
import type { IssueSnapshot } from '#domain/tracker.ts';
import { fieldsOf } from './fields.ts';
import { rankOutbox } from './outbox.ts';

export interface Case {
  number: number;
  id: string;
  problemKey: string;
  template: string;
  settingsVersion: number;
  kind: 'tactical' | 'strategic';
  /** A task is one light issue: nobody is asked after it. */
  action: 'task' | 'case';
  /** Null for a strategic case, which stands for many customers. */
  customerKey: string | null;
  tier: string | null;
  revenue: number | null;
  category: string;
  severity: string;
  severityRank: 1 | 2 | 3 | 4;
  status: string;
  loop: Loop;
  generation: number;
  openedAt: number;
  dueAt: number;
  dueWhy: string[];
  /** What the due time is computed from; null for a case of before there were clocks. */
  clock: CaseClock | null;
  firstContactDueAt: number | null;
  /** Which conditions of the template held. */
  openedWhy: string[];
  firstContactAt: number | null;
  resolvedAt: number | null;
  closingReason: ClosingReason | null;
  /** Why it was declined, as a person wrote it for the customer. */
  closingNote: string | null;
  /** Id of the case that this one repeats. */
  duplicateOf: string | null;
  /** What asking the customers of this closing waits for; null where nothing has to be waited for. */
  gate: Gate | null;
  /** How often its customers disputed a closing. */
  disputes: number;
  team: string;
  assignee: string | null;
  loopOwner: string | null;
  /** The person who closed the issue in this generation, where known. */
  closer: string | null;
  overdue: boolean;
  /** Why a person has to look at it; null while all goes by itself. */
  needsPerson: string | null;
  /** Which run of the escalation ladder this is: a reopening, or a new goal after the old one was missed, starts the next. */
  ladder: number;
  /** Somebody said "I have it" since the last step of the ladder. */
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
  /** Until when the ladder rests by somebody's wish. */
  snoozedUntil: number | null;
  /** A closing that was asked for through Caselite and that the tracker has not shown yet. */
  closing: ClosingIntent | null;
  /** What is wrong with the way it was closed, by the close policy. */
  closingFlag: string | null;
  rootCause: string | null;
  guard: Guard | null;
  tracker: string;
  issue: {
    id: string;
    key: string;
    url: string;
    state: 'open' | 'closed';
    labels: string[];
    updatedAt: number;
    /** When it was last read from the tracker, by our clock. */
    readAt: number;
    /** What it showed then; null for one linked before this was kept. */
    seen: Seen | null;
    /** Comments in the tracker, whoever wrote them. */
    comments: number;
    /** Why nobody can go on with it, or where it went; null while it is in its place. */
    trouble: string | null;
  } | null;
  /** Calls of ours that wrote fields of the issue, and whose end is not sure. */
  written: Written[] | null;
  /** Looks in a row that did not find the issue, the first and the last of them by our clock. */
  lost: { looks: number; firstAt: number; lastAt: number } | null;
  commentsSeenAt: number;
}

export interface ClosingIntent {
  who: string;
  kind: 'completed' | 'not-planned' | 'duplicate';
  note: string | null;
}

/** What keeps Caselite and people from undoing each other's work over and over. */
export interface Guard {
  /** Closings that were undone by the close policy. */
  enforced: { who: string; at: number; closing: ClosingSeen }[];
  /** When fields of Caselite's own were put back. */
  restored: number[];
  /** It gave in: the labels that people keep taking off are left alone. */
  gaveIn: boolean;
  /** Accounts that were told once that they are not obeyed. */
  told: string[];
  /** A person gave the issue another title, which stays. */
  titled: boolean;
  /** What the tracker did not take, although it was sent twice. */
  missing: string[];
}

/** A closing as a tracker showed it. */
export type ClosingSeen = Pick<IssueSnapshot, 'closure' | 'key' | 'status' | 'updatedAt'>;

export const noGuard: Guard = {
  enforced: [],
  restored: [],
  gaveIn: false,
  told: [],
  titled: false,
  missing: [],
};

/** Notes something in a case's guard. */
export function updateGuard(sql: Sql, id: string, changes: Partial<Guard>): void {
  updateCase(sql, id, { guard: { ...(getCase(sql, id).guard ?? noGuard), ...changes } });
}

/** `C-17`: what people and trackers call a case. */
export const handleOf = (found: { number: number }): string => `C-${found.number}`;

/** Everything of a case that stands in one column; a new field is one line here and one in `Case`. */
const fields = fieldsOf<Omit<Case, 'issue'>>({
  number: 'number',
  id: 'id',
  problemKey: 'problem_key',
  template: 'template',
  settingsVersion: 'settings_version',
  kind: 'kind',
  action: 'action',
  customerKey: 'customer_key',
  tier: 'tier',
  revenue: 'revenue',
  category: 'category',
  severity: 'severity',
  severityRank: 'severity_rank',
  status: 'status',
  loop: 'loop',
  generation: 'generation',
  openedAt: 'opened_at',
  dueAt: 'due_at',
  dueWhy: ['due_why', 'json'],
  clock: ['clock', 'json'],
  firstContactDueAt: 'first_contact_due_at',
  openedWhy: ['opened_why', 'json'],
  firstContactAt: 'first_contact_at',
  resolvedAt: 'resolved_at',
  closingReason: 'closing_reason',
  closingNote: 'closing_note',
  duplicateOf: 'duplicate_of',
  gate: ['gate', 'json'],
  disputes: 'disputes',
  team: 'team',
  assignee: 'assignee',
  loopOwner: 'loop_owner',
  closer: 'closer',
  overdue: ['overdue', 'flag'],
  needsPerson: 'needs_person',
  ladder: 'ladder',
  acknowledgedAt: 'acknowledged_at',
  acknowledgedBy: 'acknowledged_by',
  snoozedUntil: 'snoozed_until',
  closing: ['closing', 'json'],
  closingFlag: 'closing_flag',
  rootCause: 'root_cause',
  guard: ['guard', 'json'],
  tracker: 'tracker',
  written: ['issue_written', 'json'],
  lost: ['issue_lost', 'json'],
  commentsSeenAt: 'comments_seen_at',
});

const issueFields = fieldsOf<NonNullable<Case['issue']>>({
  id: 'issue_id',
  key: 'issue_key',
  url: 'issue_url',
  state: 'issue_state',
  labels: ['issue_labels', 'json'],
  updatedAt: 'issue_updated_at',
  readAt: 'issue_read_at',
  seen: ['issue_seen', 'json'],
  comments: 'issue_comments',
  trouble: 'issue_trouble',
});

type Row = Record<string, SqlValue>;

const toCase = (row: Row): Case => ({
  ...fields.read(row),
  issue: row.issue_id === null ? null : issueFields.read(row),
});

export type NewCase = Omit<
  Case,
  | 'number'
  | 'generation'
  | 'resolvedAt'
  | 'closingReason'
  | 'closingNote'
  | 'duplicateOf'
  | 'gate'
  | 'disputes'
  | 'closer'
  | 'overdue'
  | 'needsPerson'
  | 'issue'
  | 'closing'
  | 'closingFlag'
  | 'rootCause'
  | 'guard'
  | 'written'
  | 'lost'
  | 'commentsSeenAt'
  | 'firstContactAt'
  | 'ladder'
  | 'acknowledgedAt'
  | 'acknowledgedBy'
  | 'snoozedUntil'
>;

/** Numbers count up per workspace and are never used twice. */
export function insertCase(sql: Sql, opened: NewCase): Case {
  const { columns, values } = fields.write(opened);
  sql.run(
    `INSERT INTO cases (number, ${columns.join(', ')})
     VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM cases), ${columns.map(() => '?').join(', ')})`,
    ...values,
  );
  return getCase(sql, opened.id);
}

/** Writes the named fields and leaves the rest. */
export function updateCase(
  sql: Sql,
  id: string,
  changes: Partial<Omit<Case, 'issue' | 'id' | 'number'>>,
): void {
  const { columns, values } = fields.write(changes);
  sql.run(
    `UPDATE cases SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
    ...values,
    id,
  );
  if (changes.severityRank !== undefined) rankOutbox(sql, `case:${id}`, changes.severityRank);
}

/** Mirrors what the tracker shows. */
export function linkIssue(sql: Sql, id: string, issue: IssueSnapshot, readAt: number): void {
  const { columns, values } = issueFields.write({
    id: issue.id,
    key: issue.key,
    url: issue.url,
    state: issue.state,
    labels: issue.labels,
    readAt,
    seen: seenOf(issue),
    comments: issue.commentCount,
    trouble: issue.frozen && `the issue is ${issue.frozen} in the tracker`,
  });
  sql.run(
    `UPDATE cases SET ${columns.map((column) => `${column} = ?`).join(', ')}, issue_lost = NULL,
       issue_updated_at = MAX(issue_updated_at, ?) WHERE id = ?`,
    ...values,
    issue.updatedAt,
    id,
  );
}

/** Says what is wrong with an issue, or where it is now. */
export function markIssue(sql: Sql, id: string, facts: { trouble?: string; url?: string }): void {
  const { columns, values } = issueFields.write(facts);
  sql.run(
    `UPDATE cases SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
    ...values,
    id,
  );
}

/** `C-12`, `c-12` or `12`: a case by what people call it. */
export function findCaseByHandle(sql: Sql, handle: string): Case | null {
  const number = /^(?:c-)?(\d{1,9})$/i.exec(handle.trim())?.[1];
  return findCaseByNumber(sql, Number(number ?? 0));
}

/** Cases whose loop is not over and whose issue was not read since `before`, longest ago first. */
export function casesToLookAt(
  sql: Sql,
  tracker: string,
  before: number,
  limit: number,
): { id: string; issue: { id: string; updatedAt: number; readAt: number } }[] {
  return sql
    .all<{ id: string; issueId: string; updatedAt: number; readAt: number }>(
      `SELECT id, issue_id AS issueId, issue_updated_at AS updatedAt, issue_read_at AS readAt FROM cases
        WHERE tracker = ? AND issue_read_at < ? AND issue_id IS NOT NULL AND loop IN ('working', 'resolved', 'asked')
        ORDER BY issue_read_at LIMIT ?`,
      tracker,
      before,
      limit,
    )
    .map(({ id, issueId, updatedAt, readAt }) => ({ id, issue: { id: issueId, updatedAt, readAt } }));
}

/** The issue was there and had not changed. */
export function markLookedAt(sql: Sql, id: string, at: number): void {
  sql.run('UPDATE cases SET issue_read_at = ? WHERE id = ?', at, id);
}

export function findCase(sql: Sql, id: string): Case | null {
  const [row] = sql.all<Row>('SELECT * FROM cases WHERE id = ?', id);
  return row ? toCase(row) : null;
}

export function getCase(sql: Sql, id: string): Case {
  const found = findCase(sql, id);
  if (!found) throw new Error(`no case ${id}`);
  return found;
}

export function latestCaseOf(sql: Sql, problemKey: string): Case | null {
  const [row] = sql.all<Row>(
    'SELECT * FROM cases WHERE problem_key = ? ORDER BY number DESC LIMIT 1',
    problemKey,
  );
  return row ? toCase(row) : null;
}

export function findCaseByIssue(sql: Sql, tracker: string, issueId: string): Case | null {
  const [row] = sql.all<Row>('SELECT * FROM cases WHERE tracker = ? AND issue_id = ?', tracker, issueId);
  return row ? toCase(row) : null;
}

export function listCases(sql: Sql, before: number, limit: number): Case[] {
  return sql
    .all<Row>('SELECT * FROM cases WHERE number < ? ORDER BY number DESC LIMIT ?', before, limit)
    .map(toCase);
}

/** The newest case of a template that a response stands behind. */
export function caseOfResponse(sql: Sql, responseId: string, template: string): Case | null {
  const [row] = sql.all<Row>(
    `SELECT c.* FROM cases c JOIN case_responses r ON r.case_id = c.id
      WHERE r.response_id = ? AND c.template = ? ORDER BY c.number DESC LIMIT 1`,
    responseId,
    template,
  );
  return row ? toCase(row) : null;
}

/** Strategic cases at work, oldest first. */
export function workingStrategicCases(sql: Sql): Case[] {
  return sql
    .all<Row>("SELECT * FROM cases WHERE kind = 'strategic' AND loop = 'working' ORDER BY number")
    .map(toCase);
}

/** Closed cases that repeat this one, whether directly or by way of another. */
export function casesRepeating(sql: Sql, id: string): Case[] {
  return sql
    .all<Row>(
      `WITH RECURSIVE behind (id) AS (
         SELECT id FROM cases WHERE duplicate_of = ?1
         UNION SELECT c.id FROM cases c JOIN behind b ON c.duplicate_of = b.id
       ) SELECT c.* FROM cases c JOIN behind USING (id)
         WHERE c.id <> ?1 AND c.closing_reason = 'duplicate' ORDER BY c.number`,
      id,
    )
    .map(toCase);
}

/** Cases whose customers are to be asked once something happened. */
export function casesWithGate(sql: Sql): Case[] {
  return sql.all<Row>('SELECT * FROM cases WHERE gate IS NOT NULL ORDER BY number').map(toCase);
}

export function findCaseByNumber(sql: Sql, number: number): Case | null {
  const [row] = sql.all<Row>('SELECT * FROM cases WHERE number = ?', number);
  return row ? toCase(row) : null;
}

/** The newest strategic cases, in whatever state. */
export function listStrategicCases(sql: Sql, limit: number): Case[] {
  return sql
    .all<Row>("SELECT * FROM cases WHERE kind = 'strategic' ORDER BY number DESC LIMIT ?", limit)
    .map(toCase);
}

/** How many cases at work each person works on and answers for; under '' those that nobody does. */
export function openLoad(sql: Sql): { assigned: Map<string, number>; owned: Map<string, number> } {
  const count = (column: 'assignee' | 'loop_owner') =>
    new Map(
      sql
        .all<{ person: string; open: number }>(
          `SELECT COALESCE(${column}, '') AS person, COUNT(*) AS open FROM cases WHERE loop = 'working' GROUP BY 1`,
        )
        .map(({ person, open }): [string, number] => [person, open]),
    );
  return { assigned: count('assignee'), owned: count('loop_owner') };
}
