import { basics, type Case, type Core, IntegrationError, minuteMs, port, secondMs, store } from '../kit.ts';
import { leaveClosingToPerson } from '../loop/after-closing.ts';
import { cancelFollowUps } from '../loop/withdraw.ts';
import { findCaseOfRow } from '../queues/outbox-kind.ts';

const needsIssue = ({ loop, missedIssueReads: lost }: Case): boolean =>
  ['working', 'resolved', 'asked', 'disputed'].includes(loop) && (lost === null || port.isIssueSearchRunning(lost));

const isLost = ({ loop, closingReason }: Case): boolean => loop === 'dropped' && closingReason === 'gone';

/** A place that the tracker can name; a hidden place is an error. */
export type Seen = { kind: Exclude<port.Whereabouts['kind'], 'hidden'>; url: string | null };

/** Finds where a missing issue is. @throws IntegrationError `auth` when the whole place is hidden */
export async function whereabouts(tracker: port.Tracker, issueId: string): Promise<Seen> {
  const { kind, url } = await tracker.findWhyUnreadable(issueId);
  if (kind === 'hidden')
    throw new IntegrationError('auth', 'read issue', { status: 404, detail: 'the place is not to be seen' });
  return { kind, url };
}

const lagMs = 10 * secondMs;

/** GitHub may not find an issue in the first seconds after it was made or changed. */
const wasJustSeen = (core: Core, { issue }: Case): boolean => core.clock.now() - (issue?.readAt ?? 0) < lagMs;

/** Counts a direct read that did not show an issue. The issue is lost after three such reads over 24 hours. */
export const recordMissedReadUnlessHere = (core: Core, caseId: string, { kind, url }: Seen): void =>
  core.sql.transaction(() => {
    if (kind === 'here') return;
    const now = core.clock.now();
    const caseRecord = store.getCase(core.sql, caseId);
    if (kind === 'missing' && wasJustSeen(core, caseRecord)) return;
    store.updateMirroredIssue(core.sql, caseId, { readAt: now });
    const known = caseRecord.issue?.trouble;
    if (known?.kind !== kind) {
      const trouble = { kind, since: caseRecord.missedIssueReads?.firstMissedAt ?? now, url };
      store.updateMirroredIssue(core.sql, caseId, { trouble, ...(url && { url }) });
      const why = `${caseRecord.issue?.key} ${port.issueTroubles[kind].says}`;
      basics.record(core, caseId, `issue ${kind}`, why, { evidence: url ?? caseRecord.issue?.url ?? caseId });
    }
    if (caseRecord.missedIssueReads && !port.isIssueSearchRunning(caseRecord.missedIssueReads)) return;
    if (!needsIssue(caseRecord) && !isLost(caseRecord)) {
      if (caseRecord.missedIssueReads) store.updateCase(core.sql, caseId, { missedIssueReads: null });
      return;
    }
    const lost = port.countMissedRead(caseRecord.missedIssueReads, now, isLost(caseRecord));
    if (!lost) return;
    store.updateCase(core.sql, caseId, {
      missedIssueReads: lost,
      duplicateSearchDueAt: caseRecord.missedIssueReads ? caseRecord.duplicateSearchDueAt : now,
    });
    if (!isLost(caseRecord) && port.shouldGiveUpIssue(lost, now)) giveUp(core, caseRecord, lost.lookups);
  });

function giveUp(core: Core, caseRecord: Case, lookups: number): void {
  const kind = caseRecord.issue?.trouble?.kind ?? 'missing';
  const why = `its issue can no longer be read: it ${port.issueTroubles[kind].says}`;
  const now = core.clock.now();
  cancelFollowUps(core, caseRecord, { unsent: port.issueGoneReason, unanswered: port.issueGoneReason });
  store.endWaiting(core.sql, `case:${caseRecord.id}`, now, port.issueGoneReason);
  const resolvedAt = caseRecord.resolvedAt ?? now;
  store.updateCase(core.sql, caseRecord.id, { closingReason: 'gone', resolvedAt, overdue: false });
  basics.record(core, caseRecord.id, 'issue gone', `${why}. ${lookups} reads over a day did not find it`);
  leaveClosingToPerson(core, caseRecord, `${why}; decide what becomes of the case`);
}

/** Trouble of an issue, recorded where it is new or over since `before` this read. */
export function recordIssueTrouble(core: Core, before: Case, issue: port.IssueSnapshot): port.Trouble | null {
  const known = before.issue?.trouble ?? null;
  const kind = issue.condition;
  const wasMissing = before.missedIssueReads !== null || isBack(before);
  const formerIssueKey = before.issue?.key ?? issue.key;
  const note = (what: port.IssueTroubleKind | 'back', why: string) =>
    basics.record(core, before.id, `issue ${what}`, why, { evidence: issue.url });
  if (formerIssueKey !== issue.key) note('moved', `it is ${issue.key} now, and was ${formerIssueKey}`);
  if (wasMissing) {
    store.hastenRows(core.sql, `case:${before.id}`, before.tracker, core.clock.now());
    const lookups = before.missedIssueReads ? `; ${before.missedIssueReads.lookups} reads had not found it` : '';
    note('back', `${issue.key} is back${lookups}`);
  }
  if (kind === null) {
    if (known && !wasMissing) note('back', `${issue.key} is no longer ${known.kind}`);
    return null;
  }
  if (known?.kind === kind) return known;
  if (kind !== 'moved' || formerIssueKey === issue.key) note(kind, `${issue.key} ${port.issueTroubles[kind].says}`);
  return { kind, since: core.clock.now(), url: null };
}

export const isBack = (before: Case): boolean => before.issue !== null && isLost(before);

/** Instant until which a call waits for a missing issue, whose return runs it at once; null for no wait. */
export function findMissingIssueWaitEnd(core: Core, row: store.OutboxRow): number | null {
  const caseRecord = caseOf(core, row);
  if (!caseRecord?.missedIssueReads || !needsIssue(caseRecord)) return null;
  return Math.max(caseRecord.missedIssueReads.nextAt, core.clock.now()) + 5 * minuteMs;
}

/** Counts a refused call as a missed read if the issue itself is not found. @returns as `waitForIssue` */
export async function countRefusalAsMissedRead(core: Core, row: store.OutboxRow): Promise<number | null> {
  const caseRecord = caseOf(core, row);
  if (!caseRecord?.issue || !needsIssue(caseRecord)) return null;
  const tracker = await core.integrations.tracker(row.queue);
  if (await tracker.readIssue(caseRecord.issue.id)) return null;
  recordMissedReadUnlessHere(core, caseRecord.id, await whereabouts(tracker, caseRecord.issue.id));
  return findMissingIssueWaitEnd(core, row) ?? (wasJustSeen(core, caseRecord) ? core.clock.now() + lagMs : null);
}

/** Whether a refused call concerns an issue that was never created, was given up, or was replaced and is gone. */
export function isCallNoLongerNeeded(core: Core, row: store.OutboxRow): boolean {
  const caseRecord = caseOf(core, row);
  if (row.kind === 'issue.comment' && row.payload.former) return true;
  return caseRecord !== null && (caseRecord.issue === null || !needsIssue(caseRecord));
}

function caseOf(core: Core, row: store.OutboxRow): Case | null {
  const isAboutIssue = row.kind.startsWith('issue.') && !['issue.create', 'issue.sub-state'].includes(row.kind);
  return isAboutIssue ? findCaseOfRow(core, row) : null;
}
