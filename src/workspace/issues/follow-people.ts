import { isWorking } from '#domain/cases/case.ts';
import type { Case } from '#domain/cases/case-record.ts';
import { noIssueEditLimits } from '#domain/cases/issue-mirror.ts';
import {
  afterWriting,
  type ExpectedMarks,
  type Findings,
  findEdits,
  type IssueWrite,
  type SharedFields,
  sharedFieldsOf,
} from '#domain/cases/ownership.ts';
import type { IssueDraft, IssueSnapshot } from '#domain/integrations/issue.ts';
import { settingsFor } from '#domain/templates/options.ts';
import { dayMs } from '#domain/time/units.ts';
import { accountOf, personOf } from '../basics/people.ts';
import { record } from '../basics/record-activity.ts';
import { changeGoal } from '../cases/case-clock.ts';
import { changeAssignee } from '../cases/change-assignee.ts';
import { changeSeverity } from '../cases/change-severity.ts';
import { changeStatus } from '../cases/change-status.ts';
import type { Core } from '../core.ts';
import { getCase, updateIssueEditLimits } from '../store/cases.ts';
import { comment } from '../tracker-requests/comment.ts';
import { expectedMarks, fieldsEdit, syncIssue, wantedOf } from '../tracker-requests/sync-issue.ts';

const mostRestorations = 3;
const inTracker = 'somebody in the tracker';

/**
 * Takes over people's edits to fields that are theirs, and restores Caselite's.
 *
 * @param base fields at the last read; null without one: then the case's values are written, because the tracker's
 * defaults are nobody's edit
 */
export function followPeople(
  core: Core,
  caseId: string,
  base: SharedFields | null,
  issue: IssueSnapshot,
  { wrote, made }: { wrote?: IssueWrite; made?: IssueDraft },
): void {
  const caseRecord = getCase(core.sql, caseId);
  if (!isWorking(caseRecord.loop) || issue.state === 'closed') return;
  const own = expectedMarks(core, caseRecord);
  const before = made ? fromDraft(made, issue, own) : base;
  if (before) {
    const expected = wrote ? taken(afterWriting(before, wrote), wrote, issue) : before;
    const now = wrote ? withoutRefusals(sharedFieldsOf(issue, own), wrote, expected) : sharedFieldsOf(issue, own);
    const settings = settingsFor(core.settings.workspace, caseRecord.team);
    const edits = findEdits(expected, now, wantedOf(core, caseRecord), unsure(core, caseRecord), settings);
    follow(core, caseRecord, edits, made !== undefined);
  } else if (Object.keys(fieldsEdit(core, caseRecord)).length > 0) syncIssue(core, caseId);
  noteMissing(core, caseId, issue, { wrote, made });
}

/** The sent fields, as far as the tracker shows them. */
function fromDraft(draft: IssueDraft, issue: IssueSnapshot, own: ExpectedMarks): SharedFields {
  const labels = draft.labels.map(({ name }) => name).filter((name) => issue.labels.includes(name));
  const taken = issue.assignee !== null && draft.assignee !== null;
  return {
    ...sharedFieldsOf(issue, own),
    labels,
    dueDate: issue.dueDate === null ? null : draft.dueDate,
    assignee: taken ? draft.assignee : issue.assignee,
  };
}

/** Removing a label that the tracker rejected earlier is a no-op. */
function taken(expected: SharedFields, wrote: IssueWrite, issue: IssueSnapshot): SharedFields {
  const refused = new Set(wrote.addLabels?.filter((name) => !issue.labels.includes(name)));
  const labels = expected.labels.filter((name) => !refused.has(name));
  if (wrote.status === undefined) return { ...expected, labels };
  const known = issue.labels.filter((name) => name.startsWith('status:') && !labels.includes(name));
  return { ...expected, status: issue.status.name, labels: [...labels, ...known] };
}

/** Values that differ right after a write were rejected by the tracker, and are nobody's edit. */
function withoutRefusals(now: SharedFields, wrote: IssueWrite, expected: SharedFields): SharedFields {
  return {
    ...now,
    title: wrote.title === undefined ? now.title : expected.title,
    ...(wrote.text && { lacks: [] }),
    severity: wrote.severity === undefined ? now.severity : expected.severity,
    dueDate: wrote.dueDate === undefined ? now.dueDate : expected.dueDate,
    assignee: wrote.assignee === undefined ? now.assignee : expected.assignee,
  };
}

