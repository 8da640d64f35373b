import { beforeAll, describe, expect, it } from 'vitest';
import { sampled } from '#test/harness/sampled.ts';
import { crashPoints, findMissedCrashPoints } from './crash-points.ts';
import { describeFault, exhaust, playFault, type Run } from './exhaustive.ts';
import { stories } from './exhaustive-stories.ts';
import { faultKinds } from './stage.ts';

/** Primes, so that the sample has each kind of fault. */
const step = sampled(31, 307);

describe('a failing port call', () => {
  it.each(stories)('loses and doubles nothing: $name', async (story) => {
    const report = await exhaust(story, { step, first: story.name.length });
    expect(report.failures).toEqual([]);
    expect(report.runs).toBeGreaterThan(sampled(20, 0));
  });
});

describe('a crash point', () => {
  const healthyRuns: { story: (typeof stories)[number]; healthy: Run }[] = [];
  beforeAll(async () => {
    for (const story of stories) healthyRuns.push({ story, healthy: await story.play(0, 'refused') });
  }, 90_000);

  it.each(Object.entries(crashPoints))('is reached, and nothing is lost: %s', async (_, faults) => {
    const reached = healthyRuns.flatMap(({ story, healthy }) =>
      healthy.calls.flatMap((call, index) =>
        faultKinds
          .filter((kind) => faults.test(describeFault(kind, call)))
          .map((kind) => () => playFault(story, healthy, index + 1, kind)),
      ),
    );
    expect(reached).not.toEqual([]);
    expect(await reached[0]?.()).toEqual([]);
  });

  it('that no story reaches is reported', () => {
    const points = { reached: /^refused: mail send$/, missed: /^refused: fax send$/ };
    expect(findMissedCrashPoints(points, new Set(['refused: mail send', 'lost after: mail send']))).toEqual(['missed']);
  });
});
