import type { Sql, SqlRow, SqlValue } from '#domain/base/ports.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { MirroredIssue } from '#domain/cases/issue-mirror.ts';
import { defineTable } from './table.ts';

/** The column of every field of a case but its issue; a field without a column does not compile. */
export const caseTable = defineTable<Omit<Case, 'issue'>>('cases', {
  number: 'number',
  id: 'id',
  caseMatchKey: 'problem_key',
  template: 'template',
  settingsVersion: 'settings_version',
  kind: 'kind',
  action: 'action',
  customerKey: 'customer_key',
  manuallyEnteredAddress: 'hand_address',
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
  explanation: 'explanation',
  whatChanged: ['what_changed', 'json'],
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
  issueEditHistory: ['issue_edit_limits', 'json'],
  tracker: 'tracker',
  unconfirmedWrites: ['unconfirmed_writes', 'json'],
  missedIssueReads: ['issue_missing', 'json'],
  duplicateSearchDueAt: 'duplicates_due_at',
  commentsSeenUntil: 'comments_seen_at',
});

/** The columns of the mirrored issue. */
export const issueTable = defineTable<MirroredIssue>('cases', {
  id: 'issue_id',
  key: 'issue_key',
  url: 'issue_url',
  state: 'issue_state',
  labels: ['issue_labels', 'json'],
  updatedAt: 'issue_updated_at',
  readAt: 'issue_read_at',
  sharedFields: ['issue_shared_fields', 'json'],
  comments: 'issue_comments',
  trouble: ['issue_trouble', 'json'],
});

const toCase = (row: SqlRow): Case => ({
  ...caseTable.read(row),
  issue: row.issue_id === null ? null : issueTable.read(row),
});

/** Cases by the rest of a query after `SELECT * FROM cases`. */
export const selectCases = (sql: Sql, rest: string, ...values: SqlValue[]): Case[] =>
  sql.all(`SELECT cases.* FROM cases ${rest}`, ...values).map(toCase);

export const selectCase = (sql: Sql, rest: string, ...values: SqlValue[]): Case | null =>
  selectCases(sql, rest, ...values)[0] ?? null;
