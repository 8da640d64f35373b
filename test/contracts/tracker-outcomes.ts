import { beforeEach, describe, expect, it } from 'vitest';
import type { SeenIssue } from '#adapters/emulators/tracker-user.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { IssueSnapshot } from '#domain/integrations/issue.ts';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { overdue, sampleComment, type TrackerBench } from './tracker.ts';
import type { Vendor } from './validating.ts';

type Answer = number | 'lost';
type Outcome = IntegrationError['code'] | 'done';

/** Outcome of each answer to a call. 0: the connection is refused. 200: the answer is unreadable. */
const table: [Answer, Outcome][] = [
  [401, 'auth'],
  [403, 'auth'],
  [404, 'rejected'],
  [409, 'unknown'],
  [410, 'rejected'],
  [413, 'rejected'],
  [422, 'rejected'],
  [429, 'rate-limited'],
  [500, 'unknown'],
  [502, 'unknown'],
  [503, 'unknown'],
  [200, 'unknown'],
  [0, 'unavailable'],
  ['lost', 'unknown'],
];

/** Refusals that an adapter corrects by itself. */
const mended: Record<string, Answer[]> = {
  'github create': [422],
  'jira create': [413, 422],
  'linear create': [413, 422],
  // Jira answers 409 when a person moves the issue at the same moment, so the adapter reads it again.
  'jira close': [409],
};

interface Call {
  name: string;
  make(tracker: Tracker, issue: IssueSnapshot, bench: TrackerBench): Promise<unknown>;
  /** Whether the call took effect, as a tracker user sees it. */
  took(seen: SeenIssue[], issue: IssueSnapshot): boolean;
}

const calls: Call[] = [
  {
    name: 'create',
    make: (tracker, _, bench) => tracker.createIssue(bench.draft(2)),
    took: (seen) => seen.length === 3,
  },
  {
    name: 'comment',
    make: (tracker, { id }) => tracker.addComment(id, sampleComment(1)),
    took: (seen, { key }) => seen.find((issue) => issue.key === key)?.comments.length === 1,
  },
  {
    name: 'close',
    make: (tracker, { id }) => tracker.closeIssue(id, 'completed'),
    took: (seen, { key }) => seen.find((issue) => issue.key === key)?.state === 'closed',
  },
  {
    name: 'label',
    make: (tracker, { id }) => tracker.editIssue(id, { labelsToAdd: [overdue] }),
    took: (seen, { key }) => seen.find((issue) => issue.key === key)?.labels.includes('overdue') ?? false,
  },
];

/** The table of faults, applied to each kind of call. */
export function describeOutcomes(make: () => Promise<TrackerBench>, kind: Vendor): void {
  describe.each(calls)('takes an answer to a $name', (call) => {
    let bench: TrackerBench;
    let issue: IssueSnapshot;

    beforeEach(async () => {
      bench = await make();
      // A separate issue first, so that one-time lookups and creations of the adapter are done.
      const { id } = await bench.tracker.createIssue(bench.draft(7));
      await bench.tracker.editIssue(id, { labelsToAdd: [overdue] });
      issue = await bench.tracker.createIssue(bench.draft(1));
    });

    it('that says "too much" in the vendor’s own words', async () => {
      bench.faults.limitNext(kind);
      await expect(call.make(bench.tracker, issue, bench)).rejects.toMatchObject({
        code: 'rate-limited',
        retryAfterMs: 7000,
      });
      expect(call.took(await bench.trackerUser.list(), issue)).toBe(false);
    });

    it('that no read followed, as one that may have worked', async () => {
      bench.faults.loseReads('next change');
      const code = await call.make(bench.tracker, issue, bench).then(
        () => 'done',
        (error: IntegrationError) => error.code,
      );
      expect(['done', 'unknown']).toContain(code);
      expect(call.took(await bench.trackerUser.list(), issue)).toBe(true);
    });

    it.each(table)('%s for what it is', async (answer, outcome) => {
      if (answer === 'lost') bench.faults.loseNextAnswer();
      else bench.faults.failNext(answer);
      const expected = mended[`${kind} ${call.name}`]?.includes(answer) ? 'done' : outcome;
      const error: unknown = await call.make(bench.tracker, issue, bench).then(
        () => null,
        (reason) => reason,
      );
      if (error !== null) expect(error).toBeInstanceOf(IntegrationError);
      expect(error instanceof IntegrationError ? error.code : 'done').toBe(expected);
      if (answer === 429 && error instanceof IntegrationError) expect(error.retryAfterMs).toBe(7000);
      const effect = expected === 'done' || answer === 200 || answer === 'lost';
      expect(call.took(await bench.trackerUser.list(), issue)).toBe(effect);
    });
  });
}
