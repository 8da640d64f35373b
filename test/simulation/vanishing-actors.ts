import { type TrackerName, trackerNames } from '#test/harness/emulated-hosts.ts';
import type { Chance } from './chance.ts';
import { linkedIssues } from './copies.ts';
import type { World } from './world.ts';

/** A reversible change to an issue of ours, and its place. */
interface Done {
  tracker: TrackerName;
  key: string;
  id: string;
}

/** Changes to take back, per world. */
const undone = new WeakMap<World, Done[]>();

/** A person deletes, hides, moves, locks, archives or converts an issue, or takes such a change back. */
export function upsetTracker(world: World, chance: Chance): Promise<void> | void {
  const open = undone.get(world) ?? [];
  undone.set(world, open);
  if (open.length > 0 && chance.happens(0.5)) {
    const [done] = open.splice(chance.below(open.length), 1);
    if (done) bringBack(world, done);
    return;
  }
  return upset(world, chance, open);
}

async function upset(world: World, chance: Chance, open: Done[]): Promise<void> {
  const tracker = chance.pick(trackerNames);
  const issues = (await linkedIssues(world, tracker)).filter(
    ({ id }) => !open.some((done) => done.tracker === tracker && done.id === id),
  );
  if (issues.length === 0) return;
  const { key, id } = chance.pick(issues);
  const what = chance.pick(['remove', 'hide', 'hide', 'move', 'lock', 'convert', 'trash'] as const);
  const admin = world.admins[tracker];
  admin[what](key);
  if (!admin.isThere(id)) world.absent.push({ tracker, id, from: world.now, to: Number.POSITIVE_INFINITY });
  if (what !== 'remove') open.push({ tracker, key, id });
}

function bringBack(world: World, { tracker, key, id }: Done): void {
  world.admins[tracker].restore(key);
  world.broughtBack.push({ tracker, id });
  for (const absence of world.absent)
    if (absence.tracker === tracker && absence.id === id && absence.to > world.now) absence.to = world.now;
}

/** Our account loses access to the repository, and gets it back hours later. */
export function hidePlace(world: World, chance: Chance): void {
  const now = world.refusing.get('product') ?? { since: null, times: 0 };
  if (!world.isHidden && chance.happens(0.03)) {
    world.isHidden = true;
    world.refusing.set('product', { ...now, times: now.times + 1 });
    world.admins.product.hidePlace(true);
  } else if (world.isHidden && chance.happens(0.4)) showPlace(world);
}

export function showPlace(world: World): void {
  world.isHidden = false;
  world.admins.product.hidePlace(false);
}
