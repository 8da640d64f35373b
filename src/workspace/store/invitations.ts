import type { Sql, SqlValue } from '#domain/base/ports.ts';
import { fieldsOf } from './fields.ts';

/** An invitation of a customer to a survey, a set time after an event. */
export interface Invitation {
  seq: number;
  id: string;
  /** Rule under `invitations` of the workspace file. */
  rule: string;
  event: string;
  customerKey: string;
  deliveryId: string;
  /** Mail address that the event named. */
  address: string | null;
  eventAt: number;
  dueAt: number;
  state: 'due' | 'sent' | 'skipped';
  why: string;
  sentAt: number | null;
}

const fields = fieldsOf<Invitation>({
  seq: 'seq',
  id: 'id',
  rule: 'rule',
  event: 'event',
  customerKey: 'customer_key',
  deliveryId: 'delivery_id',
  address: 'address',
  eventAt: 'event_at',
  dueAt: 'due_at',
  state: 'state',
  why: 'why',
  sentAt: 'sent_at',
});

/** @returns false for an event that the rule has seen */
export function insertInvitation(sql: Sql, row: Omit<Invitation, 'seq' | 'state' | 'sentAt' | 'why'>): boolean {
  const { columns, values } = fields.write({ ...row, state: 'due', why: '' });
  return (
    sql.all(
      `INSERT INTO invitations (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
       ON CONFLICT (id) DO NOTHING RETURNING seq`,
      ...values,
    ).length > 0
  );
}

export function findInvitation(sql: Sql, id: string): Invitation | null {
  const [row] = sql.all<Record<string, SqlValue>>('SELECT * FROM invitations WHERE id = ?', id);
  return row ? fields.read(row) : null;
}

export function endInvitation(
  sql: Sql,
  id: string,
  { state, why, at }: { state: 'sent' | 'skipped'; why: string; at: number },
): void {
  sql.run(
    'UPDATE invitations SET state = ?, why = ?, sent_at = ? WHERE id = ?',
    state,
    why,
    state === 'sent' ? at : null,
    id,
  );
}

export function listInvitations(sql: Sql, before: number, limit: number): Invitation[] {
  return sql
    .all<Record<string, SqlValue>>('SELECT * FROM invitations WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit)
    .map((row) => fields.read(row));
}

/** Invitations that wait or were sent, under any of these keys. */
export function openInvitationsOf(sql: Sql, keys: string[]): Invitation[] {
  return invitationsOfPerson(sql, keys, Number.MAX_SAFE_INTEGER).filter(({ state }) => state !== 'skipped');
}

export function invitationsOfPerson(sql: Sql, keys: string[], limit: number): Invitation[] {
  return sql
    .all<Record<string, SqlValue>>(
      `SELECT * FROM invitations WHERE customer_key IN (${keys.map(() => '?').join(', ')}) ORDER BY seq DESC LIMIT ?`,
      ...keys,
      limit,
    )
    .map((row) => fields.read(row));
}
