import type { Sql } from '#domain/base/ports.ts';

/** Texts on a case that people wrote or that quote them, with what is left of each once it is erased. */
const texts: { table: string; column: string; where?: string; left?: string }[] = [
  { table: 'timeline', column: 'why' },
  { table: 'notices', column: 'headline' },
  { table: 'notices', column: 'because' },
  { table: 'contributions', column: 'text' },
  { table: 'comments', column: 'text' },
  { table: 'verdicts', column: 'why' },
  { table: 'mails', column: 'subject' },
  { table: 'mails', column: 'why' },
  { table: 'case_links', column: 'why', where: '?1 IN (case_id, linked_id)' },
  { table: 'strategic_cases', column: 'decision' },
  { table: 'cases', column: 'closing_note', where: 'id = ?1', left: 'NULL' },
  { table: 'cases', column: 'explanation', where: 'id = ?1', left: 'NULL' },
  { table: 'cases', column: 'what_changed', where: 'id = ?1', left: 'NULL' },
  { table: 'cases', column: 'root_cause', where: 'id = ?1', left: 'NULL' },
  { table: 'cases', column: 'closing', where: 'id = ?1', left: "json_set(closing, '$.note', NULL)" },
  { table: 'asks', column: 'why', left: "'the customer was erased'" },
  {
    table: 'asks',
    column: 'answers',
    where: "case_id = ?1 AND kind = 'closer'",
    left: "json_object('closed', json_extract(answers, '$.closed'), 'blocker', json_extract(answers, '$.blocker'))",
  },
  {
    table: 'outbox',
    column: 'payload',
    where:
      "state IN ('done', 'refused') AND (ordering_key IN ('case:' || ?1, 'acts:' || ?1) OR key IN (SELECT 'mail:' || id FROM mails WHERE case_id = ?1))",
    left: "'{}'",
  },
];

/** Erases the texts of a case that `isPersonal` tells; counts, dates and choices stay. */
export function eraseCaseTexts(sql: Sql, caseId: string, isPersonal: (text: string) => boolean): void {
  for (const { table, column, where = 'case_id = ?1', left = "''" } of texts) {
    const rows = sql.all<{ row: number; text: string | null }>(
      `SELECT rowid AS row, ${column} AS text FROM ${table} WHERE ${where}`,
      caseId,
    );
    for (const { row, text } of rows)
      if (text && isPersonal(text)) sql.run(`UPDATE ${table} SET ${column} = ${left} WHERE rowid = ?`, row);
  }
}
