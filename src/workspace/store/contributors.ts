import type { Sql } from '#domain/base/ports.ts';
import { eraseMails } from './personal.ts';
import { defineTable } from './table.ts';

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
