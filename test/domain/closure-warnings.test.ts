import { describe, expect, it } from 'vitest';
import { type ClosingToCheck, type ClosureWarningName, findClosureWarnings } from '#domain/loop/closure-warnings.ts';
import { hourMs, minuteMs } from '#domain/time/units.ts';

const at = Date.UTC(2026, 10, 24, 9);

/** Closed after three hours, a day before the due time, by a person who had contacted the customer and described it. */
const sound: ClosingToCheck = {
  kind: 'tactical',
  reason: 'fixed',
  startedAt: at - 3 * hourMs,
  closedAt: at,
  dueAt: at + 24 * hourMs,
  firstContactAt: at - hourMs,
  comments: 2,
  isClosedByPerson: true,
  alongside: 0,
};

describe('a closing', () => {
  it('shows no sign where all was done', () => {
    expect(findClosureWarnings(sound)).toEqual([]);
  });

  it.each<[ClosureWarningName, Partial<ClosingToCheck>]>([
    ['just-before-due', { dueAt: at + 20_000 }],
    ['just-before-due', { dueAt: at }],
    ['soon-after-opening', { startedAt: at - 15 * minuteMs + 1 }],
    ['in-a-burst', { alongside: 4 }],
    ['without-comment', { comments: 0 }],
    ['without-contact', { firstContactAt: null }],
    ['by-a-machine', { isClosedByPerson: false }],
  ])('shows the sign %s', (warning, facts) => {
    expect(findClosureWarnings({ ...sound, ...facts }).map((closureWarning) => closureWarning.warning)).toEqual([
      warning,
    ]);
  });

  it.each<[string, Partial<ClosingToCheck>]>([
    ['late ones', { dueAt: at - 1 }],
    ['five minutes before the goal', { dueAt: at + 5 * minuteMs }],
    ['a quarter of an hour of work', { startedAt: at - 15 * minuteMs }],
    ['three others at once', { alongside: 3 }],
    ['a goal that another one replaced', { dueAt: null }],
    ['a strategic case without contact of its own', { kind: 'strategic', firstContactAt: null }],
    ['what went away by itself', { reason: 'gone', comments: 0, isClosedByPerson: false }],
  ])('shows none for %s', (_, facts) => {
    expect(findClosureWarnings({ ...sound, ...facts })).toEqual([]);
  });

  it('says how long, in seconds or minutes', () => {
    const [left, took] = findClosureWarnings({ ...sound, startedAt: at - 6 * minuteMs, dueAt: at + 20_000 });
    expect(left?.text).toBe('closed 20 seconds before it was due');
    expect(took?.text).toBe('closed 6 minutes after work on it began');
  });

  it('says each sign in words', () => {
    const texts = (facts: Partial<ClosingToCheck>) =>
      findClosureWarnings({ ...sound, ...facts }).map(({ text }) => text);
    expect(texts({ alongside: 4, comments: 0, firstContactAt: null, isClosedByPerson: false })).toEqual([
      'closed together with 4 others within ten minutes',
      'nobody wrote a comment on the issue',
      'no contact with the customer is on record',
      'closed by a merge, a bot, or an unknown account',
    ]);
    expect(texts({ startedAt: at - 2 * minuteMs })).toEqual(['closed 2 minutes after work on it began']);
  });

  it('shows none for a duplicate, nor before the goal of a case that is hardly older', () => {
    expect(findClosureWarnings({ ...sound, reason: 'duplicate', comments: 0 })).toEqual([]);
    const young = { ...sound, startedAt: at - 5 * minuteMs, dueAt: at };
    expect(findClosureWarnings(young).map(({ warning }) => warning)).toEqual(['soon-after-opening']);
  });
});
