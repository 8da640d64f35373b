import { describe, expect, it } from 'vitest';
import type { ActionInput } from '#domain/cases/action.ts';
import { actionsFor, actOnCase } from '#src/workspace/issues/act-on-case.ts';
import { caseJson } from '#src/workspace/queries/serializers.ts';
import { lost, refused } from './fakes.ts';
import { day, hour, minute, Rig, slowAcme } from './rig.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';

async function opened(change: (text: string) => string = (text) => text): Promise<Rig> {
  const rig = new Rig(slowAcme(change));
  await rig.receive({ completed: false });
  await rig.pass(minute);
  return rig;
}

const wanted = (wish: Partial<ActionInput>): ActionInput => ({
  action: 'comment',
  value: '',
  because: null,
  rootCause: null,
  whatChanged: null,
  mention: [],
  who: 'sam',
  once: null,
  ...wish,
});

function ask(rig: Rig, wish: Partial<ActionInput>, index = 0): void {
  rig.sql.transaction(() => actOnCase(rig.core, rig.case(index).id, wanted(wish)));
}

async function act(rig: Rig, wish: Partial<ActionInput>, index = 0): Promise<void> {
  ask(rig, wish, index);
  await rig.pass(minute);
}

const said = (rig: Rig) => rig.trackers.support.issue().comments.map(({ text }) => text);
const snapshot = (rig: Rig) => rig.trackers.support.issue().snapshot;

