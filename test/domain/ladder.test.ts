import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeNextLadderStep, type LadderState } from '#domain/cases/ladder.ts';
import type { Escalation } from '#domain/settings/people.ts';
import { hourMs } from '#domain/time/units.ts';

const level = (hours: number) => ({ wait: hours * hourMs }) as Escalation['levels'][number];
const escalation = {
  remind: [50, 80],
  levels: [level(0), level(4), level(8)],
  repeat: 24 * hourMs,
  hold: 2 * hourMs,
} as Escalation;
const goal = 100 * hourMs;
const fresh: LadderState = {
  clock: { startAt: 0, goalMs: goal, calendar: null, pauses: [] },
  dueAt: goal,
  played: [],
  acknowledgedAt: null,
  snoozedUntil: null,
};
const next = (changes: Partial<LadderState>, settings = escalation) =>
  computeNextLadderStep(settings, null, { ...fresh, ...changes });

describe('the ladder of a case', () => {
  it('reminds at shares of the goal, is due at its end, then climbs level by level and repeats the last', () => {
    const played: LadderState['played'] = [];
    const climbed = Array.from({ length: 7 }, () => {
      const step = next({ played });
      if (step) played.push(step);
      return step && [step.kind, step.share, step.level, step.at / hourMs];
    });
    expect(climbed).toEqual([
      ['reminder', 50, null, 50],
      ['reminder', 80, null, 80],
      ['due', null, 0, 100],
      ['level', null, 1, 104],
      ['level', null, 2, 112],
      ['repeat', null, 2, 136],
      ['repeat', null, 2, 160],
    ]);
  });

  it('stands still while the clock is paused, before and after the goal', () => {
    const clock = { ...fresh.clock, pauses: [{ from: hourMs, to: null }] };
    const due = { kind: 'due' as const, level: 0, at: goal };
    for (const played of [[], [due]]) expect(next({ clock, played })).toBeNull();
    expect(next({ clock, played: [] }, { ...escalation, remind: [] })).toBeNull();
  });

  it('reminds no later than the due time, and rounds shares to milliseconds', () => {
    expect(next({ dueAt: 10 * hourMs })?.at).toBe(10 * hourMs);
    expect(next({ clock: { ...fresh.clock, goalMs: 101 } })?.at).toBe(51);
  });

  it('holds after an acknowledgement, and until the end of a snooze', () => {
    const played = [{ kind: 'due' as const, level: 0, at: goal }];
    expect(next({ played, acknowledgedAt: goal + hourMs })?.at).toBe(goal + 3 * hourMs);
    expect(next({ snoozedUntil: 60 * hourMs })?.at).toBe(60 * hourMs);
    expect(next({ snoozedUntil: 40 * hourMs })?.at).toBe(50 * hourMs);
  });

  it('counts an escalation by hand as a level reached', () => {
    const played = [
      { kind: 'due' as const, level: 0, at: goal },
      { kind: 'escalated' as const, level: 2, at: goal + hourMs },
    ];
    expect(next({ played })).toEqual({ kind: 'repeat', share: null, level: 2, at: goal + 25 * hourMs });
  });

  it('never goes back in time, whatever was played', () => {
    const taken = fc.array(fc.nat(200), { maxLength: 4 });
    fc.assert(
      fc.property(taken, (hours) => {
        const ends = hours.toSorted((a, b) => a - b).map((at) => goal + at * hourMs);
        const played = [goal, ...ends].map((at, index) => ({
          kind: index === 0 ? ('due' as const) : ('level' as const),
          level: Math.min(index, 2),
          at,
        }));
        const step = next({ played });
        expect(step?.at).toBe((played.at(-1)?.at ?? 0) + (played.length > 2 ? 24 : played.length * 4) * hourMs);
      }),
    );
  });
});
