import { AppError } from '#domain/base/errors.ts';
import { isOpenLoop } from '#domain/cases/case.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { Core } from '../core.ts';
import { findCase } from '../store/cases.ts';
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
