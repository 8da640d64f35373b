import type { Sql } from '#domain/base/ports.ts';
import type { TimelineEntry } from '#domain/cases/timeline.ts';

export function addTimelineEntry(sql: Sql, caseId: string, entry: TimelineEntry): void {
  sql.run(
    'INSERT INTO timeline (case_id, at, what, who, why, evidence, generation) VALUES (?, ?, ?, ?, ?, ?, ?)',
    caseId,
    entry.at,
    entry.what,
    entry.who,
    entry.why,
    entry.evidence,
    entry.generation,
  );
}

export function listTimelineEntries(sql: Sql, caseId: string): TimelineEntry[] {
  return sql.all<TimelineEntry>(
    'SELECT at, what, who, why, evidence, generation FROM timeline WHERE case_id = ? ORDER BY seq',
    caseId,
  );
}
