import { describeFailure } from '#domain/cases/edit-parts.ts';
import { mirrorClosing, startGeneration } from '../../issues/close.ts';
import { mirrorIssue } from '../../issues/mirror.ts';
import { whereabouts } from '../../issues/missing-issue.ts';
import { basics, type Case, type Core, handleOf, IntegrationError, type port, store } from '../../kit.ts';
import { requestDecision } from '../../loop/gates.ts';
import { findCaseOfRow, type Kind, type Kinds, type Settled } from '../../queues/outbox-kind.ts';
import { commentOnRelatedCase, commentOnReopening, linkCases } from '../../tracker-requests/reopen.ts';
import { requestCall } from '../../tracker-requests/sync-issue.ts';

type OutboxKindOfCase = {
  [Name in store.OutboxKind]: store.Payload<Name> extends { caseId: string } ? Name : never;
}[store.OutboxKind];

export async function requireTrackerAndIssue(core: Core, { kind, queue, payload }: store.OutboxRow<OutboxKindOfCase>) {
  const tracker = await core.integrations.tracker(queue);
  const caseRecord = store.getCase(core.sql, payload.caseId);
  if (!caseRecord.issue) throw new IntegrationError('rejected', kind, { detail: 'the case has no issue' });
  return { tracker, caseRecord, issue: caseRecord.issue };
}

/** Settles a call about a case: a failure is shown to a person. */
export function createCaseSettler<Name extends store.OutboxKind>(
  done: (core: Core, caseRecord: Case, row: store.OutboxRow<Name>, settled: Settled) => void = () => {},
  failed: (core: Core, caseRecord: Case, row: store.OutboxRow<Name>) => void = () => {},
): Kind<Name>['settle'] {
  return (core, row, settled) => {
    const caseRecord = findCaseOfRow(core, row);
    if (!caseRecord) return;
    if (!settled.failed) return done(core, caseRecord, row, settled);
    const why = `${describeFailure(row.kind)}: ${settled.failed}`;
    // An earlier issue may be locked, and work goes on in another one.
    if ('former' in row.payload && row.payload.former !== undefined)
      return basics.record(core, caseRecord.id, 'former issue left as it is', why);
    // The reason why the issue was never created is shown already.
    if (row.kind !== 'issue.create' && !caseRecord.issue) return;
    failed(core, caseRecord, row);
    // A missing comment must not hide a decision that a person has to make.
    if (row.kind === 'issue.comment' && store.getCase(core.sql, caseRecord.id).needsPerson !== null)
      basics.record(core, caseRecord.id, 'needs a person', why);
    else requestDecision(core, caseRecord, why);
  };
}

