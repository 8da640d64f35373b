import { expect, it } from 'vitest';
import { listStepsToRecheck } from '#src/workspace/store/plan.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { hour } from '#test/harness/times.ts';

const settings = acme(({ name, text }) =>
  name === 'upgrade-not-installed' ? text.replace('plan:\n', 'plan:\n  as: sub-issues\n') : text,
);

it('looks again at steps of unfinished cases, also while the issue of the case is missing', async () => {
  const harness = new Harness(settings);
  const tokens = ['watched', 'missing', 'ended', 'elsewhere'];
  await harness.receive(...tokens.map((token) => ({ completed: false, token, customer: token })));
  await harness.pass(hour);
  const set = (number: number, change: string) =>
    harness.sql.run(`UPDATE cases SET ${change} WHERE number = ?`, number);
  set(2, `missed_issue_reads = '{"lookups":1,"firstMissedAt":0,"nextAt":0}'`);
  set(3, "loop = 'confirmed'");
  set(4, "tracker = 'growth'");
  const wanted = { tracker: 'support', before: harness.now + 1, limit: 20 };
  const handles = (before = wanted.before) =>
    listStepsToRecheck(harness.sql, { ...wanted, before }).map(({ caseId }) =>
      harness.cases().findIndex(({ id }) => id === caseId),
    );
  const found = [...new Set(handles())].map((index) => harness.cases()[index]?.number).sort();
  expect(found).toEqual([1, 2]);
  expect(handles(0)).toEqual([]);
});