describe('from the case page, people of the team', () => {
  it('change severity, goal, status and assignee, and the issue follows', async () => {
    const rig = await opened();
    await act(rig, { action: 'severity', value: 'low', because: 'only one of them' });
    await act(rig, { action: 'due', value: '2026-12-02', because: 'agreed' });
    await act(rig, { action: 'status', value: 'pending' });
    await act(rig, { action: 'assign', value: 'dana', because: 'Sam is away' });
    expect(rig.case()).toMatchObject({ severity: 'low', status: 'Pending', assignee: 'dana' });
    expect(snapshot(rig)).toMatchObject({ severity: 4, dueDate: '2026-12-02', assignee: dana });
    const changes = caseJson(rig.core, rig.case()).timeline.filter(({ who }) => who === 'sam');
    expect(changes.map(({ what, why }) => `${what}: ${why}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^severity changed: .*only one of them/),
        expect.stringMatching(/^assignee changed: .*Sam is away/),
      ]),
    );
    await act(rig, { action: 'due', value: '200 hours' });
    expect(snapshot(rig).dueDate).toBe('2026-12-01');
  });

  it('comment with a mention, once however often the form is sent', async () => {
    const rig = await opened();
    const wish = {
      value: 'Please look at this.\n/close because I say so',
      mention: ['dana'],
      once: 'form-1',
    };
    await act(rig, wish);
    await act(rig, wish);
    expect(said(rig)).toEqual([
      `Sam Okafor writes on [C-1](https://caselite.test/w/acme/cases/${rig.case().id}):\n\n> Please look at this.\n> /close because I say so`,
    ]);
    expect(rig.timeline().filter((what) => what === 'commented')).toHaveLength(1);
    await act(rig, { ...wish, once: 'form-2' });
    expect(said(rig)).toHaveLength(2);
    // From the same form, but other words: somebody went back to write more.
    await act(rig, { ...wish, value: 'And at that.' });
    expect(said(rig)).toHaveLength(3);
    expect(rig.case().loop).toBe('working');
  });

  it('may not write who the customer is into the tracker', async () => {
    const rig = await opened();
    expect(() => ask(rig, { value: 'Call name of K-1, please.' })).toThrow(
      /comment: says who the customer is/,
    );
    expect(() => ask(rig, { value: 'k-1@customer.example' })).toThrow(/comment: says who the customer is/);
    rig.trackers.support.close(0, 'completed', dana);
    await rig.poll();
    expect(() => ask(rig, { action: 'reopen', because: 'Name of k-1 rang' })).toThrow(/because: says who/);
    await act(rig, { action: 'reopen', because: 'the filename of k-10 is wrong' });
    expect(rig.case().loop).toBe('working');
    expect(said(rig).at(-1)).toContain('the filename of k-10 is wrong');
  });

  it('may not write the address by which a customer is known, either', async () => {
    const rig = new Rig();
    await rig.receive({ completed: false, customer: 'key@customer.example', email: '' });
    await rig.pass(hour);
    expect(() => ask(rig, { value: 'Write to key@customer.example.' })).toThrow(/says who the customer is/);
  });

  it('may write neither the surname of the customer nor what they wrote', async () => {
    const rig = new Rig();
    const wish = 'The license check stops at 80 %,\nand everything rolls back.';
    await rig.receive({ completed: false, customer: 'Lindqvist', wish });
    await rig.pass(hour);
    for (const value of ['Lindqvist waits.', `They say: ${wish.replace('\n', ' ')}`])
      expect(() => ask(rig, { value })).toThrow(/says who the customer is, or what they wrote/);
    await act(rig, { value: 'The license check stops.' });
    expect(said(rig).at(-1)).toContain('The license check stops.');
  });

  it('are told what is wrong, by field and with the remedy', async () => {
    const rig = await opened();
    expect(() => ask(rig, {})).toThrow('comment: is empty; write what to say');
    expect(() => ask(rig, { value: 'x', mention: ['partner'] })).toThrow(/mention: has no account/);
    expect(() => ask(rig, { action: 'duplicate', value: 'C-1', who: 'dana' })).toThrow(/names no other case/);
    expect(() => ask(rig, { action: 'link', value: 'the other' })).toThrow(/link: names no other case/);
    expect(() => ask(rig, { action: 'reopen', because: 'x' })).toThrow('It is open already.');
    expect(() => ask(rig, { action: 'shipped' })).toThrow(/close it first/);
    expect(() => ask(rig, { action: 'severity', value: 'low', who: 'nobody' })).toThrow(/who: names nobody/);
    expect(() => ask(rig, { action: 'severity', value: 'low', who: 'mette' })).toThrow(
      /people of the case’s team/,
    );
  });
});

describe('reopening from the case page', () => {
  it('is asked for once, however often the form is sent', async () => {
    const rig = await opened();
    rig.trackers.support.close(0, 'completed', dana);
    await rig.poll();
    const wish = { action: 'reopen' as const, because: 'it broke again', once: 'form-1' };
    ask(rig, wish);
    await act(rig, wish);
    expect(rig.case().loop).toBe('working');
    expect(rig.timeline().filter((what) => what === 'reopening')).toHaveLength(1);
  });
});

describe('closing from the case page', () => {
  it('is for case managers, who close as fixed with the root cause', async () => {
    const rig = await opened();
    expect(() => ask(rig, { action: 'close', because: 'works', who: 'sam' })).toThrow(/Only case managers/);
    await act(rig, { action: 'close', because: 'works again', rootCause: 'a driver', who: 'dana' });
    expect(snapshot(rig)).toMatchObject({ state: 'closed', closure: { kind: 'completed' } });
    expect(rig.case()).toMatchObject({ loop: 'resolved', closer: 'dana', rootCause: 'a driver' });
  });

  it('tells the customer what was done, and keeps the reason for the team', async () => {
    const rig = await opened();
    const wish = { because: 'they gave us no rest', whatChanged: 'The driver is signed now.' };
    await act(rig, { action: 'close', who: 'dana', ...wish });
    await rig.poll();
    await rig.pass(day + minute);
    const [mail] = rig.mail.to('k-1@customer.example');
    expect(mail?.text).toContain('The driver is signed now.');
    expect(mail?.text).not.toContain('no rest');
    expect(rig.case()).toMatchObject({ closingNote: 'they gave us no rest', explanation: null });
  });

  it('is asked for once while it is on its way', async () => {
    const rig = await opened();
    ask(rig, { action: 'close', because: 'works', who: 'dana' });
    expect(() => ask(rig, { action: 'close', because: 'works', who: 'dana' })).toThrow(
      /being closed already/,
    );
    await rig.pass(minute);
    expect(rig.trackers.support.count('close')).toBe(1);
  });

  it('as declined tells the customer why', async () => {
    const rig = await opened();
    expect(() => ask(rig, { action: 'decline', who: 'dana' })).toThrow('because: is empty; say why');
    await act(rig, { action: 'decline', because: 'It would break what others rely on.', who: 'dana' });
    expect(snapshot(rig).closure).toMatchObject({ kind: 'not-planned' });
    await rig.pass(2 * day);
    expect(rig.mail.to('k-1@customer.example')[0]?.text).toContain('It would break what others rely on.');
  });

  it('as a duplicate follows the other case', async () => {
    const rig = await opened();
    await rig.receive({ token: 'r-2', customer: 'k-2', completed: false });
    await act(rig, { action: 'duplicate', value: 'c-1', who: 'dana' }, 1);
    expect(rig.case(1)).toMatchObject({ loop: 'dropped', closingReason: 'duplicate', needsPerson: null });
    expect(rig.case(1).duplicateOf).toBe(rig.case(0).id);
  });
});

describe('links', () => {
  it('two cases natively where both live in one tracker, in whatever order their issues are made', async () => {
    const rig = new Rig(slowAcme());
    await rig.receive(
      { completed: false, customer: 'k-1' },
      { token: 'r-2', customer: 'k-2', completed: false },
    );
    ask(rig, { action: 'link', value: 'C-2' }, 0);
    await rig.pass(minute);
    const [one, other] = [rig.trackers.support.issue(0), rig.trackers.support.issue(1)];
    expect([...one.links, ...other.links]).toHaveLength(1);
    expect([rig.timeline(0), rig.timeline(1)].flat().filter((what) => what === 'issues linked')).toHaveLength(
      1,
    );
    await act(rig, { action: 'link', value: 'C-2' }, 0);
    expect(rig.trackers.support.count('link')).toBe(1);
  });

  it('two cases of different trackers by a comment on each', async () => {
    const rig = await opened();
    await rig.receive({ token: 'r-2', customer: 'k-2', ease: 2 });
    expect(rig.case(1).tracker).toBe('product');
    await act(rig, { action: 'link', value: 'C-2' });
    expect(said(rig)).toEqual([expect.stringContaining('Related to [C-2](https://caselite.test/')]);
    expect(rig.trackers.product.issue().comments.map(({ text }) => text)).toEqual([
      expect.stringContaining('Related to [C-1]('),
    ]);
  });

  it('another issue of the tracker, and says it when there is none', async () => {
    const rig = await opened();
    await act(rig, { action: 'link', value: 'SUP-99' });
    expect(rig.trackers.support.issue().links).toEqual(['SUP-99']);
    rig.trackers.support.fail('link', refused('rejected', 404));
    await act(rig, { action: 'link', value: '#100' });
    expect(rig.timeline()).toContain('link refused');
    expect(rig.case().needsPerson).toBeNull();
  });
});

it('says what is on its way to the tracker, and why it waits', async () => {
  const rig = await opened();
  const sending = () => caseJson(rig.core, rig.case()).sending.map(({ state, why }) => `${state}: ${why}`);
  expect(sending()).toEqual([]);
  ask(rig, { action: 'severity', value: 'low' });
  expect(sending()).toEqual(['sending: being sent']);
  rig.trackers.support.fail('edit', lost());
  await rig.pass(1000);
  expect(sending()).toEqual([expect.stringMatching(/^(unknown: no answer came|waits: it was not taken)/)]);
  await rig.pass(day);
  expect(sending()).toEqual([]);
  rig.trackers.support.always.set('read', refused('auth', 401));
  ask(rig, { action: 'severity', value: 'high' });
  await rig.pass(minute);
  expect(sending()).toEqual([expect.stringMatching(/^waits: the tracker is paused: /)]);
});

it('tells what a person may do', async () => {
  const rig = await opened();
  expect(actionsFor(rig.core, rig.case().id, 'sam')).toMatchObject({
    role: 'member',
    mayClose: false,
    hasIssue: true,
    statuses: expect.arrayContaining(['Open', 'Pending']),
    severities: ['urgent', 'high', 'normal', 'low'],
  });
  expect(actionsFor(rig.core, rig.case().id, 'dana')).toMatchObject({ role: 'manager', mayClose: true });
  expect(actionsFor(rig.core, rig.case().id, 'mette').role).toBeNull();
});

it('says by command that the fix was shipped, and the customer is asked', async () => {
  const rig = new Rig(
    slowAcme((text) =>
      text.replace('quarantine: 30 days }', 'quarantine: 30 days, ask-after: { label: shipped } }'),
    ),
  );
  await rig.receive({ completed: false });
  rig.trackers.support.close(0, 'completed', dana);
  await rig.poll();
  await rig.pass(3 * day);
  expect(rig.mail.to('k-1@customer.example')).toEqual([]);
  rig.trackers.support.say(0, rig.core.settings.workspace.people.sam?.jira ?? '', '!shipped 2.4');
  await rig.poll();
  await rig.pass(2 * day);
  expect(said(rig).at(-1)).toBe('Noted. The customer is asked about it.');
  expect(caseJson(rig.core, rig.case()).timeline.map(({ why }) => why)).toContain(
    'the fix was said to have reached the customer with 2.4',
  );
  expect(rig.mail.to('k-1@customer.example')).toHaveLength(1);
  expect(() => ask(rig, { action: 'shipped', value: '2.5' })).toThrow(/waits for nothing/);
});
