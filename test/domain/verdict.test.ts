import { describe, expect, it } from 'vitest';
import {
  type CloserAnswer,
  type CustomerAnswer,
  combineVerdicts,
  decideVerdict,
  type Verdict,
} from '#domain/cases/verdict.ts';

type Row = [CustomerAnswer | null, CloserAnswer | null, Verdict | null, Verdict];

// customer, closer, the verdict while the customer may still answer, the verdict afterwards
const table: Row[] = [
  ['yes', 'yes', 'confirmed', 'confirmed'],
  ['yes', 'partly', 'unseen-recovery', 'unseen-recovery'],
  ['yes', 'unable', 'unseen-recovery', 'unseen-recovery'],
  ['yes', null, 'confirmed', 'confirmed'],
  ['partly', 'yes', 'disputed', 'disputed'],
  ['partly', 'partly', 'known-gap', 'known-gap'],
  ['partly', 'unable', 'known-gap', 'known-gap'],
  ['partly', null, 'disputed', 'disputed'],
  ['no', 'yes', 'disputed', 'disputed'],
  ['no', 'partly', 'known-gap', 'known-gap'],
  ['no', 'unable', 'known-gap', 'known-gap'],
  ['no', null, 'disputed', 'disputed'],
  [null, 'yes', null, 'unverified'],
  [null, 'partly', null, 'unverified'],
  [null, 'unable', null, 'unverified'],
  [null, null, null, 'unverified'],
];

describe('the verdict', () => {
  it.each(table)('of customer %s and closer %s is %s, in the end %s', (customer, closer, before, after) => {
    expect(decideVerdict({ customer, closer, isAnswerWindowOver: false })?.verdict ?? null).toBe(before);
    expect(decideVerdict({ customer, closer, isAnswerWindowOver: true })?.verdict ?? null).toBe(after);
  });

  it('tells in words what each side said', () => {
    const why = (customer: CustomerAnswer | null, closer: CloserAnswer | null) =>
      decideVerdict({ customer, closer, isAnswerWindowOver: true })?.why;
    expect(why('no', 'unable')).toBe(
      'the customer says it is not resolved, and the closer says it could not be closed',
    );
    expect(why('yes', null)).toContain('the closer has not answered');
    expect(why(null, 'partly')).toContain('did not answer in time');
    expect(why('partly', 'yes')).toContain('only partly resolved');
  });
});

describe('the verdict over many customers', () => {
  /** `null` counts the customers without an answer so far. */
  const over = (share: number, ...counts: [Verdict | null, number][]) => {
    const known = Object.fromEntries(counts.filter(([verdict]) => verdict !== null));
    return combineVerdicts(
      known,
      counts.reduce((total, [, count]) => total + count, 0),
      share,
    );
  };
  const sum = (share: number, ...counts: [Verdict | null, number][]) => over(share, ...counts)?.verdict ?? null;

  it('is disputed as soon as the share is reached, whoever may still answer', () => {
    expect(sum(0.2, ['disputed', 2], [null, 8])).toBe('disputed');
    expect(sum(0.2, ['disputed', 1], [null, 8])).toBeNull();
    expect(sum(0.2, ['disputed', 1], ['confirmed', 4])).toBe('disputed');
    expect(sum(1, ['disputed', 2], ['confirmed', 1])).toBe('confirmed');
    expect(sum(1, ['disputed', 3])).toBe('disputed');
  });

  it('is not disputed by a share of 0 alone', () => {
    expect(sum(0, ['confirmed', 3])).toBe('confirmed');
    expect(sum(0, ['confirmed', 3], ['disputed', 1])).toBe('disputed');
  });

  it('waits for the last customer otherwise', () => {
    expect(sum(0.2, ['confirmed', 9], [null, 1])).toBeNull();
    expect(sum(0.2, ['confirmed', 9], ['disputed', 1])).toBe('confirmed');
    expect(sum(0.2)).toBeNull();
  });

  it('takes the most frequent, and the worse of two that are as frequent', () => {
    expect(sum(0.2, ['confirmed', 2], ['unverified', 3])).toBe('unverified');
    expect(sum(0.2, ['confirmed', 2], ['known-gap', 2])).toBe('known-gap');
    expect(sum(0.2, ['unseen-recovery', 3], ['confirmed', 1])).toBe('unseen-recovery');
  });

  it('shows the count', () => {
    expect(over(0.2, ['confirmed', 2], ['disputed', 1])?.why).toBe(
      '3 customers: 2 confirmed, 1 disputed, 0 known-gap, 0 unseen-recovery, 0 unverified',
    );
  });
});
