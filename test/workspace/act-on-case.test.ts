import { describe, expect, it } from 'vitest';
import type { RequestedAction } from '#domain/cases/action.ts';
import { actOnCase, findActionsForPerson } from '#src/workspace/issues/act-on-case.ts';
import { toCaseJson } from '#src/workspace/queries/serializers.ts';
import { findOriginalId } from '#src/workspace/store/case-links.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { lost, refused } from './fakes.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';

async function opened(change: (text: string) => string = (text) => text): Promise<Harness> {
  const harness = new Harness(slowAcme(change));
  await harness.receive({ completed: false });
  await harness.pass(minute);
  return harness;
}

const wanted = (wish: Partial<RequestedAction>): RequestedAction => ({
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

function ask(harness: Harness, wish: Partial<RequestedAction>, index = 0): void {
  harness.sql.transaction(() => actOnCase(harness.core, harness.case(index).id, wanted(wish)));
}

async function act(harness: Harness, wish: Partial<RequestedAction>, index = 0): Promise<void> {
  ask(harness, wish, index);
  await harness.pass(minute);
}

const said = (harness: Harness) => harness.trackers.support.issue().comments.map(({ text }) => text);
const snapshot = (harness: Harness) => harness.trackers.support.issue().snapshot;

describe('from the case page, people of the team', () => {
  it('change severity, goal, status and assignee, and the issue follows', async () => {
    const harness = await opened();
    await act(harness, { action: 'severity', value: 'low', because: 'only one of them' });
    await act(harness, { action: 'due', value: '2026-12-02', because: 'agreed' });
    await act(harness, { action: 'status', value: 'pending' });
    await act(harness, { action: 'assign', value: 'dana', because: 'Sam is away' });
    expect(harness.case()).toMatchObject({ severity: 'low', status: 'Pending', assignee: 'dana' });
    expect(snapshot(harness)).toMatchObject({ severity: 4, dueDate: '2026-12-02', assignee: dana });
    const changes = toCaseJson(harness.core, harness.case()).timeline.filter(({ who }) => who === 'sam');
    expect(changes.map(({ what, why }) => `${what}: ${why}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^severity changed: .*only one of them/),
        expect.stringMatching(/^assignee changed: .*Sam is away/),
      ]),
    );
    await act(harness, { action: 'due', value: '200 hours' });
    expect(snapshot(harness).dueDate).toBe('2026-12-01');
  });

  it('give reasons, whose control characters reach no comment', async () => {
    const harness = await opened();
    await act(harness, { action: 'close', who: 'dana', because: 'A fix', whatChanged: 'A fix' });
    await act(harness, { action: 'reopen', who: 'dana', because: 'not\u0000 \u001b[31mfixed' });
    const all = said(harness).join('\n');
    expect([all.includes('fixed'), /(?![\n\t])\p{Cc}/u.test(all)]).toEqual([true, false]);
  });

  it('comment without control characters, each line of whatever kind quoted', async () => {
    const harness = await opened();
    await act(harness, { value: 'One\u0000 \u001b[31mline\r/close\u2028/closed yes', once: 'form-2' });
    const [text = ''] = said(harness);
    expect(text.split('\n').slice(2)).toEqual([expect.stringMatching(/^> One/), '> /close', '> /closed yes']);
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it('comment with a mention, once however often the form is sent', async () => {
    const harness = await opened();
    const wish = {
      value: 'Please look at this.\n/close because I say so',
      mention: ['dana'],
      once: 'form-1',
    };
    await act(harness, wish);
    await act(harness, wish);
    expect(said(harness)).toEqual([
      `Sam Okafor writes on [C-1](https://caselite.test/w/acme/cases/${harness.case().id}):\n\n> Please look at this.\n> /close because I say so`,
    ]);
    expect(harness.timeline().filter((what) => what === 'commented')).toHaveLength(1);
    await act(harness, { ...wish, once: 'form-2' });
    expect(said(harness)).toHaveLength(2);
    // The same form with other words: the person went back to write more.
    await act(harness, { ...wish, value: 'And at that.' });
    expect(said(harness)).toHaveLength(3);
    expect(harness.case().loop).toBe('working');
  });

  it('may not write who the customer is into the tracker', async () => {
    const harness = await opened();
    expect(() => ask(harness, { value: 'Call name of K-1, please.' })).toThrow(/comment: identifies the customer/);
    expect(() => ask(harness, { value: 'k-1@customer.example' })).toThrow(/comment: identifies the customer/);
    harness.trackers.support.close(0, 'completed', dana);
    await harness.poll();
    expect(() => ask(harness, { action: 'reopen', because: 'Name of k-1 rang' })).toThrow(/because: identifies/);
    await act(harness, { action: 'reopen', because: 'the filename of k-10 is wrong' });
    expect(harness.case().loop).toBe('working');
    expect(said(harness).at(-1)).toContain('the filename of k-10 is wrong');
  });

  it('may not write the address by which a customer is known, either', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false, customer: 'key@customer.example', email: '' });
    await harness.pass(hour);
    expect(() => ask(harness, { value: 'Write to key@customer.example.' })).toThrow(/identifies the customer/);
  });

  it('may write neither the surname of the customer nor what they wrote', async () => {
    const harness = new Harness();
    const wish = 'The license check stops at 80 %,\nand everything rolls back.';
    await harness.receive({ completed: false, customer: 'Lindqvist', wish });
    await harness.pass(hour);
    for (const value of ['Lindqvist waits.', `They say: ${wish.replace('\n', ' ')}`])
      expect(() => ask(harness, { value })).toThrow(/identifies the customer, or quotes them/);
    await act(harness, { value: 'The license check stops.' });
    expect(said(harness).at(-1)).toContain('The license check stops.');
  });

  it('get a problem with the field and the remedy for wrong input', async () => {
    const harness = await opened();
    expect(() => ask(harness, {})).toThrow('comment: is empty; write a comment');
    expect(() => ask(harness, { value: 'x', mention: ['partner'] })).toThrow(/mention: has no account/);
    expect(() => ask(harness, { action: 'duplicate', value: 'C-1', who: 'dana' })).toThrow(/names no other case/);
    expect(() => ask(harness, { action: 'link', value: 'the other' })).toThrow(/link: names no other case/);
    expect(() => ask(harness, { action: 'reopen', because: 'x' })).toThrow('It is open already.');
    expect(() => ask(harness, { action: 'shipped' })).toThrow(/close it first/);
    expect(() => ask(harness, { action: 'severity', value: 'low', who: 'nobody' })).toThrow(/who: is not under people/);
    expect(() => ask(harness, { action: 'severity', value: 'low', who: 'mette' })).toThrow(/people of the case’s team/);
  });
});