/** Calls that may still take effect, within the tracker's settling time. */
function unsure(core: Core, caseRecord: Case): IssueWrite[] {
  const since = core.clock.now() - core.settings.workspace.polling.settle;
  return (caseRecord.unconfirmedWrites ?? []).filter(({ at }) => at >= since);
}

function follow(core: Core, caseRecord: Case, edits: Findings, isNew: boolean): void {
  if (edits.severity !== undefined) changeSeverity(core, caseRecord.id, edits.severity, { who: inTracker });
  if (edits.dueDate !== undefined)
    changeGoal(core, caseRecord.id, {
      goal: edits.dueDate,
      reason: 'the date was changed in the tracker',
      who: inTracker,
    });
  if (edits.assignee !== undefined) followAssignee(core, caseRecord, edits.assignee);
  if (edits.status !== undefined) changeStatus(core, caseRecord.id, edits.status, { who: inTracker });
  if (edits.titled) updateIssueEditLimits(core.sql, caseRecord.id, { keepsPersonTitle: true });
  if (edits.outdated) syncIssue(core, caseRecord.id);
  if (edits.overstepped.length > 0 && !isNew) restore(core, caseRecord, edits.overstepped);
}

function followAssignee(core: Core, caseRecord: Case, account: string | null): void {
  const person = personOf(core, account, caseRecord.tracker);
  if (account !== null && person === null) {
    record(core, caseRecord.id, 'assignee not mapped', `the tracker's account ${account} is unknown to the workspace`);
  }
  changeAssignee(core, caseRecord.id, person, { who: inTracker });
}

/** Restores Caselite's fields, with a comment; after three times in a day people have their way. */
function restore(core: Core, caseRecord: Case, overstepped: string[]): void {
  const now = core.clock.now();
  const conflicts = getCase(core.sql, caseRecord.id).issueEditLimits ?? noIssueEditLimits;
  if (conflicts.hasStoppedRestoring) return;
  const recent = conflicts.restoredAt.filter((at) => at > now - dayMs);
  const what = overstepped.join('; ');
  if (recent.length >= mostRestorations) {
    updateIssueEditLimits(core.sql, caseRecord.id, { restoredAt: recent, hasStoppedRestoring: true });
    record(
      core,
      caseRecord.id,
      'gave in',
      `${what}. It was put back ${recent.length} times in a day, and stays so now`,
    );
    return;
  }
  updateIssueEditLimits(core.sql, caseRecord.id, { restoredAt: [...recent, now], keepsPersonTitle: false });
  record(core, caseRecord.id, 'fields put back', what, { who: 'Caselite' });
  syncIssue(core, caseRecord.id);
  comment(
    core,
    caseRecord,
    `restored:${now}`,
    `Restored by Caselite: ${what}. Category, tier, overdue, the case number and the link to the case belong to Caselite. Severity, due date, assignee and status may be changed here.`,
    [],
  );
}

/** Trackers drop unknown values silently: they are sent once more, and shown when they are still missing. */
function noteMissing(
  core: Core,
  caseId: string,
  issue: IssueSnapshot,
  { wrote, made }: { wrote?: IssueWrite; made?: IssueDraft },
): void {
  const caseRecord = getCase(core.sql, caseId);
  const sent = made ? made.labels.map(({ name }) => name) : (wrote?.addLabels ?? []);
  const labels = sent.filter((name) => !issue.labels.includes(name));
  const assignee = made?.assignee ?? wrote?.assignee ?? null;
  const missing = [...labels, ...(assignee && !issue.assignee ? ['the assignee'] : [])];
  const known = caseRecord.issueEditLimits?.rejectedFields ?? [];
  const news = missing.filter((value) => !known.includes(value));
  if (
    made &&
    !made.assignee &&
    caseRecord.assignee &&
    accountOf(core, caseRecord.assignee, caseRecord.tracker) === null
  )
    record(core, caseId, 'assignee not mapped', `${caseRecord.assignee} has no account in this tracker`);
  if (made && missing.length > 0) syncIssue(core, caseId);
  if (made || news.length === 0) return;
  updateIssueEditLimits(core.sql, caseId, { rejectedFields: [...known, ...news] });
  const lost = news.filter((value) => value !== 'the assignee');
  if (lost.length > 0) record(core, caseId, 'labels missing', `the tracker rejected ${lost.join(', ')} twice`);
  if (news.includes('the assignee'))
    record(core, caseId, 'assignee missing', 'the tracker rejected the assignee twice');
}
