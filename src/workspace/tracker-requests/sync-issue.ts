import { randomId } from '#domain/base/key.ts';
import { issueMarker } from '#domain/base/marker.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { overdueLabel, statusLabelDraft } from '#domain/cases/label.ts';
import type { ExpectedMarks, IssueWrite, Wanted } from '#domain/cases/ownership.ts';
import { findStatus, nativeStatus, statesFor, statusLabel, statusOf } from '#domain/cases/status.ts';
import type { IssueEdit, LabelDraft, StatusEdit } from '#domain/integrations/issue.ts';
import { dueDate } from '#domain/templates/due.ts';
import { settingsFor } from '#domain/templates/options.ts';
import { labelsOf } from '../basics/draft-issue.ts';
import { accountOf, personOf } from '../basics/people.ts';
import type { Core } from '../core.ts';
import { getCase } from '../store/cases.ts';
import { hasEdit } from '../store/outbox.ts';
import { requestCall } from './request-call.ts';

/** Requests an update of the issue's text. One waiting edit serves all earlier requests. */
export function refreshIssue(core: Core, caseId: string, tracker: string): void {
  if (!hasEdit(core.sql, `case:${caseId}`, 'text')) requestEdit(core, { id: caseId, tracker }, { text: true });
}

/** Requests an update of the issue's text and fields. One waiting edit serves all earlier requests. */
export function syncIssue(core: Core, caseId: string): void {
  if (hasEdit(core.sql, `case:${caseId}`, 'fields')) return;
  requestEdit(core, getCase(core.sql, caseId), { text: true, fields: true });
}

function requestEdit(core: Core, of: Pick<Case, 'id' | 'tracker'>, parts: { text: true; fields?: true }): void {
  requestCall(core, of, 'issue.edit', `edit:${randomId(core.random, 'o')}`, { caseId: of.id, ...parts });
}

export const expectedMarks = (core: Core, caseRecord: Case): ExpectedMarks => ({
  marker: issueMarker(core.keys, core.workspace, handleOf(caseRecord)),
  link: `/w/${core.workspace}/cases/${caseRecord.id}`,
});

function wantedLabels(core: Core, caseRecord: Case): LabelDraft[] {
  const settings = settingsFor(core.settings.workspace, caseRecord.team);
  const status = statusLabel(settings, caseRecord.status, caseRecord.issue?.sharedFields?.status ?? null);
  return [
    ...labelsOf(core, caseRecord),
    ...(status ? [statusLabelDraft(status, caseRecord.status)] : []),
    ...(caseRecord.overdue ? [overdueLabel] : []),
  ];
}

/** Fields that the issue should show now. */
export function wantedOf(core: Core, caseRecord: Case): Wanted {
  const account = accountOf(core, caseRecord.assignee, caseRecord.tracker);
  return {
    handle: handleOf(caseRecord),
    labels: wantedLabels(core, caseRecord).map(({ name }) => name),
    severity: caseRecord.severity,
    dueDate: dueDate(caseRecord.dueAt, core.settings.workspace['time-zone']),
    assignee: caseRecord.assignee === null ? null : (account ?? undefined),
    status: caseRecord.status,
  };
}

/** Difference between the issue as last read and as it should be. */
export function fieldsEdit(core: Core, caseRecord: Case): IssueEdit {
  const { issue } = caseRecord;
  const seen = issue?.sharedFields ?? null;
  const present = issue?.labels ?? [];
  const yielded = (name: string) =>
    (caseRecord.issueEditLimits?.hasStoppedRestoring ?? false) && /^(category|tier):|^overdue$/.test(name);
  const wanted = wantedLabels(core, caseRecord);
  const names = new Set(wanted.map(({ name }) => name));
  const status = statusEdit(core, caseRecord);
  const addLabels = wanted.filter(
    ({ name }) => !present.includes(name) && !yielded(name) && name !== status?.label?.name,
  );
  const removeLabels = present.filter((name) => isOurs(core, caseRecord, name) && !names.has(name) && !yielded(name));
  const date = dueDate(caseRecord.dueAt, core.settings.workspace['time-zone']);
  const assignee = assigneeEdit(core, caseRecord);
  return {
    ...(addLabels.length > 0 && { addLabels }),
    ...(removeLabels.length > 0 && { removeLabels }),
    ...(seen?.severity !== caseRecord.severityRank && {
      severity: { name: caseRecord.severity, rank: caseRecord.severityRank },
    }),
    ...(seen?.dueDate !== date && { dueDate: date }),
    ...(assignee !== undefined && { assignee }),
    ...(status && { status }),
  };
}

/** Edit that carries the status; null where the issue shows it already. */
function statusEdit(core: Core, { issue, status, team, loop }: Case): StatusEdit | null {
  if (!issue?.sharedFields || issue.state === 'closed' || loop !== 'working') return null;
  const settings = settingsFor(core.settings.workspace, team);
  const isPlain = status === statusOf(settings, 'open');
  const native = nativeStatus(settings, issue.sharedFields.status);
  if (native === status || (isPlain && native === null)) return null;
  const name = statusLabel(settings, status, issue.sharedFields.status);
  // The tracker was asked for such a state before, and has none.
  if (name !== null && issue.labels.includes(name)) return null;
  return { names: statesFor(settings, status), isPlain, label: name ? statusLabelDraft(name, status) : null };
}

/** An assignee unknown to the workspace is never removed. */
function assigneeEdit(core: Core, caseRecord: Case): string | null | undefined {
  const shown = caseRecord.issue?.sharedFields?.assignee ?? null;
  const account = accountOf(core, caseRecord.assignee, caseRecord.tracker);
  if (account !== null) return account.toLowerCase() === shown?.toLowerCase() ? undefined : account;
  const isKnown = personOf(core, shown, caseRecord.tracker) !== null;
  return caseRecord.assignee === null && isKnown ? null : undefined;
}

/** Whether a label has a meaning for Caselite only. */
function isOurs(core: Core, caseRecord: Case, name: string): boolean {
  if (/^(severity|due|category|tier):|^overdue$/.test(name)) return true;
  const settings = settingsFor(core.settings.workspace, caseRecord.team);
  return name.startsWith('status:') && findStatus(settings, name.slice('status:'.length)) !== null;
}

/** The edit as it is remembered, so that its traces are not taken for a person's edit. */
export function writtenOf(row: number, at: number, edit: IssueEdit, status: string): IssueWrite {
  return {
    row,
    at,
    status: edit.status && status,
    title: edit.title,
    text: edit.body === undefined ? undefined : true,
    addLabels: edit.addLabels?.map(({ name }) => name),
    removeLabels: edit.removeLabels,
    severity: edit.severity?.rank,
    dueDate: edit.dueDate,
    assignee: edit.assignee,
  };
}
