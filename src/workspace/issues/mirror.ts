import { readSharedFields, type WrittenIssueFields } from '#domain/cases/ownership.ts';
import type { IssueDraft, IssueSnapshot } from '#domain/integrations/issue.ts';
import type { Core } from '../core.ts';
import { applyGateEvent } from '../loop/gates.ts';
import { getCase, storeMirroredIssue, updateMirroredIssue } from '../store/cases.ts';
import { listOpenRows } from '../store/outbox.ts';
import { buildExpectedMarks } from '../tracker-requests/sync-issue.ts';
import { followOriginalKnownLater, mirrorClosing } from './close.ts';
import { followIssueEdits } from './follow-issue-edits.ts';
import { isBack, recordIssueTrouble } from './missing-issue.ts';
import { startGeneration } from './start-generation.ts';

export { runCommentCommands, storeExplanationsFromComments as storeReasons } from './run-commands.ts';

const byHand = { who: 'somebody in the tracker', why: 'the issue was reopened' };

interface KnownIssueChanges {
  /** Person and reason for a reopening, if the issue is open again. */
  reopened?: { who: string; why: string } | undefined;
  wrote?: WrittenIssueFields;
  made?: IssueDraft;
  /** A different issue or place, so that differences are nobody's edit. */
  isOtherIssue?: true;
}

/** Takes over an issue's state and its consequences. Call it inside a transaction. */
export function mirrorIssue(core: Core, caseId: string, issue: IssueSnapshot, read: KnownIssueChanges = {}): void {
  const before = getCase(core.sql, caseId);
  const trouble = recordIssueTrouble(core, before, issue);
  const seen = issue.isCopyOfRequest ? null : readSharedFields(issue, buildExpectedMarks(core, before));
  storeMirroredIssue(core.sql, caseId, issue, { readAt: core.clock.now(), sharedFields: seen, trouble });
  if (isBack(before)) startGeneration(core, caseId, 'Caselite', 'its issue is there again');
  const caseRecord = getCase(core.sql, caseId);
  const wasClosed = caseRecord.loop !== 'working';
  if (issue.state === 'closed' && !wasClosed && !isBeingReopened(core, caseId)) mirrorClosing(core, caseRecord, issue);
  else if (issue.state === 'closed' && wasClosed) followOriginalKnownLater(core, caseRecord, issue);
  for (const name of caseRecord.gate ? issue.labels : [])
    applyGateEvent(core, caseId, { kind: 'label', name }, { who: 'somebody in the tracker', why: `label ${name}` });
  if (issue.state === 'open' && wasClosed) {
    const { who, why } = read.reopened ?? byHand;
    startGeneration(core, caseId, who, why);
  }
  const base = read.isOtherIssue ? null : (before.issue?.sharedFields ?? null);
  // A closing that Caselite undoes has no consequence; edits made with it are taken over once the issue is open.
  const isClosingUndone = issue.state === 'closed' && getCase(core.sql, caseId).loop === 'working';
  if (isClosingUndone && base) updateMirroredIssue(core.sql, caseId, { sharedFields: base });
  if (!issue.isCopyOfRequest) followIssueEdits(core, caseId, base, issue, read);
}

function isBeingReopened(core: Core, caseId: string): boolean {
  return listOpenRows(core.sql, `case:${caseId}`).some(({ kind }) => kind === 'issue.reopen');
}
