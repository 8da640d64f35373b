import { describe, expect, it } from 'vitest';
import {
  type Case,
  type ClosingReason,
  chooseClosingReason,
  handleOf,
  isOpenLoop,
  Loop,
  readCaseClock,
  readClosingKind,
} from '#domain/cases/case-record.ts';
import { decideClosingConsequence } from '#domain/cases/closing.ts';
import { type AskKind, type Standing, whySkipAsk } from '#domain/loop/skip-ask.ts';
import { dayMs } from '#domain/time/units.ts';
import { acme } from './samples.ts';

const settings = structuredClone(acme().workspace);
settings['case-options']['closing-reasons'] = { fixed: ['Shipped'], declined: ['Won’t do', '🙅'] };

describe('the reason of a closing', () => {
  it.each([
    ['completed', null, null, 'fixed'],
    ['completed', 'WONTDO', null, 'declined'],
    ['completed', 'x', 'wont-do', 'declined'],
    ['not-planned', 'shipped', null, 'fixed'],
    ['not-planned', null, 'Shipped!', 'fixed'],
    ['other', '🙅', null, 'declined'],
    ['other', '🙃', null, 'not-planned'],
    ['other', null, null, 'not-planned'],
    ['not-planned', 'other', 'Closed', 'not-planned'],
    ['duplicate', 'Shipped', null, 'duplicate'],
    ['stale', 'Shipped', null, 'stale'],
  ] as const)('of kind %s, natively %s, with status %s is %s', (kind, native, status, reason) => {
    expect(chooseClosingReason({ kind, native, at: 0, by: null }, settings, status)).toBe(reason);
  });

  it('leaves the status out where none is given', () => {
    expect(chooseClosingReason({ kind: 'other', native: null, at: 0, by: null }, settings)).toBe('not-planned');
  });

  it.each([
    ['Won’t do: out of scope', 'not-planned'],
    ["won't fix - too old", 'not-planned'],
    ['Cancelled (twice)', 'not-planned'],
    ['rejected, sorry', 'not-planned'],
    ['Declined. Really', 'not-planned'],
    ['Canceled!', 'not-planned'],
    ['Not planned; later', 'not-planned'],
    ['duplicate – of C-1', 'duplicate'],
    ['Duplicate', 'duplicate'],
    ['Shipped: not planned', 'completed'],
    ['we declined it', 'completed'],
    ['wont-do-it', 'completed'],
    ['', 'completed'],
  ])('that a person writes as %j is %s', (reason, kind) => {
    expect(readClosingKind(settings, reason)).toBe(kind);
  });

  it('tells who is asked, and why nobody is', () => {
    const none = { note: null, explanation: null, duplicateOf: null };
    const decide = (reason: ClosingReason, more = {}) => decideClosingConsequence({ ...none, ...more, reason });
    expect(decide('fixed')).toEqual({ earns: 'follow-up' });
    for (const reason of ['declined', 'not-planned'] as const) {
      expect(decide(reason, { explanation: 'x', note: 'y' })).toEqual({ earns: 'explanation' });
      expect(decide(reason, { note: 'y' })).toEqual({
        earns: 'decision',
        why: `closed as ${reason}, for a reason that stays with the team: write what the customer may read, or decide otherwise`,
      });
      expect(decide(reason)).toEqual({
        earns: 'decision',
        why: `closed as ${reason}: no reason given, so nobody is asked; decide whether the customer should be asked`,
      });
    }
    expect(decide('duplicate', { duplicateOf: 'c_1' })).toEqual({ earns: 'the same as', caseId: 'c_1' });
    expect(decide('duplicate')).toMatchObject({ earns: 'decision', why: expect.stringContaining('which case') });
    expect(decide('stale')).toMatchObject({ earns: 'decision', why: expect.stringContaining('solves nothing') });
    expect(decide('gone')).toMatchObject({ earns: 'decision', why: expect.stringContaining('no longer be read') });
  });
});

describe('a case', () => {
  it('is open only while somebody works on it', () => {
    expect(Loop.options.filter(isOpenLoop)).toEqual(['working']);
    expect(handleOf({ number: 17 })).toBe('C-17');
  });

  it('has a clock from opening to due time where none is known', () => {
    const clock: Case['clock'] = { startAt: 1, goalMs: 2, calendar: null, pauses: [] };
    expect(readCaseClock({ clock, openedAt: 0, dueAt: 0 } as Case)).toBe(clock);
    const of = (openedAt: number, dueAt: number) => readCaseClock({ clock: null, openedAt, dueAt } as Case);
    expect(of(5, 12)).toEqual({ startAt: 5, goalMs: 7, calendar: null, pauses: [] });
    expect(of(12, 5).goalMs).toBe(0);
  });
});

describe('nobody is asked', () => {
  const now = 1000 * dayMs;
  const fine: Standing = {
    whyObsolete: null,
    whyNoAddress: null,
    isUndeliverable: false,
    hasOptedOut: false,
    dueAt: now,
    ageMs: dayMs,
    lastAskedAt: null,
    isHeldByQuarantine: true,
  };
  const limits = { quarantine: 30 * dayMs, oldest: 90 * dayMs };
  const why = (
    changes: Partial<Standing>,
    kind: AskKind = 'customer',
    given: Parameters<typeof whySkipAsk>[2] = limits,
  ) => whySkipAsk(kind, { ...fine, ...changes }, given, now);

  it('for one reason, and the first counts', () => {
    const reasons: [Partial<Standing>, string][] = [
      [{ whyObsolete: 'the case was reopened' }, 'the case was reopened'],
      [{ dueAt: now - 31 * dayMs }, 'it would have come more than 30 days late'],
      [{ whyNoAddress: 'no address' }, 'no address'],
      [{ isUndeliverable: true }, 'mail to this address could not be delivered'],
      [{ hasOptedOut: true }, 'the customer asked for no more mail'],
      [{ ageMs: 90 * dayMs + 1 }, 'the customer’s response is more than 90 days old'],
      [{ lastAskedAt: now - dayMs }, 'the customer was asked less than 30 days ago'],
    ];
    for (const [index, [changes, reason]] of reasons.entries()) {
      expect(why(changes, 'resurvey')).toBe(reason);
      const later = Object.assign({}, ...reasons.slice(index).map(([each]) => each));
      expect(why(later, 'resurvey')).toBe(reason);
    }
    expect(why({})).toBeNull();
  });

  it('up to each bound and no further', () => {
    expect(why({ dueAt: now - 30 * dayMs }, 'resurvey')).toBeNull();
    expect(why({ dueAt: now - 7 * dayMs }, 'invitation')).toBeNull();
    expect(why({ dueAt: now - 7 * dayMs - 1 }, 'invitation')).toBe('it would have come more than 7 days late');
    for (const kind of ['customer', 'closer'] as const) expect(why({ dueAt: 0 }, kind)).toBeNull();
    expect(why({ ageMs: 90 * dayMs })).toBeNull();
    expect(why({ ageMs: 900 * dayMs }, 'customer', { ...limits, oldest: null })).toBeNull();
    expect(why({ lastAskedAt: now - 30 * dayMs })).toBeNull();
    expect(why({ lastAskedAt: now - dayMs, isHeldByQuarantine: false })).toBeNull();
    expect(why({ lastAskedAt: now - dayMs }, 'invitation')).toBe('the customer was asked less than 30 days ago');
    for (const kind of ['customer', 'closer'] as const)
      expect(why({ lastAskedAt: now }, kind)).toBe('the customer was asked less than 30 days ago');
  });
});
