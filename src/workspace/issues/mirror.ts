import { type IssueWrite, sharedFieldsOf } from '#domain/cases/ownership.ts';
import type { IssueDraft, IssueSnapshot } from '#domain/integrations/issue.ts';
import type { Core } from '../core.ts';
import { openGate } from '../loop/gates.ts';
import { getCase, linkIssue, markIssue } from '../store/cases.ts';
import { openRows } from '../store/outbox.ts';
import { expectedMarks } from '../tracker-requests/sync-issue.ts';
import { closeCase, learnOriginal } from './close.ts';
import { followPeople } from './follow-people.ts';
import { isBack, troubleOf } from './missing-issue.ts';
import { startGeneration } from './start-generation.ts';

export { runCommentCommands, storeReasons } from './run-commands.ts';

const byHand = { who: 'somebody in the tracker', why: 'the issue was reopened' };

interface Look {
  /** Person and reason for a reopening, if the issue is open again. */
  reopened?: { who: string; why: string } | undefined;
  wrote?: IssueWrite;
  made?: IssueDraft;
  /** A different issue or place, so that differences are nobody's edit. */
  anew?: true;
}

/** Takes over an issue's state and its consequences. Call it inside a transaction. */
export function mirrorIssue(core: Core, caseId: string, issue: IssueSnapshot, look: Look = {}): void {
  const before = getCase(core.sql, caseId);
  const trouble = troubleOf(core, before, issue);
  const seen = issue.isAsSent ? null : sharedFieldsOf(issue, expectedMarks(core, before));
  linkIssue(core.sql, caseId, issue, { readAt: core.clock.now(), sharedFields: seen, trouble });
  if (isBack(before)) startGeneration(core, caseId, 'Caselite', 'its issue is there again');
  const caseRecord = getCase(core.sql, caseId);
  const wasClosed = caseRecord.loop !== 'working';
  if (issue.state === 'closed' && !wasClosed && !isBeingReopened(core, caseId)) closeCase(core, caseRecord, issue);
  else if (issue.state === 'closed' && wasClosed) learnOriginal(core, caseRecord, issue);
  for (const name of issue.labels)
    openGate(core, caseId, { kind: 'label', name }, { who: 'somebody in the tracker', why: `label ${name}` });
  if (issue.state === 'open' && wasClosed) {
    const { who, why } = look.reopened ?? byHand;
    startGeneration(core, caseId, who, why);
  }
  const base = look.anew ? null : (before.issue?.sharedFields ?? null);
  // A closing that Caselite undoes has no consequence; edits made with it are taken over once the issue is open.
  const isUndone = issue.state === 'closed' && getCase(core.sql, caseId).loop === 'working';
  if (isUndone && base) markIssue(core.sql, caseId, { sharedFields: base });
  if (!issue.isAsSent) followPeople(core, caseId, base, issue, look);
}

function isBeingReopened(core: Core, caseId: string): boolean {
  return openRows(core.sql, `case:${caseId}`).some(({ kind }) => kind === 'issue.reopen');
}
