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

export { keepReasons, obeyComments } from './run-commands.ts';

const byHand = { who: 'somebody in the tracker', why: 'the issue was reopened' };

/** What is known about a look at an issue. */
interface Look {
  /** Who reopened the issue and why, should it turn out to be open again. */
  reopened?: { who: string; why: string } | undefined;
  /** The call of ours that it answers. */
  wrote?: IssueWrite;
  made?: IssueDraft;
  /** It is another issue than the one before, or in another place: nothing that differs is anybody's edit. */
  anew?: true;
}

/** Takes over what the tracker shows of an issue, and follows what changed. Call it inside a transaction. */
export function mirrorIssue(core: Core, caseId: string, issue: IssueSnapshot, look: Look = {}): void {
  const before = getCase(core.sql, caseId);
  const trouble = troubleOf(core, before, issue);
  const seen = issue.isAsSent ? null : sharedFieldsOf(issue, expectedMarks(core, before));
  linkIssue(core.sql, caseId, issue, { readAt: core.clock.now(), sharedFields: seen, trouble });
  if (isBack(before)) startGeneration(core, caseId, 'Caselite', 'its issue is there again');
  const caseRecord = getCase(core.sql, caseId);
  const wasClosed = caseRecord.loop !== 'working';
  if (issue.state === 'closed' && !wasClosed && !isBeingReopened(core, caseId))
    closeCase(core, caseRecord, issue);
  else if (issue.state === 'closed' && wasClosed) learnOriginal(core, caseRecord, issue);
  for (const name of issue.labels)
    openGate(core, caseId, { kind: 'label', name }, { who: 'somebody in the tracker', why: `label ${name}` });
  if (issue.state === 'open' && wasClosed) {
    const { who, why } = look.reopened ?? byHand;
    startGeneration(core, caseId, who, why);
  }
  const base = look.anew ? null : (before.issue?.sharedFields ?? null);
  // A closing that is undone ends nothing: what people changed with it is followed once the issue is open.
  const isUndone = issue.state === 'closed' && getCase(core.sql, caseId).loop === 'working';
  if (isUndone && base) markIssue(core.sql, caseId, { sharedFields: base });
  if (!issue.isAsSent) followPeople(core, caseId, base, issue, look);
}

/** A closing that is about to be undone is none. */
function isBeingReopened(core: Core, caseId: string): boolean {
  return openRows(core.sql, `case:${caseId}`).some(({ kind }) => kind === 'issue.reopen');
}
