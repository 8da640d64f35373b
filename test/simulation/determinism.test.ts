import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { isWhole } from '#test/harness/sampled.ts';

const run = promisify(execFile);

/** Plays seeds in a separate process, without loaded SDKs or earlier runs. */
async function fingerprints(from: number, seeds: number): Promise<string[]> {
  const simulate = new URL('./simulate.ts', import.meta.url).pathname;
  const { stdout } = await run(process.execPath, [
    simulate,
    ...(isWhole ? [] : ['--core']),
    ...['--from', `${from}`],
    ...['--seeds', `${seeds}`],
    '--fingerprints',
  ]);
  return stdout.split('\n').filter((line) => line.startsWith('seed '));
}

it('plays a seed the same way alone and after another one', { timeout: 120_000 }, async () => {
  // Both seeds include crashes, and ran differently alone while the machine's timing still ordered the queues.
  const [series, first, second] = await Promise.all([fingerprints(3, 2), fingerprints(3, 1), fingerprints(4, 1)]);
  expect(series).toHaveLength(2);
  expect([...first, ...second]).toEqual(series);
});
