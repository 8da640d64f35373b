import { beforeEach, describe, expect, it } from 'vitest';
import { type Permission, permissions } from '#adapters/emulators/admin.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { IssueSnapshot } from '#domain/integrations/issue.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { overdue, sampleComment, type TrackerBench } from './tracker.ts';

/** What a company's set-up may refuse: a field of an issue, or its closing. */
export type Refusable = 'title' | 'assignee' | 'closing';

export interface TrackerRefusals {
  /** Takes a permission from our account. */
  forbid(what: Permission): void;
  /** The tracker refuses this from now on, for its content. */
  refuse(what: Refusable): void;
}

const canary = 'canary words of a customer';

const calls: Record<Permission, (tracker: Tracker, issue: IssueSnapshot, bench: TrackerBench) => Promise<unknown>> = {
  create: (tracker, _, bench) => tracker.createIssue({ ...bench.draft(2), title: canary }),
  edit: (tracker, { id }) => tracker.editIssue(id, { title: canary, dueDate: '2026-12-24', labelsToAdd: [overdue] }),
  close: (tracker, { id }) => tracker.closeIssue(id, 'completed'),
  comment: (tracker, { id }) => tracker.addComment(id, sampleComment(1, { body: canary })),
};

/** The contract of refusals: classified alike, with codes and fields, and never with people's words. */
export function describeRefusals(make: () => Promise<TrackerBench>): void {
  describe('tells what is refused:', () => {
    let bench: TrackerBench;
    let tracker: Tracker;
    let issue: IssueSnapshot;
    let person: string;

    beforeEach(async () => {
      bench = await make();
      ({ tracker } = bench);
      person = bench.trackerUser.people[0] ?? '';
      issue = await tracker.createIssue(bench.draft(1));
    });

    async function refusalOf(work: Promise<unknown>): Promise<IntegrationError> {
      const error: unknown = await work.then(
        () => null,
        (reason) => reason,
      );
      if (!(error instanceof IntegrationError)) throw new Error(`no refusal, but ${String(error)}`);
      expect(`${error.message} ${JSON.stringify(error.fields)} ${String(error.cause)}`).not.toContain(canary);
      return error;
    }

    /** The refused fields are names or codes. */
    function expectNamed({ fields }: IntegrationError): void {
      expect(fields.length).toBeGreaterThan(0);
      for (const { field } of fields) expect(field).toMatch(/^[\w.-]{2,60}$/);
    }

    it('a create for an optional field, so that it goes without that field', async () => {
      bench.refusals.refuse('assignee');
      const draft = { ...bench.draft(2), assignee: person };
      const made = await tracker.createIssue(draft);
      expect(made).toMatchObject({ assignee: null, dueDate: draft.dueDate });
      expect(made.labels).toEqual(expect.arrayContaining(draft.labels.map(({ name }) => name)));
      const seen = (await bench.trackerUser.list()).find(({ key }) => key === made.key);
      expect(seen?.body).toContain('2 of 10');
    });

    it('a create for a required field, by its name', async () => {
      bench.refusals.refuse('title');
      const error = await refusalOf(tracker.createIssue({ ...bench.draft(2), title: canary }));
      expect(error).toMatchObject({ code: 'rejected' });
      expectNamed(error);
      expect(await bench.trackerUser.list()).toHaveLength(1);
    });

    it('an edit for one part, which is named, and nothing of it happened', async () => {
      bench.refusals.refuse('assignee');
      const error = await refusalOf(tracker.editIssue(issue.id, { title: canary, assignee: person }));
      expect(error).toMatchObject({ code: 'rejected' });
      expect(error.fields.map(({ part }) => part)).toEqual(['assignee']);
      const read = await tracker.readIssue(issue.id);
      expect(read).toMatchObject({ title: issue.title, assignee: null });
      expect(await tracker.editIssue(issue.id, { title: 'Another title' })).toMatchObject({ title: 'Another title' });
    });

    it('a closing, and the issue stays open', async () => {
      bench.refusals.refuse('closing');
      const error = await refusalOf(tracker.closeIssue(issue.id, 'completed'));
      expect(error).toMatchObject({ code: 'rejected' });
      expectNamed(error);
      expect(await tracker.readIssue(issue.id)).toMatchObject({ state: 'open' });
    });

    it.each(permissions)('a missing permission to %s, and no other', async (what) => {
      bench.refusals.forbid(what);
      expect(await refusalOf(calls[what](tracker, issue, bench))).toMatchObject({ code: 'auth', status: 403 });
      expect(await tracker.readIssue(issue.id)).toMatchObject({ title: issue.title, state: 'open', commentCount: 0 });
      if (what === 'comment') await calls.edit(tracker, issue, bench);
      else await calls.comment(tracker, issue, bench);
    });
  });
}
