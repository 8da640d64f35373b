import type { Core } from './core.ts';
import { addEntry } from './store/cases.ts';

/** One line in a case's history: what, by whom, why, and on which evidence. No words of the customer. */
export function record(
  core: Core,
  caseId: string,
  what: string,
  why: string,
  facts: { who?: string; evidence?: string } = {},
): void {
  addEntry(core.sql, caseId, {
    at: core.clock.now(),
    what,
    who: facts.who ?? 'Caselite',
    why,
    evidence: facts.evidence ?? null,
  });
}
