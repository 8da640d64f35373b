import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  computeResetWaitMs,
  computeUsageWaitMs,
  estimateLastCallMs,
  type Limit,
  type SlotUsage,
  slotMs,
  slotOf,
} from '#domain/integrations/rate-limit.ts';
import { minuteMs } from '#domain/time/units.ts';

const limit: Limit = { unit: 'writes', most: 80, windowMs: minuteMs };

/** Sends as fast as the rate limit allows, and returns the time of each call. */
function drain(limits: Limit[], count: number, gapMs: number, from = 0): number[] {
  const usage = limits.map((): SlotUsage[] => []);
  const sent: number[] = [];
  for (let now = from; sent.length < count; ) {
    const wait = Math.max(...limits.map((limit, index) => computeUsageWaitMs(limit, usage[index] ?? [], 1, now)));
    now += wait;
    if (wait > 0) continue;
    limits.forEach((limit, index) => {
      usage[index]?.push({ at: slotOf(limit, now), amount: 1 });
    });
    sent.push(now);
    now += gapMs;
  }
  return sent;
}

/** The highest count in any window, computed exactly. */
const mostWithin = (times: number[], withinMs: number): number =>
  Math.max(...times.map((end) => times.filter((at) => at > end - withinMs && at <= end).length));

/** Shortest possible time, in milliseconds, with exact knowledge of the host's windows. */
function idealMs({ most, windowMs: withinMs }: Limit, count: number, gapMs: number): number {
  const sent: number[] = [0];
  while (sent.length < count) {
    const before = sent[sent.length - most];
    sent.push(Math.max((sent.at(-1) ?? 0) + gapMs, before === undefined ? 0 : before + withinMs));
  }
  return sent.at(-1) ?? 0;
}

describe('a limit of a host', () => {
  it('lets everything go that fits, and the next at the end of the window', () => {
    const usage = [{ at: 0, amount: 79 }];
    expect(computeUsageWaitMs(limit, usage, 1, 30_000)).toBe(0);
    expect(computeUsageWaitMs(limit, usage, 2, 30_000)).toBe(slotMs(limit) + minuteMs - 30_000);
    expect(computeUsageWaitMs(limit, usage, 2, minuteMs + slotMs(limit))).toBe(0);
  });

  it('waits for as many slots as it needs, not for all', () => {
    const usage = [
      { at: 0, amount: 10 },
      { at: 20_000, amount: 70 },
    ];
    expect(computeUsageWaitMs(limit, usage, 10, 30_000)).toBe(31_000);
    expect(computeUsageWaitMs(limit, usage, 11, 30_000)).toBe(51_000);
  });

  it('lets go in the end what costs more than the whole limit', () => {
    expect(computeUsageWaitMs(limit, [], 500, 0)).toBe(0);
    expect(computeUsageWaitMs(limit, [{ at: 0, amount: 1 }], 500, 0)).toBe(minuteMs + slotMs(limit));
  });

  it('forgets what is older than its window, in whatever order it is told', () => {
    expect(computeUsageWaitMs(limit, [{ at: 0, amount: 80 }], 1, 10 * minuteMs)).toBe(0);
    const usage = [
      { at: 20_000, amount: 70 },
      { at: 0, amount: 10 },
    ];
    expect(computeUsageWaitMs(limit, usage, 10, 30_000)).toBe(31_000);
  });

  it.each([
    [1, 0],
    [10, 0],
    [80, 31_000],
    [81, 60_000],
    [151, minuteMs + 31_000],
    [161, 2 * minuteMs],
  ])('lets call %i of a queue go after %i ms', (count, ms) => {
    expect(estimateLastCallMs(limit, [{ at: 0, amount: 10 }], count, 30_000)).toBe(ms);
  });

  it('does not wait for a clock that went back', () => {
    expect(computeUsageWaitMs(limit, [{ at: 3_600_000, amount: 80 }], 1, 0)).toBe(0);
  });

  it('is never passed in any window, wherever the host lets its windows begin, and is used to 95 % and more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 0, max: 10_000_000 }),
        (most, gapMs, from) => {
          const entry: Limit = { unit: 'writes', most, windowMs: minuteMs };
          const sent = drain([entry], most * 5, gapMs, from);
          expect(mostWithin(sent, minuteMs)).toBeLessThanOrEqual(most);
          const took = (sent.at(-1) ?? 0) - from;
          expect(idealMs(entry, most * 5, gapMs) / took).toBeGreaterThanOrEqual(0.95);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('holds beside another one of the same unit', () => {
    const hour = { unit: 'writes', most: 500, windowMs: 60 * minuteMs };
    const sent = drain([limit, hour], 600, 300);
    expect(mostWithin(sent, minuteMs)).toBeLessThanOrEqual(80);
    expect(mostWithin(sent, 60 * minuteMs)).toBeLessThanOrEqual(500);
    // 500 calls fit into the first hour and 100 follow: at best within 61 minutes and 6 seconds.
    expect((61 * minuteMs + 6000) / (sent.at(-1) ?? 0)).toBeGreaterThanOrEqual(0.95);
  });
});

describe('what a host says is left', () => {
  it('holds until its reset once it is used up', () => {
    const allowance = { unit: 'requests', remaining: 1, resetsAt: 5000 };
    expect(computeResetWaitMs(allowance, 1, 1000)).toBe(0);
    expect(computeResetWaitMs(allowance, 2, 1000)).toBe(4000);
    expect(computeResetWaitMs(allowance, 2, 6000)).toBe(0);
  });
});
