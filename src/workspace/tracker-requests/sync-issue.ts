import type { FormerIssue } from '#domain/cases/issue-mirror.ts';
import { draftStatusLabel, overdueLabel } from '#domain/cases/label.ts';
import { type ExpectedMarks, isOwnLabel, type Wanted } from '#domain/cases/ownership.ts';
import * as statuses from '#domain/cases/status.ts';
import { toDueDate } from '#domain/templates/due.ts';
import { basics, type Case, type Core, createRandomId, deriveUuid, handleOf, type port, store } from '../kit.ts';

/** Requests an update of the issue's text, and of its fields. One waiting edit serves all earlier requests. */
export function queueIssueEdit(core: Core, caseId: string, part: 'text' | 'fields' = 'fields'): void {
  if (store.hasWaitingEdit(core.sql, `case:${caseId}`, part)) return;
  requestEdit(core, store.getCase(core.sql, caseId), { text: true, ...(part === 'fields' && { fields: true }) });
}

/** Requests that the text of an earlier issue of the case be rewritten. */
export const queueFormerIssueEdit = (core: Core, { id }: Case, former: FormerIssue): void =>
  requestEdit(core, { id, tracker: former.tracker }, { former: former.id });

function requestEdit(core: Core, of: Pick<Case, 'id' | 'tracker'>, what: Omit<store.Payload<'issue.edit'>, 'caseId'>) {
  requestCall(core, of, 'issue.edit', `edit:${createRandomId(core.random, 'o')}`, { caseId: of.id, ...what });
}

export const buildExpectedMarks = (core: Core, caseRecord: Case): ExpectedMarks => ({
  marker: basics.identifyIssue(core, caseRecord).marker,
  link: `/w/${core.workspace}/cases/${caseRecord.id}`,
});

function buildWantedLabels(core: Core, caseRecord: Case): port.LabelDraft[] {
  const settings = basics.findSettingsOfCase(core, caseRecord);
  const shown = caseRecord.issue?.sharedFields?.status ?? null;
  const status = statuses.toStatusLabelName(settings, caseRecord.status, shown);
  return [
    ...basics.buildCaseLabels(core, caseRecord),
    ...(status ? [draftStatusLabel(status, caseRecord.status)] : []),
    ...(caseRecord.overdue ? [overdueLabel] : []),
  ];
}

/** Fields that the issue should show now. */
export function buildWantedIssueFields(core: Core, caseRecord: Case): Wanted {
  const account = basics.findAccount(core, caseRecord.assignee, caseRecord.tracker);
  return {
    handle: caseRecord.editHistory?.isAdopted ? null : handleOf(caseRecord),
    labels: buildWantedLabels(core, caseRecord).map(({ name }) => name),
    severity: caseRecord.severity,
    dueDate: toDueDate(caseRecord.dueAt, core.settings.workspace['time-zone']),
    assignee: caseRecord.assignee === null ? null : (account ?? undefined),
    status: caseRecord.status,
  };
}

/** Difference between the issue as last read and as it should be. */
export function buildIssueFieldsEdit(core: Core, caseRecord: Case): port.IssueEdit {
  const { issue } = caseRecord;
  const seen = issue?.sharedFields ?? null;
  const present = issue?.labels ?? [];
  const yielded = (name: string) =>
    (caseRecord.editHistory?.hasStoppedRestoring ?? false) && /^(category|tier):|^overdue$/.test(name);
  const wanted = buildWantedLabels(core, caseRecord);
  const names = new Set(wanted.map(({ name }) => name));
  const status = buildStatusEdit(core, caseRecord);
  const known = [...present, status?.label?.name];
  const labelsToAdd = wanted.filter(({ name }) => !known.includes(name) && !yielded(name));
  const settings = basics.findSettingsOfCase(core, caseRecord);
  const isOurs = (name: string) => isOwnLabel(name) || statuses.findStatusByLabel(settings, name) !== null;
  const labelsToRemove = present.filter((name) => isOurs(name) && !names.has(name) && !yielded(name));
  const date = toDueDate(caseRecord.dueAt, core.settings.workspace['time-zone']);
  const assignee = decideAssigneeEdit(core, caseRecord);
  return {
    ...(labelsToAdd.length > 0 && { labelsToAdd }),
    ...(labelsToRemove.length > 0 && { labelsToRemove }),
    ...(seen?.severity !== caseRecord.severityRank && {
      severity: { name: caseRecord.severity, rank: caseRecord.severityRank },
    }),
    ...(seen?.dueDate !== date && { dueDate: date }),
    ...(assignee !== undefined && { assignee }),
    ...(status && { status }),
  };
}

