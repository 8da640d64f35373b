import { describe, expect, it } from 'vitest';
import type { IssueClosure } from '#domain/integrations/tracker.ts';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import { lost } from './fakes.ts';
import { day, hour, minute, Rig, second, slowAcme } from './rig.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';
const sam = '5b10ac8d82e05b22cc7d4ef2';

async function opened(): Promise<Rig> {
  const rig = new Rig();
  await rig.receive({ completed: false });
  return rig;
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
    const rig = await opened();
    await rig.pass(hour);
    rig.trackers.support.close(0, kind, sam, native as IssueClosure['kind']);
    await rig.poll();
    expect(rig.case()).toMatchObject({ closingReason: reason, loop, status: 'Closed', closer: 'sam' });
    await rig.pass(40 * day);
    const asked = rig.mail.accepted.filter(({ subject }) => /solve it|really be closed/.test(subject));
    if (loop === 'resolved') {
      expect(asked.map(({ to }) => to)).toEqual([
        'sam@acme.example',
        'k-1@customer.example',
        'k-1@customer.example',
      ]);
    } else {
      expect(asked).toEqual([]);
      expect(rig.followUps()).toEqual([]);
      expect(rig.case().needsPerson).toContain(`closed as ${reason}`);
    }
  });

  it('by deletion asks nobody and is shown', async () => {
    const rig = await opened();
    rig.trackers.support.vanish(0);
    await rig.poll();
    await rig.pass(3 * day);
    expect(rig.case()).toMatchObject({ loop: 'dropped', closingReason: 'gone' });
    expect(rig.case().needsPerson).toContain('can no longer be read');
    await rig.pass(40 * day);
    expect(rig.mail.to('k-1@customer.example')).toEqual([]);
  });

  it('is taken once, however often it is seen', async () => {
    const rig = await opened();
    rig.trackers.support.close(0);
    await rig.poll();
    await rig.poll();
    await rig.pass(3 * day);
    expect(rig.timeline().filter((what) => what === 'closed as fixed')).toHaveLength(1);
    expect(rig.mail.to('k-1@customer.example')).toHaveLength(1);
  });

  it('by somebody unknown asks the case manager, and says why', async () => {
    const rig = await opened();
    rig.trackers.support.close(0, 'completed', 'stranger');
    await rig.poll();
    const closer = rig.followUps().find(({ kind }) => kind === 'closer');
    expect(closer).toMatchObject({ person: 'dana', why: expect.stringContaining('not known here') });
    expect(rig.case().closer).toBeNull();
  });

  it('is found by its number when the account is spelled otherwise', async () => {
    const rig = await opened();
    rig.trackers.support.close(0, 'completed', dana.toUpperCase());
    await rig.poll();
    expect(rig.case().closer).toBe('dana');
  });

  it('that is taken back before the mail left asks nobody', async () => {
    const rig = await opened();
    rig.trackers.support.close(0);
    await rig.poll();
    await rig.pass(hour);
    rig.trackers.support.reopen(0);
    await rig.poll();
    expect(rig.case()).toMatchObject({ loop: 'working', generation: 2, status: 'Open', closingReason: null });
    expect(rig.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: 'the case was reopened before the mail left',
    });
    await rig.pass(10 * day);
    expect(rig.mail.to('k-1@customer.example')).toEqual([]);
  });

  it('is not missed while the tracker is away', async () => {
    const rig = await opened();
    rig.trackers.support.always.set('list', lost('before'));
    rig.trackers.support.close(0);
    await rig.pass(day / 2);
    expect(rig.case().loop).toBe('working');
    rig.trackers.support.always.clear();
    await rig.pass(day);
    expect(rig.case().loop).not.toBe('working');
  });

  it('is not missed when its reading fails half-way', async () => {
    const rig = await opened();
    rig.trackers.support.close(0);
    rig.trackers.support.fail('comments', lost());
    await rig.poll();
    expect(rig.case().loop).toBe('working');
    await rig.pass(day);
    expect(rig.case().loop).not.toBe('working');
  });

  it('is not missed when an edit of ours comes right after it and answers slowly', async () => {
    const rig = new Rig();
    await rig.receive({ token: 'a', customer: 'a', ease: 2 });
    await rig.pass(hour);
    rig.trackers.product.close(0);
    await rig.pass(minute);
    rig.trackers.product.answerTakes = 6 * second;
    await rig.receive({ token: 'b', customer: 'b', ease: 2 });
    rig.trackers.product.answerTakes = 0;
    expect(rig.trackers.product.issue().title).toContain('2 customers');
    await rig.pass(3 * day);
    expect(rig.case().loop).not.toBe('working');
  });

  it('is not missed when it came before an unknown create was found', async () => {
    const rig = new Rig();
    rig.trackers.support.fail('create', lost());
    rig.trackers.support.always.set('find', lost());
    await rig.receive({ completed: false });
    await rig.pass(minute);
    rig.trackers.support.close(0);
    await rig.pass(hour);
    rig.trackers.support.always.clear();
    await rig.pass(hour);
    await rig.poll();
    expect(rig.case().issue?.state).toBe('closed');
    expect(rig.case().loop).not.toBe('working');
  });

  it.each(['before', 'after'])(
    'that is declined with a reason given %s it earns a follow-up',
    async (when) => {
      const rig = await opened();
      const say = () => rig.trackers.support.say(0, sam, '/declined because policy of the bank');
      if (when === 'before') say();
      await rig.poll();
      rig.trackers.support.close(0, 'not-planned', sam, "Won't do" as IssueClosure['kind']);
      await rig.poll();
      if (when === 'after') say();
      await rig.poll();
      expect(rig.case()).toMatchObject({
        loop: 'resolved',
        closingReason: 'declined',
        explanation: 'policy of the bank',
      });
      expect(rig.followUps().map(({ kind }) => kind)).toContain('customer');
      expect(rig.case().needsPerson).toBeNull();
      expect(rig.trackers.support.text).not.toContain('nobody is asked');
    },
  );

  it('by an account that closes by itself is stale', async () => {
    const rig = new Rig(
      slowAcme((text) =>
        text.replace('case-options:\n', 'case-options:\n  automatic-accounts: [Stale-Bot]\n'),
      ),
    );
    await rig.receive({ completed: false });
    rig.trackers.support.close(0, 'completed', 'stale-bot');
    await rig.poll();
    expect(rig.case()).toMatchObject({ closingReason: 'stale', loop: 'dropped' });
  });

  it('by an integration is taken for one of the person who works on it', async () => {
    const rig = await opened();
    rig.trackers.support.close(0, 'completed', null);
    await rig.poll();
    expect(rig.case()).toMatchObject({ closer: 'sam', closingReason: 'fixed' });
  });

  it('followed by deletion of the issue asks nobody', async () => {
    const rig = await opened();
    rig.trackers.support.close(0);
    await rig.poll();
    rig.trackers.support.vanish(0);
    await rig.poll();
    await rig.pass(5 * day);
    expect(rig.case().closingReason).toBe('gone');
    expect(rig.mail.to('k-1@customer.example')).toEqual([]);
  });
});

