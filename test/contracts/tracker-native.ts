import { beforeEach, describe, expect, it } from 'vitest';
import type { TrackerUser } from '#adapters/emulators/tracker-user.ts';
import type { IssueSnapshot } from '#domain/integrations/issue.ts';
import type { SetUpFinding, Tracker } from '#domain/integrations/tracker.ts';
import { sampleComment, sampleDraft, type TrackerBench, type TrackerWorld } from './tracker.ts';

const minute = 60_000;

/** Behaviours that a tracker cannot have, with the reason. */
export const lacks: Record<string, Record<string, string>> = {
  github: {
    'the status, as a state of its own': 'an issue is open or closed, nothing else',
    'in the trash, and back': 'what is deleted is deleted',
    'moved, and still answers under its id': 'a transferred issue has another number elsewhere',
  },
  jira: {
    'as locked or archived': 'a comment is refused by permission alone',
    'in the trash, and back': 'what is deleted is deleted',
  },
  linear: {
    'as made into something else': 'an issue stays an issue',
    'a public place': 'workspaces are never public',
    'a list that lags': 'nothing is known of a lag',
    'a right that is missing': 'a key does not tell its rights',
  },
};

/** An id without an issue. */
const unknownId = (kind: string, n: number): string =>
  kind === 'linear' ? `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` : String(900_000 + n);

