import { AppError, InvalidInputError } from '#domain/base/errors.ts';
import { type Case, isOpenLoop } from '#domain/cases/case-record.ts';
import type { TimelineEventName } from '#domain/cases/timeline.ts';
import { isBlank } from '#domain/text/safe-text.ts';
import type { Core } from '../core.ts';
import { findCase, getCase } from '../store/cases.ts';
import { addTimelineEntry } from '../store/timeline.ts';
import { mayManageCase } from './roles.ts';

/** @throws AppError `not-found` for an unknown case */
export function demandCase(core: Core, id: string): Case {
  const caseRecord = findCase(core.sql, id);
  if (!caseRecord) throw new AppError('not-found', 'There is no such case.');
  return caseRecord;
}

/** @throws AppError `not-found` for an unknown case, `forbidden` for people who do not manage it */
export function demandManagedCase(core: Core, id: string, who: string): Case {
  const caseRecord = demandCase(core, id);
  if (mayManageCase(core, caseRecord, who)) return caseRecord;
  throw new AppError('forbidden', 'Only a case manager of the case may do that.');
}

/**
 * @param has the thing that only an open case has
 * @throws AppError `not-found` for an unknown case, `conflict` for a closed one
 */
export function demandWorkingCase(core: Core, id: string, has: string): Case {
  const caseRecord = demandCase(core, id);
  if (isOpenLoop(caseRecord.loop)) return caseRecord;
  throw new AppError('conflict', `This case is ${caseRecord.loop}: only an open case has ${has}.`);
}

/**
 * A person's text in a field, trimmed.
 *
 * @throws InvalidInputError when it is empty or longer than `longest` characters
 */
export function wording(field: string, text: string, remedy: string, longest = 4000): string {
  const given = text.trim();
  if (isBlank(given)) refuseField(field, `is empty; ${remedy}`);
  if (given.length > longest) refuseField(field, `is longer than ${longest} characters`);
  return given;
}

/** Refuses a field. `message` continues a sentence that starts with the field's name. */
export function refuseField(field: string, message: string): never {
  throw new InvalidInputError(`${field}: ${message}`, [{ field, message }]);
}

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
