import type { Sql } from '#domain/base/ports.ts';
import type { TimelineEntry } from '#domain/cases/timeline.ts';
import { defineTable, hasRow } from './table.ts';

const timeline = defineTable<TimelineEntry & { caseId: string }>('timeline', {});

export function addTimelineEntry(sql: Sql, caseId: string, entry: TimelineEntry): void {
  timeline.insert(sql, { caseId, ...entry });
}

export function listTimelineEntries(sql: Sql, caseId: string): TimelineEntry[] {
  const entries = 'SELECT at, what, who, why, evidence, generation FROM timeline WHERE case_id = ? ORDER BY seq';
  return sql.all(entries, caseId);
}

/** @returns whether the comment is new */
export function markCommentSeen(sql: Sql, caseId: string, commentId: string): boolean {
  const insert = 'INSERT INTO commands (case_id, comment_id) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING comment_id';
  return hasRow(sql, insert, caseId, commentId);
}

export const isCommentSeen = (sql: Sql, caseId: string, commentId: string): boolean =>
  hasRow(sql, 'SELECT 1 FROM commands WHERE case_id = ? AND comment_id = ?', caseId, commentId);
