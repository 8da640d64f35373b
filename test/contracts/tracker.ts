import { beforeEach, describe, expect, it } from 'vitest';
import type { Admin } from '#adapters/emulators/admin.ts';
import type { SeenIssue, TrackerUser } from '#adapters/emulators/tracker-user.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { CommentDraft, IssueDraft, IssueSnapshot, LabelDraft } from '#domain/integrations/issue.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import type { TrackerFaults } from './faults.ts';
import { describeRefusals, type TrackerRefusals } from './tracker-refusals.ts';

export interface TrackerBench {
  tracker: Tracker;
  trackerUser: TrackerUser;
  draft(n: number): IssueDraft;
  now(): number;
  advance(ms: number): void | Promise<void>;
  faults: TrackerFaults;
  refusals: TrackerRefusals;
  /** Actions on an issue that are not a person's work: those of the vendor and of administrators. */
  world?: TrackerWorld;
}

export interface TrackerWorld extends Admin {
  /** Lists and indexes lag from now on. */
  lag(ms: number): void;
  /** The credentials expire. */
  expire(): void;
  /** The tracker becomes readable for everybody. */
  publish(): void;
  /** Our account loses the right to change the people or labels of issues. */
  restrict(): void;
  /** Key of the parent issue. */
  parentOf(key: string): string | null;
  /** Keys of the issues that this one names as its original, or as related. */
  originalOf(key: string): string | null;
  relatedTo(key: string): string[];
  /** Addresses linked from the issue, in its list of links. */
  linksOf(key: string): string[];
  /** Adds this many open issues, as copies of the newest. */
  fill(count: number): void;
}

const minute = 60_000;
const unknownIds: Record<string, string> = { linear: '00000000-0000-4000-8000-000000000000' };

/** A draft that differs from others only by its number. */
export function sampleDraft(n: number, over: Partial<IssueDraft> = {}): IssueDraft {
  const tail = n.toString(16).padStart(12, '0');
  return {
    marker: `1.C-${n}.0123456789abcdef0123${tail}`,
    uuid: `8f4a1c52-0000-4000-8000-${tail}`,
    title: `C-${n}: Upgrade was hard`,
    body: `The ease of the upgrade was scored **2 of 10**.\n\n- Tier: gold\n- Case: C-${n}`,
    labels: [
      { name: 'severity:high', color: 'd93f0b', description: 'Severity high' },
      { name: 'category:installation-issues', color: '0e8a16', description: 'Installation issues' },
      { name: 'due:2026-11-27', color: 'c5def5', description: 'Due on 2026-11-27' },
    ],
    severity: { name: 'high', rank: 2 },
    dueDate: '2026-11-27',
    assignee: null,
    link: { url: `https://caselite.example/cases/C-${n}`, title: `Case C-${n}` },
    ...over,
  };
}

export function sampleComment(n: number, over: Partial<CommentDraft> = {}): CommentDraft {
  const tail = n.toString(16).padStart(12, '0');
  return {
    ref: `op-${n}`,
    uuid: `8f4a1c52-1111-4000-8000-${tail}`,
    body: `Note ${n}.`,
    mention: [],
    ...over,
  };
}

export const overdue: LabelDraft = { name: 'overdue', color: 'b60205', description: 'Past its date' };

