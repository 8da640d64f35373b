import { describe, expect, it } from 'vitest';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import { verdictsOf } from '#src/workspace/store/verdicts.ts';
import { refused } from './fakes.ts';
import { day, hour, Rig } from './rig.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const words = 'canary words of the customer';

/** Closes the first case as Sam, and lets the customer be asked. */
async function closeAndAsk(rig: Rig): Promise<void> {
  rig.trackers.support.close(0, 'completed', sam);
  await rig.poll();
  await rig.pass(day + hour);
}

async function asked(): Promise<Rig> {
  const rig = new Rig();
  await rig.receive({ completed: false });
  await closeAndAsk(rig);
  expect(rig.case().loop).toBe('asked');
  return rig;
}

async function customerSays(
  rig: Rig,
  resolved: string,
  generation = rig.case().generation,
): Promise<unknown> {
  const form = new Map([
    ['resolved', resolved],
    ['comment', words],
  ]);
  const result = answerFollowUp(rig.core, rig.customerFollowUp(generation).id, form);
  await rig.pass(0);
  return result;
}

async function closerSays(rig: Rig, closed: string, generation = rig.case().generation): Promise<unknown> {
  const own = rig.followUps().find((one) => one.kind === 'closer' && one.generation === generation);
  const result = answerFollowUp(rig.core, own?.id ?? '', new Map([['closed', closed]]));
  await rig.pass(0);
  return result;
}

const verdicts = (rig: Rig) => verdictsOf(rig.sql, rig.case().id).map(({ verdict }) => verdict);

describe('a verdict', () => {
  it('is confirmed by the customer, and the issue says so in one short comment', async () => {
    const rig = await asked();
    expect(await customerSays(rig, 'yes')).toEqual({ status: 'thanks' });
    expect(rig.case().loop).toBe('confirmed');
    await closerSays(rig, 'yes');
    expect(verdicts(rig)).toEqual(['confirmed']);
    const comments = rig.trackers.support.issue().comments.map(({ text }) => text);
    expect(comments).toEqual([
      expect.stringMatching(
        /^Confirmed: the customer says that it is resolved\. Answer to follow-up \S+; rule: yes confirms; closing 1\.$/,
      ),
    ]);
    expect(rig.trackers.support.text).not.toContain(words);
  });

  it.each(['no', 'partly'])(
    'is disputed by a %s: the issue is reopened once, without the words',
    async (said) => {
      const rig = await asked();
      await customerSays(rig, said);
      await customerSays(rig, said, 1);
      expect(rig.trackers.support.count('reopen')).toBe(1);
      expect(rig.trackers.support.issue().snapshot.state).toBe('open');
      expect(rig.case()).toMatchObject({ loop: 'working', generation: 2, overdue: false, closer: null });
      const comments = rig.trackers.support.issue().comments.map(({ text }) => text);
      expect(comments).toEqual([expect.stringMatching(/^Reopened by Caselite: the closing is disputed/)]);
      expect(rig.trackers.support.text).not.toContain(words);
      expect(rig.timeline().join()).not.toContain(words);
      expect(rig.mail.to('dana@acme.example', 'disputed')).toHaveLength(1);
      expect(rig.mail.accepted.map(({ text }) => text).join()).not.toContain(words);
    },
  );

  it('is reopened once, though the customer says no again while the tracker is away', async () => {
    const rig = await asked();
    rig.trackers.support.always.set('reopen', refused('unavailable', 503));
    await customerSays(rig, 'no');
    await customerSays(rig, 'partly');
    expect(rig.case().loop).toBe('disputed');
    expect(rig.timeline().filter((what) => what === 'reopening')).toHaveLength(1);
  });

  it('gets a new goal with the new generation', async () => {
    const rig = await asked();
    const before = rig.case().dueAt;
    await customerSays(rig, 'no');
    await rig.pass(0);
    expect(rig.case().dueAt).toBeGreaterThan(before);
    const { snapshot } = rig.trackers.support.issue();
    expect(snapshot.labels.filter((name) => name.startsWith('due:'))).toEqual([`due:${snapshot.dueDate}`]);
  });

  it('disputes twice by itself; a third time waits for a person', async () => {
    const rig = await asked();
    for (const generation of [1, 2]) {
      await customerSays(rig, 'no', generation);
      expect(rig.case()).toMatchObject({ loop: 'working', generation: generation + 1 });
      await closeAndAsk(rig);
    }
    await customerSays(rig, 'no', 3);
    await rig.pass(30 * day);
    expect(rig.trackers.support.count('reopen')).toBe(2);
    expect(rig.case()).toMatchObject({ loop: 'disputed', generation: 3 });
    expect(rig.case().needsPerson).toContain('disputed a third time');
    expect(rig.timeline()).toContain('needs a person');
    expect(rig.mail.to('dana@acme.example', 'needs a person')).toHaveLength(1);
    expect(verdicts(rig)).toEqual(['disputed', 'disputed', 'disputed']);
  });

  it('is a known gap where both say no, and the managers hear of it', async () => {
    const rig = await asked();
    await closerSays(rig, 'unable');
    await customerSays(rig, 'no');
    expect(rig.case().loop).toBe('known-gap');
    expect(rig.trackers.support.count('reopen')).toBe(0);
    expect(rig.mail.to('dana@acme.example', 'known gap')).toHaveLength(1);
  });

  it('turns from disputed into known gap by a later unable, and the reopening stays', async () => {
    const rig = await asked();
    await customerSays(rig, 'no');
    expect(rig.case()).toMatchObject({ loop: 'working', generation: 2 });
    await closerSays(rig, 'unable', 1);
    expect(verdicts(rig)).toEqual(['known-gap']);
    expect(rig.case()).toMatchObject({ loop: 'working', generation: 2 });
    const comments = rig.trackers.support.issue().comments.map(({ text }) => text);
    expect(comments.at(-1)).toMatch(/^Known gap since it was reopened: .* closing 1\.$/);
    expect(rig.mail.to('dana@acme.example', 'known gap')).toHaveLength(1);
  });

  it('is an unseen recovery where only the closer says no', async () => {
    const rig = await asked();
    await closerSays(rig, 'partly');
    await customerSays(rig, 'yes');
    expect(rig.case().loop).toBe('unseen-recovery');
  });

  it('is unverified after the window, and silence is no yes', async () => {
    const rig = await asked();
    await closerSays(rig, 'yes');
    await rig.until((rig.customerFollowUp().sentAt ?? 0) + 14 * day - hour);
    expect(rig.case().loop).toBe('asked');
    await rig.pass(hour);
    expect(rig.case().loop).toBe('unverified');
    expect(rig.customerFollowUp()).toMatchObject({ state: 'expired', why: 'no answer within 2 weeks' });
    expect(await customerSays(rig, 'yes', 1)).toEqual({ status: 'closed' });
  });

  it('counts the last answer within the window', async () => {
    const rig = await asked();
    await customerSays(rig, 'yes');
    await rig.pass(day);
    await customerSays(rig, 'no');
    expect(verdicts(rig)).toEqual(['disputed']);
    expect(rig.case().generation).toBe(2);
  });

  it('takes no answer about a closing that was taken back', async () => {
    const rig = await asked();
    rig.trackers.support.reopen(0);
    await rig.poll();
    expect(await customerSays(rig, 'yes', 1)).toEqual({ status: 'closed' });
    expect(verdicts(rig)).toEqual([]);
  });

  it('takes no answer that the survey does not offer', async () => {
    const rig = await asked();
    expect(await customerSays(rig, 'maybe')).toMatchObject({ status: 'invalid' });
    expect(answerFollowUp(rig.core, 'f_unknown', new Map())).toEqual({ status: 'closed' });
    expect(rig.case().loop).toBe('asked');
  });

  it('changes no more after the window', async () => {
    const rig = await asked();
    await customerSays(rig, 'yes');
    await rig.pass(60 * day);
    expect(await customerSays(rig, 'no')).toEqual({ status: 'closed' });
  });
});

