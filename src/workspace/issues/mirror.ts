import { changeGoal } from '../cases/case-clock.ts';
import { changeAssignee, changeSeverity, changeStatus } from '../cases/change-fields.ts';
import type { SharedFields, WrittenIssueFields } from '#domain/cases/ownership.ts';
import { basics, type Case, casework, type Core, dayMs, isOpenLoop, type port, store } from '../kit.ts';
import { applyGateEvent } from '../loop/gates.ts';
import * as sync from '../tracker-requests/sync-issue.ts';
import { followLaterClosing, mirrorClosing, startGeneration } from './close.ts';
import { isBack, recordIssueTrouble } from './missing-issue.ts';

const unnamedTrackerUser = 'somebody in the tracker';
const byHand = { who: unnamedTrackerUser, why: 'the issue was reopened' };

interface KnownIssueChanges {
  reopened?: { who: string; why: string } | undefined;
  wrote?: WrittenIssueFields;
  made?: port.IssueDraft;
  /** Whether its comments were read as well; otherwise the next poll reads them. */
  withComments?: true;
  /** A different issue or place, so that differences are nobody's edit. */
  isOtherIssue?: true;
}

/** Takes over an issue's state and its consequences. Call it inside a transaction. */
export function mirrorIssue(core: Core, caseId: string, issue: port.IssueSnapshot, read: KnownIssueChanges = {}): void {
  const before = store.getCase(core.sql, caseId);
  const trouble = recordIssueTrouble(core, before, issue);
  const seen = casework.readSharedFields(issue, sync.buildExpectedMarks(core, before));
  const isUnchanged = before.issue?.id === issue.id && before.issue.updatedAt === issue.updatedAt;
  const lastReadAt = isUnchanged ? (before.issue?.readAt ?? 0) : Math.min(issue.updatedAt, core.clock.now());
  const readAt = read.withComments ? core.clock.now() : lastReadAt;
  store.storeMirroredIssue(core.sql, caseId, issue, { readAt, sharedFields: seen, trouble });
  if (isBack(before)) startGeneration(core, caseId, 'Caselite', 'its issue is there again');
  const caseRecord = store.getCase(core.sql, caseId);
  const wasClosed = caseRecord.loop !== 'working';
  const base = read.isOtherIssue ? null : (before.issue?.sharedFields ?? null);
  if (issue.state === 'closed' && !wasClosed && !isBeingReopened(core, caseId)) mirrorClosing(core, caseRecord, issue);
  else if (issue.state === 'closed' && wasClosed) followLaterClosing(core, caseRecord, issue, base);
  for (const name of caseRecord.gate ? issue.labels : [])
    applyGateEvent(core, caseId, { kind: 'label', name }, { who: unnamedTrackerUser, why: `label ${name}` });
  if (issue.state === 'open' && wasClosed) {
    const { who, why } = read.reopened ?? byHand;
    startGeneration(core, caseId, who, why);
  }
  // A closing that Caselite undoes has no consequence; edits made with it are taken over once the issue is open.
  const isClosingUndone = issue.state === 'closed' && store.getCase(core.sql, caseId).loop === 'working';
  if (isClosingUndone && base) store.updateMirroredIssue(core.sql, caseId, { sharedFields: base });
  followIssueEdits(core, caseId, base, issue, read);
}

const isBeingReopened = (core: Core, caseId: string): boolean =>
  store.listOpenRows(core.sql, `case:${caseId}`).some(({ kind }) => kind === 'issue.reopen');

const mostFieldRestorationsPerDay = 3;

/** Takes over people's edits and restores Caselite's; without a base the case's values are written. */
function followIssueEdits(
  core: Core,
  caseId: string,
  base: SharedFields | null,
  issue: port.IssueSnapshot,
  { wrote, made }: KnownIssueChanges,
): void {
  const caseRecord = store.getCase(core.sql, caseId);
  if (!isOpenLoop(caseRecord.loop) || issue.state === 'closed') return;
  const own = sync.buildExpectedMarks(core, caseRecord);
  const before = made ? readAcceptedDraftFields(made, issue, own) : base;
  if (before) {
    const expected = wrote ? taken(casework.applyWriteToSharedFields(before, wrote), wrote, issue) : before;
    const seen = casework.readSharedFields(issue, own);
    // Values that differ right after a write were rejected by the tracker, and are nobody's edit.
    const now = wrote
      ? casework.applyWriteToSharedFields(seen, { ...wrote, labelsToAdd: [], labelsToRemove: [] })
      : seen;
    const settings = basics.findSettingsOfCase(core, caseRecord);
    const wanted = sync.buildWantedIssueFields(core, caseRecord);
    const edits = casework.findPersonEdits(expected, now, wanted, listUnsureWrites(core, caseRecord), settings);
    follow(core, caseRecord, edits, made !== undefined);
  } else if (Object.keys(sync.buildIssueFieldsEdit(core, caseRecord)).length > 0) sync.queueIssueEdit(core, caseId);
  noteRejectedFields(core, caseId, issue, { wrote, made });
}

function readAcceptedDraftFields(draft: port.IssueDraft, issue: port.IssueSnapshot, own: casework.ExpectedMarks) {
  const labels = draft.labels.map(({ name }) => name).filter((name) => issue.labels.includes(name));
  const taken = issue.assignee !== null && draft.assignee !== null;
  return {
    ...casework.readSharedFields(issue, own),
    labels,
    dueDate: issue.dueDate === null ? null : draft.dueDate,
    assignee: taken ? draft.assignee : issue.assignee,
  };
}