/** The contract of every tracker, over any emulation of the vendor. */
export function describeTracker(name: string, make: () => Promise<TrackerBench>): void {
  describe(`${name} as a tracker`, () => {
    let bench: TrackerBench;
    let tracker: Tracker;
    let trackerUser: TrackerUser;
    let person: string;

    beforeEach(async () => {
      bench = await make();
      ({ tracker, trackerUser } = bench);
      person = trackerUser.people[0] ?? '';
    });

    async function see(issue: IssueSnapshot): Promise<SeenIssue> {
      const seen = (await trackerUser.list()).find(({ key }) => key === issue.key);
      if (!seen) throw new Error(`nobody sees ${issue.key}`);
      return seen;
    }

    async function read(id: string): Promise<IssueSnapshot> {
      const issue = await tracker.readIssue(id);
      if (!issue) throw new Error(`no issue ${id}`);
      return issue;
    }

    async function failure(work: Promise<unknown>): Promise<IntegrationError> {
      const error: unknown = await work.then(
        () => null,
        (reason) => reason,
      );
      expect(error).toBeInstanceOf(IntegrationError);
      return error as IntegrationError;
    }

    const search = (n: number, floor: string) => {
      const { marker, uuid } = bench.draft(n);
      return { marker, uuid, floor, startedAt: bench.now() };
    };

    describeRefusals(make);

    describe('creates', () => {
      it('a whole issue, and reads the same back', async () => {
        const draft = { ...bench.draft(1), assignee: person };
        const made = await tracker.createIssue(draft);
        expect(made).toMatchObject({
          state: 'open',
          closure: null,
          assignee: person,
          dueDate: draft.dueDate,
        });
        expect(made.labels).toEqual(expect.arrayContaining(draft.labels.map((label) => label.name)));
        expect(made.url).toContain(made.key);
        expect(await read(made.id)).toEqual(made);
      });

      it('what a person can read', async () => {
        const draft = { ...bench.draft(1), assignee: person };
        const seen = await see(await tracker.createIssue(draft));
        expect(seen).toMatchObject({ title: draft.title, state: 'open', dueDate: draft.dueDate });
        expect(seen.assignee).toBe(person);
        expect(seen.labels).toEqual(expect.arrayContaining(draft.labels.map((label) => label.name)));
        expect(seen.body).toMatch(/The ease of the upgrade was scored .*2 of 10/);
        expect(seen.body).toContain('Tier: gold');
      });

      it('two issues with keys of their own', async () => {
        const first = await tracker.createIssue(bench.draft(1));
        const second = await tracker.createIssue(bench.draft(2));
        expect(second.id).not.toBe(first.id);
        expect(second.key).not.toBe(first.key);
        expect(await trackerUser.list()).toHaveLength(2);
      });
    });

    describe('reads back', () => {
      it('the one issue whose answer was lost', async () => {
        await tracker.createIssue(bench.draft(1));
        const floor = await tracker.floor();
        bench.faults.loseNextAnswer();
        expect(await failure(tracker.createIssue(bench.draft(2)))).toMatchObject({ code: 'unknown' });

        const issue = await tracker.findCreatedIssue(search(2, floor));
        expect(issue).toMatchObject({ state: 'open' });
        const seen = await trackerUser.list();
        expect(seen.filter((issue) => issue.title === bench.draft(2).title)).toHaveLength(1);
        expect(seen.find(({ key }) => key === issue?.key)?.title).toBe(bench.draft(2).title);
      });

      it('an issue below the floor', async () => {
        const made = await tracker.createIssue(bench.draft(1));
        const issue = await tracker.findCreatedIssue(search(1, await tracker.floor()));
        expect(issue?.id).toBe(made.id);
      });

      it('a first issue in an empty place', async () => {
        const floor = await tracker.floor();
        const made = await tracker.createIssue(bench.draft(1));
        expect((await tracker.findCreatedIssue(search(1, floor)))?.id).toBe(made.id);
      });

      it('nothing for an issue that was never made', async () => {
        const floor = await tracker.floor();
        await tracker.createIssue(bench.draft(1));
        expect(await tracker.findCreatedIssue(search(2, floor))).toBeNull();
      });

      it('null for an id that nobody knows', async () => {
        expect(await tracker.readIssue(unknownIds[trackerUser.kind] ?? '987654')).toBeNull();
      });
    });

    describe('sees a closure', () => {
      it('as completed, by whom and when', async () => {
        const { id, key } = await tracker.createIssue(bench.draft(1));
        await bench.advance(5 * minute);
        await trackerUser.close(key, person);
        const { state, closure } = await read(id);
        expect(state).toBe('closed');
        expect(closure).toMatchObject({ kind: 'completed', by: person });
        expect(Math.abs((closure?.at ?? 0) - bench.now())).toBeLessThan(minute);
      });

      it.each(['not-planned', 'duplicate'] as const)('as %s', async (kind) => {
        const { id, key } = await tracker.createIssue(bench.draft(1));
        await bench.advance(5 * minute);
        await trackerUser.close(key, person, kind);
        const { closure } = await read(id);
        if (closure?.kind === 'other') expect(closure.native).toBeTruthy();
        else expect(closure?.kind).toBe(kind);
      });

      it('gone again when a person reopens', async () => {
        const { id, key } = await tracker.createIssue(bench.draft(1));
        await trackerUser.close(key, person);
        await trackerUser.reopen(key, person);
        expect(await read(id)).toMatchObject({ state: 'open', closure: null });
      });
    });

    describe('reopens and closes', () => {
      it('once, and a second time without harm', async () => {
        const { id, key } = await tracker.createIssue(bench.draft(1));
        await trackerUser.close(key, person);
        expect(await tracker.reopenIssue(id)).toMatchObject({ state: 'open', closure: null });
        expect(await tracker.reopenIssue(id)).toMatchObject({ state: 'open' });
        expect(await read(id)).toMatchObject({ state: 'open', closure: null });
      });

      it('a duplicate issue as a duplicate', async () => {
        const { id } = await tracker.createIssue(bench.draft(1));
        const closed = await tracker.closeIssue(id, 'duplicate');
        expect(closed.state).toBe('closed');
        expect(await tracker.closeIssue(id, 'duplicate')).toMatchObject({ state: 'closed' });
      });
    });

    describe('comments', () => {
      it('of persons are listed with author and text, from a moment on', async () => {
        const issue = await tracker.createIssue(bench.draft(1));
        const other = trackerUser.people[1] ?? person;
        await trackerUser.comment(issue.key, person, 'First words');
        await bench.advance(10 * minute);
        const since = bench.now();
        await bench.advance(minute);
        await trackerUser.comment(issue.key, other, '/closed yes');

        const all = await tracker.listComments(issue.id, 0);
        expect(all.map(({ author, text }) => [author, text.trim()])).toEqual([
          [person, 'First words'],
          [other, '/closed yes'],
        ]);
        expect(new Set(all.map(({ id }) => id)).size).toBe(2);
        const late = await tracker.listComments(issue.id, since);
        expect(late.map(({ text }) => text.trim())).toEqual(['/closed yes']);
        expect(Math.abs((late[0]?.at ?? 0) - bench.now())).toBeLessThan(minute);
      });

      it('of our own are written once, found again, and not taken for a person’s', async () => {
        const { id, ...issue } = await tracker.createIssue(bench.draft(1));
        await tracker.addComment(id, sampleComment(1));
        expect(await tracker.hasComment(id, sampleComment(1))).toBe(true);
        expect(await tracker.hasComment(id, sampleComment(2))).toBe(false);
        expect(await tracker.listComments(id, 0)).toEqual([]);
        const { comments } = await see({ id, ...issue });
        expect(comments).toHaveLength(1);
        expect(comments[0]?.text).toContain('Note 1.');
      });

      it('whose answer was lost are found', async () => {
        const { id } = await tracker.createIssue(bench.draft(1));
        bench.faults.loseNextAnswer();
        expect(await failure(tracker.addComment(id, sampleComment(1)))).toMatchObject({ code: 'unknown' });
        expect(await tracker.hasComment(id, sampleComment(1))).toBe(true);
      });
    });

    describe('edits', () => {
      it('labels, and keeps those of others', async () => {
        const made = await tracker.createIssue(bench.draft(1));
        const edited = await tracker.editIssue(made.id, {
          labelsToAdd: [overdue],
          labelsToRemove: ['severity:high', 'never-there'],
        });
        expect(edited.labels).toContain('overdue');
        expect(edited.labels).toContain('category:installation-issues');
        expect(edited.labels).not.toContain('severity:high');
        expect((await see(made)).labels.toSorted()).toEqual(edited.labels.toSorted());
      });

      it('title and text, and stays to be found by its marker', async () => {
        const floor = await tracker.floor();
        const made = await tracker.createIssue(bench.draft(1));
        await tracker.editIssue(made.id, { title: 'A new title', body: 'A new text.' });
        const seen = await see(made);
        expect(seen.title).toBe('A new title');
        expect(seen.body).toContain('A new text.');
        expect(seen.body).not.toContain('2 of 10');
        expect((await tracker.findCreatedIssue(search(1, floor)))?.id).toBe(made.id);
      });

      it('a person’s issue by its marker and link only, once, and lists it before', async () => {
        const { cursor } = await tracker.listChanges(null, bench.now());
        await bench.advance(minute);
        const key = await trackerUser.open(person, 'Exports fail', 'Each **second** export is empty.');
        await trackerUser.comment(key, person, '/case upgrade');
        await bench.advance(minute);
        const { changed } = await tracker.listChanges(cursor, bench.now());
        const found = await Promise.all(changed.map(({ id }) => tracker.readIssue(id)));
        const issue = found.find((each) => each?.key === key);
        if (!issue) throw new Error('the issue is not listed');
        expect(issue).toMatchObject({ commentCount: 1, ownershipMarks: { markers: [] } });
        expect(await tracker.listComments(issue.id, 0)).toMatchObject([{ author: person, text: '/case upgrade' }]);
        const before = await see(issue);
        const { marker, link } = bench.draft(1);
        for (let times = 0; times < 2; times += 1) {
          const marked = await tracker.editIssue(issue.id, { marker, link });
          expect(marked.ownershipMarks.markers).toEqual([marker]);
        }
        const after = await see(issue);
        expect(after.title).toBe('Exports fail');
        expect(after.body.startsWith(before.body.trimEnd())).toBe(true);
        expect(after.body.split(marker).length).toBeLessThanOrEqual(2);
      });

      it('the assignee, there and back', async () => {
        const { id } = await tracker.createIssue(bench.draft(1));
        expect(await tracker.editIssue(id, { assignee: person })).toMatchObject({ assignee: person });
        expect(await tracker.editIssue(id, { assignee: null })).toMatchObject({ assignee: null });
      });

      it('the same thing twice without harm', async () => {
        const { id } = await tracker.createIssue(bench.draft(1));
        const edit = { labelsToAdd: [overdue], labelsToRemove: ['severity:high'] };
        const once = await tracker.editIssue(id, edit);
        const twice = await tracker.editIssue(id, edit);
        expect(twice.labels.toSorted()).toEqual(once.labels.toSorted());
      });
    });

    describe('lists changes', () => {
      it('from now on, then what persons changed, then again without harm', async () => {
        const first = await tracker.createIssue(bench.draft(1));
        const second = await tracker.createIssue(bench.draft(2));
        await bench.advance(30 * minute);
        const start = await tracker.listChanges(null, bench.now());
        expect(start.changed).toEqual([]);

        await bench.advance(2 * minute);
        await trackerUser.close(second.key, person);
        await bench.advance(2 * minute);
        const next = await tracker.listChanges(start.cursor, bench.now());
        const ids = next.changed.map(({ id }) => id);
        expect(ids).toContain(second.id);
        expect(ids.length).toBe(new Set(ids).size);
        const { updatedAt } = await read(second.id);
        expect(next.changed.find(({ id }) => id === second.id)?.updatedAt).toBe(updatedAt);

        const again = await tracker.listChanges(start.cursor, bench.now());
        expect(again.changed.map(({ id }) => id)).toContain(second.id);

        await bench.advance(60 * minute);
        const quiet = await tracker.listChanges(next.cursor, bench.now());
        await bench.advance(2 * minute);
        await trackerUser.comment(first.key, person, 'Still here');
        const last = await tracker.listChanges(quiet.cursor, bench.now());
        expect(last.changed.map(({ id }) => id)).toContain(first.id);
      });
    });

    describe('tells apart', () => {
      // One issue first, so that one-time lookups and creations of the adapter are done.
      beforeEach(async () => {
        await tracker.createIssue(bench.draft(1));
      });

      it.each([
        [401, 'auth'],
        [429, 'rate-limited'],
        [500, 'unknown'],
        [502, 'unknown'],
        [200, 'unknown'],
        [0, 'unavailable'],
      ])('answer %i to a create: %s', async (status, code) => {
        bench.faults.failNext(status);
        const error = await failure(tracker.createIssue(bench.draft(2)));
        expect(error.code).toBe(code);
        if (status === 429) expect(error.retryAfterMs).toBe(7000);
        const expected = status === 200 ? 2 : 1;
        expect(await trackerUser.list()).toHaveLength(expected);
      });

      it('no failure by words of the draft', async () => {
        bench.faults.failNext(500);
        const draft = { ...bench.draft(2), title: 'canary-title', body: 'canary-body' };
        const error = await failure(tracker.createIssue(draft));
        expect(`${error.message} ${JSON.stringify(error)} ${error.cause}`).not.toMatch(/canary/);
      });
    });
  });
}
