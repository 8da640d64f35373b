import type { SeenIssue } from '#adapters/emulators/tracker-user.ts';
import { type TrackerName, trackerNames } from '#test/harness/emulated-hosts.ts';
import type { Chance } from './chance.ts';
import { contentOf } from './copy-invariants.ts';
import { isSetUpTrouble } from './set-up-actors.ts';
import type { World } from './world.ts';

/**
 * Issues of a tracker that our account created, as far as people may change them; people make copies of them, including
 * the hidden parts of the text.
 */
export async function ownIssues(world: World, tracker: TrackerName): Promise<SeenIssue[]> {
  const { people, list } = world.trackerUser[tracker];
  if (isSetUpTrouble(world, tracker, 'archived')) return [];
  return (await list()).filter(({ author }) => !people.includes(author));
}

/** Issues that are linked to cases, as far as people may change them. */
export async function linkedIssues(world: World, tracker: TrackerName): Promise<SeenIssue[]> {
  if (isSetUpTrouble(world, tracker, 'archived')) return [];
  const rows = world.sql.all<{ id: string }>('SELECT issue_id AS id FROM cases WHERE tracker = ?', tracker);
  const linked = new Set(rows.map(({ id }) => id));
  return (await world.trackerUser[tracker].list()).filter(({ id }) => linked.has(id));
}

/** A person copies an issue with its marker, or rewrites a text and so removes the marker. */
export async function copyOrRewrite(world: World, chance: Chance): Promise<void> {
  const tracker = chance.pick(trackerNames);
  const trackerUser = world.trackerUser[tracker];
  const issues = await linkedIssues(world, tracker);
  if (issues.length === 0) return;
  const { key } = chance.pick(issues);
  const person = chance.pick(trackerUser.people);
  if (chance.happens(0.6)) return trackerUser.edit(key, person, { body: 'A person found better words for all of it.' });
  // A copy would need the demanded field as well.
  if (world.setUpTroubles.some((trouble) => trouble.tracker === tracker && trouble.kind === 'required field')) return;
  const before = new Set((await trackerUser.list()).map((issue) => issue.key));
  await trackerUser.copy(key, person);
  for (const issue of await trackerUser.list())
    if (!before.has(issue.key)) world.copies.push({ tracker, key: issue.key, was: contentOf(issue) });
}