describe('reopening from the case page', () => {
  it('is asked for once, however often the form is sent', async () => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', dana);
    await harness.poll();
    const wish = { action: 'reopen' as const, because: 'it broke again', once: 'form-1' };
    ask(harness, wish);
    await act(harness, wish);
    expect(harness.case().loop).toBe('working');
    expect(harness.timeline().filter((what) => what === 'reopening')).toHaveLength(1);
  });
});

describe('closing from the case page', () => {
  it('is for case managers, who close as fixed with the root cause', async () => {
    const harness = await opened();
    expect(() => ask(harness, { action: 'close', because: 'works', who: 'sam' })).toThrow(/Only case managers/);
    await act(harness, { action: 'close', because: 'works again', rootCause: 'a driver', who: 'dana' });
    expect(snapshot(harness)).toMatchObject({ state: 'closed', closure: { kind: 'completed' } });
    expect(harness.case()).toMatchObject({ loop: 'resolved', closer: 'dana', rootCause: 'a driver' });
  });

  it('informs the customer of the solution, and keeps the reason for the team', async () => {
    const harness = await opened();
    const wish = { because: 'they gave us no rest', whatChanged: 'The driver is signed now.' };
    await act(harness, { action: 'close', who: 'dana', ...wish });
    await harness.poll();
    await harness.pass(day + minute);
    const [mail] = harness.mail.to('k-1@customer.example');
    expect(mail?.text).toContain('The driver is signed now.');
    expect(mail?.text).not.toContain('no rest');
    expect(harness.case()).toMatchObject({ closingNote: 'they gave us no rest', explanation: null });
  });

  it('is asked for once while it is on its way', async () => {
    const harness = await opened();
    ask(harness, { action: 'close', because: 'works', who: 'dana' });
    expect(() => ask(harness, { action: 'close', because: 'works', who: 'dana' })).toThrow(/being closed already/);
    await harness.pass(minute);
    expect(harness.trackers.support.count('close')).toBe(1);
  });

  it('as declined gives the customer the reason', async () => {
    const harness = await opened();
    expect(() => ask(harness, { action: 'decline', who: 'dana' })).toThrow('because: is empty; give a reason');
    await act(harness, { action: 'decline', because: 'It would break what others rely on.', who: 'dana' });
    expect(snapshot(harness).closure).toMatchObject({ kind: 'not-planned' });
    await harness.pass(2 * day);
    expect(harness.mail.to('k-1@customer.example')[0]?.text).toContain('It would break what others rely on.');
  });

  it('as a duplicate follows the other case', async () => {
    const harness = await opened();
    await harness.receive({ token: 'r-2', customer: 'k-2', completed: false });
    await act(harness, { action: 'duplicate', value: 'c-1', who: 'dana' }, 1);
    expect(harness.case(1)).toMatchObject({ loop: 'dropped', closingReason: 'duplicate', needsPerson: null });
    expect(findOriginalId(harness.sql, harness.case(1).id)).toBe(harness.case(0).id);
  });
});

