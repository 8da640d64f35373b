import type { Sql, SqlValue } from '#domain/base/ports.ts';
import type { NoticeEvent } from '#domain/settings/notice-event.ts';
import { fieldsOf } from './fields.ts';

/** A notice by mail about a case, for one person. */
export interface StoredNotice {
  seq: number;
  id: string;
  caseId: string;
  person: string;
  event: NoticeEvent;
  headline: string;
  because: string;
  acknowledge: boolean;
  at: number;
  /** Earliest instant of sending: the end of quiet hours, or the time of a digest. */
  dueAt: number;
  state: 'held' | 'sent' | 'dropped';
}

const fields = fieldsOf<StoredNotice>({
  seq: 'seq',
  id: 'id',
  caseId: 'case_id',
  person: 'person',
  event: 'event',
  headline: 'headline',
  because: 'because',
  acknowledge: ['acknowledge', 'flag'],
  at: 'at',
  dueAt: 'due_at',
  state: 'state',
});

type Row = Record<string, SqlValue>;

/** @returns null for a notice recorded before */
export function insertNotice(sql: Sql, notice: Omit<StoredNotice, 'seq'>): StoredNotice | null {
  const { columns, values } = fields.write(notice);
  const [row] = sql.all<Row>(
    `INSERT INTO notices (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT (id) DO NOTHING RETURNING *`,
    ...values,
  );
  return row ? fields.read(row) : null;
}

/** Held notices of a person that may be sent now, in order of their events. */
export function heldNotices(sql: Sql, person: string, now: number): StoredNotice[] {
  return sql
    .all<Row>("SELECT * FROM notices WHERE state = 'held' AND person = ? AND due_at <= ? ORDER BY seq", person, now)
    .map(fields.read);
}

/** Earliest instant for a person's held notices; null without any. */
export function nextHeld(sql: Sql, person: string): number | null {
  const [row] = sql.all<{ at: number | null }>(
    "SELECT MIN(due_at) AS at FROM notices WHERE state = 'held' AND person = ?",
    person,
  );
  return row?.at ?? null;
}

export function holdNotice(sql: Sql, id: string, dueAt: number): void {
  sql.run('UPDATE notices SET due_at = ? WHERE id = ?', dueAt, id);
}

export function endNotice(sql: Sql, id: string, state: 'sent' | 'dropped'): void {
  sql.run('UPDATE notices SET state = ? WHERE id = ?', state, id);
}
