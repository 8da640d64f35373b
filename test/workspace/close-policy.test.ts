import { describe, expect, it } from 'vitest';
import { day, hour, minute, Rig, slowAcme } from './rig.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';
const sam = '5b10ac8d82e05b22cc7d4ef2';

async function opened(policy: string): Promise<Rig> {
  const rig = new Rig(slowAcme((text) => text.replace('follow-up:', `close-policy: ${policy}\nfollow-up:`)));
  await rig.receive({ completed: false });
  await rig.pass(hour);
  return rig;
}

const state = (rig: Rig) => rig.trackers.support.issue().snapshot.state;
const said = (rig: Rig) => rig.trackers.support.issue().comments.map(({ text }) => text);
const closeBy = async (rig: Rig, account: string) => {
  rig.trackers.support.close(0, 'completed', account);
  await rig.poll();
  await rig.pass(minute);
};

describe('a closing by somebody who may not', () => {
  it('is undone politely where the policy is enforced, and costs the case nothing', async () => {
    const rig = await opened('{ mode: enforce }');
    const { dueAt } = rig.case();
    await closeBy(rig, sam);
    expect(state(rig)).toBe('open');
    expect(said(rig)).toEqual([
      'Reopened by Caselite: Sam Okafor closed it, and only case managers may. Dana Reyes may close it.',
    ]);
    expect(rig.case()).toMatchObject({ loop: 'working', generation: 1, dueAt });
    await rig.pass(3 * day);
    expect(rig.mail.to('k-1@customer.example')).toEqual([]);
    await closeBy(rig, dana);
    expect(rig.case()).toMatchObject({ loop: 'resolved', closer: 'dana', closingFlag: null });
  });

  it('stands after the second time in a day, and is flagged', async () => {
    const rig = await opened('{ mode: enforce }');
    for (let times = 0; times < 3; times += 1) await closeBy(rig, sam);
    expect(said(rig)).toHaveLength(2);
    expect(state(rig)).toBe('closed');
    expect(rig.case().closingFlag).toContain('it was reopened for that 2 times already');
    expect(rig.mail.to('dana@acme.example', 'closed against rules')).toHaveLength(1);
  });

  it('stands when a case manager had closed the case before', async () => {
    const rig = await opened('{ mode: enforce }');
    await closeBy(rig, dana);
    rig.trackers.support.reopen(0);
    await rig.poll();
    await closeBy(rig, sam);
    expect(state(rig)).toBe('closed');
    expect(rig.case().closingFlag).toContain('a case manager had closed it before');
  });

  it('is flagged and told to the managers by default', async () => {
    const rig = await opened('{}');
    await closeBy(rig, sam);
    expect(rig.case()).toMatchObject({
      loop: 'resolved',
      closingFlag: 'Sam Okafor closed it, and only case managers may',
    });
    expect(rig.timeline()).toContain('closed against the rules');
    expect(rig.mail.to('dana@acme.example', 'closed against rules')).toHaveLength(1);
  });

  it.each(['{ mode: off }', '{ by: anybody }'])('is like any other with %s', async (policy) => {
    const rig = await opened(policy.replace('off', "'off'"));
    await closeBy(rig, sam);
    expect(rig.case()).toMatchObject({ loop: 'resolved', closingFlag: null });
  });
});

it('wants a reason and a root cause where the policy says so', async () => {
  const rig = await opened('{ mode: enforce, require: [closing-reason, root-cause] }');
  await closeBy(rig, dana);
  expect(state(rig)).toBe('open');
  expect(said(rig)[0]).toContain('without a closing reason; it was closed without a root cause');
  rig.trackers.support.say(0, dana, '/close because the file is shipped again');
  await rig.poll();
  await rig.pass(minute);
  expect(said(rig).at(-1)).toContain('root-cause: is missing');
  rig.trackers.support.say(0, dana, '/root-cause a missing file\n/close because the file is shipped again');
  await rig.poll();
  await rig.pass(minute);
  expect(rig.case()).toMatchObject({
    loop: 'resolved',
    closer: 'dana',
    closingNote: 'the file is shipped again',
    rootCause: 'a missing file',
    closingFlag: null,
  });
});

it('lets a template say otherwise', async () => {
  const rig = await opened('{ mode: enforce }');
  const template = rig.core.settings.templates.get(rig.case().template);
  if (template) template['close-policy'] = { mode: 'off' };
  await closeBy(rig, sam);
  expect(state(rig)).toBe('closed');
  expect(rig.case().closingFlag).toBeNull();
});

it('follows and puts back what was changed together with a closing that it undid', async () => {
  const rig = await opened('{ mode: enforce }');
  const { labels } = rig.trackers.support.issue().snapshot;
  const category = 'category:installation-issues';
  rig.trackers.support.change(0, { labels: labels.filter((name) => name !== category), severity: 4 });
  rig.trackers.support.close(0, 'completed', sam);
  await rig.poll();
  await rig.pass(minute);
  await rig.poll();
  await rig.pass(minute);
  expect(rig.case()).toMatchObject({ loop: 'working', severity: 'low' });
  expect(rig.timeline()).toEqual(expect.arrayContaining(['closing undone', 'fields put back']));
  expect(rig.trackers.support.issue().snapshot.labels).toContain(category);
});
