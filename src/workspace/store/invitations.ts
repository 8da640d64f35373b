import type { Sql } from '#domain/base/ports.ts';
import { defineTable, placesFor } from './table.ts';

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

const invitations = defineTable<Invitation>('invitations', {
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
export const insertInvitation = (sql: Sql, row: Omit<Invitation, 'seq' | 'state' | 'sentAt' | 'why'>): boolean =>
  invitations.insert(sql, { ...row, state: 'due', why: '' }, 'ON CONFLICT (id) DO NOTHING');

export const findInvitation = (sql: Sql, id: string): Invitation | null => invitations.find(sql, 'id = ?', id);

export function endInvitation(
  sql: Sql,
  id: string,
  { state, why, at }: { state: 'sent' | 'skipped'; why: string; at: number },
): void {
  invitations.update(sql, { state, why, sentAt: state === 'sent' ? at : null }, 'id = ?', id);
}

export const listInvitations = (sql: Sql, before: number, limit: number): Invitation[] =>
  invitations.list(sql, 'WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit);

/** Invitations that wait or were sent, under any of these keys. */
export const listDueOrSentInvitations = (sql: Sql, keys: string[]): Invitation[] =>
  invitationsOfPerson(sql, keys, Number.MAX_SAFE_INTEGER).filter(({ state }) => state !== 'skipped');

export const invitationsOfPerson = (sql: Sql, keys: string[], limit: number): Invitation[] =>
  invitations.list(sql, `WHERE customer_key IN (${placesFor(keys)}) ORDER BY seq DESC LIMIT ?`, ...keys, limit);
