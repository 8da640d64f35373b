import type { ClosingReason, Loop } from '#domain/case.ts';
import type { CaseClock } from '#domain/clock.ts';
import type { Sql, SqlValue } from '#domain/ports.ts';
import type { TimelineEntry } from '#domain/timeline.ts';
import type { IssueSnapshot } from '#domain/tracker.ts';
import type { Verdict } from '#domain/verdict.ts';

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
  team: string;
  assignee: string | null;
  loopOwner: string | null;
  /** The person who closed the issue in this generation, where known. */
  closer: string | null;
  overdue: boolean;
  /** Why a person has to look at it; null while all goes by itself. */
  needsPerson: string | null;
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
  } | null;
  commentsSeenAt: number;
}

/** `C-17`: what people and trackers call a case. */
export const handleOf = (found: { number: number }): string => `C-${found.number}`;

type Row = Record<string, SqlValue> & {
  number: number;
  id: string;
  problem_key: string;
  template: string;
  settings_version: number;
  kind: 'tactical' | 'strategic';
  customer_key: string | null;
  tier: string | null;
  revenue: number | null;
  category: string;
  severity: string;
  severity_rank: 1 | 2 | 3 | 4;
  status: string;
  loop: Loop;
  generation: number;
  opened_at: number;
  due_at: number;
  due_why: string;
  action: 'task' | 'case';
  clock: string | null;
  first_contact_due_at: number | null;
  opened_why: string;
  first_contact_at: number | null;
  resolved_at: number | null;
  closing_reason: ClosingReason | null;
  team: string;
  assignee: string | null;
  loop_owner: string | null;
  closer: string | null;
  overdue: number;
  needs_person: string | null;
  tracker: string;
  issue_id: string | null;
  issue_key: string | null;
  issue_url: string | null;
  issue_state: 'open' | 'closed' | null;
  issue_labels: string;
  issue_updated_at: number;
  issue_read_at: number;
  comments_seen_at: number;
};

const toCase = (row: Row): Case => ({
  number: row.number,
  id: row.id,
  problemKey: row.problem_key,
  template: row.template,
  settingsVersion: row.settings_version,
  kind: row.kind,
  customerKey: row.customer_key,
  tier: row.tier,
  revenue: row.revenue,
  category: row.category,
  severity: row.severity,
  severityRank: row.severity_rank,
  status: row.status,
  loop: row.loop,
  generation: row.generation,
  openedAt: row.opened_at,
  dueAt: row.due_at,
  dueWhy: JSON.parse(row.due_why),
  action: row.action,
  clock: row.clock === null ? null : JSON.parse(row.clock),
  firstContactDueAt: row.first_contact_due_at,
  openedWhy: JSON.parse(row.opened_why),
  firstContactAt: row.first_contact_at,
  resolvedAt: row.resolved_at,
  closingReason: row.closing_reason,
  team: row.team,
  assignee: row.assignee,
  loopOwner: row.loop_owner,
  closer: row.closer,
  overdue: row.overdue === 1,
  needsPerson: row.needs_person,
  tracker: row.tracker,
  issue:
    row.issue_id === null || row.issue_key === null || row.issue_url === null
      ? null
      : {
          id: row.issue_id,
          key: row.issue_key,
          url: row.issue_url,
          state: row.issue_state ?? 'open',
          labels: JSON.parse(row.issue_labels),
          updatedAt: row.issue_updated_at,
          readAt: row.issue_read_at,
        },
  commentsSeenAt: row.comments_seen_at,
});

export type NewCase = Omit<
  Case,
  | 'number'
  | 'generation'
  | 'resolvedAt'
  | 'closingReason'
  | 'closer'
  | 'overdue'
  | 'needsPerson'
  | 'issue'
  | 'commentsSeenAt'
  | 'firstContactAt'
>;

/** Numbers count up per workspace and are never used twice. */
export function insertCase(sql: Sql, opened: NewCase): Case {
  sql.run(
    `INSERT INTO cases (number, id, problem_key, template, settings_version, kind, customer_key, tier, revenue, category, severity,
       severity_rank, status, loop, opened_at, due_at, due_why, opened_why, team, assignee, loop_owner, tracker, action, clock,
       first_contact_due_at)
     VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM cases), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
       ?, ?, ?)`,
    opened.id,
    opened.problemKey,
    opened.template,
    opened.settingsVersion,
    opened.kind,
    opened.customerKey,
    opened.tier,
    opened.revenue,
    opened.category,
    opened.severity,
    opened.severityRank,
    opened.status,
    opened.loop,
    opened.openedAt,
    opened.dueAt,
    JSON.stringify(opened.dueWhy),
    JSON.stringify(opened.openedWhy),
    opened.team,
    opened.assignee,
    opened.loopOwner,
    opened.tracker,
    opened.action,
    opened.clock === null ? null : JSON.stringify(opened.clock),
    opened.firstContactDueAt,
  );
  return getCase(sql, opened.id);
}

const columns = {
  severity: 'severity',
  severityRank: 'severity_rank',
  status: 'status',
  loop: 'loop',
  generation: 'generation',
  dueAt: 'due_at',
  dueWhy: 'due_why',
  clock: 'clock',
  firstContactDueAt: 'first_contact_due_at',
  firstContactAt: 'first_contact_at',
  resolvedAt: 'resolved_at',
  closingReason: 'closing_reason',
  assignee: 'assignee',
  closer: 'closer',
  overdue: 'overdue',
  needsPerson: 'needs_person',
  tier: 'tier',
  revenue: 'revenue',
  commentsSeenAt: 'comments_seen_at',
} as const satisfies Partial<Record<keyof Case, string>>;

