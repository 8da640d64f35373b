import type { Sql } from '#domain/base/ports.ts';
import type { IssueComment } from '#domain/integrations/issue.ts';
import { cut } from '#domain/text/safe-text.ts';
import { eraseMails } from './personal.ts';
import { defineTable, singleValue } from './table.ts';

export interface CaseComment {
  caseId: string;
  /** Id in the tracker, or the idempotency key of a text from the case page. */
  id: string;
  /** `page` comments went to the issue; all but those of the tracker stay in Caselite. */
  kind: 'tracker' | 'page' | 'note' | 'call' | 'reply' | 'other-reply' | 'automatic-reply';
  /** Issue of a tracker's comment; null for texts from the case page. */
  issueId: string | null;
  /** Account in the tracker, a person, or the address of a reply; null for a program of the tracker. */
  author: string | null;
  text: string;
  at: number;
  editedAt: number | null;
  deletedAt: number | null;
}

const comments = defineTable<CaseComment>('comments', {});

const mostKept = 100;
const longestKept = 4000;

/** @returns false for a text that the case has already */
export const addComment = (
  sql: Sql,
  comment: Pick<CaseComment, 'caseId' | 'id' | 'kind' | 'author' | 'text' | 'at'>,
): boolean => comments.insert(sql, comment, 'ON CONFLICT DO NOTHING');

const ofReply = "kind IN ('reply', 'other-reply', 'automatic-reply')";

export const countReplies = (sql: Sql, caseId: string, since: number): number =>
  singleValue<number>(
    sql,
    `SELECT COUNT(*) FROM comments WHERE case_id = ? AND at > ? AND ${ofReply}`,
    caseId,
    since,
  ) ?? 0;

/** Replies of a case from these addresses, in lower case; of all if none are given. */
export const listReplies = (sql: Sql, caseId: string, addresses: string[]): CaseComment[] =>
  comments.list(
    sql,
    `WHERE case_id = ? AND ${ofReply} AND lower(author) IN (SELECT value FROM json_each(?)) ORDER BY at`,
    caseId,
    JSON.stringify(addresses),
  );

/** Erases the replies of a case from these addresses. */
export const eraseReplies = (sql: Sql, caseId: string, addresses: string[]): void => {
  for (const { id } of listReplies(sql, caseId, addresses))
    comments.update(sql, { author: null, text: '' }, 'case_id = ? AND id = ?', caseId, id);
};

export const listComments = (sql: Sql, caseId: string, limit: number): CaseComment[] =>
  comments.list(sql, 'WHERE case_id = ? ORDER BY at DESC, rowid DESC LIMIT ?', caseId, limit);

const live = "case_id = ? AND issue_id = ? AND kind = 'tracker' AND deleted_at IS NULL";

/** Time of the oldest kept comment of an issue, from which on a list shows edits and deletions; null without one. */
export const findOldestCommentTime = (sql: Sql, caseId: string, issueId: string): number | null =>
  singleValue(sql, `SELECT MIN(at) FROM comments WHERE ${live}`, caseId, issueId);

/** Takes over a tracker's comments, all of an issue since an instant: new, edited and deleted ones. The newest are kept. */
export function keepTrackerComments(
  sql: Sql,
  { caseId, issueId, since, now }: { caseId: string; issueId: string; since: number; now: number },
  seen: IssueComment[],
): void {
  const ids = new Set(seen.map(({ id }) => id));
  for (const { id } of comments.list(sql, `WHERE ${live} AND at >= ?`, caseId, issueId, since))
    if (!ids.has(id)) comments.update(sql, { text: '', deletedAt: now }, 'case_id = ? AND id = ?', caseId, id);
  for (const { id, author, at, text: given } of seen.slice(-mostKept)) {
    const text = cut(given, longestKept);
    const known = comments.find(sql, 'case_id = ? AND id = ?', caseId, id);
    if (!known) comments.insert(sql, { caseId, id, kind: 'tracker', issueId, author, text, at });
    else if (known.text !== text)
      comments.update(sql, { text, editedAt: now, deletedAt: null }, 'case_id = ? AND id = ?', caseId, id);
  }
  const change = `DELETE FROM comments WHERE case_id = ?1 AND kind = 'tracker' AND rowid NOT IN
       (SELECT rowid FROM comments WHERE case_id = ?1 AND kind = 'tracker' ORDER BY at DESC, rowid DESC LIMIT ?2)`;
  sql.run(change, caseId, mostKept);
}

export interface ContributorInvitation {
  id: string;
  caseId: string;
  name: string;
  email: string;
  invitedBy: string;
  at: number;
  expiresAt: number;
  /** Instant of the revocation; null while the link is valid. */
  endedAt: number | null;
}

const invitations = defineTable<ContributorInvitation>('contributors', {});

export type Contribution = { invitationId: string; name: string; text: string; at: number };

/** Stores an invitation. Inviting the same person again extends the existing one. */
export const storeContributorInvitation = (sql: Sql, { id, ...invitation }: ContributorInvitation): void =>
  invitations.put(sql, { id }, { ...invitation, endedAt: null });

export const findContributorInvitation = (sql: Sql, id: string): ContributorInvitation | null =>
  invitations.find(sql, 'id = ?', id);

export const listContributorInvitations = (sql: Sql, caseId: string): ContributorInvitation[] =>
  invitations.list(sql, 'WHERE case_id = ? ORDER BY at, id', caseId);

export const endContributorInvitation = (sql: Sql, id: string, at: number): void =>
  invitations.update(sql, { endedAt: at }, 'id = ? AND ended_at IS NULL', id);

export const addContribution = (sql: Sql, { id, caseId }: ContributorInvitation, text: string, at: number): void =>
  sql.run('INSERT INTO contributions (invitation_id, case_id, text, at) VALUES (?, ?, ?, ?)', id, caseId, text, at);

/** Contributions to a case, oldest first; of one invitation if given. */
export function listContributions(sql: Sql, caseId: string, invitationId: string | null = null): Contribution[] {
  const query = `SELECT c.invitation_id AS invitationId, i.name AS name, c.text AS text, c.at AS at
       FROM contributions c JOIN contributors i ON i.id = c.invitation_id
      WHERE c.case_id = ? AND (? IS NULL OR c.invitation_id = ?) ORDER BY c.seq`;
  return sql.all<Contribution>(query, caseId, invitationId, invitationId);
}

/** Erases a contributor's invitations and comments by address. @returns the cases */
export function eraseContributor(sql: Sql, address: string, at: number): string[] {
  const rows = sql.all<{ id: string; case_id: string }>(
    `UPDATE contributors SET name = '', email = '', ended_at = COALESCE(ended_at, ?)
      WHERE lower(email) = lower(?) RETURNING id, case_id`,
    at,
    address,
  );
  for (const { id } of rows) {
    sql.run('DELETE FROM contributions WHERE invitation_id = ?', id);
    eraseMails(sql, id, at, 'the contributor was erased');
  }
  return rows.map(({ case_id }) => case_id);
}
