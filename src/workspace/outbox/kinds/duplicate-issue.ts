import type { Tracker } from '#domain/integrations/tracker.ts';
import { whereabouts } from '../../issues/missing-issue.ts';
import { basics } from '../../kit.ts';
import type { Kind } from '../../queues/outbox-kind.ts';
import { createCaseSettler, requireTracker, requireTrackerAndIssue } from './issue-edit.ts';

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
async function isOpen(tracker: Tracker, id: string): Promise<boolean> {
  const shown = await tracker.readIssue(id);
  if (!shown) await whereabouts(tracker, id);
  return shown?.state === 'open';
}
