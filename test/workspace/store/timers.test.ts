import { describe, expect, it } from 'vitest';
import {
  clearTimer,
  findNextWorkAt,
  listDueTimers,
  removeDueTimer,
  setTimer,
  timerKinds,
} from '#src/workspace/store/schedule.ts';
import { Harness } from '#test/harness/harness.ts';
import { hour, start } from '#test/harness/times.ts';

describe('a timer of an unknown kind', () => {
  it('is logged, kept, and looked at once an hour', async () => {
    const harness = new Harness();
    await harness.pass(0);
    harness.sql.run("INSERT INTO schedule (kind, target, due_at) VALUES ('anniversary', 'k-1', ?)", start);
    await harness.pass(3 * hour);
    expect(harness.log).toEqual(Array(4).fill('timer-unknown {"timer":"anniversary"}'));
    expect(harness.sql.all("SELECT target, due_at FROM schedule WHERE kind = 'anniversary'")).toEqual([
      { target: 'k-1', due_at: start + 4 * hour },
    ]);
    expect(findNextWorkAt(harness.sql)).toBe(start + 4 * hour);
  });
});

describe('timers of one instant', () => {
  it('come by the rank of their kind, then in the order in which they were set, never by name', () => {
    const harness = new Harness();
    harness.sql.run('DELETE FROM schedule');
    for (const kind of timerKinds.toReversed())
      for (const target of ['b', 'a']) setTimer(harness.sql, kind, target, start);
    expect(listDueTimers(harness.sql, start, 100).map(({ kind, target }) => `${kind} ${target}`)).toEqual(
      timerKinds.flatMap((kind) => [`${kind} b`, `${kind} a`]),
    );
  });

  it('are not played once another of them cleared or moved them', () => {
    const harness = new Harness();
    harness.sql.run('DELETE FROM schedule');
    for (const target of ['cleared', 'moved', 'due']) setTimer(harness.sql, 'window', target, start);
    const timers = listDueTimers(harness.sql, start, 100);
    clearTimer(harness.sql, 'window', 'cleared');
    setTimer(harness.sql, 'window', 'moved', start + hour);
    expect(timers.map(({ seq }) => removeDueTimer(harness.sql, seq, start))).toEqual([false, false, true]);
    expect(findNextWorkAt(harness.sql)).toBe(start + hour);
  });
});
