import * as subIssues from '../../cases/sub-issues.ts';
import { mirrorClosing, startGeneration } from '../../issues/close.ts';
import { planDuplicateSweep, queueDuplicateIssueClose } from '../../issues/duplicate-issues.ts';
import { mirrorIssue } from '../../issues/mirror.ts';
import { basics, type Case, casework, type Core, handleOf, IntegrationError, type port, store } from '../../kit.ts';
import { notify } from '../../mail/notify.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { refusalRemedy } from '../../tracker-requests/refusals.ts';
import { commentOnReopening, replaceIssue } from '../../tracker-requests/reopen.ts';
import { queueIssueEdit, requestCall } from '../../tracker-requests/sync-issue.ts';
import { findTracker, queueTestIssueEnd } from '../../tracker-requests/test-issue.ts';
import { createCaseSettler, requireTracker, requireTrackerAndIssue } from './issue-edit.ts';

const newIssueKindBase: Pick<
  Kind<'issue.create' | 'issue.sub' | 'issue.huddle' | 'issue.test'>,
  'prepare' | 'unknown'
> = {
  async prepare(core, row) {
    return (await core.integrations.tracker(row.queue)).floor();
  },

  async unknown(core, row) {
    const tracker = await core.integrations.tracker(row.queue);
    const { marker, uuid } = row.payload;
    const startedAt = row.startedAt ?? row.createdAt;
    const later = store.laterIssues.find(core.sql, { marker });
    const issue =
      (later && (await tracker.readIssue(later.issueId))) ??
      (await tracker.findCreatedIssue({ marker, uuid, floor: row.floor ?? '', startedAt }));
    return issue ? { issue } : null;
  },
};

export const issueCreateKind: Kind<'issue.create'> = {
  ...newIssueKindBase,

  async call(core, row) {
    const tracker = await core.integrations.tracker(row.queue);
    const { replaces, ...draft } = row.payload;
    const caseRecord = store.findCase(core.sql, row.orderingKey.replace(/^case:/, ''));
    if (caseRecord && replaces && !(await isStillToReplace(core, tracker, caseRecord.id, replaces.id))) return null;
    // The template's settings may have been corrected since the intent.
    const options = core.settings.templates.get(caseRecord?.template ?? '')?.issue;
    return { issue: await tracker.createIssue({ ...draft, options }) };
  },

  showRefusal(core, row, reason) {
    const caseRecord = store.findCase(core.sql, row.orderingKey.replace(/^case:/, ''));
    if (!caseRecord) return;
    if (caseRecord.needsPerson === null)
      notify(core, caseRecord, 'needs-a-person', `${handleOf(caseRecord)} needs a person`);
    const needsPerson = `${casework.describeFailure(row.kind)}: ${reason}. ${refusalRemedy}`;
    store.updateCase(core.sql, caseRecord.id, { needsPerson, needsPersonKind: 'issue-refused' });
  },

  settle: createCaseSettler(
    (core, caseRecord, row, { issue }) => {
      if (caseRecord.needsPersonKind === 'issue-refused')
        store.updateCase(core.sql, caseRecord.id, { needsPerson: null });
      if (!issue || caseRecord.issue?.id === issue.id) return;
      const { replaces, ...made } = row.payload;
      if (replaces && !isToReplace(caseRecord, replaces.id)) return queueDuplicateIssueClose(core, caseRecord, issue);
      if (replaces) replaceIssue(core, caseRecord, issue, replaces);
      planDuplicateSweep(core, caseRecord.id, row.state === 'waiting' && row.attempts === 0);
      basics.record(core, caseRecord.id, 'issue created', `in tracker ${caseRecord.tracker}`, { evidence: issue.key });
      // The create quotes nobody: the visibility is read right before any words are written.
      if (core.settings.workspace.words === 'private') queueIssueEdit(core, caseRecord.id, 'text');
      if (replaces) commentOnReopening(core, caseRecord, row.key, replaces);
      mirrorIssue(core, caseRecord.id, issue, { made, reopened: replaces });
      // The process that lost the answer may have skipped the steps after a create.
      if (row.state === 'unknown') queueIssueEdit(core, caseRecord.id);
    },
    // Later calls about this issue would fail as well, and hide the reason.
    (core, { issue }, row) => {
      if (!issue) store.endWaiting(core.sql, row.orderingKey, core.clock.now(), 'the issue could not be created');
    },
  ),
};

/** Whether a case still waits for a new issue after this one; a person may have reopened it meanwhile. */
const isToReplace = ({ issue, loop }: Case, id: string): boolean => issue?.id === id && loop !== 'working';

async function isStillToReplace(core: Core, tracker: port.Tracker, caseId: string, id: string): Promise<boolean> {
  if (!isToReplace(store.getCase(core.sql, caseId), id)) return false;
  const shown = await tracker.readIssue(id);
  if (shown) core.sql.transaction(() => mirrorIssue(core, caseId, shown));
  return isToReplace(store.getCase(core.sql, caseId), id);
}

/** An issue of no case, in a tracker that the settings may have left behind. */
const lonelyIssueKindBase: Pick<Kind<'issue.huddle' | 'issue.test'>, 'prepare' | 'unknown' | 'call'> = {
  ...newIssueKindBase,
  prepare: async (core, row) => (await findTracker(core, row.queue)).floor(),
  call: async (core, row) => ({ issue: await (await findTracker(core, row.queue)).createIssue(row.payload) }),
};

/** The issue of a huddle pack, which nobody follows; where it could not be made, the mails say all that it would. */
export const huddleIssueKind: Kind<'issue.huddle'> = {
  ...lonelyIssueKindBase,
  settle(core, row, { failed }) {
    if (failed) core.log.error('huddle-failed', { queue: row.queue, row: row.id });
  },
};

