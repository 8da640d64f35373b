import type { Sql } from '#domain/base/ports.ts';
import { hasRow } from './table.ts';

/** @returns whether the comment is new */
export function markCommentSeen(sql: Sql, caseId: string, commentId: string): boolean {
  const insert = 'INSERT INTO commands (case_id, comment_id) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING comment_id';
  return hasRow(sql, insert, caseId, commentId);
}

export const isCommentSeen = (sql: Sql, caseId: string, commentId: string): boolean =>
  hasRow(sql, 'SELECT 1 FROM commands WHERE case_id = ? AND comment_id = ?', caseId, commentId);
