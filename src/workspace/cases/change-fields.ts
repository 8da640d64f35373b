import { findStatusClass } from '#domain/cases/status.ts';
import { findCalendar, severityLineStart } from '#domain/templates/due.ts';
import { findSeverityRank } from '#domain/templates/options.ts';
import { dueOf, isPaused } from '#domain/time/clock.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { basics, type Case, type Core, handleOf, store } from '../kit.ts';
import { notify } from '../mail/notify.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';
import { resumeClock } from './case-clock.ts';
import { setLadderTimer } from './ladder.ts';

/** Changes a case's severity; the goal stays or becomes that of the tier, by the workspace's rule. */
export function changeSeverity(
  core: Core,
  caseId: string,
  severity: string,
  { who, why }: { who: string; why?: string | null },
): void {
  const caseRecord = store.getCase(core.sql, caseId);
  const settings = basics.findSettingsOfCase(core, caseRecord);
  const { severities } = settings['case-options'];
  if (!severities.includes(severity)) basics.refuseField('severity', `is not among ${severities.join(', ')}`);
  if (severity === caseRecord.severity) return;
  const goal = goalOf();
  const lines = caseRecord.dueWhy.filter((line) => !line.startsWith(severityLineStart));
  const says = goal
    ? `the goal is ${formatDuration(goal.ms)} now, as for ${goal.tier} customers`
    : 'the goal stays as it was';
  store.updateCase(core.sql, caseId, {
    severity,
    severityRank: findSeverityRank(settings, severity),
    dueWhy: [
      `${severityLineStart}${severity}, as ${basics.findPersonName(core, who) ?? who} decided; ${says}`,
      ...lines,
    ],
    ...(goal && { dueAt: goal.dueAt, clock: goal.clock }),
  });
  if (goal) setLadderTimer(core, caseId);
  const moved = goal ? `, to be closed by ${basics.formatTime(core, goal.dueAt)}` : '';
  const reason = why ? `: ${why}` : '';
  basics.record(
    core,
    caseId,
    'severity changed',
    `from ${caseRecord.severity} to ${severity}; ${says}${moved}${reason}`,
    {
      who,
    },
  );
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

/** Raises a case's severity in the case, its labels and its issue's text, with the reason in the timeline. */
export function raiseSeverity(
  core: Core,
  caseRecord: Case,
  severity: string,
  { why, evidence }: { why: string; evidence: string },
): void {
  const settings = basics.findSettingsOfCase(core, caseRecord);
  store.updateCase(core.sql, caseRecord.id, { severity, severityRank: findSeverityRank(settings, severity) });
  basics.record(core, caseRecord.id, 'severity raised', `from ${caseRecord.severity} to ${severity}: ${why}`, {
    evidence,
  });
  queueIssueEdit(core, caseRecord.id);
}

/** Changes the status of an open case; a paused clock resumes when the status is open again. */
export function changeStatus(
  core: Core,
  caseId: string,
  status: string,
  { who, why }: { who: string; why?: string | null },
): void {
  const caseRecord = store.getCase(core.sql, caseId);
  const settings = basics.findSettingsOfCase(core, caseRecord);
  const kind = findStatusClass(settings, status);
  if (kind === null || kind === 'closed') {
    const open = Object.keys(settings['case-options'].statuses).filter(
      (value) => findStatusClass(settings, value) !== 'closed',
    );
    basics.refuseField(
      'status',
      kind === 'closed' ? 'ends the case; close it instead' : `is not among ${open.join(', ')}`,
    );
  }
  if (caseRecord.status === status) return;
  if (kind === 'open' && caseRecord.clock && isPaused(caseRecord.clock))
    resumeClock(core, caseId, who, `the status is ${status}`);
  store.updateCase(core.sql, caseId, { status });
  const reason = why ? `: ${why}` : '';
  basics.record(core, caseId, 'status changed', `from ${caseRecord.status} to ${status}${reason}`, { who });
  notify(core, store.getCase(core.sql, caseId), 'status-changed', `${handleOf(caseRecord)} is ${status} now`, {
    once: String(core.clock.now()),
  });
  queueIssueEdit(core, caseId);
}

export function changeAssignee(
  core: Core,
  caseId: string,
  person: string | null,
  { who, why }: { who: string; why?: string | null },
): void {
  const caseRecord = store.getCase(core.sql, caseId);
  if (caseRecord.assignee === person) return;
  store.updateCase(core.sql, caseId, { assignee: person });
  const name = (value: string | null) => basics.findPersonName(core, value) ?? 'nobody';
  const reason = why ? `: ${why}` : '';
  basics.record(core, caseId, 'assignee changed', `from ${name(caseRecord.assignee)} to ${name(person)}${reason}`, {
    who,
  });
  queueIssueEdit(core, caseId);
}
