import type { Sql } from '#domain/base/ports.ts';

/** @returns whether the comment is new */
export function markCommentSeen(sql: Sql, caseId: string, commentId: string): boolean {
  return (
    sql.all(
      'INSERT INTO commands (case_id, comment_id) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING comment_id',
      caseId,
      commentId,
    ).length > 0
  );
}

export const isCommentSeen = (sql: Sql, caseId: string, commentId: string): boolean =>
  sql.all('SELECT 1 FROM commands WHERE case_id = ? AND comment_id = ?', caseId, commentId).length > 0;
