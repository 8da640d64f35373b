import { describe, expect, it } from 'vitest';
import { countPoll } from '#test/bench/poll.ts';
import { trackerHarnesses } from './tracker-harnesses.ts';

describe('a poll costs by changes, not by open cases', () => {
  it.each(trackerHarnesses)('$title', async (stand) => {
    const few = await countPoll(stand, 10);
    const many = await countPoll(stand, 2000);
    expect(few.changed).toBe(10);
    expect(many.changed).toBe(10);
    expect(many.calls).toBe(few.calls);
    expect(many.lookups).toBe(few.lookups);
    expect(many.lookups).toBeLessThanOrEqual(5);
  });
});
