import { basics, type Case, casework, type Core, handleOf, store, templating, timing } from '../kit.ts';
import { notify } from '../mail/notify.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';
import { whyAssignmentIncomplete } from './assign.ts';
import { setClockPaused } from './case-clock.ts';

type Change = { who: string; why?: string | null; evidence?: string };

/** Stores and records that a field of a case changed, and lets the issue follow. */
export function changeField(
  core: Core,
  caseRecord: Case,
  fields: Parameters<typeof store.updateCase>[2],
  [what, from, to]: readonly [what: casework.TimelineEventName, from: string, to: string],
  { why, ...facts }: Change,
): void {
  store.updateCase(core.sql, caseRecord.id, fields);
  basics.record(core, caseRecord.id, what, `from ${from} to ${to}${why ? `: ${why}` : ''}`, facts);
  queueIssueEdit(core, caseRecord.id);
}

/** Changes a case's severity; the goal stays. */
export function changeSeverity(core: Core, caseId: string, severity: string, change: Change): void {
  const caseRecord = store.getCase(core.sql, caseId);
  const settings = basics.findSettingsOfCase(core, caseRecord);
  const { severities } = settings['case-options'];
  if (!severities.includes(severity)) basics.refuseField('severity', `is not among ${severities.join(', ')}`);
  if (severity === caseRecord.severity) return;
  const by = basics.findPersonName(core, change.who);
  const lines = caseRecord.dueWhy.filter((line) => !line.startsWith(templating.severityLineStart));
  const dueWhy = [`${templating.severityLineStart}${severity}, as ${by} decided; the goal stays as it was`, ...lines];
  const fields = { severity, severityRank: templating.findSeverityRank(settings, severity), dueWhy };
  const to = `${severity}; the goal stays as it was`;
  changeField(core, caseRecord, fields, ['severity changed', caseRecord.severity, to], change);
}

/** Raises a case's severity in the case, its labels and its issue's text, with the reason in the timeline. */
export function raiseSeverity(core: Core, caseRecord: Case, severity: string, change: Omit<Change, 'who'>): void {
  const severityRank = templating.findSeverityRank(basics.findSettingsOfCase(core, caseRecord), severity);
  const line = ['severity raised', caseRecord.severity, severity] as const;
  changeField(core, caseRecord, { severity, severityRank }, line, { ...change, who: 'Caselite' });
}

/** Changes the status of an open case; a paused clock resumes when the status is open again. */
export function changeStatus(core: Core, caseId: string, status: string, change: Change): void {
  const caseRecord = store.getCase(core.sql, caseId);
  const settings = basics.findSettingsOfCase(core, caseRecord);
  const kindOf = (name: string) => casework.findStatusClass(settings, name);
  const kind = kindOf(status);
  if (kind === 'closed') basics.refuseField('status', 'ends the case; close it instead');
  if (kind === null) {
    const open = Object.keys(settings['case-options'].statuses).filter((name) => kindOf(name) !== 'closed');
    basics.refuseField('status', `is not among ${open.join(', ')}`);
  }
  if (caseRecord.status === status) return;
  if (kind === 'open' && caseRecord.clock && timing.isPaused(caseRecord.clock))
    setClockPaused(core, caseId, false, change.who, `the status is ${status}`);
  changeField(core, caseRecord, { status }, ['status changed', caseRecord.status, status], change);
  const once = String(core.clock.now());
  notify(core, store.getCase(core.sql, caseId), 'status-changed', `${handleOf(caseRecord)} is ${status} now`, { once });
}

export function changeAssignee(core: Core, caseId: string, person: string | null, change: Change): void {
  const caseRecord = store.getCase(core.sql, caseId);
  if (caseRecord.assignee !== person) changePerson(core, caseRecord, 'assignee', person, change);
}

export function changePerson(
  core: Core,
  caseRecord: Case,
  part: 'assignee' | 'loopOwner',
  person: string | null,
  change: Change,
): void {
  const [from = '', to = ''] = [caseRecord[part], person].map((key) => basics.findPersonName(core, key) ?? 'nobody');
  const what = part === 'assignee' ? 'assignee changed' : 'loop owner changed';
  const { needsPerson } = caseRecord;
  const isNamed = needsPerson !== null && needsPerson === whyAssignmentIncomplete(caseRecord);
  const left = isNamed ? { needsPerson: whyAssignmentIncomplete({ ...caseRecord, [part]: person }) } : {};
  changeField(core, caseRecord, { [part]: person, ...left }, [what, from, to], change);
}
