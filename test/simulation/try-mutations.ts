import { mutations } from '#test/simulation/mutations.ts';
import { playSeeds } from '#test/simulation/play-seeds.ts';

/*
 * Plays each known mutation until a seed notices it, and prints the seed and the invariant that spoke. Fails where one
 * is not noticed.
 */

const mostCoreSeeds = 2000;

const wanted = process.argv.slice(2);
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
  const { reports } = await playSeeds({ kind, from: 1, count: onlyFull ?? mostCoreSeeds, sabotage: name });
  const noticed = reports.find(({ violations }) => violations.length > 0);
  if (!noticed) missed.push(name);
  row(name, what, kind, noticed ? String(noticed.seed) : 'NOT NOTICED', firstLine(noticed?.violations[0] ?? ''));
}
if (missed.length > 0) console.log(`The checks are too weak for ${missed.join(', ')}.`);
process.exit(missed.length > 0 ? 1 : 0);

function firstLine(violation: string): string {
  return violation.split('\n')[0]?.replaceAll('|', '/') ?? '';
}