/** Writes the named fields and leaves the rest. */
export function updateCase(sql: Sql, id: string, changes: Partial<Pick<Case, keyof typeof columns>>): void {
  const entries = Object.entries(changes) as [keyof typeof columns, Case[keyof typeof columns]][];
  const values = entries.map(([, value]): SqlValue => {
    if (typeof value === 'boolean') return value ? 1 : 0;
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  });
  sql.run(
    `UPDATE cases SET ${entries.map(([field]) => `${columns[field]} = ?`).join(', ')} WHERE id = ?`,
    ...values,
    id,
  );
}

/** Mirrors what the tracker shows. */
export function linkIssue(sql: Sql, id: string, issue: IssueSnapshot, readAt: number): void {
  sql.run(
    `UPDATE cases SET issue_id = ?, issue_key = ?, issue_url = ?, issue_state = ?, issue_labels = ?,
       issue_updated_at = MAX(issue_updated_at, ?), issue_read_at = ? WHERE id = ?`,
    issue.id,
    issue.key,
    issue.url,
    issue.state,
    JSON.stringify(issue.labels),
    issue.updatedAt,
    readAt,
    id,
  );
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

export function addCaseResponse(
  sql: Sql,
  caseId: string,
  responseId: string,
  customerKey: string,
  at: number,
): boolean {
  return (
    sql.all(
      `INSERT INTO case_responses (case_id, response_id, customer_key, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (case_id, response_id) DO NOTHING RETURNING at`,
      caseId,
      responseId,
      customerKey,
      at,
    ).length > 0
  );
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

export function responsesOfCase(sql: Sql, caseId: string): string[] {
  return sql
    .all<{ response_id: string }>(
      'SELECT response_id FROM case_responses WHERE case_id = ? ORDER BY at, response_id',
      caseId,
    )
    .map(({ response_id }) => response_id);
}

/** Customers behind a case, first come first, with the revenue that stands with each. */
export function customersOfCase(
  sql: Sql,
  caseId: string,
): { key: string; tier: string | null; revenue: number | null }[] {
  return sql.all<{ key: string; tier: string | null; revenue: number | null }>(
    `SELECT r.customer_key AS key, c.tier, c.revenue FROM (
       SELECT customer_key, MIN(at) AS first FROM (
         SELECT customer_key, at FROM case_responses WHERE case_id = ?
         UNION ALL SELECT customer_key, opened_at FROM cases WHERE id = ? AND customer_key IS NOT NULL
       ) GROUP BY customer_key
     ) r LEFT JOIN customers c ON c.key = r.customer_key ORDER BY r.first, r.customer_key`,
    caseId,
    caseId,
  );
}

export function addEntry(sql: Sql, caseId: string, entry: TimelineEntry): void {
  sql.run(
    'INSERT INTO timeline (case_id, at, what, who, why, evidence, generation) VALUES (?, ?, ?, ?, ?, ?, ?)',
    caseId,
    entry.at,
    entry.what,
    entry.who,
    entry.why,
    entry.evidence,
    entry.generation,
  );
}

export function timelineOf(sql: Sql, caseId: string): TimelineEntry[] {
  const rows = sql.all<Record<string, SqlValue>>(
    'SELECT at, what, who, why, evidence, generation FROM timeline WHERE case_id = ? ORDER BY seq',
    caseId,
  );
  return rows as unknown as TimelineEntry[];
}

export interface VerdictRow {
  customerKey: string;
  generation: number;
  verdict: Verdict;
  why: string;
  at: number;
}

/** @returns whether the verdict is new or another than before */
export function setVerdict(sql: Sql, caseId: string, row: VerdictRow): boolean {
  return (
    sql.all(
      `INSERT INTO verdicts (case_id, customer_key, generation, verdict, why, at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (case_id, customer_key, generation) DO UPDATE SET verdict = excluded.verdict, why = excluded.why, at = excluded.at
       WHERE verdict <> excluded.verdict RETURNING at`,
      caseId,
      row.customerKey,
      row.generation,
      row.verdict,
      row.why,
      row.at,
    ).length > 0
  );
}

export function verdictsOf(sql: Sql, caseId: string): VerdictRow[] {
  return sql.all<{ customerKey: string; generation: number; verdict: Verdict; why: string; at: number }>(
    `SELECT customer_key AS customerKey, generation, verdict, why, at FROM verdicts WHERE case_id = ? ORDER BY generation, at`,
    caseId,
  );
}

/** @returns whether the comment had not been seen before */
export function markCommentSeen(sql: Sql, caseId: string, commentId: string): boolean {
  return (
    sql.all(
      'INSERT INTO commands (case_id, comment_id) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING comment_id',
      caseId,
      commentId,
    ).length > 0
  );
}

/** Counts up and returns the value before: round robin's turn. */
export function takeTurn(sql: Sql, name: string): number {
  const [row] = sql.all<{ value: number }>(
    'INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value',
    name,
  );
  return (row?.value ?? 1) - 1;
}
