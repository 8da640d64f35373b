import { expect, it } from 'vitest';
import { readSourceDetail } from '#src/workspace/queries/intake.ts';
import { responseIdsOfCase } from '#src/workspace/store/case-links.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { ToolHarness } from '#test/harness/tool-harness.ts';
import { chance } from '#test/simulation/chance.ts';

/* A survey tool's deliveries are lost for 48 hours without notice, and no response is missing in the end. */

it.each([1, 2, 3])('loses nothing in an outage of 48 hours (%i)', async (seed) => {
  const { below, happens } = chance(seed);
  const harness = new ToolHarness();
  let number = 0;
  const live = async (ms: number) => {
    const until = harness.now + ms;
    while (harness.now < until) {
      number += 1;
      await harness.submit({ id: `r-${number}`, answers: { done: !happens(0.3), effort: below(11) } });
      // A number of its own, because an edit that changes no answer is none.
      const edited = { id: `r-${1 + below(number)}`, answers: { done: true, effort: 100 + number } };
      if (happens(0.2)) await harness.submit(edited);
      await harness.pass(5 * minute + below(90) * minute);
    }
  };
  await live(day);
  expect(new Set(harness.stored())).toEqual(new Set(harness.tool.responses.keys()));
  const before = harness.tool.responses.size;

  harness.tool.isLosing = true;
  // For part of the time the tool's API fails as well.
  harness.tool.status = { code: 503 };
  await live(30 * hour);
  harness.tool.status = { code: 429, headers: { 'retry-after': '600' } };
  await live(10 * hour);
  harness.tool.status = null;
  await live(8 * hour);
  expect(harness.tool.responses.size).toBeGreaterThan(before + 30);

  harness.tool.isLosing = false;
  await live(3 * hour);
  await harness.pass(2 * hour);
  expect(new Set(harness.stored())).toEqual(new Set(harness.tool.responses.keys()));
  expect(harness.stored()).toHaveLength(harness.tool.responses.size);
  for (const response of harness.tool.responses.values()) {
    const kept = harness.responses().find(({ content }) => content.responseId === response.id);
    expect(kept?.content.revision).toBe(response.revision);
  }
  const source = readSourceDetail(harness.core, 'tool');
  expect(source.found).toBeGreaterThan(30);
  // Back-filled responses open cases like any other.
  const unhappy = [...harness.tool.responses.values()].filter(({ answers }) => answers.done === false);
  const inCases = new Set(harness.cases().flatMap(({ id }) => responseIdsOfCase(harness.sql, id)));
  expect(inCases.size).toBeGreaterThanOrEqual(unhappy.length);
});