/** Edit that carries the status; null where the issue shows it already. */
function buildStatusEdit(core: Core, { issue, status, team, loop }: Case): port.StatusEdit | null {
  if (!issue?.sharedFields || issue.state === 'closed' || loop !== 'working') return null;
  const settings = basics.findSettingsOfCase(core, { team });
  const isOpenStatus = status === statuses.findStatusOfClass(settings, 'open');
  const native = statuses.mapTrackerStateToStatus(settings, issue.sharedFields.status);
  if (native === status || (isOpenStatus && native === null)) return null;
  const name = statuses.toStatusLabelName(settings, status, issue.sharedFields.status);
  // The tracker was asked for such a state before, and has none.
  if (name !== null && issue.labels.includes(name)) return null;
  return {
    names: statuses.listTrackerStatesOfStatus(settings, status),
    acceptsInitialState: isOpenStatus,
    label: name ? draftStatusLabel(name, status) : null,
  };
}

/** An assignee unknown to the workspace is never removed. */
function decideAssigneeEdit(core: Core, caseRecord: Case): string | null | undefined {
  const shown = caseRecord.issue?.sharedFields?.assignee ?? null;
  const account = basics.findAccount(core, caseRecord.assignee, caseRecord.tracker);
  if (account !== null) return account.toLowerCase() === shown?.toLowerCase() ? undefined : account;
  const isKnownPerson = basics.findPersonByAccount(core, shown, caseRecord.tracker) !== null;
  return caseRecord.assignee === null && isKnownPerson ? null : undefined;
}

/** The edit as it is remembered, so that its traces are not taken for a person's edit. */
export function toWrittenIssueFields(row: number, at: number, edit: port.IssueEdit, status: string) {
  return {
    row,
    at,
    status: edit.status && status,
    title: edit.title,
    text: edit.body === undefined ? undefined : true,
    labelsToAdd: edit.labelsToAdd?.map(({ name }) => name),
    labelsToRemove: edit.labelsToRemove,
    severity: edit.severity?.rank,
    dueDate: edit.dueDate,
    assignee: edit.assignee,
  };
}

/** Records the intent of a call about a case, once per `key`, in the caller's transaction. @returns if it is new */
export const requestCall = <Kind extends Extract<store.OutboxKind, `issue.${string}`>>(
  core: Core,
  { id, tracker: queue }: Pick<Case, 'id' | 'tracker'>,
  kind: Kind,
  key: string,
  payload: store.Payload<NoInfer<Kind>>,
): boolean =>
  store.addToOutbox(core.sql, { key, queue, orderingKey: `case:${id}`, kind, payload, at: core.clock.now() });

/** Marks of a comment, by which it is found again. */
export const identifyComment = ({ keys, workspace }: Core, caseId: string, once: string) => ({
  ref: keys.mac('comment.1', caseId, once).slice(0, 24),
  uuid: deriveUuid(keys, 'comment-uuid.1', workspace, caseId, once),
});

/** Adds our own text as a comment, without control characters of a reason in it, to a `former` issue if named, once. @returns whether it is new */
export function comment(
  core: Core,
  caseRecord: Case,
  once: string,
  text: string,
  mention: string[] = [],
  former?: string,
): boolean {
  const caseId = caseRecord.id;
  const body = text.replace(/(?![\n\t])\p{Cc}/gu, '');
  const draft = { ...identifyComment(core, caseId, once), body, mention };
  return requestCall(core, caseRecord, 'issue.comment', `comment:${caseId}:${once}`, {
    caseId,
    draft,
    ...(former !== undefined && { former }),
  });
}
