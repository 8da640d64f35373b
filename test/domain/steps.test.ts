import { expect, test } from 'vitest';
import { finishSteps, longestTurnMs, takeSteps } from '#domain/base/steps.ts';

function* count(most: number): Generator<void, number> {
  let done = 0;
  while (done < most) {
    done += 1;
    yield;
  }
  return done;
}

test('long work gives way after 50 ms, and comes to the same end (security 2)', async () => {
  let now = 0;
  const turns: number[] = [];
  const clock = { now: () => now };
  const steps = (function* () {
    for (let step = 0; step < 12; step += 1) {
      now += 20;
      yield;
    }
    return yield* count(3);
  })();
  const giveWay = async () => void turns.push(now);
  expect(await takeSteps(steps, clock, giveWay)).toBe(3);
  expect(turns).toEqual([60, 120, 180, 240]);
  expect(longestTurnMs).toBe(50);
  expect(finishSteps(count(7))).toBe(7);
});
