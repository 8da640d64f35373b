import { findCalendar, severityLineStart } from '#domain/templates/due.ts';
import { applyTeamCaseOptions, findSeverityRank } from '#domain/templates/options.ts';
import { dueOf } from '#domain/time/clock.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { refuseField } from '../basics/field-text.ts';
import { formatTime } from '../basics/format-time.ts';
import { findPersonName } from '../basics/people.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { getCase, updateCase } from '../store/cases.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';
import { setLadderTimer } from './ladder.ts';

/**
 * Changes a case's severity. The goal stays or becomes that of the tier with this severity, by the workspace's rule;
 * the timeline says which.
 *
 * @throws InvalidInputError for a severity that the workspace does not have
 */
export function changeSeverity(
  core: Core,
  caseId: string,
  severity: string,
  { who, why }: { who: string; why?: string | null },
): void {
  const caseRecord = getCase(core.sql, caseId);
  const settings = applyTeamCaseOptions(core.settings.workspace, caseRecord.team);
  const { severities } = settings['case-options'];
  if (!severities.includes(severity)) refuseField('severity', `is not among ${severities.join(', ')}`);
  if (severity === caseRecord.severity) return;
  const goal = goalOf();
  const lines = caseRecord.dueWhy.filter((line) => !line.startsWith(severityLineStart));
  const says = goal
    ? `the goal is ${formatDuration(goal.ms)} now, as for ${goal.tier} customers`
    : 'the goal stays as it was';
  updateCase(core.sql, caseId, {
    severity,
    severityRank: findSeverityRank(settings, severity),
    dueWhy: [`${severityLineStart}${severity}, as ${findPersonName(core, who) ?? who} decided; ${says}`, ...lines],
    ...(goal && { dueAt: goal.dueAt, clock: goal.clock }),
  });
  if (goal) setLadderTimer(core, caseId);
  const moved = goal ? `, to be closed by ${formatTime(core, goal.dueAt)}` : '';
  const reason = why ? `: ${why}` : '';
  record(core, caseId, 'severity changed', `from ${caseRecord.severity} to ${severity}; ${says}${moved}${reason}`, {
    who,
  });
  queueIssueEdit(core, caseId);

  function goalOf() {
    if (settings.clock['after-severity-change'] !== 'goal of the tier' || !caseRecord.clock) return null;
    const tier = Object.entries(settings.tiers).find(([, entry]) => entry.severity === severity);
    if (!tier) return null;
    const clock = { ...caseRecord.clock, goalMs: tier[1]['closure-goal'] };
    const dueAt = dueOf(clock, findCalendar(settings, clock.calendar));
    return dueAt === null ? null : { clock, dueAt, ms: clock.goalMs, tier: tier[0] };
  }
}
