import type { Sql, SqlValue } from '#domain/base/ports.ts';
import type { NoticeEvent } from '#domain/settings/notice-event.ts';
import { fieldsOf } from './fields.ts';

/** One piece of news of a case for one person, by mail. */
export interface StoredNotice {
  seq: number;
  id: string;
  caseId: string;
  /** A person of the workspace, or the address of a watcher. */
  person: string;
  event: NoticeEvent;
  headline: string;
  /** Which setting names the person. */
  because: string;
  /** Whether it can be acknowledged. */
  acknowledge: boolean;
  at: number;
  /** When it may go: the end of quiet hours, or the time of a digest. */
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

/** @returns null when the same news was told before */
export function insertNotice(sql: Sql, notice: Omit<StoredNotice, 'seq'>): StoredNotice | null {
  const { columns, values } = fields.write(notice);
  const [row] = sql.all<Row>(
    `INSERT INTO notices (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT (id) DO NOTHING RETURNING *`,
    ...values,
  );
  return row ? fields.read(row) : null;
}

/** What is held for somebody and may go now, in the order in which it happened. */
export function heldNotices(sql: Sql, person: string, now: number): StoredNotice[] {
  return sql
    .all<Row>(
      "SELECT * FROM notices WHERE state = 'held' AND person = ? AND due_at <= ? ORDER BY seq",
      person,
      now,
    )
    .map(fields.read);
}

/** When the next of what is held for somebody may go; null when nothing is. */
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
