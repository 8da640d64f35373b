import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Core } from '#src/workspace/core.ts';
import { runDue } from '#src/workspace/run-due.ts';
import { findNextWorkAt } from '#src/workspace/store/schedule.ts';
import type { ToolResponse } from '#test/emulators/survey-tool.ts';
import { sampled } from '#test/harness/sampled.ts';
import { hour, minute } from '#test/harness/times.ts';
import { ToolHarness } from '#test/harness/tool-harness.ts';
import { Crash, type Life, mortalDurability, mortalSql, overSurveyApi } from '#test/simulation/faults.ts';

/** A harness whose process dies at the n-th port call, and starts again. */
class MortalHarness extends ToolHarness {
  steps = 0;
  dieAt = Number.POSITIVE_INFINITY;

  async runMortal(until: number): Promise<void> {
    // What was acked is stored.
    this.store.commit();
    const life: Life = {
      dead: false,
      step: () => {
        this.steps += 1;
        if (this.steps === this.dieAt) life.dead = true;
        if (life.dead) throw new Crash();
      },
    };
    const mortal =
      <Given extends unknown[], Result>(call: (...given: Given) => Promise<Result>) =>
      async (...given: Given): Promise<Result> => {
        life.step();
        // A request that leaves stores the writes before it.
        this.store.commit();
        const result = await call(...given);
        life.step();
        return result;
      };
    const core: Core = {
      ...this.core,
      sql: mortalSql(this.sql, life),
      durability: mortalDurability(this.store.durability, life),
      integrations: overSurveyApi(this.core.integrations, (api) => {
        const { fetchResponse, fetchQuestions, listResponses } = api;
        if (!fetchResponse || !fetchQuestions || !listResponses) return api;
        return {
          fetchResponse: mortal(fetchResponse),
          fetchQuestions: mortal(fetchQuestions),
          listResponses: mortal(listResponses),
        };
      }),
    };
    for (let turns = 0; turns < 500; turns += 1) {
      const due = findNextWorkAt(this.sql) ?? Number.POSITIVE_INFINITY;
      if (due > until) return;
      this.now = Math.max(this.now, due);
      try {
        await runDue(core, new Set());
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
      }
      // The process is gone; the next one continues with the committed state.
      if (life.dead) return this.store.lose();
      this.store.commit();
    }
    throw new Error('no progress');
  }
}

const sad = { done: false, effort: 2 };

async function live(dieAt: number): Promise<MortalHarness> {
  const harness = new MortalHarness({ deliveries: 'reference' });
  harness.dieAt = dieAt;
  await harness.tool.submit({ id: 'r-1', customer: 'one', answers: sad });
  await harness.tool.submit({ id: 'r-2', customer: 'two', answers: sad });
  harness.tool.isLosing = true;
  await harness.tool.submit({ id: 'r-3', customer: 'three', answers: sad });
  harness.tool.isLosing = false;
  await harness.runMortal(harness.now + minute);
  await harness.pass(3 * hour);
  return harness;
}

describe('a process that dies', () => {
  it('at any step of intake loses nothing that was acked, and opens nothing twice', async () => {
    const whole = await live(Number.POSITIVE_INFINITY);
    expect(whole.stored().sort()).toEqual(['r-1', 'r-2', 'r-3']);
    expect(whole.steps).toBeGreaterThan(150);
    for (let dieAt = 1; dieAt <= whole.steps; dieAt += sampled(1, 3)) {
      const harness = await live(dieAt);
      const told = `died at step ${dieAt}`;
      expect(harness.stored().sort(), told).toEqual(['r-1', 'r-2', 'r-3']);
      expect(
        harness
          .cases()
          .map(({ customerKey }) => customerKey)
          .sort(),
        told,
      ).toEqual(['one', 'three', 'two']);
      expect(harness.trackers.support.issues, told).toHaveLength(3);
      expect(
        harness.delivered().filter(({ outcome }) => !['stored', 'duplicate'].includes(outcome)),
        told,
      ).toEqual([]);
    }
  }, 120_000);
});

describe('orders and duplicates', () => {
  type Event = Pick<ToolResponse, 'revision' | 'partial' | 'answers'>;
  const states: Event[] = [
    { revision: 1, partial: true, answers: { done: false } },
    { revision: 2, partial: true, answers: { done: false, effort: 3 } },
    { revision: 3, partial: false, answers: { done: false, effort: 4 } },
    { revision: 4, partial: false, answers: { done: true, effort: 9 } },
  ];

  it('of any kind end with the newest state of one response', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...states, ...states, ...states], { minLength: 1 }),
        fc.boolean(),
        async (events, together) => {
          const harness = new ToolHarness();
          for (const event of events) {
            const base = { id: 'r', form: 'upgrade', customer: 'c', email: 'c@customer.example' };
            const times = { submittedAt: harness.now, changedAt: harness.now };
            await harness.tool.send({ ...base, ...times, ...event });
            if (!together) await harness.pass(minute);
          }
          await harness.pass(minute);
          const newest = Math.max(...events.map(({ revision }) => revision));
          expect(harness.stored()).toEqual(['r']);
          const { content, decidedRevision } = harness.response();
          const state = states[newest - 1];
          expect([content.revision, content.partial]).toEqual([newest, state?.partial]);
          expect(content.answers.map(({ value }) => value)).toEqual(Object.values(state?.answers ?? {}));
          expect(decidedRevision).toBe(state?.partial ? decidedRevision : newest);
          expect(harness.cases().length).toBeLessThanOrEqual(1);
          await harness.pass(25 * hour);
          // Whatever came first: partial responses are evaluated after a day, and an edit opens nothing twice.
          expect(harness.response().decidedRevision).toBe(newest);
          if (newest < 4) expect(harness.cases()).toHaveLength(1);
          expect(harness.cases().every(({ loop }) => loop === 'working')).toBe(true);
        },
      ),
      { numRuns: sampled(60, 20), seed: 7 },
    );
  }, 60_000);

  it('evaluates a partial response after a day of silence, and takes the rest as an edit', async () => {
    const harness = new ToolHarness();
    await harness.submit({ id: 'r', partial: true, answers: { done: false } });
    await harness.pass(20 * hour);
    await harness.submit({ id: 'r', answers: { done: false, effort: 1 } });
    await harness.pass(20 * hour);
    expect(harness.cases()).toEqual([]);
    await harness.pass(5 * hour);
    expect(harness.cases()).toHaveLength(1);
    expect(harness.response().decisions.find(({ opened }) => opened)?.why[0]).toContain('after 24 hours of silence');
    await harness.submit({ id: 'r', partial: false, answers: { done: true, effort: 9 } });
    expect(harness.timeline()).toContain('response edited');
    expect(harness.case().loop).toBe('working');
  });
});
