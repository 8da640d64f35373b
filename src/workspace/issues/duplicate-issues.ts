import { basics, type Case, type Core, dayMs, type port, store, weekMs } from '../kit.ts';
import { identifyComment, requestCall } from '../tracker-requests/sync-issue.ts';
import { mirrorIssue } from './mirror.ts';

const firstSweepDelayMs = dayMs;
const nextSweepDelayMs = weekMs;
/** Limit per poll, because each case costs a call or two. */
const mostCasesSweptPerPoll = 3;

const buildIssueSearch = (core: Core, caseRecord: Case): port.ReadBackSearch => ({
  ...basics.identifyIssue(core, caseRecord),
  floor: '',
  startedAt: caseRecord.openedAt,
});

/** Plans the search for duplicates: soon after an unknown outcome, else from time to time. */
export function planDuplicateSweep(core: Core, caseId: string, isSure: boolean): void {
  const after = isSure ? firstSweepDelayMs : core.settings.workspace.polling.settle;
  store.updateCase(core.sql, caseId, { duplicateSearchDueAt: core.clock.now() + after });
}

/** Closes duplicate issues beside a case's own; only a valid marker by our account counts. */
export async function sweepDuplicateIssues(core: Core, trackerName: string, tracker: port.Tracker): Promise<void> {
  for (const id of store.listCaseIdsDueForSweep(core.sql, trackerName, core.clock.now(), mostCasesSweptPerPoll)) {
    // A search that fails comes after the others next time.
    store.updateCase(core.sql, id, { duplicateSearchDueAt: core.clock.now() });
    const search = buildIssueSearch(core, store.getCase(core.sql, id));
    const marked = await tracker.listOwnIssuesWithMarker(search);
    core.sql.transaction(() => closeDuplicateIssues(core, id, marked));
  }
}

function closeDuplicateIssues(core: Core, caseId: string, marked: port.IssueSnapshot[]): void {
  const caseRecord = store.getCase(core.sql, caseId);
  const isOver = !['working', 'resolved', 'asked'].includes(caseRecord.loop);
  store.updateCase(core.sql, caseId, { duplicateSearchDueAt: isOver ? null : core.clock.now() + nextSweepDelayMs });
  const { issue } = caseRecord;
  const others = marked.filter(({ id, state }) => id !== issue?.id && state === 'open');
  if (!issue || others.length === 0) return;
  const heir = caseRecord.missedIssueReads && others.shift();
  if (heir) mirrorIssue(core, caseId, heir, { isOtherIssue: true });
  for (const duplicate of others) queueDuplicateIssueClose(core, caseRecord, duplicate);
}

export function queueDuplicateIssueClose(
  core: Core,
  { id: caseId, tracker }: Case,
  issue: { id: string; key: string },
) {
  const { id, key } = issue;
  const marks = identifyComment(core, caseId, `duplicate issue:${id}`);
  const payload = { caseId, duplicateIssue: { id, key }, ...marks };
  if (requestCall(core, { id: caseId, tracker }, 'issue.duplicate', `duplicate issue:${caseId}:${id}`, payload))
    basics.record(core, caseId, 'duplicate issue found', `${key} was also created for this case`, { evidence: key });
}
