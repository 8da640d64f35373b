import { expect, it } from 'vitest';
import { runCoreSeed } from '#test/simulation/run-core-seed.ts';

/* Seeds of the core simulation as tests, for mutants that no other test kills. */

it.each(Array.from({ length: 30 }, (_, index) => index + 1))('core seed %i', async (seed) => {
  expect((await runCoreSeed(seed)).violations).toEqual([]);
});
