import { parseArgs } from 'node:util';
import { mutations } from '#test/simulation/mutations.ts';
import { playSeeds } from '#test/simulation/play-seeds.ts';

/*
 * Plays each known mutation until a seed notices it, and prints the seed and the invariant that spoke. Fails where one
 * is not noticed. With --outside the second checker judges alone, and what it does not notice is no failure.
 */

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { outside: { type: 'boolean', default: false }, seeds: { type: 'string', default: '2000' } },
});
const mostCoreSeeds = Number(values.seeds);
const checker = values.outside ? 'outside' : undefined;

const strangers = wanted.filter((name) => !Object.hasOwn(mutations, name));
if (strangers.length > 0) {
  console.error(`No sabotage ${strangers.join(', ')}. There are: ${Object.keys(mutations).join(', ')}.`);
  process.exit(2);
}

const row = (...cells: string[]) => console.log(`| ${cells.join(' | ')} |`);
row('mistake', 'what it does', 'simulation', 'noticed at seed', 'invariant');
row('---', '---', '---', '---', '---');
const missed: string[] = [];
for (const [name, { what, onlyFull }] of Object.entries(mutations)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const kind = onlyFull ? 'full' : 'core';
  const { reports } = await playSeeds({ kind, from: 1, count: onlyFull ?? mostCoreSeeds, sabotage: name, checker });
  const noticed = reports.find(({ violations }) => violations.length > 0);
  if (!noticed) missed.push(name);
  row(name, what, kind, noticed ? String(noticed.seed) : 'NOT NOTICED', firstLine(noticed?.violations[0] ?? ''));
}
const tried = wanted.length > 0 ? wanted.length : Object.keys(mutations).length;
if (values.outside)
  console.log(`The second checker notices ${tried - missed.length} of ${tried} alone; not: ${missed.join(', ')}.`);
else if (missed.length > 0) console.log(`The checks are too weak for ${missed.join(', ')}.`);
process.exit(missed.length > 0 && !values.outside ? 1 : 0);

function firstLine(violation: string): string {
  return violation.split('\n')[0]?.replaceAll('|', '/') ?? '';
}
