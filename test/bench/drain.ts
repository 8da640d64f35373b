import { parseArgs } from 'node:util';
import { playBurst } from '#test/stories/play-burst.ts';
import { printTable, round } from './measure.ts';

/*
 * How near the draining of a burst comes to what the tracker allows: `npm run bench -- drain --alerts 10000`. The real GitHub adapter
 * over an emulated GitHub that counts its own limits, under a simulated clock.
 */

const { values } = parseArgs({ options: { alerts: { type: 'string', default: '1000' } } });
const begun = performance.now();
const { world, writes, left, tookMs, shareOfAllowed } = await playBurst(Number(values.alerts));
const row = {
  alerts: Number(values.alerts),
  'issues left': left,
  'writes at GitHub': writes.length,
  'hours of the clock': round(tookMs / 3_600_000),
  'of what is allowed': round(shareOfAllowed),
  'refused by GitHub': world.limits.github.record.refused.length,
};
printTable('drain', [row], { tookMs: Math.round(performance.now() - begun), least: 0.95 });
process.exit(shareOfAllowed >= 0.95 && left === 0 ? 0 : 1);
