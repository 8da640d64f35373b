import { cut, type port } from '../core.ts';
import { eraseMails } from './personal.ts';
import { defineTable, query, type Sql } from './table.ts';

export interface CaseComment {
  caseId: string;
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

export const comments = defineTable<CaseComment>('comments', {}, { order: 'at DESC, rowid DESC' });

const mostKept = 100;
const longestKept = 4000;

const ofReply = "kind IN ('reply', 'other-reply', 'automatic-reply')";

export const countReplies = query.number<[caseId: string, since: number]>`
  SELECT COUNT(*) FROM comments WHERE case_id = ? AND at > ? AND ${ofReply}`;

/** Replies of a case from these addresses, in lower case; of all if none are given. */
export const listReplies = comments.rows<[caseId: string, addresses: string[]]>`
  WHERE case_id = ? AND ${ofReply} AND lower(author) IN (SELECT value FROM json_each(?)) ORDER BY at`;

export const eraseReplies = query.run<[caseId: string, addresses: string[]]>`
  UPDATE comments SET author = NULL, text = ''
    WHERE case_id = ? AND ${ofReply} AND lower(author) IN (SELECT value FROM json_each(?))`;

const live = "case_id = ? AND issue_id = ? AND kind = 'tracker' AND deleted_at IS NULL";

/** Time of the oldest kept comment of an issue, from which on a list shows edits and deletions; null without one. */
export const findOldestCommentTime = query.value<number, [caseId: string, issueId: string]>`
  SELECT MIN(at) FROM comments WHERE ${live}`;

/** Takes over a tracker's comments, all of an issue since an instant: new, edited and deleted ones. The newest are kept. */
export function keepTrackerComments(
  sql: Sql,
  { caseId, issueId, since, now }: { caseId: string; issueId: string; since: number; now: number },
  seen: port.IssueComment[],
): void {
  const ids = new Set(seen.map(({ id }) => id));
  for (const { id } of comments.select(sql, `WHERE ${live} AND at >= ?`, caseId, issueId, since))
    if (!ids.has(id)) comments.update(sql, { caseId, id }, { text: '', deletedAt: now });
  for (const { id, author, at, text: given } of seen.slice(-mostKept)) {
    const text = cut(given, longestKept);
    const known = comments.find(sql, { caseId, id });
    if (!known) comments.insert(sql, { caseId, id, kind: 'tracker', issueId, author, text, at });
    else if (known.text !== text) comments.update(sql, { caseId, id }, { text, editedAt: now, deletedAt: null });
  }
  const change = `DELETE FROM comments WHERE case_id = ?1 AND kind = 'tracker' AND rowid NOT IN
       (SELECT rowid FROM comments WHERE case_id = ?1 AND kind = 'tracker' ORDER BY at DESC, rowid DESC LIMIT ?2 + 0)`;
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

export const contributorInvitations = defineTable<ContributorInvitation>('contributors', {}, { order: 'at, id' });

export type Contribution = { invitationId: string; name: string; text: string; at: number };

export const addContribution = (sql: Sql, { id, caseId }: ContributorInvitation, text: string, at: number): void =>
  sql.run('INSERT INTO contributions (invitation_id, case_id, text, at) VALUES (?, ?, ?, ?)', id, caseId, text, at);

/** Contributions to a case, oldest first; of one invitation if given. */
export const listContributions = query.rows<Contribution, [caseId: string, invitationId: string | null]>`
  SELECT c.invitation_id AS invitationId, i.name AS name, c.text AS text, c.at AS at
    FROM contributions c JOIN contributors i ON i.id = c.invitation_id
    WHERE c.case_id = ?1 AND (?2 IS NULL OR c.invitation_id = ?2) ORDER BY c.seq`;

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
    eraseMails(sql, 'person', id, at, 'the contributor was erased');
  }
  return rows.map(({ case_id }) => case_id);
}
