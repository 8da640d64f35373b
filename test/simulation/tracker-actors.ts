import type { SeenIssue, TrackerUserEdit } from '#adapters/emulators/tracker-user.ts';
import { trackerNames } from '#test/harness/emulated-hosts.ts';
import type { Chance } from './chance.ts';
import { ownIssues } from './copies.ts';
import { isSetUpTrouble } from './set-up-actors.ts';
import { insideWords, outsideWords } from './words.ts';
import type { World } from './world.ts';

const said = [
  '/severity high',
  '/severity urgent because they called again',
  '/due 2026-12-03',
  '/due 2026-11-28 because of the fair',
  '/assign dana',
  '/assign sam',
  '/status Pending',
  '/status Open',
  '/snooze 5 hours because they are away',
  '/pause because we wait for an answer',
  '/resume',
  `/close because it works again, ${insideWords}\n/root-cause a missing file`,
  `/declined because ${outsideWords}`,
  '/what-changed The button is back.',
  '/duplicate of C-1',
  '/reopen because it is broken again',
  '/contacted by phone',
  '/blocked by policy',
  '/ack',
  '/help',
  '/severity nonsense\n!due tomorrow',
];

/** A person changes fields of an issue in the tracker, or gives commands there. */
export async function editInTracker(world: World, chance: Chance): Promise<void> {
  const tracker = chance.pick(trackerNames);
  const trackerUser = world.trackerUser[tracker];
  const issues = await ownIssues(world, tracker);
  if (issues.length === 0) return;
  const issue = chance.pick(issues);
  const person = chance.pick(trackerUser.people);
  if (chance.happens(0.4)) return trackerUser.comment(issue.key, person, chance.pick(said));
  // Jira refuses a field off the edit screen to people as well.
  if (trackerUser.kind === 'jira' && isSetUpTrouble(world, tracker, 'off screen')) return;
  const change = editOf(issue, trackerUser.people, chance, trackerUser.kind);
  if (change) await trackerUser.edit(issue.key, person, change);
}

/** A person writes plain words into an issue, and changes or deletes them later. */
export async function rewriteComment(world: World, chance: Chance): Promise<void> {
  const tracker = chance.pick(trackerNames);
  const trackerUser = world.trackerUser[tracker];
  const issues = await ownIssues(world, tracker);
  if (issues.length === 0) return;
  const { id, key, comments } = chance.pick(issues);
  // What a command asked for was asked for, also where nobody can read it any more.
  if (
    comments.some(({ text, author }) => /\/(declined|close) because/.test(text) && trackerUser.people.includes(author))
  )
    world.closings.push({ tracker, id, kind: 'explained' });
  const isCommented = comments.some(({ author }) => trackerUser.people.includes(author));
  const text = `a remark of ${world.now}`;
  if (!isCommented) return trackerUser.comment(key, chance.pick(trackerUser.people), text);
  await trackerUser.rewrite?.(key, chance.happens(0.4) ? null : text);
}

function editOf(issue: SeenIssue, people: string[], chance: Chance, kind: string): TrackerUserEdit | null {
  const severity = issue.labels.find((name) => name.startsWith('severity:'));
  const category = issue.labels.find((name) => name.startsWith('category:'));
  switch (chance.below(6)) {
    case 0:
      return kind === 'github'
        ? { removeLabels: severity ? [severity] : [], addLabels: ['severity:low'] }
        : { severity: chance.pick([1, 2, 3, 4] as const) };
    case 1:
      return { dueDate: chance.pick(['2026-11-27', '2026-12-01', '2026-12-05']) };
    case 2:
      return { assignee: chance.pick([...people, null]) };
    case 3:
      return category ? { removeLabels: [category] } : null;
    case 4:
      return { title: chance.pick(['Renamed by a person', `Better words for ${issue.title}`]) };
    default:
      return kind === 'github' ? { addLabels: ['overdue', 'severity:high'] } : { addLabels: ['severity:high'] };
  }
}
