import { AppError } from '#domain/base/errors.ts';
import { demandCase } from '../basics/demand-case.ts';
import { wording } from '../basics/field-text.ts';
import { record } from '../basics/record-activity.ts';
import { mayManageCase, roleOf } from '../basics/roles.ts';
import type { Core } from '../core.ts';
import { getCase, updateCase } from '../store/cases.ts';
import { scheduleCustomerFollowUps, waitsForWhatChangedText } from './notify-affected-customers.ts';

const longest = 2000;

/**
 * Stores what was done, in words for the customers of one closing, the current or the next. Team members may write it
 * for a tactical case, case managers for a strategic one, whose waiting closing then goes on.
 *
 * @throws InvalidInputError with the field; AppError `forbidden` for people without the right
 */
export function setWhatChanged(core: Core, caseId: string, { text, who }: { text: string; who: string }): void {
  const caseRecord = demandCase(core, caseId);
  const mayWriteAsTeamMember = caseRecord.kind === 'tactical' && roleOf(core, caseRecord, who) !== null;
  if (!mayWriteAsTeamMember && !mayManageCase(core, caseRecord, who))
    throw new AppError('forbidden', 'Only people with a part in the case may write what changed.');
  const words = wording('text', text, 'write in a sentence what was done for the customer', longest);
  const waited = waitsForWhatChangedText(core, caseRecord);
  updateCase(core.sql, caseId, {
    whatChanged: { text: words, who, at: core.clock.now(), generation: caseRecord.generation },
  });
  record(core, caseId, 'what changed', words, { who });
  if (!waited || caseRecord.loop !== 'resolved') return;
  updateCase(core.sql, caseId, { needsPerson: null });
  scheduleCustomerFollowUps(core, getCase(core.sql, caseId));
}
