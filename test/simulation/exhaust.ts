import { parseArgs } from 'node:util';
import { crashPoints } from '#test/simulation/crash-points.ts';
import { exhaust, faultKinds } from '#test/simulation/exhaustive.ts';
import { stories } from '#test/simulation/exhaustive-stories.ts';

/* Fails every port call of every story with every kind of fault, and prints a table; names of stories select some. */

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { step: { type: 'string', default: '1' } },
});
const hits = new Set<string>();
let failures = 0;
console.log('story | port calls | kinds of fault | runs | failures');
for (const story of stories) {
  if (wanted.length > 0 && !wanted.includes(story.name)) continue;
  const report = await exhaust(story, Number(values.step));
  for (const hit of report.hits) hits.add(hit);
  failures += report.failures.length;
  console.log([report.name, report.calls, faultKinds.length, report.runs, report.failures.length].join(' | '));
  for (const line of report.failures.slice(0, 10)) console.log(`  ${line}`);
}
const missed = Object.entries(crashPoints).filter(([, calls]) => ![...hits].some((hit) => calls.test(hit)));
for (const [point] of missed) console.log(`crash point not hit: ${point}`);
process.exit(failures > 0 || (missed.length > 0 && wanted.length === 0) ? 1 : 0);
