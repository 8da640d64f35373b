import { whereabouts } from '../../issues/missing-issue.ts';
import { basics, handleOf, type port, store } from '../../kit.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { commentOnRelatedCase, linkCases } from '../../tracker-requests/reopen.ts';
import { createCaseSettler, requireTracker, requireTrackerAndIssue } from './issue-edit.ts';

/** Existing links are kept; a rejected link becomes a comment. */
export const issueLinkKind: Kind<'issue.link'> = {
  unknown: 'repeat',
  prepare: requireTracker,

  async call(core, row) {
    const { tracker, issue } = await requireTrackerAndIssue(core, row);
    const { payload } = row;
    const linked = payload.other ? store.getCase(core.sql, payload.other) : null;
    const other = linked ? linked.issue?.id : payload.key;
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
};

export const issueCommentKind: Kind<'issue.comment'> = {
  prepare: requireTracker,

  async call(core, row) {
    const { tracker, issue } = await requireTrackerAndIssue(core, row);
    await tracker.addComment(row.payload.former ?? issue.id, row.payload.draft);
    return {};
  },

  async unknown(core, row) {
    const { tracker, issue } = await requireTrackerAndIssue(core, row);
    return (await tracker.hasComment(row.payload.former ?? issue.id, row.payload.draft)) ? {} : null;
  },

  settle: createCaseSettler(() => {}),
};

/** Closes a duplicate issue as a duplicate of the case's issue, with a comment about why and where work goes on. */
export const closeDuplicateIssueKind: Kind<'issue.duplicate'> = {
  prepare: requireTracker,

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

  settle: createCaseSettler((core, caseRecord, row) => {
    const { duplicateIssue } = row.payload;
    const why = `${duplicateIssue.key} is a duplicate of ${caseRecord.issue?.key}`;
    basics.record(core, caseRecord.id, 'duplicate issue closed', why, { evidence: duplicateIssue.key });
  }),
};

/** A hidden duplicate issue is gone, unless the whole place is hidden: then nothing is known. */
async function isOpen(tracker: port.Tracker, id: string): Promise<boolean> {
  const shown = await tracker.readIssue(id);
  if (!shown) await whereabouts(tracker, id);
  return shown?.state === 'open';
}
