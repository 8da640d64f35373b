import { describe, expect, it } from 'vitest';
import type { IssueClosure } from '#domain/integrations/issue.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute, second } from '#test/harness/times.ts';
import { lost } from './fakes.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';
const sam = '5b10ac8d82e05b22cc7d4ef2';

async function opened(): Promise<Harness> {
  const harness = new Harness();
  await harness.receive({ completed: false });
  return harness;
}

type Row = [string, IssueClosure['kind'], string, string, 'resolved' | 'dropped'];
const table: Row[] = [
  ['completed', 'completed', 'completed', 'fixed', 'resolved'],
  ['mapped as fixed', 'other', 'done', 'fixed', 'resolved'],
  ['declined without a reason', 'other', "Won't do", 'declined', 'dropped'],
  ['declined by the tracker, without a reason', 'not-planned', "Won't do", 'declined', 'dropped'],
  ['not planned', 'not-planned', 'not_planned', 'not-planned', 'dropped'],
  ['of a kind that nobody mapped', 'other', 'Cannot reproduce', 'not-planned', 'dropped'],
  ['a duplicate', 'duplicate', 'duplicate', 'duplicate', 'dropped'],
  ['a duplicate whatever its word', 'duplicate', 'Done', 'duplicate', 'dropped'],
  ['stale', 'stale', 'stale', 'stale', 'dropped'],
];

describe('a closing', () => {
  it.each(table)('that is %s', async (_, kind, native, reason, loop) => {
    const harness = await opened();
    await harness.pass(hour);
    harness.trackers.support.close(0, kind, sam, native as IssueClosure['kind']);
    await harness.poll();
    expect(harness.case()).toMatchObject({ closingReason: reason, loop, status: 'Closed', closer: 'sam' });
    await harness.pass(40 * day);
    const asked = harness.mail.accepted.filter(({ subject }) => /solve it|really be closed/.test(subject));
    if (loop === 'resolved') {
      expect(asked.map(({ to }) => to)).toEqual(['sam@acme.example', 'k-1@customer.example', 'k-1@customer.example']);
    } else {
      expect(asked).toEqual([]);
      expect(harness.followUps()).toEqual([]);
      expect(harness.case().needsPerson).toContain(`closed as ${reason}`);
    }
  });

  it('that is declined after all takes the question back, and asks once it is called fixed again', async () => {
    const harness = await opened();
    const { support } = harness.trackers;
    await harness.pass(hour);
    support.close(0, 'completed', sam);
    await harness.poll();
    support.close(0, 'other', sam, "Won't do" as IssueClosure['kind']);
    await harness.poll();
    expect(harness.case()).toMatchObject({ closingReason: 'declined', loop: 'dropped', generation: 2 });
    await harness.pass(3 * day);
    expect(harness.mail.to('k-1@customer.example')).toEqual([]);
    support.close(0, 'completed', sam);
    await harness.poll();
    expect(harness.case()).toMatchObject({ closingReason: 'fixed', loop: 'resolved', needsPerson: null });
  });

  it.each([
    ['whose status alone changes', { kind: 'completed', native: 'Released' }],
    ['that only now gets a resolution', { kind: 'completed', native: 'Done' }],
  ] as const)('%s stays the same closing', async (_, facts) => {
    const harness = await opened();
    await harness.pass(hour);
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    harness.trackers.support.close(0, facts.kind, sam, facts.native as IssueClosure['kind']);
    await harness.poll();
    expect(harness.case()).toMatchObject({ closingReason: 'fixed', loop: 'resolved', generation: 1 });
  });

  it('by deletion asks nobody and is shown', async () => {
    const harness = await opened();
    harness.trackers.support.vanish(0);
    await harness.poll();
    await harness.pass(3 * day);
    expect(harness.case()).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    expect(harness.case().needsPerson).toContain('can no longer be read');
    await harness.pass(40 * day);
    expect(harness.mail.to('k-1@customer.example')).toEqual([]);
  });

  it('is taken once, however often it is seen', async () => {
    const harness = await opened();
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.poll();
    await harness.pass(3 * day);
    expect(harness.timeline().filter((what) => what === 'closed as fixed')).toHaveLength(1);
    expect(harness.mail.to('k-1@customer.example')).toHaveLength(1);
  });

  it('by somebody unknown asks the case manager, and says why', async () => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', 'stranger');
    await harness.poll();
    const closer = harness.followUps().find(({ kind }) => kind === 'closer');
    expect(closer).toMatchObject({ person: 'dana', why: expect.stringContaining('unknown here') });
    expect(harness.case().closer).toBeNull();
  });

  it('is found by its number when the account is spelled otherwise', async () => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', dana.toUpperCase());
    await harness.poll();
    expect(harness.case().closer).toBe('dana');
  });

  it('that is taken back before the mail left asks nobody', async () => {
    const harness = await opened();
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.pass(hour);
    harness.trackers.support.reopen(0);
    await harness.poll();
    expect(harness.case()).toMatchObject({
      loop: 'working',
      generation: 2,
      status: 'Open',
      closingReason: null,
    });
    expect(harness.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: 'the case was reopened before the mail left',
    });
    await harness.pass(10 * day);
    expect(harness.mail.to('k-1@customer.example')).toEqual([]);
  });

  it('is not missed while the tracker is away', async () => {
    const harness = await opened();
    harness.trackers.support.always.set('list', lost('before'));
    harness.trackers.support.close(0);
    await harness.pass(day / 2);
    expect(harness.case().loop).toBe('working');
    harness.trackers.support.always.clear();
    await harness.pass(day);
    expect(harness.case().loop).not.toBe('working');
  });

  it('is not missed when its reading fails half-way', async () => {
    const harness = await opened();
    harness.trackers.support.close(0);
    harness.trackers.support.fail('comments', lost());
    await harness.poll();
    expect(harness.case().loop).toBe('working');
    await harness.pass(day);
    expect(harness.case().loop).not.toBe('working');
  });

  it('is not missed when an edit of ours comes right after it and answers slowly', async () => {
    const harness = new Harness();
    await harness.receive({ token: 'a', customer: 'a', ease: 2 });
    await harness.pass(hour);
    harness.trackers.product.close(0);
    await harness.pass(minute);
    harness.trackers.product.answerTakes = 6 * second;
    await harness.receive({ token: 'b', customer: 'b', ease: 2 });
    harness.trackers.product.answerTakes = 0;
    expect(harness.trackers.product.issue().title).toContain('2 customers');
    await harness.pass(3 * day);
    expect(harness.case().loop).not.toBe('working');
  });

  it('is not missed when it came before an unknown create was found', async () => {
    const harness = new Harness();
    harness.trackers.support.fail('create', lost());
    harness.trackers.support.always.set('find', lost());
    await harness.receive({ completed: false });
    await harness.pass(minute);
    harness.trackers.support.close(0);
    await harness.pass(hour);
    harness.trackers.support.always.clear();
    await harness.pass(hour);
    await harness.poll();
    expect(harness.case().issue?.state).toBe('closed');
    expect(harness.case().loop).not.toBe('working');
  });

  it.each(['before', 'after'])('that is declined with a reason given %s it earns a follow-up', async (when) => {
    const harness = await opened();
    const say = () => harness.trackers.support.say(0, sam, '/declined because policy of the bank');
    if (when === 'before') say();
    await harness.poll();
    harness.trackers.support.close(0, 'not-planned', sam, "Won't do" as IssueClosure['kind']);
    await harness.poll();
    if (when === 'after') say();
    await harness.poll();
    expect(harness.case()).toMatchObject({
      loop: 'resolved',
      closingReason: 'declined',
      explanation: 'policy of the bank',
    });
    expect(harness.followUps().map(({ kind }) => kind)).toContain('customer');
    expect(harness.case().needsPerson).toBeNull();
    expect(harness.trackers.support.text).not.toContain('nobody is asked');
  });

  it('by an account that closes by itself is stale', async () => {
    const harness = new Harness(
      slowAcme((text) => text.replace('case-options:\n', 'case-options:\n  automatic-accounts: [Stale-Bot]\n')),
    );
    await harness.receive({ completed: false });
    harness.trackers.support.close(0, 'completed', 'stale-bot');
    await harness.poll();
    expect(harness.case()).toMatchObject({ closingReason: 'stale', loop: 'dropped' });
  });

  it('by an integration is taken for one of the person who works on it', async () => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', null);
    await harness.poll();
    expect(harness.case()).toMatchObject({ closer: 'sam', closingReason: 'fixed' });
  });

  it('followed by deletion of the issue asks nobody', async () => {
    const harness = await opened();
    harness.trackers.support.close(0);
    await harness.poll();
    harness.trackers.support.vanish(0);
    await harness.poll();
    await harness.pass(5 * day);
    expect(harness.case().closingReason).toBe('gone');
    expect(harness.mail.to('k-1@customer.example')).toEqual([]);
  });
});

