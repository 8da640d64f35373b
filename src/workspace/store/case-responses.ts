import type { Sql } from '#domain/ports.ts';

/** The cases that a response stands behind. */
export function casesBehind(
  sql: Sql,
  responseId: string,
): { id: string; number: number; template: string }[] {
  return sql.all<{ id: string; number: number; template: string }>(
    `SELECT c.id, c.number, c.template FROM case_responses r JOIN cases c ON c.id = r.case_id
     WHERE r.response_id = ? ORDER BY c.number`,
    responseId,
  );
}
