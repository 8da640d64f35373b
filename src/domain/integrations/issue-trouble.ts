import * as z from 'zod';
import { dayMs, hourMs } from '../time/units.ts';

export const IssueTroubleKind = z.enum(['locked', 'archived', 'converted', 'moved', 'deleted', 'missing']);
export type IssueTroubleKind = z.output<typeof IssueTroubleKind>;

export type IssueSpecialState = Exclude<IssueTroubleKind, 'deleted' | 'missing'>;

/** Trouble with a case's issue, and its start in UTC milliseconds. */
export type Trouble = { kind: IssueTroubleKind; since: number; url: string | null };

export const issueTroubles: Record<IssueTroubleKind, { says: string; remedy: string }> = {
  locked: {
    says: 'is locked: comments may be refused',
    remedy: 'Unlock the conversation in the tracker, or go on here.',
  },
  archived: {
    says: 'is archived: it is missing among the open ones',
    remedy: 'Restore it from the archive, or close it with its reason.',
  },
  converted: {
    says: 'was converted into a discussion or a sub-task',
    remedy: 'Convert it back, or go on with the case by hand and close it here.',
  },
  moved: {
    says: 'was moved to another place',
    remedy: 'Move it back, else decide about the case here.',
  },
  deleted: {
    says: 'was deleted',
    remedy: 'Restore it in the tracker if that was a mistake, else decide about the case here.',
  },
  missing: {
    says: 'cannot be found: it was deleted, or is no longer shown to Caselite',
    remedy: 'Check whether it still exists. If so, let Caselite’s account see it, else decide about the case here.',
  },
};

/** Reads that did not find an issue. Instants are UTC milliseconds. */
export type MissedIssueReads = { lookups: number; firstMissedAt: number; nextAt: number };
const missingReadIntervalMs = 2 * hourMs;
const missedReadsToGiveUp = 3;
const missingMsToGiveUp = dayMs;
const searchAfterGivingUpMs = 30 * dayMs;
const never = Number.MAX_SAFE_INTEGER;

/** Reason for asking nobody about a case whose issue was given up. */
export const issueGoneReason = 'its issue is gone';

export const isIssueSearchRunning = (lost: MissedIssueReads | null): lost is MissedIssueReads =>
  lost !== null && lost.nextAt < never;

/** Ends the search, because a person decided about the case without its issue. */
export const endMissingIssueSearch = (lost: MissedIssueReads | null, now: number): MissedIssueReads => ({
  lookups: lost?.lookups ?? 0,
  firstMissedAt: lost?.firstMissedAt ?? now,
  nextAt: never,
});

/** Count of a read that did not find an issue, null for an early one; a lost issue is looked for during a month. */
export function countMissedRead(
  before: MissedIssueReads | null,
  now: number,
  isLost: boolean,
): MissedIssueReads | null {
  if (before && now < before.nextAt) return null;
  const firstMissedAt = before?.firstMissedAt ?? now;
  const isOver = isLost && now - firstMissedAt > searchAfterGivingUpMs;
  return {
    lookups: (before?.lookups ?? 0) + 1,
    firstMissedAt,
    nextAt: isOver ? never : now + (isLost ? dayMs : missingReadIntervalMs),
  };
}

/** Whether an issue was missing often and long enough to give it up: three reads over 24 hours. */
export const shouldGiveUpIssue = ({ lookups, firstMissedAt }: MissedIssueReads, now: number): boolean =>
  lookups >= missedReadsToGiveUp && now - firstMissedAt >= missingMsToGiveUp;