/** An issue by which people try the tracker out. */
export const testIssueKind: Kind<'issue.test'> = {
  ...lonelyIssueKindBase,
  settle(core, row, { issue }) {
    if (issue) queueTestIssueEnd(core, row.queue, { id: issue.id, key: issue.key, url: issue.url });
  },
};

export const testIssueEndKind: Kind<'issue.test-end'> = {
  unknown: 'repeat',
  async call(core, { queue, payload: { id } }) {
    const tracker = await findTracker(core, queue);
    const isDeleted = await tracker.deleteIssue?.(id).then(
      () => true,
      (error: unknown) => {
        // An account that may write may lack the right to delete.
        if (error instanceof IntegrationError && (error.code === 'rejected' || error.status === 403)) return false;
        throw error;
      },
    );
    if (!isDeleted && (await tracker.readIssue(id))) await tracker.closeIssue(id, 'not-planned');
    return {};
  },
  settle: () => {},
};

/** Closing a closed issue changes nothing, so a call with an unknown outcome is repeated. */
export const issueCloseKind: Kind<'issue.close'> = {
  unknown: 'repeat',
  prepare: requireTracker,

  async call(core, row) {
    const { tracker, issue, caseRecord } = await requireTrackerAndIssue(core, row);
    const { kind, canonical: other } = row.payload;
    const canonical = other ? store.getCase(core.sql, other) : null;
    const repeated = canonical?.tracker === caseRecord.tracker ? canonical.issue?.id : undefined;
    return { issue: await tracker.closeIssue(issue.id, kind, repeated) };
  },

  settle: createCaseSettler(
    (core, caseRecord, _, { issue }) => {
      if (issue) mirrorIssue(core, caseRecord.id, issue);
    },
    (core, caseRecord) => store.updateCase(core.sql, caseRecord.id, { closing: null }),
  ),
};

export const issueReopenKind: Kind<'issue.reopen'> = {
  unknown: 'repeat',
  prepare: requireTracker,

  async call(core, row) {
    const { issue: known, loop } = store.getCase(core.sql, row.payload.caseId);
    // Another reopening, such as that of a duplicate, may have come first.
    if (!known || (loop === 'working' && known.state === 'open')) return null;
    const { tracker, issue } = await requireTrackerAndIssue(core, row);
    return { issue: await tracker.reopenIssue(issue.id) };
  },

  settle: createCaseSettler(
    (core, caseRecord, row, { issue }) => {
      const { why, who } = row.payload;
      if (!issue) {
        if (caseRecord.loop === 'working') return;
        startGeneration(core, caseRecord.id, who, why);
        const reopened = store.getCase(core.sql, caseRecord.id);
        const key = `create:${reopened.id}:${reopened.generation}`;
        requestCall(core, reopened, 'issue.create', key, basics.draftIssue(core, reopened));
        return;
      }
      commentOnReopening(core, caseRecord, row.key, { who, why });
      mirrorIssue(core, caseRecord.id, issue, { reopened: { who, why } });
    },
    (core, caseRecord) => {
      const undone = caseRecord.editHistory?.closingsReversedByPolicy?.at(-1);
      if (undone && caseRecord.loop === 'working' && caseRecord.issue?.state === 'closed')
        mirrorClosing(core, caseRecord, undone.closing);
    },
  ),
};

/** A sub-issue with a marker of its own, by which a lost answer is looked up like that of a create. */
export const subIssueCreateKind: Kind<'issue.sub'> = {
  ...newIssueKindBase,

  async call(core, row) {
    const { tracker, issue } = await requireTrackerAndIssue(core, row);
    const { caseId: _, position: __, ...draft } = row.payload;
    return { issue: await tracker.addSubIssue(issue.id, draft) };
  },

  settle(core, row, settled) {
    const { caseId, position } = row.payload;
    const step = store.planSteps.find(core.sql, { caseId, position });
    if (!step) return;
    if (settled.issue) {
      basics.record(core, caseId, 'sub-issue created', settled.issue.title, { evidence: settled.issue.key });
      subIssues.mirrorSubIssue(core, step, settled.issue);
      subIssues.queueSubIssueCloseOrReopen(core, caseId, position);
      subIssues.refreshPlanInIssue(core, caseId);
    } else if (!settled.isUnknown) {
      subIssues.turnStepIntoCheckBox(core, step, `the tracker refused a sub-issue: ${settled.failed}`);
    } else {
      subIssues.turnStepIntoCheckBox(core, step, 'it is unknown whether the tracker created its sub-issue');
      createCaseSettler<'issue.sub'>(() => {})(core, row, settled);
    }
  },
};

/** Closes or reopens a step's sub-issue to match the step at the time of the call. Repeating it is harmless. */
export const subIssueStateKind: Kind<'issue.sub-state'> = {
  unknown: 'repeat',
  prepare: requireTracker,

  async call(core, row) {
    const { caseId, position } = row.payload;
    const step = store.planSteps.find(core.sql, { caseId, position });
    if (step?.form !== 'sub-issue' || !step.issue) return null;
    const tracker = await core.integrations.tracker(row.queue);
    const { id } = step.issue;
    return { issue: step.doneAt === null ? await tracker.reopenIssue(id) : await tracker.closeIssue(id, 'completed') };
  },

  settle(core, row, { issue, failed }) {
    const { caseId, position } = row.payload;
    const step = store.planSteps.find(core.sql, { caseId, position });
    if (step && issue) store.storeMirroredSubIssue(core.sql, step, issue, core.clock.now());
    else if (step && failed)
      subIssues.turnStepIntoCheckBox(core, step, `the tracker did not change its issue: ${failed}`);
  },
};