describe('the verdict of a strategic case', () => {
  const five = ['a', 'b', 'c', 'd', 'e'];

  async function askedFive(): Promise<Rig> {
    const rig = new Rig();
    for (const customer of five) await rig.receive({ token: customer, customer, ease: 2 });
    rig.sayWhatChanged();
    rig.trackers.product.close(0);
    await rig.poll();
    await rig.pass(day + hour);
    return rig;
  }

  const says = async (rig: Rig, customer: string, resolved: string) => {
    const own = rig.followUps().find(({ person, kind }) => kind === 'customer' && person === customer);
    answerFollowUp(rig.core, own?.id ?? '', new Map([['resolved', resolved]]));
    await rig.pass(0);
  };

  it('is disputed at a fifth of all, and its issue reopened once', async () => {
    const rig = await askedFive();
    await says(rig, 'a', 'yes');
    expect(rig.case().loop).toBe('asked');
    await says(rig, 'b', 'no');
    expect(rig.trackers.product.count('reopen')).toBe(1);
    expect(rig.case()).toMatchObject({ loop: 'working', generation: 2 });
  });

  it('is what most say when all have said something or their time is over', async () => {
    const rig = await askedFive();
    for (const customer of ['a', 'b', 'c']) await says(rig, customer, 'yes');
    expect(rig.case().loop).toBe('asked');
    await rig.pass(15 * day);
    expect(rig.case().loop).toBe('confirmed');
    expect(verdicts(rig).sort()).toEqual(['confirmed', 'confirmed', 'confirmed', 'unverified', 'unverified']);
  });
});
