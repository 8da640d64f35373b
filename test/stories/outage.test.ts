import { expect, it } from 'vitest';
import { oneSource } from '#src/workspace/queries/intake.ts';
import { chance } from '#test/simulation/chance.ts';
import { day, hour, minute } from '#test/workspace/rig.ts';
import { ToolRig } from '#test/workspace/tool-rig.ts';

/* A survey tool's deliveries get lost for 48 hours. Nobody notices, and nothing is missing in the end. */

it.each([1, 2, 3])('loses nothing in an outage of 48 hours (%i)', async (seed) => {
  const { below, happens } = chance(seed);
  const rig = new ToolRig();
  let number = 0;
  const live = async (ms: number) => {
    const until = rig.now + ms;
    while (rig.now < until) {
      number += 1;
      await rig.submit({ id: `r-${number}`, answers: { done: !happens(0.3), effort: below(11) } });
      if (happens(0.2))
        await rig.submit({ id: `r-${1 + below(number)}`, answers: { done: true, effort: 9 } });
      await rig.pass(5 * minute + below(90) * minute);
    }
  };
  await live(day);
  expect(new Set(rig.stored())).toEqual(new Set(rig.tool.responses.keys()));
  const before = rig.tool.responses.size;

  rig.tool.isLosing = true;
  // For a part of it the tool cannot even be asked.
  rig.tool.status = { code: 503 };
  await live(30 * hour);
  rig.tool.status = { code: 429, headers: { 'retry-after': '600' } };
  await live(10 * hour);
  rig.tool.status = null;
  await live(8 * hour);
  expect(rig.tool.responses.size).toBeGreaterThan(before + 30);

  rig.tool.isLosing = false;
  await live(3 * hour);
  await rig.pass(2 * hour);
  expect(new Set(rig.stored())).toEqual(new Set(rig.tool.responses.keys()));
  expect(rig.stored()).toHaveLength(rig.tool.responses.size);
  for (const response of rig.tool.responses.values()) {
    const [kept] = rig.sql.all<{ revision: number }>(
      "SELECT revision FROM responses WHERE json_extract(content, '$.responseId') = ?",
      response.id,
    );
    expect(kept?.revision).toBe(response.revision);
  }
  const source = oneSource(rig.core, 'tool');
  expect(source.found).toBeGreaterThan(30);
  // Found responses open cases like any other.
  const unhappy = [...rig.tool.responses.values()].filter(({ answers }) => answers.done === false);
  const behind = new Set(
    rig.sql.all('SELECT response_id FROM case_responses').map(({ response_id }) => response_id),
  );
  expect(behind.size).toBeGreaterThanOrEqual(unhappy.length);
});
