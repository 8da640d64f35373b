import { describe, expect, it } from 'vitest';
import { computeShare } from '#domain/base/share.ts';
import { type ClosingVerdict, sumVerdictsAndBlockers } from '#domain/loop/loop-report.ts';

const closing = (facts: Partial<ClosingVerdict>): ClosingVerdict => ({
  verdict: 'confirmed',
  customer: 'yes',
  closer: 'yes',
  ...facts,
});

describe('a share', () => {
  // Published values of Wilson's interval.
  it.each([
    [1, 10, 0.0179, 0.4042],
    [8, 10, 0.4902, 0.9433],
    [0, 20, 0, 0.1611],
    [20, 20, 0.8389, 1],
    [263, 500, 0.4822, 0.5694],
  ])('of %i in %i lies between %f and %f', (count, total, low, high) => {
    const share = computeShare(count, total);
    expect(share.low ?? Number.NaN).toBeCloseTo(low, 3);
    expect(share.high ?? Number.NaN).toBeCloseTo(high, 3);
  });

  it('of nothing is no share', () => {
    expect(computeShare(0, 0)).toEqual({ count: 0, total: 0, share: null, low: null, high: null });
  });
});

describe('the sums', () => {
  const sums = sumVerdictsAndBlockers(
    [
      closing({}),
      closing({ closer: null }),
      closing({ verdict: 'disputed', customer: 'no' }),
      closing({ verdict: 'known-gap', customer: 'no', closer: 'unable' }),
      closing({ verdict: 'unverified', customer: null, closer: null }),
    ],
    [
      { blocker: 'policy', category: 'Terms', team: 'finance', customers: 2, revenue: 500, isKnownGap: 1 },
      {
        blocker: 'policy',
        category: 'Billing',
        team: 'finance',
        customers: 1,
        revenue: 0,
        isKnownGap: 0,
      },
      {
        blocker: 'no access',
        category: 'Terms',
        team: 'product',
        customers: 1,
        revenue: 7,
        isKnownGap: 0,
      },
    ],
  );

  it('cross both sides', () => {
    const count = (closer: string, customer: string) =>
      sums.crossed.find((entry) => entry.closer === closer && entry.customer === customer)?.count;
    expect(count('yes', 'yes')).toBe(1);
    expect(count('silent', 'yes')).toBe(1);
    expect(count('yes', 'no')).toBe(1);
    expect(count('unable', 'no')).toBe(1);
    expect(count('silent', 'silent')).toBe(1);
    expect(sums.crossed.reduce((all, entry) => all + entry.count, 0)).toBe(5);
  });

  it('count each verdict, and silence is never satisfaction', () => {
    expect(sums.total).toMatchObject({
      total: 5,
      counts: { confirmed: 2, disputed: 1, 'known-gap': 1, unverified: 1, 'unseen-recovery': 0 },
      confirmed: { count: 2, total: 5 },
    });
  });

  it('register blockers with where they stood in the way, and what they cost', () => {
    expect(sums.blockers[0]).toEqual({
      blocker: 'policy',
      count: 2,
      customers: 3,
      revenue: 500,
      knownGaps: 1,
      reasons: 0,
      categories: [
        { name: 'Billing', count: 1 },
        { name: 'Terms', count: 1 },
      ],
      teams: [{ name: 'finance', count: 2 }],
    });
  });
});
