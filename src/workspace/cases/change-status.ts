import { handleOf } from '#domain/cases/case-record.ts';
import { findStatusClass } from '#domain/cases/status.ts';
import { applyTeamCaseOptions } from '#domain/templates/options.ts';
import { isPaused } from '#domain/time/clock.ts';
import { refuseField } from '../basics/field-text.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { notify } from '../mail/notify.ts';
import { getCase, updateCase } from '../store/cases.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';
import { resumeClock } from './case-clock.ts';

/**
 * Changes the status of an open case. A paused clock resumes when the status is open again.
 *
 * @throws InvalidInputError for an unknown status, and for one that means closed
 */
export function changeStatus(
  core: Core,
  caseId: string,
  status: string,
  { who, why }: { who: string; why?: string | null },
): void {
  const caseRecord = getCase(core.sql, caseId);
  const settings = applyTeamCaseOptions(core.settings.workspace, caseRecord.team);
  const kind = findStatusClass(settings, status);
  if (kind === null || kind === 'closed') {
    const open = Object.keys(settings['case-options'].statuses).filter(
      (value) => findStatusClass(settings, value) !== 'closed',
    );
    refuseField('status', kind === 'closed' ? 'ends the case; close it instead' : `is not among ${open.join(', ')}`);
  }
  if (caseRecord.status === status) return;
  if (kind === 'open' && caseRecord.clock && isPaused(caseRecord.clock))
    resumeClock(core, caseId, who, `the status is ${status}`);
  updateCase(core.sql, caseId, { status });
  const reason = why ? `: ${why}` : '';
  record(core, caseId, 'status changed', `from ${caseRecord.status} to ${status}${reason}`, { who });
  notify(core, getCase(core.sql, caseId), 'status-changed', `${handleOf(caseRecord)} is ${status} now`, {
    once: String(core.clock.now()),
  });
  queueIssueEdit(core, caseId);
}
