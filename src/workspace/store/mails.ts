import type { Sql, SqlValue } from '#domain/base/ports.ts';

export type MailKind =
  | 'follow-up'
  | 'reminder'
  | 'closer-survey'
  | 'notice'
  | 'personal'
  | 'invitation'
  | 'contributor';

/** One row per mail that asks or tells: the contact ledger. */
export interface Mail {
  seq: number;
  id: string;
  caseId: string | null;
  followUpId: string | null;
  person: string;
  asks: boolean;
  counts: boolean;
  kind: MailKind;
  address: string;
  subject: string;
  state: 'intent' | 'sent' | 'refused' | 'unknown';
  at: number;
  provider: string | null;
  /** The provider's later report about the mail. */
  fate: 'delivered' | 'bounced' | 'complained' | null;
  /** Instant at which its outcome became known. */
  endedAt: number | null;
  why: string | null;
}

type Row = Record<string, SqlValue> & {
  seq: number;
  id: string;
  case_id: string | null;
  follow_up_id: string | null;
  person: string;
  asks: number;
  counts: number;
  kind: MailKind;
  address: string;
  subject: string;
  state: Mail['state'];
  at: number;
  provider: string | null;
  fate: Mail['fate'];
  ended_at: number | null;
  why: string | null;
};

const toMail = (row: Row): Mail => ({
  seq: row.seq,
  id: row.id,
  caseId: row.case_id,
  followUpId: row.follow_up_id,
  person: row.person,
  asks: row.asks === 1,
  counts: row.counts === 1,
  kind: row.kind,
  address: row.address,
  subject: row.subject,
  state: row.state,
  at: row.at,
  provider: row.provider,
  fate: row.fate,
  endedAt: row.ended_at,
  why: row.why,
});

/** @returns false for a mail recorded before */
export function insertMail(
  sql: Sql,
  mail: Omit<Mail, 'seq' | 'state' | 'provider' | 'fate' | 'endedAt' | 'why'>,
): boolean {
  return (
    sql.all(
      `INSERT INTO mails (id, case_id, follow_up_id, person, asks, counts, kind, address, subject, state, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'intent', ?) ON CONFLICT (id) DO NOTHING RETURNING seq`,
      mail.id,
      mail.caseId,
      mail.followUpId,
      mail.person,
      mail.asks ? 1 : 0,
      mail.counts ? 1 : 0,
      mail.kind,
      mail.address,
      mail.subject,
      mail.at,
    ).length > 0
  );
}

/** Stores the outcome of a mail. A mail that left, or may have, is dated by the instant at which that was known. */
export function settleMail(
  sql: Sql,
  id: string,
  ended: { state: Mail['state']; provider: string | null; at: number; why: string | null },
): void {
  sql.run(
    'UPDATE mails SET state = ?, provider = ?, ended_at = ?, why = ? WHERE id = ?',
    ended.state,
    ended.provider,
    ended.at,
    ended.why,
    id,
  );
}

export function findMail(sql: Sql, id: string): Mail | null {
  const [row] = sql.all<Row>('SELECT * FROM mails WHERE id = ?', id);
  return row ? toMail(row) : null;
}

export function setFate(sql: Sql, id: string, fate: Mail['fate']): void {
  sql.run('UPDATE mails SET fate = ? WHERE id = ?', fate, id);
}

/**
 * Mail of a provider's report: by its id, or, while the send has no answer yet, the newest mail to this address without
 * an outcome.
 */
export function findMailOfEvent(sql: Sql, provider: string, address: string): Mail | null {
  const [row] = sql.all<Row>(
    `SELECT * FROM mails WHERE provider = ?1
     UNION ALL
     SELECT * FROM (SELECT * FROM mails WHERE address = ?2 AND provider IS NULL AND state IN ('intent', 'unknown')
                    ORDER BY seq DESC LIMIT 1)
     LIMIT 1`,
    provider,
    address,
  );
  return row ? toMail(row) : null;
}

/** Records the recipient of a first follow-up. */
export function addContacts(sql: Sql, mailId: string, marks: string[]): void {
  for (const mark of marks)
    sql.run('INSERT INTO contacts (mark, mail_id) VALUES (?, ?) ON CONFLICT DO NOTHING', mark, mailId);
}

export function mailsToCustomers(sql: Sql, caseId: string, limit: number): Mail[] {
  return sql
    .all<Row>(
      `SELECT * FROM mails WHERE case_id = ? AND kind IN ('follow-up', 'reminder', 'personal') ORDER BY seq DESC LIMIT ?`,
      caseId,
      limit,
    )
    .map(toMail);
}

/** Whether a person was asked anything since an instant, under any of their keys. */
export const wasAsked = (sql: Sql, keys: string[], since: number): boolean =>
  sql.all(
    `SELECT 1 FROM mails WHERE person IN (${keys.map(() => '?').join(', ')}) AND at > ? AND asks = 1
       AND state <> 'refused' AND fate IS NOT 'bounced' LIMIT 1`,
    ...keys,
    since,
  ).length > 0;

/**
 * Instant of a person's last first follow-up; null without one. Refused and bounced mails reached nobody, and a waiting
 * one may leave any moment.
 */
export function lastContact(sql: Sql, marks: string[], now: number): number | null {
  const [row] = sql.all<{ at: number | null }>(
    `SELECT MAX(CASE m.state WHEN 'intent' THEN ? ELSE COALESCE(m.ended_at, m.at) END) AS at
       FROM contacts c JOIN mails m ON m.id = c.mail_id
      WHERE c.mark IN (${marks.map(() => '?').join(', ')}) AND m.state <> 'refused' AND m.fate IS NOT 'bounced'`,
    now,
    ...marks,
  );
  return row?.at ?? null;
}

/** Mails of a follow-up without an outcome, oldest first. */
export function openMailsOf(sql: Sql, followUpId: string): Mail[] {
  return sql
    .all<Row>("SELECT * FROM mails WHERE follow_up_id = ? AND state = 'intent' ORDER BY seq", followUpId)
    .map(toMail);
}

/** Number of mails of a kind recorded for a follow-up, including cancelled ones. */
export function countMailsOf(sql: Sql, followUpId: string, kind: MailKind): number {
  const [row] = sql.all<{ count: number }>(
    'SELECT COUNT(*) AS count FROM mails WHERE follow_up_id = ? AND kind = ?',
    followUpId,
    kind,
  );
  return row?.count ?? 0;
}

export function mailsToPerson(sql: Sql, keys: string[], limit: number): Mail[] {
  return sql
    .all<Row>(
      `SELECT * FROM mails WHERE person IN (${keys.map(() => '?').join(', ')}) ORDER BY seq DESC LIMIT ?`,
      ...keys,
      limit,
    )
    .map(toMail);
}

export const addressesWrittenTo = (sql: Sql, keys: string[]): string[] =>
  sql
    .all<{ address: string }>(
      `SELECT DISTINCT address FROM mails WHERE address <> '' AND person IN (${keys.map(() => '?').join(', ')})`,
      ...keys,
    )
    .map(({ address }) => address);

export function listMails(sql: Sql, before: number, limit: number): Mail[] {
  return sql.all<Row>('SELECT * FROM mails WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit).map(toMail);
}
