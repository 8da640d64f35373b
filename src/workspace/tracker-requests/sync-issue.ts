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
import { addToOutbox, hasEdit } from '../store/outbox.ts';

/** Asks for text and fields of the issue to be brought up to date; one waiting edit serves all that came before it. */
export function syncIssue(core: Core, caseId: string): void {
  const orderingKey = `case:${caseId}`;
  if (hasEdit(core.sql, orderingKey, 'fields')) return;
  addToOutbox(core.sql, {
    key: `edit:${randomId(core.random, 'o')}`,
    queue: getCase(core.sql, caseId).tracker,
    orderingKey,
    kind: 'issue.edit',
    payload: { caseId, text: true, fields: true },
    at: core.clock.now(),
  });
}

/** What the text of the issue shows of its case. */
export const expectedMarks = (core: Core, caseRecord: Case): ExpectedMarks => ({
  marker: issueMarker(core.keys, core.workspace, handleOf(caseRecord)),
  link: `/w/${core.workspace}/cases/${caseRecord.id}`,
});

/** Every label that the issue should carry by now. */
function wantedLabels(core: Core, caseRecord: Case): LabelDraft[] {
  const settings = settingsFor(core.settings.workspace, caseRecord.team);
  const status = statusLabel(settings, caseRecord.status, caseRecord.issue?.sharedFields?.status ?? null);
  return [
    ...labelsOf(core, caseRecord),
    ...(status ? [statusLabelDraft(status, caseRecord.status)] : []),
    ...(caseRecord.overdue ? [overdueLabel] : []),
  ];
}

/** What the issue should show, as the case stands. */
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

/** What differs between the issue as it was last seen and as it should be. */
export function fieldsEdit(core: Core, caseRecord: Case): IssueEdit {
  const { issue } = caseRecord;
  const seen = issue?.sharedFields ?? null;
  const present = issue?.labels ?? [];
  const yielded = (name: string) =>
    (caseRecord.editConflicts?.hasStoppedRestoring ?? false) && /^(category|tier):|^overdue$/.test(name);
  const wanted = wantedLabels(core, caseRecord);
  const names = new Set(wanted.map(({ name }) => name));
  const status = statusEdit(core, caseRecord);
  const addLabels = wanted.filter(
    ({ name }) => !present.includes(name) && !yielded(name) && name !== status?.label?.name,
  );
  const removeLabels = present.filter(
    (name) => isOurs(core, caseRecord, name) && !names.has(name) && !yielded(name),
  );
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

/** How the status travels; null where the issue tells it already, by its own state or by the label. */
function statusEdit(core: Core, { issue, status, team, loop }: Case): StatusEdit | null {
  if (!issue?.sharedFields || issue.state === 'closed' || loop !== 'working') return null;
  const settings = settingsFor(core.settings.workspace, team);
  const isPlain = status === statusOf(settings, 'open');
  const native = nativeStatus(settings, issue.sharedFields.status);
  if (native === status || (isPlain && native === null)) return null;
  const name = statusLabel(settings, status, issue.sharedFields.status);
  // The tracker was asked for such a state before, and had none.
  if (name !== null && issue.labels.includes(name)) return null;
  return { names: statesFor(settings, status), isPlain, label: name ? statusLabelDraft(name, status) : null };
}

/** Somebody whom the workspace does not know is never taken off the issue. */
function assigneeEdit(core: Core, caseRecord: Case): string | null | undefined {
  const shown = caseRecord.issue?.sharedFields?.assignee ?? null;
  const account = accountOf(core, caseRecord.assignee, caseRecord.tracker);
  if (account !== null) return account.toLowerCase() === shown?.toLowerCase() ? undefined : account;
  const isKnown = personOf(core, shown, caseRecord.tracker) !== null;
  return caseRecord.assignee === null && isKnown ? null : undefined;
}

/** Labels that only Caselite gives a meaning. */
function isOurs(core: Core, caseRecord: Case, name: string): boolean {
  if (/^(severity|due|category|tier):|^overdue$/.test(name)) return true;
  const settings = settingsFor(core.settings.workspace, caseRecord.team);
  return name.startsWith('status:') && findStatus(settings, name.slice('status:'.length)) !== null;
}

/** An edit as it will be remembered, so that what it leaves is not taken for a person's. */
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