/** Calls about an existing issue that write none of its fields. */
export const issueCallKinds = {
  /** Existing links are kept; a rejected link becomes a comment. */
  'issue.link': {
    unknown: 'repeat',

    async call(core, row) {
      const { tracker, issue } = await requireTrackerAndIssue(core, row);
      const linked = row.payload.other ? store.getCase(core.sql, row.payload.other) : null;
      const other = linked ? linked.issue?.id : row.payload.key;
      if (!other) return null;
      await tracker.linkIssues(issue.id, other);
      return {};
    },

    settle(core, row, { failed }) {
      const { caseId, other, key } = row.payload;
      const caseRecord = store.findCase(core.sql, caseId);
      if (!caseRecord?.issue) return;
      const linked = other ? store.getCase(core.sql, other) : null;
      const isIssueToCome = linked && !linked.issue && store.listOpenRows(core.sql, `case:${linked.id}`).length > 0;
      if (isIssueToCome) linkCases(core, linked, caseRecord);
      if (linked && !linked.issue) return;
      const to = linked ? handleOf(linked) : (key ?? '');
      if (failed) {
        basics.record(core, caseId, 'link refused', `to ${to}: ${failed}`);
        if (linked) commentOnRelatedCase(core, caseRecord, linked);
      } else basics.record(core, caseId, 'issues linked', `to ${to}`, { evidence: linked?.issue?.key ?? to });
    },
  },

  'issue.comment': {
    async call(core, row) {
      const { tracker, issue } = await requireTrackerAndIssue(core, row);
      await tracker.addComment(row.payload.former ?? issue.id, row.payload.draft);
      return {};
    },

    async unknown(core, row) {
      const { tracker, issue } = await requireTrackerAndIssue(core, row);
      return (await tracker.hasComment(row.payload.former ?? issue.id, row.payload.draft)) ? {} : null;
    },

    settle: createCaseSettler(),
  },

  /** Closes a duplicate issue as a duplicate of the case's issue, with a comment about why and where work goes on. */
  'issue.duplicate': {
    async call(core, row) {
      const { tracker, issue } = await requireTrackerAndIssue(core, row);
      const { duplicateIssue, ref, uuid } = row.payload;
      if (duplicateIssue.id === issue.id) return null;
      if (!(await isOpen(tracker, duplicateIssue.id))) return {};
      const body = `This issue was created twice by mistake. Work goes on in [${issue.key}](${issue.url}), and this one is closed as its duplicate.`;
      const draft = { ref, uuid, body, mention: [] };
      if (!(await tracker.hasComment(duplicateIssue.id, draft))) await tracker.addComment(duplicateIssue.id, draft);
      await tracker.closeIssue(duplicateIssue.id, 'duplicate', issue.id);
      return {};
    },

    async unknown(core, row) {
      const { tracker } = await requireTrackerAndIssue(core, row);
      return (await isOpen(tracker, row.payload.duplicateIssue.id)) ? null : {};
    },

    settle: createCaseSettler((core, { id, issue }, { payload: { duplicateIssue } }) => {
      const why = `${duplicateIssue.key} is a duplicate of ${issue?.key}`;
      basics.record(core, id, 'duplicate issue closed', why, { evidence: duplicateIssue.key });
    }),
  },

  /** Closing a closed issue changes nothing, so a call with an unknown outcome is repeated. */
  'issue.close': {
    unknown: 'repeat',

    async call(core, row) {
      const { tracker, issue, caseRecord } = await requireTrackerAndIssue(core, row);
      const { kind, canonical: other } = row.payload;
      const canonical = other ? store.getCase(core.sql, other) : null;
      const repeated = canonical?.tracker === caseRecord.tracker ? canonical.issue?.id : undefined;
      return { issue: await tracker.closeIssue(issue.id, kind, repeated) };
    },

    settle: createCaseSettler(
      (core, { id }, _, { issue }) => issue && mirrorIssue(core, id, issue),
      (core, { id }) => {
        store.updateCase(core.sql, id, { closing: null });
        store.clearOriginal(core.sql, id);
      },
    ),
  },

  'issue.reopen': {
    unknown: 'repeat',

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
        if (issue) {
          commentOnReopening(core, caseRecord, row.key, { who, why });
          mirrorIssue(core, caseRecord.id, issue, { reopened: { who, why } });
        } else if (caseRecord.loop !== 'working') {
          startGeneration(core, caseRecord.id, who, why);
          const reopened = store.getCase(core.sql, caseRecord.id);
          const key = `create:${reopened.id}:${reopened.generation}`;
          requestCall(core, reopened, 'issue.create', key, basics.draftIssue(core, reopened));
        }
      },
      (core, caseRecord) => {
        const undone = caseRecord.editHistory?.closingsReversedByPolicy?.at(-1);
        if (undone && caseRecord.loop === 'working' && caseRecord.issue?.state === 'closed')
          mirrorClosing(core, caseRecord, undone.closing);
      },
    ),
  },
} satisfies Partial<Kinds>;

/** A hidden duplicate issue is gone, unless the whole place is hidden: then nothing is known. */
async function isOpen(tracker: port.Tracker, id: string): Promise<boolean> {
  const shown = await tracker.readIssue(id);
  if (!shown) await whereabouts(tracker, id);
  return shown?.state === 'open';
}
