import { mutate } from './mutate.ts';
import { mutations } from './mutations.ts';
import type { SeedReport } from './run-seed.ts';

/*
 * Plays every n-th core seed, and reports each to the parent process. Arguments: first seed, number of seeds, step,
 * name of a mutation or an empty text, and kinds of trouble with commas or `drawn`.
 */

/** Every hundredth seed runs twice: the same seed must give the same run. */
const playedTwiceEvery = 100;
const mostShrunk = 3;

const [from = 1, count = 1, step = 1] = process.argv.slice(2, 5).map(Number);
const [name = '', given = 'drawn'] = process.argv.slice(5);
const mutation = Object.hasOwn(mutations, name) ? mutations[name] : undefined;
const only = given === 'drawn' ? undefined : given.split(',').filter(Boolean);

mutate(mutation?.edits ?? []);
const { runCoreSeed, shrinkKinds } = await import('./run-core-seed.ts');

let shrunk = 0;
for (let seed = from; seed < from + count; seed += step) {
  const report = await runCoreSeed(seed, mutation, only);
  if ((seed - from) % playedTwiceEvery < step && !(await isRepeatable(report)))
    report.violations.push('the seed went differently the second time: something is not under its control');
  if (report.violations.length > 0 && shrunk < mostShrunk) {
    shrunk += 1;
    report.kinds = await shrinkKinds(report, mutation);
  }
  await new Promise((sent) => process.send?.(report, undefined, {}, sent));
}
process.disconnect();

async function isRepeatable({ seed, fingerprint }: SeedReport): Promise<boolean> {
  return (await runCoreSeed(seed, mutation, only)).fingerprint === fingerprint;
}
