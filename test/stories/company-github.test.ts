import { expect, it } from 'vitest';
import { actOnCase } from '#src/workspace/issues/act-on-case.ts';
import { retryRefused } from '#src/workspace/tracker-requests/refusals.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { settingsIn } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';

const options = 'issue-type: Customer problem\n    milestone: 4\n    labels: [customer]';
const organisation = (own = options) =>
  settingsIn('product', (acme) => acme.replace('    repository: acme/product\n', `$&    ${own}\n`));

/** A repository of an organisation with issue types, whose members hide their membership. */
function setUp(harness: EmulatedHarness) {
  const { github } = harness.hosts.state;
  return Object.assign(github, { issueTypes: ['Bug', 'Customer problem'], milestones: [4], association: 'NONE' });
}

const push = (harness: EmulatedHarness) =>
  harness.sql.transaction(() => retryRefused(harness.core, { tracker: 'product' }));

it('plays in a company’s GitHub from delivery to verdict: types, an archived and a renamed repository', async () => {
  const harness = new EmulatedHarness(organisation());
  const github = setUp(harness);
  github.archived = true;
  await harness.deliver({ token: 'r-1', customer: 'k-1', completed: false, ease: 10 });
  expect(harness.case()).toMatchObject({ issue: null, needsPerson: expect.stringContaining('archived') });
  github.archived = false;
  push(harness);
  await harness.pass(minute);
  expect(harness.case()).toMatchObject({ issue: { key: '1' }, needsPerson: null });
  expect(github.issues).toMatchObject([{ type: 'Customer problem', milestone: 4 }]);
  expect((await harness.issue()).labels).toContain('customer');

  await harness.comment('dana', '/assign sam\n/severity low');
  github.archived = true;
  await harness.pass(3 * hour);
  expect(harness.case()).toMatchObject({ assignee: 'sam', severity: 'low' });
  const { refused } = harness.call('case', harness.case().id);
  expect(refused.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('archived'));
  const input = { value: 'On it.', because: null, rootCause: null, whatChanged: null, mention: [], once: null };
  harness.sql.transaction(() =>
    actOnCase(harness.core, harness.case().id, { ...input, action: 'comment', who: 'dana' }),
  );
  await harness.pass(3 * hour);
  expect(harness.call('case', harness.case().id).refused).toContainEqual(
    expect.objectContaining({ what: 'a comment', reason: expect.stringContaining('archived') }),
  );
  github.archived = false;
  push(harness);
  await harness.pass(3 * hour);
  expect(harness.call('case', harness.case().id).refused).toEqual([]);
  expect(await harness.issue()).toMatchObject({
    assignee: harness.account('sam'),
    labels: expect.arrayContaining(['severity:low']),
  });

  expect(github.comments.filter(({ body }) => body.includes('On it.'))).toHaveLength(1);

  Object.assign(github, { repository: 'acme/product-next', formerNames: ['acme/product'] });
  await harness.closeAndConfirm();
  expect(harness.case()).toMatchObject({ loop: 'confirmed', closer: 'dana' });
  expect(harness.hosts.offSpec).toEqual([]);
});

it('tells admins once of a repository that moved to another owner, with its new name, and misses no closing', async () => {
  const harness = new EmulatedHarness(organisation());
  const github = setUp(harness);
  await harness.open('k-1');
  Object.assign(github, { repository: 'other/product', formerNames: ['acme/product'] });
  await harness.close('dana');
  await harness.pass(2 * day);
  const told = harness.hosts.mail.accepted.filter(({ subject }) => subject.includes('cannot read changes in GitHub'));
  const admins = new Set(told.map(({ to }) => to));
  expect(admins.size).toBeGreaterThan(0);
  expect(told).toHaveLength(admins.size);
  expect(told[0]?.text).toContain('other/product');
  expect(harness.case().loop).toBe('working');
  Object.assign(github, { repository: 'acme/product', formerNames: [] });
  await harness.pass(2 * day);
  expect(harness.case().closingReason).toBe('fixed');
});

it('reopens in a new issue where the tracker says so, with its type, and asks about that', async () => {
  const harness = new EmulatedHarness(organisation(`${options}\n    reopening: new issue`));
  const github = setUp(harness);
  await harness.open('k-1');
  await harness.close('dana');
  await harness.pass(day);
  harness.answer('customer', { resolved: 'no' });
  await harness.pass(3 * hour);
  expect(harness.case()).toMatchObject({ loop: 'working', generation: 2, issue: { key: '2' } });
  expect(github.issues.map(({ state, type }) => `${state} ${type}`)).toEqual([
    'closed Customer problem',
    'open Customer problem',
  ]);
  expect(github.issues[1]?.body).toContain('Follows [1](');
  await harness.close('dana');
  await harness.pass(day);
  harness.answer('customer', { resolved: 'yes' });
  expect(harness.case().loop).toBe('confirmed');
  expect(harness.hosts.offSpec).toEqual([]);
});
