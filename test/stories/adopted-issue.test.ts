import { describe, expect, it } from 'vitest';
import { readAdoption } from '#domain/cases/command.ts';
import { nameCustomer } from '#src/workspace/cases/open-by-hand.ts';
import { listTimelineEntries } from '#src/workspace/store/cases.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { strangers, type TrackerName, trackerNames } from '#test/harness/emulated-hosts.ts';
import { simulatedSettings } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';

/* An issue that people wrote becomes a case by a command or a label, on each tracker. */

const adopt = 'adopt: { template: upgrade-not-installed, label: customer-problem }';
const settings = () =>
  simulatedSettings((acme) => acme.replace(/ {4}token: (JIRA_TOKEN|GITHUB_TOKEN|LINEAR_KEY)\n/g, `$&    ${adopt}\n`));
const title = 'Exports fail';
const text = 'Each second export is empty.';

async function start(tracker: TrackerName) {
  const harness = new EmulatedHarness(settings());
  await harness.pass(hour);
  const user = harness.hosts.trackerUser[tracker];
  const { linear } = harness.hosts.state;
  const at = new Date(harness.now).toISOString();
  const row = { id: '8f4a1c52-2222-4000-8000-000000000000', createdAt: at, updatedAt: at };
  linear.labels.push({
    ...row,
    archivedAt: null,
    teamId: null,
    name: 'customer-problem',
    color: '',
    description: null,
  });
  const account = (name: string) => {
    const { kind = '' } = harness.core.settings.workspace.trackers[tracker] ?? {};
    return harness.core.settings.workspace.people[name]?.accounts[kind] ?? '';
  };
  const key = await user.open(account('sam'), title, text);
  const seen = async () => {
    const issue = (await user.list()).find((each) => each.key === key);
    if (!issue) throw new Error(`no issue ${key}`);
    return issue;
  };
  return { harness, user, key, seen, account };
}

describe.each(trackerNames)('an issue of people in %s', (tracker) => {
  it('becomes one case by /case, with clock, labels and a comment, and keeps its title and text', async () => {
    const { harness, user, key, seen, account } = await start(tracker);
    const before = await seen();
    await user.comment(key, strangers[tracker], '/case');
    await harness.pass(5 * hour);
    expect(harness.cases()).toEqual([]);

    await user.comment(key, account('sam'), 'They called.\n\n/case nonsense\n/severity high\n/owner dana');
    await harness.pass(5 * hour);
    const [opened, ...more] = harness.cases();
    expect(more).toEqual([]);
    expect(opened).toMatchObject({
      tracker,
      template: 'upgrade-not-installed',
      severity: 'high',
      loopOwner: 'dana',
      customerKey: null,
      loop: 'working',
      issue: { key },
    });
    expect(opened?.dueAt).toBeGreaterThan(harness.now - 5 * hour);
    const after = await seen();
    expect(after.title).toBe(title);
    expect(after.body.trimEnd().startsWith(before.body.trimEnd())).toBe(true);
    expect(after.labels).toEqual(expect.arrayContaining(['severity:high', 'category:installation-issues']));
    const said = after.comments.filter(({ text: comment }) => comment.startsWith('This issue is case'));
    expect(said).toHaveLength(1);
    expect(said[0]?.text).toMatch(/case.*now.*No customer is asked/s);
    expect(said[0]?.text).toContain('No template nonsense opens cases here.');

    await user.comment(key, account('dana'), '/case');
    await user.edit(key, account('dana'), { title: 'Exports fail for everybody' });
    await harness.pass(day);
    expect(harness.cases()).toHaveLength(1);
    expect((await seen()).title).toBe('Exports fail for everybody');
    expect(await user.list()).toHaveLength(1);

    await user.close(key, account('dana'));
    await harness.pass(3 * day);
    expect(harness.case().closingReason).toBe('fixed');
    const asked = () => harness.followUps().filter(({ kind }) => kind === 'customer');
    expect(asked()).toEqual([]);

    await user.reopen(key, account('dana'));
    await harness.pass(5 * hour);
    const { core, sql } = harness;
    const named = { key: 'k-7', email: 'kim@customer.example', name: 'Kim Canary' };
    const name = (who: string) => sql.transaction(() => nameCustomer(core, harness.case().id, { ...named, who }));
    expect(() => name('mette')).toThrow('Only a case manager');
    name('dana');
    expect(() => name('dana')).toThrow('already');
    await harness.pass(5 * hour);
    await user.close(key, account('dana'));
    await harness.pass(day);
    expect(asked()).toMatchObject([{ person: 'k-7', state: 'sent' }]);
    expect(JSON.stringify(await user.list())).not.toMatch(/canary|k-7|kim@/i);
  });

  it('becomes a case by the label of the settings, once', async () => {
    const { harness, user, key, account } = await start(tracker);
    await user.edit(key, account('dana'), { addLabels: ['customer-problem'] });
    await harness.pass(5 * hour);
    await user.comment(key, account('dana'), '/case');
    await harness.pass(5 * hour);
    expect(harness.cases()).toMatchObject([{ issue: { key } }]);
    const entries = listTimelineEntries(harness.sql, harness.case().id);
    expect(entries.filter(({ what }) => what === 'issue adopted')).toMatchObject([{ why: 'by a label' }]);
  });

  it('is left alone where a command is quoted, the issue is closed, or it is a copy of one of ours', async () => {
    const { harness, user, key, account } = await start(tracker);
    await user.comment(key, account('dana'), '> /case\n\n    /case');
    const closed = await user.open(account('dana'), 'Closed', 'Over.');
    await user.close(closed, account('dana'));
    await user.comment(closed, account('dana'), '/case');
    await harness.pass(day);
    expect(harness.cases()).toEqual([]);
    await user.comment(key, account('dana'), '/case');
    await harness.pass(5 * hour);
    await user.copy(key, account('dana'));
    const copy = (await user.list()).find((each) => each.title === title && each.key !== key);
    await user.comment(copy?.key ?? '', account('dana'), '/case');
    await harness.pass(day + minute);
    expect(harness.cases()).toHaveLength(1);
  });
});

it.each([
  ['/case', ''],
  ['!case upgrade-not-installed', 'upgrade-not-installed'],
  ['Is it a /case?', null],
  ['```\n/case\n```', null],
])('reads %j as %j', (said, template) => expect(readAdoption(said)).toBe(template));
