import * as subIssues from '../../cases/sub-issues.ts';
import { planDuplicateSweep, queueDuplicateIssueClose } from '../../issues/duplicate-issues.ts';
import { mirrorIssue } from '../../issues/mirror.ts';
import { basics, type Case, type Core, casework, handleOf, IntegrationError, type port, store } from '../../kit.ts';
import { notify } from '../../mail/notify.ts';
import { findCaseOfRow, type Kind, type Kinds } from '../../queues/outbox-kind.ts';
import { refusalRemedy } from '../../tracker-requests/refusals.ts';
import { commentOnReopening, replaceIssue } from '../../tracker-requests/reopen.ts';
import { queueIssueEdit } from '../../tracker-requests/sync-issue.ts';
import { findTracker, queueTestIssueEnd } from '../../tracker-requests/test-issue.ts';
import { createCaseSettler, requireTrackerAndIssue } from './issue-call.ts';

type NewIssueKind = Kind<'issue.create' | 'issue.sub' | 'issue.huddle' | 'issue.test'>;

const newIssueKindBase: Pick<NewIssueKind, 'prepare' | 'unknown'> = {
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

export const issueCreateKinds = {
  'issue.create': {
    ...newIssueKindBase,

    async call(core, row) {
      const tracker = await core.integrations.tracker(row.queue);
      const { replaces, ...draft } = row.payload;
      const caseRecord = findCaseOfRow(core, row);
      if (caseRecord && replaces && !(await isStillToReplace(core, tracker, caseRecord.id, replaces.id))) return null;
      // The template's settings may have been corrected since the intent.
      const options = core.settings.templates.get(caseRecord?.template ?? '')?.issue;
      return { issue: await tracker.createIssue({ ...draft, options }) };
    },

    showRefusal(core, row, reason) {
      const caseRecord = findCaseOfRow(core, row);
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
        basics.record(core, caseRecord.id, 'issue created', `in tracker ${caseRecord.tracker}`, {
          evidence: issue.key,
        });
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
  },

  /** The issue of a huddle pack, which nobody follows; where it could not be made, the mails say all that it would. */
  'issue.huddle': {
    ...lonelyIssueKindBase,
    settle(core, row, { failed }) {
      if (failed) core.log.error('huddle-failed', { queue: row.queue, row: row.id });
    },
  },

  /** An issue by which people try the tracker out. */
  'issue.test': {
    ...lonelyIssueKindBase,
    settle(core, row, { issue }) {
      if (issue) queueTestIssueEnd(core, row.queue, { id: issue.id, key: issue.key, url: issue.url });
    },
  },

  'issue.test-end': {
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
  },

  /** A sub-issue with a marker of its own, by which a lost answer is looked up like that of a create. */
  'issue.sub': {
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
  },

  /** Closes or reopens a step's sub-issue to match the step at the time of the call. Repeating it is harmless. */
  'issue.sub-state': {
    unknown: 'repeat',

    async call(core, row) {
      const { caseId, position } = row.payload;
      const step = store.planSteps.find(core.sql, { caseId, position });
      if (step?.form !== 'sub-issue' || !step.issue) return null;
      const tracker = await core.integrations.tracker(row.queue);
      const { id } = step.issue;
      const isOpen = step.doneAt === null;
      return { issue: await (isOpen ? tracker.reopenIssue(id) : tracker.closeIssue(id, 'completed')) };
    },

    settle(core, row, { issue, failed }) {
      const { caseId, position } = row.payload;
      const step = store.planSteps.find(core.sql, { caseId, position });
      if (step && issue) store.storeMirroredSubIssue(core.sql, step, issue, core.clock.now());
      else if (step && failed)
        subIssues.turnStepIntoCheckBox(core, step, `the tracker did not change its issue: ${failed}`);
    },
  },
} satisfies Partial<Kinds>;
