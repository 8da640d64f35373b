import { expect, it } from 'vitest';
import { readHome } from '#src/workspace/queries/case-lists.ts';
import { setVerdict } from '#src/workspace/store/closings.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';

const names = ['own', 'undecided', 'disputed', 'reopened', 'unverified', 'long-unverified', 'confirmed', 'overdue'];

/** One case of each kind, all of a team that only Priya manages, with Sam as assignee and Dana as loop owner. */
async function opened(): Promise<Harness> {
  const harness = new Harness(
    slowAcme((text) => text.replace('managers: [dana], members: [sam]', 'managers: [priya], members: [sam]')),
  );
  for (const key of names) await harness.receive({ completed: false, token: key, customer: key });
  const { now } = harness;
  const changes: Parameters<Harness['update']>[0][] = [
    {},
    { loop: 'dropped', needsPerson: 'It was closed without a reason.' },
    { loop: 'disputed', resolvedAt: now },
    { generation: 2 },
    { loop: 'unverified', resolvedAt: now - 59 * day },
    { loop: 'unverified', resolvedAt: now - 61 * day },
    { loop: 'confirmed', resolvedAt: now },
    { dueAt: now - hour },
  ];
  for (const [index, change] of changes.entries())
    harness.update({ team: 'upgrade-response', assignee: 'sam', loopOwner: 'dana', ...change }, index);
  const verdict = {
    customerKey: 'reopened',
    generation: 1,
    verdict: 'disputed',
    why: 'The customer said no.',
    at: now,
  } as const;
  setVerdict(harness.sql, harness.case(3).id, verdict);
  return harness;
}

function workOf(harness: Harness, person: string): Record<string, string[]> {
  const { groups } = readHome(harness.core, { who: person, group: null, after: 0 });
  return Object.fromEntries(groups.map(({ name, rows }) => [name, rows.map(({ handle }) => handle)]));
}

it('is each open case of one’s own, and what waits for its loop owner or a manager, once', async () => {
  const harness = await opened();
  const unsettled = { 'needs-person': ['C-2'], disputed: ['C-3', 'C-4'], unverified: ['C-5'] };
  expect(workOf(harness, 'dana')).toEqual({ ...unsettled, overdue: ['C-8'], steps: ['C-1'] });
  expect(workOf(harness, 'priya')).toEqual(unsettled);
  expect(workOf(harness, 'sam')).toEqual({ disputed: ['C-4'], overdue: ['C-8'], steps: ['C-1'] });
  expect(workOf(harness, 'mette')).toEqual({});
});
