import type { Sql } from '#domain/base/ports.ts';
import type { AuthoredText } from '#domain/cases/case-record.ts';
import type { EffectMeasurementJson } from '#domain/json/case-json.ts';
import { defineTable } from './table.ts';

/** Measure of a change. Values are a person's text, or shares of responses. */
export type Measure = Omit<EffectMeasurementJson, 'at'> & { at: number };

export interface StrategicCase {
  caseId: string;
  /** Product, theme or category that it gathers; null where its template gathers everything. */
  theme: string | null;
  decision: AuthoredText | null;
  decisionOwner: string | null;
  measure: Measure | null;
  /** Instant of the last comment about new customers. */
  lastJoinedCommentAt: number;
}

const strategicCases = defineTable<StrategicCase>('strategic_cases', { decision: 'json', measure: 'json' });

export const insertStrategicCase = (
  sql: Sql,
  row: Pick<StrategicCase, 'caseId' | 'theme' | 'decisionOwner' | 'lastJoinedCommentAt'>,
): boolean => strategicCases.insert(sql, row);

export const findStrategicCase = (sql: Sql, caseId: string): StrategicCase | null =>
  strategicCases.find(sql, 'case_id = ?', caseId);

export const updateStrategicCase = (sql: Sql, caseId: string, changes: Partial<StrategicCase>): void =>
  strategicCases.update(sql, changes, 'case_id = ?', caseId);
