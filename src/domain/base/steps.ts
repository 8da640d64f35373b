import type { Clock } from './ports.ts';

export const longestTurnMs = 50;
/** Steps after which others get their turn too, because the clock of a platform may stand still during a turn. */
const mostStepsPerTurn = 1000;

/** Does all steps at once. */
export function finishSteps<Value>(steps: Generator<void, Value>): Value {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** @param giveWay waits until others had their turn */
export async function takeSteps<Value>(
  steps: Generator<void, Value>,
  clock: Clock,
  giveWay: () => Promise<void>,
): Promise<Value> {
  let since = clock.now();
  for (let taken = 1; ; taken += 1) {
    const step = steps.next();
    if (step.done) return step.value;
    if (taken % mostStepsPerTurn !== 0 && clock.now() - since < longestTurnMs) continue;
    await giveWay();
    since = clock.now();
  }
}
