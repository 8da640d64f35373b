import { waitsFor } from '#domain/settings/gate.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { record } from '../basics/record-activity.ts';
import { roleOf } from '../basics/roles.ts';
import type { Core } from '../core.ts';
import type { Case } from '../store/case-record.ts';
import { customersOfCase } from '../store/case-responses.ts';
import { askAfter } from './gates.ts';
import { notifyAffectedCustomers } from './notify-affected-customers.ts';
import { isExplained, schedule, surveyOf } from './schedule.ts';

/** A closing earned it: every customer behind the case is to be asked, and the person who closed it. */
export function scheduleFollowUps(core: Core, found: Case): void {
  if (found.action === 'task') return;
  askCustomers(core, found);
  askCloser(core, found);
}

function askCustomers(core: Core, found: Case): void {
  const survey = surveyOf(core, found);
  const { delay, 'longest-wait': longestWait } = askAfter(core, found);
  const now = core.clock.now();
  if (found.kind === 'strategic') {
    notifyAffectedCustomers(core, found);
    return;
  }
  const waits = found.gate && waitsFor(found.gate);
  const dueAt = now + (waits ? longestWait : delay);
  const why = waits ? `waits for ${waits}` : `asked ${formatDuration(delay)} after the closing`;
  for (const { key } of customersOfCase(core.sql, found.id))
    schedule(core, found, 'customer', key, survey, dueAt, why, waits);
}

function askCloser(core: Core, found: Case): void {
  // Whoever declined with a reason has said what stood in the way.
  if (isExplained(core, found)) return;
  const closer = found.closer ?? managerOf(core, found);
  if (!closer) return;
  const why = found.closer
    ? 'closed the issue'
    : 'answers for the case; whoever closed the issue is not known here';
  if (!found.closer) record(core, found.id, 'closer not known', 'a case manager is asked instead');
  const survey = core.settings.workspace['follow-up']['closer-survey'];
  schedule(core, found, 'closer', closer, survey, core.clock.now(), why);
}

/** The loop owner where that is a case manager, else the team's first. */
function managerOf(core: Core, found: Case): string | null {
  if (roleOf(core, found, found.loopOwner) === 'manager') return found.loopOwner;
  const { teams } = core.settings.workspace;
  const team = Object.hasOwn(teams, found.team) ? teams[found.team] : undefined;
  return team?.managers[0] ?? found.loopOwner;
}
