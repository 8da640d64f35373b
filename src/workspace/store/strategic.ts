import type { Sql, SqlValue } from '#domain/base/ports.ts';
import type { AuthoredText } from '#domain/cases/case-closing.ts';
import type { MeasureJson } from '#domain/json/strategic-json.ts';
import { fieldsOf } from './fields.ts';

/** Measure of a change. Values are a person's text, or shares of responses. */
export type Measure = Omit<MeasureJson, 'at'> & { at: number };

export interface StrategicCase {
  caseId: string;
  /** Product, theme or category that it gathers; null where its template gathers everything. */
  theme: string | null;
  decision: AuthoredText | null;
  decisionOwner: string | null;
  measure: Measure | null;
  /** Instant of the last comment about new customers. */
  digestedAt: number;
}

const fields = fieldsOf<StrategicCase>({
  caseId: 'case_id',
  theme: 'theme',
  decision: ['decision', 'json'],
  decisionOwner: 'decision_owner',
  measure: ['measure', 'json'],
  digestedAt: 'digested_at',
});

export function insertStrategic(
  sql: Sql,
  row: Pick<StrategicCase, 'caseId' | 'theme' | 'decisionOwner' | 'digestedAt'>,
): void {
  const { columns, values } = fields.write(row);
  sql.run(
    `INSERT INTO strategic_cases (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ...values,
  );
}

export function findStrategic(sql: Sql, caseId: string): StrategicCase | null {
  const [row] = sql.all<Record<string, SqlValue>>('SELECT * FROM strategic_cases WHERE case_id = ?', caseId);
  return row ? fields.read(row) : null;
}

export function updateStrategic(sql: Sql, caseId: string, changes: Partial<StrategicCase>): void {
  const { columns, values } = fields.write(changes);
  sql.run(
    `UPDATE strategic_cases SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE case_id = ?`,
    ...values,
    caseId,
  );
}
