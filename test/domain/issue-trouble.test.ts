import { describe, expect, it } from 'vitest';
import {
  countMissedRead,
  endMissingIssueSearch,
  isIssueSearchRunning,
  type MissedIssueReads,
  shouldGiveUpIssue,
} from '#domain/integrations/issue-trouble.ts';
import { dayMs, hourMs } from '#domain/time/units.ts';

const start = 1000 * dayMs;
const lost: MissedIssueReads = { lookups: 3, firstMissedAt: start, nextAt: start + dayMs };

describe('an issue that a tracker does not find', () => {
  it('is looked for again after two hours, and no earlier read counts', () => {
    const first = countMissedRead(null, start, false);
    expect(first).toEqual({ lookups: 1, firstMissedAt: start, nextAt: start + 2 * hourMs });
    expect(countMissedRead(first, start + 2 * hourMs - 1, false)).toBeNull();
    expect(countMissedRead(first, start + 2 * hourMs, false)).toEqual({
      lookups: 2,
      firstMissedAt: start,
      nextAt: start + 4 * hourMs,
    });
  });

  it.each([
    [2, 2 * dayMs, false],
    [3, dayMs - 1, false],
    [3, dayMs, true],
    [9, 2 * dayMs, true],
  ])('after %i reads in %i ms is given up or not', (lookups, ms, isGivenUp) => {
    expect(shouldGiveUpIssue({ ...lost, lookups }, start + ms)).toBe(isGivenUp);
  });

  it('is looked for daily once it is given up, during a month', () => {
    const readAfter = (days: number, ms = 0) => countMissedRead(lost, start + days * dayMs + ms, true);
    expect(readAfter(1)).toEqual({ lookups: 4, firstMissedAt: start, nextAt: start + 2 * dayMs });
    expect(isIssueSearchRunning(readAfter(30))).toBe(true);
    expect(isIssueSearchRunning(readAfter(30, 1))).toBe(false);
    const notGivenUp = countMissedRead(lost, start + 31 * dayMs, false);
    expect(isIssueSearchRunning(notGivenUp)).toBe(true);
  });

  it('is looked for no more once a person decided', () => {
    expect(isIssueSearchRunning(null)).toBe(false);
    expect(isIssueSearchRunning(lost)).toBe(true);
    const ended = endMissingIssueSearch(lost, start + 5);
    expect(ended).toMatchObject({ lookups: 3, firstMissedAt: start });
    expect(isIssueSearchRunning(ended)).toBe(false);
    expect(endMissingIssueSearch(null, start + 5)).toMatchObject({ lookups: 0, firstMissedAt: start + 5 });
  });
});
