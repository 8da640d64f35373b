import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { payloads } from '#src/workspace/store/outbox.ts';
import { timerKinds } from '#src/workspace/store/schedule.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { imageRoot, openImage, playMoments } from './image.ts';

/*
 * `npm run image`: writes the images of this version, which later versions must open. Together they hold work of every
 * kind in flight. For each release, once its last migration is written.
 */

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '30' } } });
const wanted = [
  ...Object.keys(payloads).map((kind) => `call ${kind}`),
  ...timerKinds.map((kind) => `timer ${kind}`),
  ...['waiting', 'calling', 'unknown'].map((state) => `state ${state}`),
  ...['delivery waiting', 'delivery fetching', 'held match'],
];

const moments: { seed: number; number: number; openWork: string[] }[] = [];
for (let seed = 1; seed <= Number(values.seeds); seed += 1)
  await playMoments(seed, ({ number, openWork }) => void moments.push({ seed, number, openWork }));

const missing = new Set(wanted);
const images = new Map<string, Uint8Array>();
while (missing.size > 0) {
  const gainOf = ({ openWork }: { openWork: string[] }) => openWork.filter((name) => missing.has(name)).length;
  const best = moments.reduce((one, other) => (gainOf(other) > gainOf(one) ? other : one));
  if (gainOf(best) === 0) break;
  for (const name of best.openWork) missing.delete(name);
  await playMoments(best.seed, ({ number, take }) => {
    if (number === best.number) images.set(`seed-${best.seed}-commit-${best.number}.image.br`, take());
  });
}
if (missing.size > 0) {
  console.error(`No seed has in flight: ${[...missing].join(', ')}. Play more: npm run image -- --seeds 400`);
  process.exit(1);
}

const folder = new URL(`${packageJson.version}/`, imageRoot);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, image] of images) {
  const violations = await openImage(image);
  if (violations.length > 0) throw new Error(`${name} does not end well: ${violations.join('\n')}`);
  writeFileSync(new URL(name, folder), image);
  console.log(`${name}: ${Math.round(image.length / 1024)} KiB`);
}
