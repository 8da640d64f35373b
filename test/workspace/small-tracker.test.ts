import { expect, it } from 'vitest';
import type { Tracker } from '#domain/integrations/tracker.ts';
import { checkTrackers } from '#src/workspace/issues/check-trackers.ts';
import { planSteps } from '#src/workspace/store/plan.ts';
import { linkCases } from '#src/workspace/tracker-requests/reopen.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { override } from '#test/harness/override.ts';
import { day, hour } from '#test/harness/times.ts';

const settings = acme(({ name, text }) => {
  if (name === 'upgrade-not-installed') return text.replace('plan:\n', 'plan:\n  as: sub-issues\n');
  if (name !== 'acme') return text;
  return text.replace('every: 2 minutes', 'every: 1 day').replace('words: never', 'words: private');
});

/** A workspace whose trackers have the required interfaces only. */
function withSmallTrackers(): Harness {
  const harness = new Harness(settings);
  for (const tracker of Object.values(harness.trackers))
    override<Tracker>(tracker, {
      addSubIssue: undefined,
      linkIssues: undefined,
      listOwnIssuesWithMarker: undefined,
      visibility: undefined,
      check: undefined,
    });
  return harness;
}

const comments = (harness: Harness, index: number) =>
  harness.trackers.support.issue(index).comments.map(({ text }) => text);

it('has check boxes without sub-issues', async () => {
  const harness = withSmallTrackers();
  await harness.receive({ completed: false });
  await harness.pass(hour);
  const [step] = planSteps.list(harness.sql, { caseId: harness.case().id });
  expect(step).toMatchObject({ form: 'check-box', issue: null });
  expect(step?.formWhy).toContain('the tracker has no sub-issues');
  expect(harness.trackers.support.issues).toHaveLength(1);
  expect(harness.case().needsPerson).toBeNull();
});

it('links by a comment without relations, and sweeps for no duplicates', async () => {
  const harness = withSmallTrackers();
  await harness.receive({ completed: false }, { completed: false, token: 'r-2', customer: 'k-2' });
  harness.sql.transaction(() => linkCases(harness.core, harness.case(0), harness.case(1)));
  await harness.pass(2 * day);
  expect(comments(harness, 0)).toContainEqual(expect.stringContaining('Related to [C-2]('));
  expect(harness.cases().map(({ needsPerson }) => needsPerson)).toEqual([null, null]);
  expect(harness.log.filter((line) => !line.startsWith('call-failed'))).toEqual([]);
});

it('counts as public without a check of its set-up, and says that it was not checked', async () => {
  const harness = withSmallTrackers();
  await harness.receive({ completed: false, wish: 'It stops at 80 %.' });
  expect(harness.trackers.support.issue().body).not.toContain('It stops');
  const [report] = await checkTrackers(harness.core.settings, harness.core.integrations, harness.now);
  expect(report?.findings).toMatchObject([{ blocking: false, message: expect.stringContaining('cannot be') }]);
});
