import { spawnSync } from 'node:child_process';
import { mutations } from '#test/simulation/mutations.ts';

/* Applies each known mutation in turn, and fails where the simulation (with `--core`, the core simulation) does not notice it. */

const simulate = new URL('simulate.ts', import.meta.url).pathname;
const isCore = process.argv.includes('--core');
const coreSeeds = 2000;
const wanted = process.argv.slice(2).filter((argument) => argument !== '--core');
const strangers = wanted.filter((name) => !Object.hasOwn(mutations, name));
if (strangers.length > 0) {
  console.error(`No sabotage ${strangers.join(', ')}. There are: ${Object.keys(mutations).join(', ')}.`);
  process.exit(2);
}

const missed: string[] = [];
for (const [name, { what, within }] of Object.entries(mutations)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const seeds = isCore ? coreSeeds : within;
  const args = [simulate, ...(isCore ? ['--core'] : []), '--sabotage', name, '--seeds', `${seeds}`];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const seed = /^seed (\d+):\n {2}(.*)$/m.exec(stdout);
  if (seed) {
    console.log(`${name} (${what}): noticed at seed ${seed[1]} of ${seeds}: ${seed[2]}`);
    continue;
  }
  missed.push(name);
  console.log(`${name} (${what}): NOT NOTICED within ${seeds} seeds\n${stderr}`);
}
if (missed.length > 0) console.log(`The checks are too weak for ${missed.join(', ')}.`);
process.exit(missed.length > 0 ? 1 : 0);