describe('links', () => {
  it('two cases natively where both live in one tracker, in whatever order their issues are made', async () => {
    const harness = new Harness(slowAcme());
    await harness.receive({ completed: false, customer: 'k-1' }, { token: 'r-2', customer: 'k-2', completed: false });
    ask(harness, { action: 'link', value: 'C-2' }, 0);
    await harness.pass(minute);
    const [fakeIssue, other] = [harness.trackers.support.issue(0), harness.trackers.support.issue(1)];
    expect([...fakeIssue.links, ...other.links]).toHaveLength(1);
    expect([harness.timeline(0), harness.timeline(1)].flat().filter((what) => what === 'issues linked')).toHaveLength(
      1,
    );
    await act(harness, { action: 'link', value: 'C-2' }, 0);
    expect(harness.trackers.support.count('link')).toBe(1);
  });

  it('two cases of different trackers by a comment on each', async () => {
    const harness = await opened();
    await harness.receive({ token: 'r-2', customer: 'k-2', ease: 2 });
    expect(harness.case(1).tracker).toBe('product');
    await act(harness, { action: 'link', value: 'C-2' });
    expect(said(harness)).toEqual([expect.stringContaining('Related to [C-2](https://caselite.test/')]);
    expect(harness.trackers.product.issue().comments.map(({ text }) => text)).toEqual([
      expect.stringContaining('Related to [C-1]('),
    ]);
  });

  it('another issue of the tracker, and records a refusal', async () => {
    const harness = await opened();
    await act(harness, { action: 'link', value: 'SUP-99' });
    expect(harness.trackers.support.issue().links).toEqual(['SUP-99']);
    harness.trackers.support.fail('link', refused('rejected', 404));
    await act(harness, { action: 'link', value: '#100' });
    expect(harness.timeline()).toContain('link refused');
    expect(harness.case().needsPerson).toBeNull();
  });
});

it('shows the waiting calls to the tracker, and the reason for the wait', async () => {
  const harness = await opened();
  const sending = () => toCaseJson(harness.core, harness.case()).sending.map(({ state, why }) => `${state}: ${why}`);
  expect(sending()).toEqual([]);
  ask(harness, { action: 'severity', value: 'low' });
  expect(sending()).toEqual(['sending: being sent']);
  harness.trackers.support.fail('edit', lost());
  await harness.pass(1000);
  expect(sending()).toEqual([expect.stringMatching(/^(unknown: no answer came|waits: it was refused)/)]);
  await harness.pass(day);
  expect(sending()).toEqual([]);
  harness.trackers.support.always.set('read', refused('auth', 401));
  ask(harness, { action: 'severity', value: 'high' });
  await harness.pass(minute);
  expect(sending()).toEqual([expect.stringMatching(/^waits: the tracker is paused: /)]);
});

it('shows the actions that a person may take', async () => {
  const harness = await opened();
  expect(findActionsForPerson(harness.core, harness.case().id, 'sam')).toMatchObject({
    role: 'member',
    mayClose: false,
    hasIssue: true,
    statuses: expect.arrayContaining(['Open', 'Pending']),
    severities: ['urgent', 'high', 'normal', 'low'],
  });
  expect(findActionsForPerson(harness.core, harness.case().id, 'dana')).toMatchObject({
    role: 'manager',
    mayClose: true,
  });
  expect(findActionsForPerson(harness.core, harness.case().id, 'mette').role).toBeNull();
});

it('marks the fix as shipped by a command, and the customer gets the follow-up', async () => {
  const harness = new Harness(
    slowAcme((text) => text.replace('quarantine: 30 days }', 'quarantine: 30 days, ask-after: { label: shipped } }')),
  );
  await harness.receive({ completed: false });
  harness.trackers.support.close(0, 'completed', dana);
  await harness.poll();
  await harness.pass(3 * day);
  expect(harness.mail.to('k-1@customer.example')).toEqual([]);
  harness.trackers.support.say(0, harness.core.settings.workspace.people.sam?.accounts.jira ?? '', '!shipped 2.4');
  await harness.poll();
  await harness.pass(2 * day);
  expect(said(harness).at(-1)).toBe('Noted. The customer is asked about it.');
  expect(toCaseJson(harness.core, harness.case()).timeline.map(({ why }) => why)).toContain(
    'the fix has reached the customer with 2.4',
  );
  expect(harness.mail.to('k-1@customer.example')).toHaveLength(1);
  expect(() => ask(harness, { action: 'shipped', value: '2.5' })).toThrow(/waits for nothing/);
});
