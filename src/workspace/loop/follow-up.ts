import type { Case } from '#domain/cases/case-record.ts';
import { record } from '../basics/record-activity.ts';
import { roleOf } from '../basics/roles.ts';
import type { Core } from '../core.ts';
import { scheduleCustomerFollowUps } from './notify-affected-customers.ts';
import { getsExplanation, schedule } from './schedule.ts';

export function scheduleFollowUps(core: Core, caseRecord: Case): void {
  if (caseRecord.action === 'task') return;
  scheduleCustomerFollowUps(core, caseRecord);
  planCloserFollowUp(core, caseRecord);
}

function planCloserFollowUp(core: Core, caseRecord: Case): void {
  // A closer who declined with a reason has named the blocker already.
  if (getsExplanation(core, caseRecord)) return;
  const closer = caseRecord.closer ?? findManagerToAsk(core, caseRecord);
  if (!closer) return;
  const why = caseRecord.closer ? 'closed the issue' : 'is the case manager; the closer is unknown here';
  if (!caseRecord.closer) record(core, caseRecord.id, 'closer not known', 'a case manager is asked instead');
  const survey = core.settings.workspace['follow-up']['closer-survey'];
  schedule(core, caseRecord, 'closer', closer, survey, core.clock.now(), why);
}

/** The loop owner if they are a case manager, else the team's first manager. */
function findManagerToAsk(core: Core, caseRecord: Case): string | null {
  if (roleOf(core, caseRecord, caseRecord.loopOwner) === 'manager') return caseRecord.loopOwner;
  const { teams } = core.settings.workspace;
  const team = Object.hasOwn(teams, caseRecord.team) ? teams[caseRecord.team] : undefined;
  return team?.managers[0] ?? caseRecord.loopOwner;
}
