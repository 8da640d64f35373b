import { describe, expect, it } from 'vitest';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';
const sam = '5b10ac8d82e05b22cc7d4ef2';

async function opened(policy: string): Promise<Harness> {
  const harness = new Harness(slowAcme((text) => text.replace('follow-up:', `close-policy: ${policy}\nfollow-up:`)));
  await harness.receive({ completed: false });
  await harness.pass(hour);
  return harness;
}

const state = (harness: Harness) => harness.trackers.support.issue().snapshot.state;
const said = (harness: Harness) => harness.trackers.support.issue().comments.map(({ text }) => text);
const closeBy = async (harness: Harness, account: string) => {
  harness.trackers.support.close(0, 'completed', account);
  await harness.poll();
  await harness.pass(minute);
};

describe('a closing by a person without the right to it', () => {
  it('is undone politely where the policy is enforced, and costs the case nothing', async () => {
    const harness = await opened('{ mode: enforce }');
    const { dueAt } = harness.case();
    await closeBy(harness, sam);
    expect(state(harness)).toBe('open');
    expect(said(harness)).toEqual([
      'Reopened by Caselite: Sam Okafor closed it, and only case managers may. Dana Reyes may close it.',
    ]);
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 1, dueAt });
    await harness.pass(3 * day);
    expect(harness.mail.to('k-1@customer.example')).toEqual([]);
    await closeBy(harness, dana);
    expect(harness.case()).toMatchObject({ loop: 'resolved', closer: 'dana', closingFlag: null });
  });

  it('is kept after the second time in a day, and is flagged', async () => {
    const harness = await opened('{ mode: enforce }');
    for (let times = 0; times < 3; times += 1) await closeBy(harness, sam);
    expect(said(harness)).toHaveLength(2);
    expect(state(harness)).toBe('closed');
    expect(harness.case().closingFlag).toContain('it was reopened for that 2 times already');
    expect(harness.mail.to('dana@acme.example', 'Closed against the rules')).toHaveLength(1);
  });

  it('is kept when a case manager had closed the case before', async () => {
    const harness = await opened('{ mode: enforce }');
    await closeBy(harness, dana);
    harness.trackers.support.reopen(0);
    await harness.poll();
    await closeBy(harness, sam);
    expect(state(harness)).toBe('closed');
    expect(harness.case().closingFlag).toContain('a case manager had closed it before');
  });

  it('is flagged and reported to the managers by default', async () => {
    const harness = await opened('{}');
    await closeBy(harness, sam);
    expect(harness.case()).toMatchObject({
      loop: 'resolved',
      closingFlag: 'Sam Okafor closed it, and only case managers may',
    });
    expect(harness.timeline()).toContain('closed against the rules');
    expect(harness.mail.to('dana@acme.example', 'Closed against the rules')).toHaveLength(1);
  });

  it.each(['{ mode: off }', '{ by: anybody }'])('is like any other with %s', async (policy) => {
    const harness = await opened(policy.replace('off', "'off'"));
    await closeBy(harness, sam);
    expect(harness.case()).toMatchObject({ loop: 'resolved', closingFlag: null });
  });
});

it('needs a reason and a root cause where the policy requires them', async () => {
  const harness = await opened('{ mode: enforce, require: [closing-reason, root-cause] }');
  await closeBy(harness, dana);
  expect(state(harness)).toBe('open');
  expect(said(harness)[0]).toContain('without a closing reason; it was closed without a root cause');
  harness.trackers.support.say(0, dana, '/close because the file is shipped again');
  await harness.poll();
  await harness.pass(minute);
  expect(said(harness).at(-1)).toContain('root-cause: is missing');
  harness.trackers.support.say(0, dana, '/root-cause a missing file\n/close because the file is shipped again');
  await harness.poll();
  await harness.pass(minute);
  expect(harness.case()).toMatchObject({
    loop: 'resolved',
    closer: 'dana',
    closingNote: 'the file is shipped again',
    rootCause: 'a missing file',
    closingFlag: null,
  });
});

it('can be changed by a template', async () => {
  const harness = await opened('{ mode: enforce }');
  const template = harness.core.settings.templates.get(harness.case().template);
  if (template) template['close-policy'] = { mode: 'off' };
  await closeBy(harness, sam);
  expect(state(harness)).toBe('closed');
  expect(harness.case().closingFlag).toBeNull();
});

it('follows and puts back what was changed together with a closing that it undid', async () => {
  const harness = await opened('{ mode: enforce }');
  const { labels } = harness.trackers.support.issue().snapshot;
  const category = 'category:installation-issues';
  harness.trackers.support.change(0, { labels: labels.filter((name) => name !== category), severity: 4 });
  harness.trackers.support.close(0, 'completed', sam);
  await harness.poll();
  await harness.pass(minute);
  await harness.poll();
  await harness.pass(minute);
  expect(harness.case()).toMatchObject({ loop: 'working', severity: 'low' });
  expect(harness.timeline()).toEqual(expect.arrayContaining(['closing undone', 'fields put back']));
  expect(harness.trackers.support.issue().snapshot.labels).toContain(category);
});
