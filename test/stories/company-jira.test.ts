import { expect, it } from 'vitest';
import { toStatus } from '#adapters/trackers/jira/emulator/set-up.ts';
import { retryRefused } from '#src/workspace/tracker-requests/refusals.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { simulatedSettings } from '#test/harness/settings.ts';
import { hour, minute } from '#test/harness/times.ts';

const impact = {
  id: 'customfield_10060',
  name: 'Customer Impact',
  type: 'option' as const,
  required: true,
  values: ['High'],
};

const withFields = (fields: string) =>
  simulatedSettings((acme) => acme.replace('    project: SUP\n', `    project: SUP\n    fields: { ${fields} }\n`));

/** A project as companies set theirs up. */
function setUp(harness: EmulatedHarness) {
  const { state } = harness.hosts;
  const { jira } = state;
  jira.setUp.customFields.push(impact);
  jira.setUp.priorities = ['P1', 'P2', 'P3', 'P4'];
  jira.setUp.offEditScreen = ['priority', 'duedate'];
  jira.setUp.statuses = [
    toStatus('1', 'To Do', 'new'),
    toStatus('2', 'In Arbeit', 'indeterminate'),
    toStatus('3', 'Done', 'done'),
    toStatus('4', "Won't do", 'done'),
  ];
  jira.setUp.demands = { Done: ['resolution'] };
  return jira;
}

it('plays in a company’s Jira from delivery to verdict, with what it refuses shown and everything else done', async () => {
  const harness = new EmulatedHarness(withFields("'Customer Impact': High"));
  const jira = setUp(harness);
  await harness.open('k-1');
  expect(jira.issues[0]).toMatchObject({ priority: 'P1', custom: { customfield_10060: { value: 'High' } } });

  const puts: number[] = [];
  harness.onRequest = ({ method, url }) => {
    if (method === 'PUT' && url.includes('/issue/')) puts.push(harness.now);
  };
  await harness.comment('dana', '/assign sam\n/severity low\n/due 2026-12-03');
  await harness.pass(3 * hour);
  expect((await harness.issue()).assignee).toBe(harness.account('sam'));
  expect((await harness.issue()).labels).toContain('severity:low');
  const worstHour = Math.max(...puts.map((at) => puts.filter((each) => each >= at && each < at + hour).length));
  expect(worstHour).toBeLessThanOrEqual(20);
  const { refused, needsPerson } = harness.call('case', harness.case().id);
  expect(refused.map(({ what }) => what).sort()).toEqual(['the due date', 'the severity low']);
  expect(refused[0]?.reason).toContain('not on the appropriate screen');
  expect(needsPerson).toBeNull();

  await harness.closeAndConfirm();
  expect(harness.case().loop).toBe('confirmed');
  expect(harness.hosts.offSpec).toEqual([]);
});

it('keeps an issue that a required field stops, until the field has a value', async () => {
  const harness = new EmulatedHarness(simulatedSettings());
  const jira = setUp(harness);
  await harness.deliver({ token: 'r-1', customer: 'k-1', completed: false, ease: 10 });
  expect(harness.case()).toMatchObject({ issue: null, needsPerson: expect.stringContaining('customfield_10060') });
  jira.setUp.customFields = [];
  harness.sql.transaction(() => retryRefused(harness.core, { tracker: 'support' }));
  await harness.pass(minute);
  expect(harness.case()).toMatchObject({ issue: { key: expect.stringMatching(/^SUP-/) }, needsPerson: null });
});

it('takes a status for the reason of a closing', async () => {
  const harness = new EmulatedHarness(withFields("'Customer Impact': High"));
  const jira = setUp(harness);
  await harness.open('k-1');
  const [issue] = jira.issues;
  if (!issue) throw new Error('no issue');
  Object.assign(issue, { status: "Won't do", resolution: 'Done', resolvedAt: harness.now, updatedAt: harness.now });
  issue.indexed = issue.indexed.map((entry) => ({ ...entry, at: harness.now, updatedAt: harness.now }));
  await harness.pass(3 * hour);
  expect(harness.case().closingReason).toBe('declined');
});
