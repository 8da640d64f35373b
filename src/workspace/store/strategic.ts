import type { Sql } from '#domain/base/ports.ts';
import type { AuthoredText } from '#domain/cases/case-record.ts';
import type { MeasureJson } from '#domain/json/strategic-json.ts';
import { tableOf } from './table.ts';

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

const strategicCases = tableOf<StrategicCase>('strategic_cases', {
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
  strategicCases.insert(sql, row);
}

export const findStrategic = (sql: Sql, caseId: string): StrategicCase | null =>
  strategicCases.find(sql, 'case_id = ?', caseId);

export function updateStrategic(sql: Sql, caseId: string, changes: Partial<StrategicCase>): void {
  strategicCases.update(sql, changes, 'case_id = ?', caseId);
}
