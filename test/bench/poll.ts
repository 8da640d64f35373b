import type { Tracker } from '#domain/integrations/tracker.ts';
import { minuteMs } from '#domain/time/units.ts';
import { sampleDraft } from '#test/contracts/tracker.ts';
import { type Stand, trackerHarnesses } from '#test/contracts/tracker-harnesses.ts';

/*
 * API calls of one poll with 10 changes, however many cases are open: `npm run bench -- poll`. Direct reads of some of
 * the open cases are counted apart: a bounded number per poll, and only for cases that were not read for hours.
 */

const sizes = [10, 1000, 100_000];
const changes = 10;

export interface PollCount {
  tracker: string;
  open: number;
  changed: number;
  calls: number;
  /** Calls that recheck as many open cases as one poll does. */
  lookups: number;
}

/** Counts the calls of one poll over `open` cases, of which ten have changed. */
export async function countPoll(stand: Stand, open: number): Promise<PollCount> {
  let time = Date.parse('2026-11-23T09:30:00Z');
  let calls = 0;
  const baseUrl = `https://${stand.kind}.test`;
  const { app, trackerUser, world } = stand.build(() => time, baseUrl);
  const tracker: Tracker = await stand.connect({
    baseUrl,
    retryMs: 0,
    secret: () => 's3cret',
    fetch: async (input, init) => {
      calls += 1;
      return app.fetch(new Request(input, init));
    },
  });
  const made = [];
  for (let n = 1; n <= changes; n += 1) made.push(await tracker.createIssue(sampleDraft(n)));
  const [keys, ids] = [made.map(({ key }) => key), made.map(({ id }) => id)];
  world.fill(open - changes);
  time += 60 * minuteMs;
  const { cursor } = await tracker.listChanges(null, time);
  time += 30 * minuteMs;
  for (const key of keys) await trackerUser.comment(key, trackerUser.people[0] ?? '', 'Looking into it');
  time += minuteMs;
  calls = 0;
  const { changed } = await tracker.listChanges(cursor, time);
  const listing = calls;
  calls = 0;
  const known = Array.from({ length: stand.rechecksPerPoll }, (_, n) => ids[n % ids.length] ?? '');
  const seen = await tracker.readUpdateTimes(known);
  if (seen.length === 0) throw new Error('nothing was seen again');
  return { tracker: stand.title, open, changed: changed.length, calls: listing, lookups: calls };
}

if (process.argv[1] === import.meta.filename) {
  const counts: PollCount[] = [];
  for (const stand of trackerHarnesses) for (const open of sizes) counts.push(await countPoll(stand, open));
  console.table(counts);
  const uneven = trackerHarnesses.filter(
    ({ title }) =>
      new Set(counts.filter((count) => count.tracker === title).map(({ calls, lookups }) => `${calls} and ${lookups}`))
        .size > 1,
  );
  const missed = counts.filter((count) => count.changed !== changes);
  console.log(
    uneven.length + missed.length === 0
      ? 'Equal: a poll costs by changes, not by open cases.'
      : `NOT equal: ${[...uneven.map(({ title }) => title), ...missed.map(({ tracker }) => tracker)].join(', ')}`,
  );
  process.exitCode = uneven.length + missed.length === 0 ? 0 : 1;
}