describe('a command in a comment', () => {
  it('answers for the closer', async () => {
    const rig = await opened();
    rig.trackers.support.close(0, 'completed', sam);
    rig.trackers.support.say(0, sam, '/unable because policy of the bank');
    await rig.poll();
    expect(rig.followUps().find(({ kind }) => kind === 'closer')).toMatchObject({
      person: 'sam',
      state: 'answered',
      answers: { closed: 'unable', blocker: 'policy', note: 'policy of the bank' },
    });
    await rig.pass(minute);
    expect(rig.trackers.support.issue().comments.at(-1)?.text).toContain(
      'Noted: unable, because of policy. No customer reads the reason',
    );
    expect(rig.mail.to('sam@acme.example', 'really be closed')).toEqual([]);
  });

  it('is obeyed once, however often it is read', async () => {
    const rig = await opened();
    rig.trackers.support.close(0, 'completed', sam);
    rig.trackers.support.say(0, sam, '/closed yes');
    await rig.poll();
    await rig.poll();
    await rig.pass(day);
    const noted = rig.trackers.support.issue().comments.filter(({ text }) => text.startsWith('Noted'));
    expect(noted).toHaveLength(1);
  });

  it('that was obeyed is not read again over a later answer', async () => {
    const rig = await opened();
    rig.trackers.support.close(0, 'completed', sam);
    rig.trackers.support.say(0, sam, '/closed yes');
    await rig.poll();
    const closer = () => rig.followUps().find(({ kind }) => kind === 'closer');
    answerFollowUp(rig.core, closer()?.id ?? '', new Map([['closed', 'unable']]));
    await rig.pass(minute);
    rig.trackers.support.say(0, sam, 'just talking');
    await rig.poll();
    expect(closer()?.answers?.closed).toBe('unable');
  });

  it.each([
    ['a stranger', 'nobody-we-know'],
    ['a person of another team', '5b10ac8d82e05b22cc7d4ef3'],
  ])('of %s is not obeyed, and that is shown', async (_, author) => {
    const rig = await opened();
    rig.trackers.support.close(0, 'completed', sam);
    rig.trackers.support.say(0, author, '/closed yes');
    await rig.poll();
    expect(rig.timeline()).toContain('command not obeyed');
    expect(rig.followUps().filter(({ state }) => state === 'answered')).toEqual([]);
  });
});
