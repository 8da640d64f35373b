import { derivedUuid, issueMarker } from '#domain/base/marker.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import type { IssueSearch, IssueSnapshot } from '#domain/integrations/issue.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { casesDueForDuplicateSweep } from '../store/case-lists.ts';
import { getCase, updateCase } from '../store/cases.ts';
import { addToOutbox } from '../store/outbox.ts';
import { mirrorIssue } from './mirror.ts';

const day = 86_400_000;
const firstLookupMs = day;
const nextLookupMs = 7 * day;
/** Each costs a call or two, and the next poll goes on. */
const mostCases = 3;

/** How issues of a case are found: by its marker, and since it was opened. */
export const searchOf = (core: Core, caseRecord: Case): IssueSearch => ({
  marker: issueMarker(core.keys, core.workspace, handleOf(caseRecord)),
  uuid: derivedUuid(core.keys, 'issue-uuid.1', core.workspace, caseRecord.id),
  floor: '',
  startedAt: caseRecord.openedAt,
});

/**
 * An issue was made. Where it is not sure that this was done once, it is looked for a second one as soon as the tracker's
 * lists must show it; else now and then.
 */
export function expectDuplicateIssues(core: Core, caseId: string, isSure: boolean): void {
  const after = isSure ? firstLookupMs : core.settings.workspace.polling.settle;
  updateCase(core.sql, caseId, { duplicatesDueAt: core.clock.now() + after });
}

/**
 * Looks for issues that were made twice, a few cases at each poll. What is found beside the issue of a case is closed as
 * its duplicate. Only a marker with our own MAC for this very case, on an issue that our account made, counts.
 *
 * @throws IntegrationError
 */
export async function sweepDuplicateIssues(core: Core, trackerName: string, tracker: Tracker): Promise<void> {
  for (const id of casesDueForDuplicateSweep(core.sql, trackerName, core.clock.now(), mostCases)) {
    const marked =
      (await tracker.relations?.findDuplicateIssues(searchOf(core, getCase(core.sql, id)))) ?? [];
    core.sql.transaction(() => takeDuplicateIssues(core, id, marked));
  }
}

function takeDuplicateIssues(core: Core, caseId: string, marked: IssueSnapshot[]): void {
  const caseRecord = getCase(core.sql, caseId);
  const isOver = !['working', 'resolved', 'asked'].includes(caseRecord.loop);
  updateCase(core.sql, caseId, { duplicatesDueAt: isOver ? null : core.clock.now() + nextLookupMs });
  const { issue } = caseRecord;
  const others = marked.filter(({ id, state }) => id !== issue?.id && state === 'open');
  if (!issue || others.length === 0) return;
  const [heir, ...rest] = caseRecord.issueMissing ? others : [null, ...others];
  // The one that we knew is gone, and the other is the same in all that counts.
  if (heir) mirrorIssue(core, caseId, heir, { anew: true });
  for (const { id, key } of rest.filter((entry) => entry !== null))
    closeDuplicateIssue(core, caseRecord, { id, key });
}

function closeDuplicateIssue(
  core: Core,
  caseRecord: Case,
  duplicateIssue: { id: string; key: string },
): void {
  const once = `duplicate issue:${duplicateIssue.id}`;
  record(
    core,
    caseRecord.id,
    'duplicate issue found',
    `${duplicateIssue.key} was made for this case as well`,
    {
      evidence: duplicateIssue.key,
    },
  );
  addToOutbox(core.sql, {
    key: `duplicate issue:${caseRecord.id}:${duplicateIssue.id}`,
    queue: caseRecord.tracker,
    orderingKey: `case:${caseRecord.id}`,
    kind: 'issue.duplicate',
    payload: {
      caseId: caseRecord.id,
      duplicateIssue,
      ref: core.keys.mac('comment.1', caseRecord.id, once).slice(0, 24),
      uuid: derivedUuid(core.keys, 'comment-uuid.1', core.workspace, caseRecord.id, once),
    },
    at: core.clock.now(),
  });
}