/** The contract for native features: how an issue fits into its tracker, and how it reacts to changes there. */
export function describeNative(make: () => Promise<TrackerBench>, kind: string): void {
  const behaviour = (name: string, work: () => Promise<void>) => {
    if (!lacks[kind]?.[name]) it(name, work);
  };
  let bench: TrackerBench;
  let tracker: Tracker;
  let trackerUser: TrackerUser;
  let world: TrackerWorld;
  let person: string;

  beforeEach(async () => {
    bench = await make();
    ({ trackerUser } = bench);
    tracker = bench.tracker;
    if (!bench.world) throw new Error('no hands on the vendor’s side');
    world = bench.world;
    person = trackerUser.people[0] ?? '';
  });

  const read = async (id: string): Promise<IssueSnapshot> => {
    const issue = await tracker.readIssue(id);
    if (!issue) throw new Error(`no issue ${id}`);
    return issue;
  };
  const check = (accounts: string[] = []): Promise<SetUpFinding[]> =>
    tracker.check({ accounts, labels: sampleDraft(1).labels, now: bench.now() });

  describe('looks at many issues at once', () => {
    behaviour('and tells which are there, and when each changed last', async () => {
      const [entry, two] = [await tracker.createIssue(bench.draft(1)), await tracker.createIssue(bench.draft(2))];
      await bench.advance(5 * minute);
      await trackerUser.comment(two.key, person, 'Looking into it');
      const seen = new Map(
        (await tracker.readUpdateTimes([entry.id, two.id])).map(({ id, updatedAt }) => [id, updatedAt]),
      );
      expect(seen).toEqual(
        new Map([
          [entry.id, (await read(entry.id)).updatedAt],
          [two.id, (await read(two.id)).updatedAt],
        ]),
      );
      expect(seen.get(two.id)).toBeGreaterThan(seen.get(entry.id) ?? 0);
    });

    behaviour('and leaves out what was deleted', async () => {
      const [entry, two] = [await tracker.createIssue(bench.draft(1)), await tracker.createIssue(bench.draft(2))];
      world.remove(entry.key);
      expect((await tracker.readUpdateTimes([entry.id, two.id])).map(({ id }) => id)).toEqual([two.id]);
    });

    behaviour('up to a hundred of them', async () => {
      const { id } = await tracker.createIssue(bench.draft(1));
      const others = Array.from({ length: 99 }, (_, n) => unknownId(kind, n));
      expect((await tracker.readUpdateTimes([...others, id])).map((change) => change.id)).toEqual([id]);
      expect(await tracker.readUpdateTimes([])).toEqual([]);
    });

    behaviour('but not, when the credentials ended', async () => {
      const { id } = await tracker.createIssue(bench.draft(1));
      world.expire();
      await expect(tracker.readUpdateTimes([id])).rejects.toMatchObject({ code: 'auth', status: 401 });
    });
  });

  describe('shows in a snapshot', () => {
    behaviour('the title', async () => {
      const { id, title } = await tracker.createIssue(bench.draft(1));
      expect(title).toBe(bench.draft(1).title);
      await tracker.editIssue(id, { title: 'Another title' });
      expect((await read(id)).title).toBe('Another title');
    });

    behaviour('how many comments there are', async () => {
      const { id, key, commentCount } = await tracker.createIssue(bench.draft(1));
      expect(commentCount).toBe(0);
      await trackerUser.comment(key, person, 'One');
      await tracker.addComment(id, sampleComment(1));
      expect((await read(id)).commentCount).toBe(2);
    });

    behaviour('the severity in its own field, or as label', async () => {
      const { id, severity, labels } = await tracker.createIssue(bench.draft(1));
      expect(severity ?? labels).toEqual(kind === 'github' ? expect.arrayContaining(['severity:high']) : 2);
      const edited = await tracker.editIssue(id, {
        severity: { name: 'urgent', rank: 1 },
        labelsToAdd: [{ name: 'severity:urgent', color: 'b60205', description: '' }],
      });
      expect(edited.severity ?? edited.labels).toEqual(
        kind === 'github' ? expect.arrayContaining(['severity:urgent']) : 1,
      );
    });

    behaviour('the name and class of its state', async () => {
      const { id, key, status } = await tracker.createIssue(bench.draft(1));
      expect(status.class).toBe('open');
      expect(status.name).not.toBe('');
      await trackerUser.close(key, person);
      expect((await read(id)).status).toMatchObject({ class: 'closed' });
    });

    behaviour('that nothing is wrong with it', async () => {
      const { id } = await tracker.createIssue(bench.draft(1));
      expect((await read(id)).condition).toBeNull();
    });

    behaviour('the signs of its case, that a person took them out, and that they are back', async () => {
      const { link, marker } = bench.draft(1);
      const body = `Words.\n\n[Case C-1](${link.url})`;
      const { id, key, ownershipMarks } = await tracker.createIssue({ ...bench.draft(1), body });
      expect(ownershipMarks).toEqual({ markers: [marker], links: [link.url] });
      await trackerUser.edit(key, person, { body: 'All words of a person, with https://other.example/page' });
      // Jira stores the marker apart from the text, where an edit cannot remove it.
      const kept = kind === 'jira' ? [marker] : [];
      expect((await read(id)).ownershipMarks).toEqual({
        markers: kept,
        links: ['https://other.example/page'],
      });
      expect((await tracker.editIssue(id, { body, link, marker })).ownershipMarks).toEqual(ownershipMarks);
    });

    behaviour('as made into something else', async () => {
      const { id, key } = await tracker.createIssue(bench.draft(1));
      world.convert(key);
      const issue = await read(id);
      expect(issue.condition).toBe('converted');
      expect(issue.closure?.kind).not.toBe('completed');
    });

    behaviour('as locked or archived', async () => {
      const { id, key } = await tracker.createIssue(bench.draft(1));
      world.lock(key);
      expect((await read(id)).condition).toMatch(/^(locked|archived)$/);
    });
  });

  describe('moves', () => {
    const label = { name: 'status:pending', color: 'bfdadc', description: 'Status: Pending' };

    behaviour('the status, as a state of its own', async () => {
      const { id } = await tracker.createIssue(bench.draft(1));
      const begun = { names: ['No such state', 'in progress'], acceptsInitialState: false, label };
      const moved = await tracker.editIssue(id, { status: begun });
      expect(moved).toMatchObject({ state: 'open', status: { name: 'In Progress', class: 'pending' } });
      expect(moved.labels).not.toContain(label.name);
      expect(await tracker.editIssue(id, { status: begun })).toMatchObject({
        status: { name: 'In Progress' },
      });
      const back = await tracker.editIssue(id, { status: { names: ['Open'], acceptsInitialState: true, label: null } });
      expect(back.status.class).toBe('open');
    });

    behaviour('the status, by its label where there is no such state', async () => {
      const { id, status } = await tracker.createIssue(bench.draft(1));
      const none = { names: ['No such state'], acceptsInitialState: false, label };
      const edited = await tracker.editIssue(id, { status: none, labelsToRemove: ['due:2026-11-27'] });
      expect(edited.status).toEqual(status);
      expect(edited.labels).toContain(label.name);
      expect(edited.labels).not.toContain('due:2026-11-27');
    });

    behaviour('no closed issue by its status', async () => {
      const { id, key } = await tracker.createIssue(bench.draft(1));
      await trackerUser.close(key, person);
      const status = { names: ['In Progress', 'Done'], acceptsInitialState: true, label: null };
      expect(await tracker.editIssue(id, { status })).toMatchObject({ state: 'closed' });
    });
  });

  describe('takes what is too long or odd', () => {
    behaviour('a text beyond the limit', async () => {
      const draft = { ...bench.draft(1), body: 'Long words. '.repeat(8000) };
      const floor = await tracker.floor();
      const { id } = await tracker.createIssue(draft);
      const issue = await tracker.findCreatedIssue({ ...draft, floor, startedAt: bench.now() });
      expect(issue?.id).toBe(id);
    });

    behaviour('a title beyond the limit', async () => {
      const made = await tracker.createIssue({ ...bench.draft(1), title: `C-1: ${'long '.repeat(80)}` });
      expect(made.title.startsWith('C-1: long')).toBe(true);
    });

    behaviour('an assignee whom nobody knows', async () => {
      const made = await tracker.createIssue({ ...bench.draft(1), assignee: 'nobody-here' });
      expect(made.assignee).toBeNull();
      expect(made.labels).toContain('severity:high');
      expect(await trackerUser.list()).toHaveLength(1);
    });

    behaviour('no due date at all', async () => {
      const labels = bench.draft(1).labels.filter(({ name }) => !name.startsWith('due:'));
      expect(await tracker.createIssue({ ...bench.draft(1), dueDate: null, labels })).toMatchObject({
        dueDate: null,
      });
    });
  });

  describe('joins issues', () => {
    behaviour('a duplicate with its original', async () => {
      const original = await tracker.createIssue(bench.draft(1));
      const duplicateIssue = await tracker.createIssue(bench.draft(2));
      const closed = await tracker.closeIssue(duplicateIssue.id, 'duplicate', original.id);
      expect(closed).toMatchObject({ state: 'closed', closure: { kind: 'duplicate' } });
      expect(world.originalOf(duplicateIssue.key)).toBe(original.key);
    });

    behaviour('a duplicate that a person closed with its original, and tells which that is', async () => {
      const original = await tracker.createIssue(bench.draft(1));
      const duplicateIssue = await tracker.createIssue(bench.draft(2));
      await trackerUser.close(duplicateIssue.key, person, 'duplicate');
      expect((await read(duplicateIssue.id)).closure).toMatchObject({ kind: 'duplicate' });
      expect((await read(duplicateIssue.id)).closure?.repeats ?? null).toBeNull();
      await trackerUser.reopen(duplicateIssue.key, person);
      await trackerUser.close(duplicateIssue.key, person, 'duplicate', original.key);
      expect((await read(duplicateIssue.id)).closure).toMatchObject({
        kind: 'duplicate',
        repeats: original.id,
      });
    });

    behaviour('no duplicate where the work was done', async () => {
      const original = await tracker.createIssue(bench.draft(1));
      const duplicateIssue = await tracker.createIssue(bench.draft(2));
      await trackerUser.close(duplicateIssue.key, person, 'completed', original.key);
      expect((await read(duplicateIssue.id)).closure?.kind).toBe('completed');
    });

    behaviour('an issue with one that people name by its key', async () => {
      const entry = await tracker.createIssue(bench.draft(1));
      const other = await tracker.createIssue(bench.draft(2));
      await tracker.linkIssues(entry.id, other.key);
      expect(world.relatedTo(entry.key)).toEqual([other.key]);
      await expect(tracker.linkIssues(entry.id, kind === 'github' ? '999' : 'NONE-999')).rejects.toMatchObject({
        code: 'rejected',
      });
    });

    behaviour('two that are related, once', async () => {
      const entry = await tracker.createIssue(bench.draft(1));
      const other = await tracker.createIssue(bench.draft(2));
      await tracker.linkIssues(entry.id, other.id);
      await tracker.linkIssues(entry.id, other.id);
      expect(world.relatedTo(entry.key)).toEqual([other.key]);
    });

    behaviour('a part with its whole', async () => {
      const whole = await tracker.createIssue(bench.draft(1));
      const part = await tracker.addSubIssue(whole.id, bench.draft(2));
      expect(part).toMatchObject({ state: 'open', title: bench.draft(2).title });
      expect(world.parentOf(part.key)).toBe(whole.key);
    });

    behaviour('no part of a whole whose read got no answer', async () => {
      const whole = await tracker.createIssue(bench.draft(1));
      bench.faults.loseReads();
      await expect(tracker.addSubIssue(whole.id, bench.draft(2))).rejects.toMatchObject({ code: 'unavailable' });
      expect(await bench.trackerUser.list()).toHaveLength(1);
    });

    behaviour('a part, which is listed when it changes, and closed and opened like its whole', async () => {
      const whole = await tracker.createIssue(bench.draft(1));
      const part = await tracker.addSubIssue(whole.id, bench.draft(2));
      await bench.advance(30 * minute);
      const { cursor } = await tracker.listChanges(null, bench.now());
      await bench.advance(2 * minute);
      await trackerUser.close(part.key, trackerUser.people[0] ?? '');
      await bench.advance(2 * minute);
      const { changed } = await tracker.listChanges(cursor, bench.now());
      expect(changed.map(({ id }) => id)).toContain(part.id);
      expect(await tracker.readIssue(part.id)).toMatchObject({
        state: 'closed',
        closure: { by: trackerUser.people[0] },
      });
      expect(await tracker.readIssue(whole.id)).toMatchObject({ state: 'open' });
      expect(await tracker.reopenIssue(part.id)).toMatchObject({ state: 'open' });
      expect(await tracker.closeIssue(part.id, 'completed')).toMatchObject({ state: 'closed' });
    });

    behaviour('a part whose answer was lost, which is found', async () => {
      const whole = await tracker.createIssue(bench.draft(1));
      const floor = await tracker.floor();
      bench.faults.loseNextAnswer();
      await expect(tracker.addSubIssue(whole.id, bench.draft(2))).rejects.toMatchObject({
        code: 'unknown',
      });
      const issue = await tracker.findCreatedIssue({ ...bench.draft(2), floor, startedAt: bench.now() });
      expect(issue?.title).toBe(bench.draft(2).title);
    });

    behaviour('an issue with its case page, once', async () => {
      const { id, key } = await tracker.createIssue(bench.draft(1));
      const { link, marker, body } = bench.draft(1);
      await tracker.editIssue(id, { body, link, marker });
      const links = world.linksOf(key);
      if (kind === 'github') expect((await trackerUser.list())[0]?.body).toContain('C-1');
      else expect(links).toEqual([link.url]);
    });
  });

  describe('finds duplicate issues', () => {
    const second = () => ({ ...bench.draft(1), uuid: bench.draft(2).uuid });
    const duplicateIssues = () =>
      tracker.listOwnIssuesWithMarker({
        ...bench.draft(1),
        floor: '',
        startedAt: bench.now() - 5 * minute,
      });

    behaviour('of one marker, the older first', async () => {
      const first = await tracker.createIssue(bench.draft(1));
      await tracker.createIssue(bench.draft(3));
      await bench.advance(minute);
      const other = await tracker.createIssue(second());
      expect((await duplicateIssues()).map(({ id }) => id)).toEqual([first.id, other.id]);
    });

    behaviour('also among what is closed', async () => {
      const first = await tracker.createIssue(bench.draft(1));
      await bench.advance(minute);
      const other = await tracker.createIssue(second());
      await tracker.closeIssue(other.id, 'duplicate', first.id);
      expect((await duplicateIssues()).map(({ id, state }) => [id, state])).toEqual([
        [first.id, 'open'],
        [other.id, 'closed'],
      ]);
    });

    behaviour('but not what a person copied, marker and all', async () => {
      const first = await tracker.createIssue(bench.draft(1));
      await trackerUser.copy(first.key, person);
      expect(await trackerUser.list()).toHaveLength(2);
      expect((await duplicateIssues()).map(({ id }) => id)).toEqual([first.id]);
    });

    behaviour('nowhere for a marker that no issue has', async () => {
      await tracker.createIssue(bench.draft(2));
      expect(await duplicateIssues()).toEqual([]);
    });

    behaviour('not, when the credentials ended', async () => {
      world.expire();
      await expect(duplicateIssues()).rejects.toMatchObject({ code: 'auth' });
    });
  });

  describe('tells where an issue is', () => {
    behaviour('here', async () => {
      const { id, url } = await tracker.createIssue(bench.draft(1));
      expect(await tracker.findWhyUnreadable(id)).toEqual({ kind: 'here', url });
    });

    behaviour('deleted for good, as far as it says so', async () => {
      const { id, key } = await tracker.createIssue(bench.draft(1));
      world.remove(key);
      expect(await tracker.readIssue(id)).toBeNull();
      const sure = kind === 'github' ? 'deleted' : 'missing';
      expect(await tracker.findWhyUnreadable(id)).toMatchObject({ kind: sure });
    });

    behaviour('in the trash, and back', async () => {
      const { id, key } = await tracker.createIssue(bench.draft(1));
      world.trash(key);
      expect(await tracker.readIssue(id)).toBeNull();
      expect(await tracker.findWhyUnreadable(id)).toMatchObject({ kind: 'deleted' });
      world.restore(key);
      expect(await read(id)).toMatchObject({ condition: null });
    });

    behaviour('no longer shown to us, or back', async () => {
      const { id, key } = await tracker.createIssue(bench.draft(1));
      world.hide(key);
      expect(await tracker.readIssue(id)).toBeNull();
      expect(await tracker.findWhyUnreadable(id)).toMatchObject({ kind: 'missing' });
      world.restore(key);
      expect(await tracker.findWhyUnreadable(id)).toMatchObject({ kind: 'here' });
    });

    behaviour('in a place that is hidden as a whole', async () => {
      const { id } = await tracker.createIssue(bench.draft(1));
      world.hidePlace(true);
      expect(await tracker.readIssue(id)).toBeNull();
      expect(await tracker.findWhyUnreadable(id)).toMatchObject({ kind: 'hidden' });
      world.hidePlace(false);
      expect(await tracker.findWhyUnreadable(id)).toMatchObject({ kind: 'here' });
    });

    behaviour('moved', async () => {
      const { id, key } = await tracker.createIssue(bench.draft(1));
      world.move(key);
      expect(await tracker.findWhyUnreadable(id)).toMatchObject({ kind: 'moved' });
    });

    behaviour('moved, and still answers under its id', async () => {
      const { id, key } = await tracker.createIssue(bench.draft(1));
      world.move(key);
      const moved = await read(id);
      expect(moved).toMatchObject({ id, condition: 'moved', key: expect.stringMatching(/^OPS-/) });
      await tracker.addComment(id, sampleComment(1));
      expect((await read(id)).commentCount).toBe(1);
    });

    behaviour('not, when the credentials ended', async () => {
      const { id } = await tracker.createIssue(bench.draft(1));
      world.expire();
      await expect(tracker.readIssue(id)).rejects.toMatchObject({ code: 'auth' });
      await expect(tracker.findWhyUnreadable(id)).rejects.toMatchObject({ code: 'auth' });
    });
  });

  describe('sees who may read', () => {
    behaviour('a private place', async () => {
      expect(await tracker.visibility()).toBe('private');
    });

    behaviour('a public place', async () => {
      expect(await tracker.visibility()).toBe('private');
      world.publish();
      expect(await tracker.visibility()).toBe('public');
    });

    behaviour('nothing it could believe, when the credentials ended', async () => {
      world.expire();
      // The request to Jira has no sign-in, so its answer does not depend on our credentials.
      if (kind === 'jira') expect(await tracker.visibility()).toBe('private');
      else await expect(tracker.visibility()).rejects.toMatchObject({ code: 'auth' });
    });

    behaviour('no wrong place when no answer comes', async () => {
      bench.faults.loseReads();
      await expect(tracker.visibility()).rejects.toMatchObject({ code: 'unavailable' });
    });
  });

  describe('checks its set-up', () => {
    behaviour('and finds nothing to stop at', async () => {
      expect((await check(trackerUser.people)).filter((finding) => finding.blocking)).toEqual([]);
    });

    behaviour('wrong credentials', async () => {
      world.expire();
      expect(await check()).toEqual([
        expect.objectContaining({
          about: 'credentials',
          blocking: true,
          remedy: expect.stringMatching(/token/),
        }),
      ]);
    });

    behaviour('a person whom nobody knows', async () => {
      const findings = await check([person, 'nobody-here']);
      expect(findings.filter(({ about }) => about === 'people')).toEqual([
        expect.objectContaining({ message: expect.stringContaining('nobody-here') }),
      ]);
    });

    behaviour('a clock that is wrong', async () => {
      const findings = await tracker.check({
        accounts: [],
        labels: [],
        now: bench.now() - 10 * minute,
      });
      expect(findings).toContainEqual(
        expect.objectContaining({ about: 'clock', message: expect.stringContaining('behind') }),
      );
    });

    behaviour('a right that is missing', async () => {
      world.restrict();
      expect(await check()).toContainEqual(expect.objectContaining({ about: 'permissions' }));
    });

    behaviour('in single lines', async () => {
      world.restrict();
      for (const { message, remedy } of await check(['nobody-here'])) {
        expect(`${message}${remedy}`).not.toMatch(/\n/);
        expect(remedy).not.toBe('');
      }
    });
  });

  describe('lists changes', () => {
    behaviour('nothing while nothing happens', async () => {
      await tracker.createIssue(bench.draft(1));
      await bench.advance(30 * minute);
      let { cursor } = await tracker.listChanges(null, bench.now());
      for (let poll = 0; poll < 3; poll += 1) {
        await bench.advance(20 * minute);
        const next = await tracker.listChanges(cursor, bench.now());
        expect(next.changed).toEqual([]);
        cursor = next.cursor;
      }
    });

    behaviour('a list that lags', async () => {
      const { id, key } = await tracker.createIssue(bench.draft(1));
      await bench.advance(30 * minute);
      const { cursor } = await tracker.listChanges(null, bench.now());
      world.lag(3 * minute);
      await bench.advance(minute);
      await trackerUser.close(key, person);
      const early = await tracker.listChanges(cursor, bench.now());
      expect(early.changed.map((change) => change.id)).not.toContain(id);
      await bench.advance(4 * minute);
      const late = await tracker.listChanges(early.cursor, bench.now());
      expect(late.changed.map((change) => change.id)).toContain(id);
    });

    behaviour('not, when the credentials ended', async () => {
      const { cursor } = await tracker.listChanges(null, bench.now());
      world.expire();
      await expect(tracker.listChanges(cursor, bench.now())).rejects.toMatchObject({ code: 'auth' });
    });
  });

  describe('mentions', () => {
    behaviour('a person in a comment, in the tracker’s own way', async () => {
      const { id, key } = await tracker.createIssue(bench.draft(1));
      await tracker.addComment(id, sampleComment(1, { mention: [person] }));
      const seen = (await trackerUser.list()).find((issue) => issue.key === key);
      const own = { github: `@${person}`, jira: '@', linear: '/profiles/' }[kind] ?? '';
      expect(seen?.comments[0]?.text).toContain(own);
    });
  });
}
