import type { TimelineEventName } from '#domain/cases/timeline.ts';
import type { Core } from '../core.ts';
import { getCase } from '../store/cases.ts';
import { addTimelineEntry } from '../store/timeline.ts';

/** Adds an entry to a case's timeline, in its current generation unless another is given. */
export function record(
  core: Core,
  caseId: string,
  what: TimelineEventName,
  why: string,
  facts: { who?: string; evidence?: string; generation?: number } = {},
): void {
  addTimelineEntry(core.sql, caseId, {
    at: core.clock.now(),
    what,
    who: facts.who ?? 'Caselite',
    why,
    evidence: facts.evidence ?? null,
    generation: facts.generation ?? getCase(core.sql, caseId).generation,
  });
}