/** Removing a label that the tracker rejected earlier is a no-op. */
function taken(expected: SharedFields, wrote: WrittenIssueFields, issue: port.IssueSnapshot) {
  const refused = new Set(wrote.labelsToAdd?.filter((name) => !issue.labels.includes(name)));
  const labels = expected.labels.filter((name) => !refused.has(name));
  if (wrote.status === undefined) return { ...expected, labels };
  const known = issue.labels.filter((name) => name.startsWith('status:') && !labels.includes(name));
  return { ...expected, status: issue.status.name, labels: [...labels, ...known] };
}

/** Calls that may still take effect, within the tracker's settling time. */
export function listUnsureWrites(core: Core, caseRecord: Case): WrittenIssueFields[] {
  const since = core.clock.now() - core.settings.workspace.polling.settle;
  return (caseRecord.unconfirmedWrites ?? []).filter(({ at }) => at >= since);
}

function follow(core: Core, caseRecord: Case, edits: casework.Findings, isNew: boolean): void {
  const who = unnamedTrackerUser;
  if (edits.severity !== undefined) changeSeverity(core, caseRecord.id, edits.severity, { who });
  if (edits.dueDate !== undefined)
    changeGoal(core, caseRecord.id, { goal: edits.dueDate, reason: 'the date was changed in the tracker', who });
  if (edits.assignee !== undefined) mirrorAssignee(core, caseRecord, edits.assignee);
  if (edits.status !== undefined) changeStatus(core, caseRecord.id, edits.status, { who });
  if (edits.titled) store.updateIssueEditLimits(core.sql, caseRecord.id, { keepsPersonTitle: true });
  if (edits.outdated) sync.queueIssueEdit(core, caseRecord.id);
  if (edits.overstepped.length > 0 && !isNew) restore(core, caseRecord, edits.overstepped);
}

function mirrorAssignee(core: Core, caseRecord: Case, account: string | null): void {
  const person = basics.findPersonByAccount(core, account, caseRecord.tracker);
  const why = `the tracker's account ${account} is unknown to the workspace`;
  if (account !== null && person === null) basics.record(core, caseRecord.id, 'assignee not mapped', why);
  changeAssignee(core, caseRecord.id, person, { who: unnamedTrackerUser });
}

/** Restores Caselite's fields, with a comment; after three times in a day people have their way. */
function restore(core: Core, caseRecord: Case, overstepped: string[]): void {
  const now = core.clock.now();
  const { hasStoppedRestoring, restorationTimes = [] } = store.getCase(core.sql, caseRecord.id).editHistory ?? {};
  if (hasStoppedRestoring) return;
  const recent = restorationTimes.filter((at) => at > now - dayMs);
  const what = overstepped.join('; ');
  if (recent.length >= mostFieldRestorationsPerDay) {
    store.updateIssueEditLimits(core.sql, caseRecord.id, { restorationTimes: recent, hasStoppedRestoring: true });
    const why = `${what}. It was put back ${recent.length} times in a day, and stays so now`;
    basics.record(core, caseRecord.id, 'gave in', why);
    return;
  }
  store.updateIssueEditLimits(core.sql, caseRecord.id, { restorationTimes: [...recent, now], keepsPersonTitle: false });
  basics.record(core, caseRecord.id, 'fields put back', what, { who: 'Caselite' });
  sync.queueIssueEdit(core, caseRecord.id);
  const text = `Restored by Caselite: ${what}. Category, tier, overdue, the case number and the link to the case belong to Caselite. Severity, due date, assignee and status may be changed here.`;
  sync.comment(core, caseRecord, `restored:${now}`, text);
}

/** Trackers drop unknown values silently: they are sent once more, and shown when they are still missing. */
function noteRejectedFields(core: Core, caseId: string, issue: port.IssueSnapshot, { wrote, made }: KnownIssueChanges) {
  const caseRecord = store.getCase(core.sql, caseId);
  const sent = made ? made.labels.map(({ name }) => name) : (wrote?.labelsToAdd ?? []);
  const labels = sent.filter((name) => !issue.labels.includes(name));
  const assignee = made?.assignee ?? wrote?.assignee ?? null;
  const missing = [...labels, ...(assignee && !issue.assignee ? ['the assignee'] : [])];
  const known = caseRecord.editHistory?.fieldsDroppedByTracker ?? [];
  const news = missing.filter((value) => !known.includes(value));
  const account = basics.findAccount(core, caseRecord.assignee, caseRecord.tracker);
  if (made && !made.assignee && caseRecord.assignee && account === null)
    basics.record(core, caseId, 'assignee not mapped', `${caseRecord.assignee} has no account in this tracker`);
  const isDateLost = made !== undefined && made.dueDate !== null && issue.dueDate === null;
  if (made && (missing.length > 0 || isDateLost)) sync.queueIssueEdit(core, caseId);
  if (made || news.length === 0) return;
  store.updateIssueEditLimits(core.sql, caseId, { fieldsDroppedByTracker: [...known, ...news] });
  const lost = news.filter((value) => value !== 'the assignee');
  if (lost.length > 0) basics.record(core, caseId, 'labels missing', `the tracker rejected ${lost.join(', ')} twice`);
  if (news.includes('the assignee'))
    basics.record(core, caseId, 'assignee missing', 'the tracker rejected the assignee twice');
}
