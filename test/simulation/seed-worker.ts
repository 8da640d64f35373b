import { mutate } from './mutate.ts';
import { mutations } from './mutations.ts';
import type { PlaySeeds } from './play-seeds.ts';
import type { SeedReport } from './run-seed.ts';

/*
 * Plays every n-th seed of a kind, and reports each to the parent process, which may name the last seed to play
 * meanwhile. Arguments: the run as JSON, and this process's number among how many.
 */

/** The first seed, and every hundredth, runs twice: the same seed must give the same run. */
const playedTwiceEvery = 100;
const mostShrunk = 3;

const run: PlaySeeds = JSON.parse(process.argv[2] ?? '{}');
const [offset = 0, step = 1] = process.argv.slice(3).map(Number);
const { kind, from, count, sabotage = '', checker } = run;
const mutation = Object.hasOwn(mutations, sabotage) ? mutations[sabotage] : undefined;
const only = run.faults?.split(',').filter(Boolean);

mutate(mutation?.edits ?? []);
const { playSeed, shrinkKinds } = await readPlayers();
const { checkers } = await import('./run-seed.ts');
checkers.inside = checker !== 'outside';
checkers.outside = checker !== 'inside';

let last = from + count - 1;
process.on('message', (seed: number) => {
  last = Math.min(last, seed);
});
// Nobody reads further reports of a run whose parent was ended.
process.on('disconnect', () => {
  last = 0;
});

let shrunk = 0;
for (let seed = from + offset; seed <= last; seed += step) {
  const report = await playSeed(seed, only);
  const isDoubled = mutation === undefined && (seed - from) % playedTwiceEvery === 0;
  if (isDoubled && (await playSeed(seed, only)).fingerprint !== report.fingerprint)
    report.violations.push('determinism: the seed went differently the second time');
  if (report.violations.length > 0 && mutation === undefined && shrunk < mostShrunk) {
    shrunk += 1;
    report.kinds = await shrinkKinds(report);
  }
  await new Promise((sent) => process.send?.(report, undefined, {}, sent));
  // The parent's messages arrive only between turns of the event loop.
  await new Promise((turn) => setImmediate(turn));
}
process.disconnect();

interface Players {
  playSeed(seed: number, kinds?: readonly string[]): Promise<SeedReport>;
  /** The fewest kinds of faults and activities with which a seed still breaks in the same way. */
  shrinkKinds(report: SeedReport): Promise<string[]>;
}

async function readPlayers(): Promise<Players> {
  if (kind === 'full') {
    const { runSeed } = await import('./run-seed.ts');
    return { playSeed: (seed) => runSeed(seed, mutation && { mutation }), shrinkKinds: async () => [] };
  }
  const core = await import('./run-core-seed.ts');
  return {
    playSeed: (seed, kinds) => core.runCoreSeed(seed, mutation, kinds),
    shrinkKinds: core.shrinkKinds,
  };
}
