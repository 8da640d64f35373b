import { strangers, type TrackerName, trackerNames } from '#test/harness/emulated-hosts.ts';
import type { Chance } from './chance.ts';
import { isSetUpTrouble } from './set-up-actors.ts';
import type { World } from './world.ts';

/** An issue that a person opened, and whether somebody of the workspace asked for a case. */
export interface ForeignIssue {
  tracker: TrackerName;
  key: string;
  id: string;
  title: string;
  isAsked: boolean;
}

/** Lets people of each tracker make cases of issues. */
export const adoptIssues = (text: string): string =>
  text.replace(
    / {4}token: (JIRA_TOKEN|GITHUB_TOKEN|LINEAR_KEY)\n/g,
    '$&    adopt: { template: upgrade-not-installed }\n',
  );

/** A person opens an issue, or somebody asks for a case of one, perhaps again, perhaps a stranger. */
export async function adopt(world: World, chance: Chance): Promise<void> {
  const tracker = chance.pick(trackerNames);
  const user = world.trackerUser[tracker];
  // A demanded field stays demanded where the settings give its value.
  const isDemanding = world.setUpTroubles.some((each) => each.tracker === tracker && each.kind === 'required field');
  if (isDemanding || isSetUpTrouble(world, tracker, 'archived')) return;
  // Only changes after the first read of a tracker count.
  if (!world.sql.all('SELECT cursor FROM targets WHERE tracker = ? AND cursor IS NOT NULL', tracker).length) return;
  const known = world.foreign.filter((issue) => issue.tracker === tracker);
  if (known.length === 0 || chance.happens(0.4)) {
    const title = `An issue of people ${world.now}`;
    const key = await user.open(chance.pick(user.people), title, 'Words of a person.');
    const id = (await user.list()).find((issue) => issue.key === key)?.id ?? '';
    world.foreign.push({ tracker, key, id, title, isAsked: false });
    if (chance.happens(0.4)) return;
  }
  const issue = chance.pick(world.foreign.filter((each) => each.tracker === tracker));
  const shown = (await user.list()).find(({ id }) => id === issue.id);
  if (shown?.state !== 'open') return;
  const isStranger = chance.happens(0.3);
  const as = isStranger ? strangers[tracker] : chance.pick(user.people);
  await user.comment(shown.key, as, chance.pick(['/case', '/case\n/severity high\n/owner dana', 'A word.\n\n/case']));
  if (!isStranger) issue.isAsked = true;
}
