import * as z from 'zod';
import { dayMs, hourMs } from '../time/units.ts';

/** What is out of the ordinary about an issue that is there, as far as its tracker tells; or why a look did not find it. */
export const TroubleKind = z.enum(['locked', 'archived', 'converted', 'moved', 'deleted', 'missing']);
export type TroubleKind = z.output<typeof TroubleKind>;
export type IssueCondition = Exclude<TroubleKind, 'deleted' | 'missing'>;

/** What is wrong with a case's issue, and since when, milliseconds UTC. */
export interface Trouble {
  kind: TroubleKind;
  since: number;
  /** Its new place, where the tracker tells it. */
  url: string | null;
}

interface Words {
  /** What is wrong, as a sentence goes on after the name of the issue. */
  says: string;
  /** What a person can do about it. */
  remedy: string;
}

const words: Record<TroubleKind, Words> = {
  locked: {
    says: 'is locked: comments may be refused',
    remedy: 'Unlock the conversation in the tracker, or go on here.',
  },
  archived: {
    says: 'is archived: nobody sees it among the open ones',
    remedy: 'Restore it from the archive, or close it with its reason.',
  },
  converted: {
    says: 'was made into something else, a discussion or a sub-task',
    remedy: 'Convert it back, or go on with the case by hand and close it here.',
  },
  moved: {
    says: 'was moved to another place',
    remedy: 'Move it back, or make its new place one of the workspace’s trackers.',
  },
  deleted: {
    says: 'was deleted',
    remedy: 'Restore it in the tracker if that was a mistake, else decide about the case here.',
  },
  missing: {
    says: 'cannot be found: it was deleted, or is no longer shown to Caselite',
    remedy:
      'Look whether it is still there. If it is, give Caselite’s account the right to see it, else decide about the case here.',
  },
};

export const troubleWords = (kind: TroubleKind): Words => words[kind];

/** The first look that did not find an issue, and those after it. Instants are milliseconds UTC. */
export interface MissingSince {
  lookups: number;
  firstAt: number;
  nextAt: number;
}
const readEveryMs = 2 * hourMs;
const neededReads = 3;
const neededMs = dayMs;
const lateSearchMs = 30 * dayMs;
const never = Number.MAX_SAFE_INTEGER;

/** Why nobody is asked about a case whose issue was given up. */
export const issueIsGone = 'its issue is gone';

/** Whether an issue that was not found is still looked for. */
export const isSearchedFor = (lost: MissingSince | null): lost is MissingSince =>
  lost !== null && lost.nextAt < never;

/** A person decided about the case without its issue: it is looked for no more. */
export const endSearch = (lost: MissingSince | null, now: number): MissingSince => ({
  lookups: lost?.lookups ?? 0,
  firstAt: lost?.firstAt ?? now,
  nextAt: never,
});

/**
 * Counts a look that did not find an issue. One that comes before its time counts for nothing, however often a list
 * names the issue.
 *
 * @param isLost whether it was given up already: then it is looked for once a day, for a month
 * @returns null where the look came too early
 */
export function countMissedRead(
  before: MissingSince | null,
  now: number,
  isLost: boolean,
): MissingSince | null {
  if (before && now < before.nextAt) return null;
  const firstAt = before?.firstAt ?? now;
  const isOver = isLost && now - firstAt > lateSearchMs;
  return {
    lookups: (before?.lookups ?? 0) + 1,
    firstAt,
    nextAt: isOver ? never : now + (isLost ? dayMs : readEveryMs),
  };
}

/** Whether it was looked for often and long enough to give it up: three times, over 24 hours. */
export const isGivenUp = ({ lookups, firstAt }: MissingSince, now: number): boolean =>
  lookups >= neededReads && now - firstAt >= neededMs;
