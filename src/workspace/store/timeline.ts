import type { Sql } from '#domain/base/ports.ts';
import type { TimelineEntry } from '#domain/cases/timeline.ts';
import { defineTable } from './table.ts';

const timeline = defineTable<TimelineEntry & { caseId: string }>('timeline', {});

export function addTimelineEntry(sql: Sql, caseId: string, entry: TimelineEntry): void {
  timeline.insert(sql, { caseId, ...entry });
}

export function listTimelineEntries(sql: Sql, caseId: string): TimelineEntry[] {
  const entries = 'SELECT at, what, who, why, evidence, generation FROM timeline WHERE case_id = ? ORDER BY seq';
  return sql.all(entries, caseId);
}