describe('a command in a comment', () => {
  it('answers for the closer', async () => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', sam);
    harness.trackers.support.say(0, sam, '/unable because policy of the bank');
    await harness.poll();
    expect(harness.followUps().find(({ kind }) => kind === 'closer')).toMatchObject({
      person: 'sam',
      state: 'answered',
      answers: { closed: 'unable', blocker: 'policy', note: 'policy of the bank' },
    });
    await harness.pass(minute);
    expect(harness.trackers.support.issue().comments.at(-1)?.text).toContain(
      'Noted: unable, because of policy. Customers never read this reason',
    );
    expect(harness.mail.to('sam@acme.example', 'really be closed')).toEqual([]);
  });

  it('is obeyed once, however often it is read', async () => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', sam);
    harness.trackers.support.say(0, sam, '/closed yes');
    await harness.poll();
    await harness.poll();
    await harness.pass(day);
    const noted = harness.trackers.support.issue().comments.filter(({ text }) => text.startsWith('Noted'));
    expect(noted).toHaveLength(1);
  });

  it('that was obeyed is not read again over a later answer', async () => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', sam);
    harness.trackers.support.say(0, sam, '/closed yes');
    await harness.poll();
    const closer = () => harness.followUps().find(({ kind }) => kind === 'closer');
    answerAsk(harness.core, closer()?.id ?? '', new Map([['closed', 'unable']]));
    await harness.pass(minute);
    harness.trackers.support.say(0, sam, 'just talking');
    await harness.poll();
    expect(closer()?.answers?.closed).toBe('unable');
  });

  it.each([
    ['a stranger', 'nobody-we-know'],
    ['a person of another team', '5b10ac8d82e05b22cc7d4ef3'],
  ])('of %s is not obeyed, and that is shown', async (_, author) => {
    const harness = await opened();
    harness.trackers.support.close(0, 'completed', sam);
    harness.trackers.support.say(0, author, '/closed yes');
    await harness.poll();
    expect(harness.timeline()).toContain('command not obeyed');
    expect(harness.followUps().filter(({ state }) => state === 'answered')).toEqual([]);
  });
});
