import { describe, expect, it } from 'vitest';
import { FollowUpListPage } from '#src/views/follow-up-list.tsx';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { listFollowUpRows } from '#src/workspace/queries/loop.ts';
import { verdicts as storedVerdicts } from '#src/workspace/store/closings.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour, start } from '#test/harness/times.ts';
import { refused } from './fakes.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const words = 'canary words of the customer';

/** Closes the first case as Sam, and sends the customer's follow-up. */
async function closeAndAsk(harness: Harness): Promise<void> {
  harness.trackers.support.close(0, 'completed', sam);
  await harness.poll();
  await harness.pass(day + hour);
}

async function asked(): Promise<Harness> {
  const harness = new Harness();
  await harness.receive({ completed: false });
  await closeAndAsk(harness);
  expect(harness.case().loop).toBe('asked');
  return harness;
}

async function customerAnswer(
  harness: Harness,
  resolved: string,
  generation = harness.case().generation,
): Promise<unknown> {
  const form = new Map([
    ['resolved', resolved],
    ['comment', words],
  ]);
  const result = answerAsk(harness.core, harness.customerFollowUp(generation).id, form);
  await harness.pass(0);
  return result;
}

async function closerAnswer(
  harness: Harness,
  closed: string,
  generation = harness.case().generation,
): Promise<unknown> {
  const own = harness.followUps().find((followUp) => followUp.kind === 'closer' && followUp.generation === generation);
  const result = answerAsk(harness.core, own?.id ?? '', new Map([['closed', closed]]));
  await harness.pass(0);
  return result;
}

const verdicts = (harness: Harness) =>
  storedVerdicts.list(harness.sql, { caseId: harness.case().id }).map(({ verdict }) => verdict);

describe('a verdict', () => {
  it('is confirmed by the customer, and the issue says so in one short comment', async () => {
    const harness = await asked();
    expect(await customerAnswer(harness, 'yes')).toEqual({ status: 'thanks' });
    expect(harness.case().loop).toBe('confirmed');
    await closerAnswer(harness, 'yes');
    expect(verdicts(harness)).toEqual(['confirmed']);
    const [stored] = storedVerdicts.list(harness.sql, { caseId: harness.case().id });
    expect(stored?.why).toBe('the customer says it is resolved; the closer says it was closed');
    expect(harness.timeline().filter((what) => what === 'verdict: confirmed')).toHaveLength(1);
    const comments = harness.trackers.support.issue().comments.map(({ text }) => text);
    expect(comments).toEqual(['Confirmed: the customer says that it is resolved (closing 1).']);
    expect(harness.trackers.support.text).not.toContain(words);
  });

  it.each(['no', 'partly'])('is disputed by a %s: the issue is reopened once, without the words', async (said) => {
    const harness = await asked();
    await customerAnswer(harness, said);
    await customerAnswer(harness, said, 1);
    expect(harness.trackers.support.count('reopen')).toBe(1);
    expect(harness.trackers.support.text).not.toMatch(/f_[0-9a-f]{4}|rule:/);
    expect(harness.trackers.support.issue().snapshot.state).toBe('open');
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 2, overdue: false, closer: null });
    const comments = harness.trackers.support.issue().comments.map(({ text }) => text);
    expect(comments).toEqual([expect.stringMatching(/^Reopened by Caselite: the closing is disputed/)]);
    expect(harness.trackers.support.text).not.toContain(words);
    expect(harness.timeline().join()).not.toContain(words);
    expect(harness.mail.to('dana@acme.example', 'Disputed')).toHaveLength(1);
    expect(harness.mail.accepted.map(({ text }) => text).join()).not.toContain(words);
  });

  it('stands in the list of follow-ups with the customer by name, and what was said', async () => {
    const harness = await asked();
    await customerAnswer(harness, 'no');
    const { items, next } = listFollowUpRows(harness.core, { state: null, cursor: null, limit: 10 });
    const list = { items, cursor: null, next, hasFile: true, url: () => '' };
    const { name, 'time-zone': timeZone } = harness.core.settings.workspace;
    const about = { workspace: 'acme', name, timeZone, people: {}, attributes: {}, templates: {}, respondents: {} };
    const visit = {
      ...about,
      person: 'dana',
      access: 'manager' as const,
      may: [],
      isHeld: false,
      query: {},
      now: start,
    };
    const page = String(FollowUpListPage({ visit, list, state: null }));
    for (const text of ['Name of k-1', 'No, it is not resolved', words]) expect(page).toContain(text);
    expect(page).not.toContain('<bdi>k-1');
  });

  it('is reopened once, though the customer says no again while the tracker is away', async () => {
    const harness = await asked();
    harness.trackers.support.always.set('reopen', refused('unavailable', 503));
    await customerAnswer(harness, 'no');
    await customerAnswer(harness, 'partly');
    expect(harness.case().loop).toBe('disputed');
    expect(harness.timeline().filter((what) => what === 'reopening')).toHaveLength(1);
  });

  it('is shown to a person where the tracker refuses the reopening, and no comment claims one (finding 12)', async () => {
    const harness = await asked();
    harness.trackers.support.always.set('reopen', refused('rejected', 400));
    await customerAnswer(harness, 'no');
    await harness.pass(hour);
    expect(harness.case()).toMatchObject({ loop: 'disputed', needsPerson: expect.stringContaining('status 400') });
    expect(harness.trackers.support.issue().comments).toEqual([]);
  });

  it('gets a new goal with the new generation', async () => {
    const harness = await asked();
    const before = harness.case().dueAt;
    await customerAnswer(harness, 'no');
    await harness.pass(0);
    expect(harness.case().dueAt).toBeGreaterThan(before);
    const { snapshot } = harness.trackers.support.issue();
    expect(snapshot.labels.filter((name) => name.startsWith('due:'))).toEqual([`due:${snapshot.dueDate}`]);
  });

  it('disputes twice by itself; a third time waits for a person', async () => {
    const harness = await asked();
    for (const generation of [1, 2]) {
      await customerAnswer(harness, 'no', generation);
      expect(harness.case()).toMatchObject({ loop: 'working', generation: generation + 1 });
      await closeAndAsk(harness);
    }
    await customerAnswer(harness, 'no', 3);
    await harness.pass(30 * day);
    expect(harness.trackers.support.count('reopen')).toBe(2);
    expect(harness.case()).toMatchObject({ loop: 'disputed', generation: 3 });
    expect(harness.case().needsPerson).toContain('disputed a third time');
    expect(harness.timeline()).toContain('needs a person');
    expect(harness.mail.to('dana@acme.example', 'Needs a decision')).toHaveLength(1);
    expect(verdicts(harness)).toEqual(['disputed', 'disputed', 'disputed']);
  });

  it('is a known gap where both say no, and the managers hear of it', async () => {
    const harness = await asked();
    await closerAnswer(harness, 'unable');
    await customerAnswer(harness, 'no');
    expect(harness.case().loop).toBe('known-gap');
    expect(harness.trackers.support.count('reopen')).toBe(0);
    expect(harness.mail.to('dana@acme.example', 'Known gap')).toHaveLength(1);
  });

  it('turns from disputed into known gap by a later unable, and the reopening stays', async () => {
    const harness = await asked();
    await customerAnswer(harness, 'no');
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 2 });
    await closerAnswer(harness, 'unable', 1);
    expect(verdicts(harness)).toEqual(['known-gap']);
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 2 });
    const comments = harness.trackers.support.issue().comments.map(({ text }) => text);
    expect(comments.at(-1)).toMatch(/^Known gap since it was reopened: .* \(closing 1\)\.$/);
    expect(harness.mail.to('dana@acme.example', 'Known gap')).toHaveLength(1);
  });

  it('is an unseen recovery where only the closer says no', async () => {
    const harness = await asked();
    await closerAnswer(harness, 'partly');
    await customerAnswer(harness, 'yes');
    expect(harness.case().loop).toBe('unseen-recovery');
  });

  it('is unverified after the window, and silence is no yes', async () => {
    const harness = await asked();
    await closerAnswer(harness, 'yes');
    await harness.until((harness.customerFollowUp().sentAt ?? 0) + 14 * day - hour);
    expect(harness.case().loop).toBe('asked');
    await harness.pass(hour);
    expect(harness.case().loop).toBe('unverified');
    expect(harness.customerFollowUp()).toMatchObject({ state: 'expired', why: 'no answer within 2 weeks' });
    expect(await customerAnswer(harness, 'yes', 1)).toEqual({ status: 'closed' });
  });

  it('counts the last answer within the window', async () => {
    const harness = await asked();
    await customerAnswer(harness, 'yes');
    await harness.pass(day);
    await customerAnswer(harness, 'no');
    expect(verdicts(harness)).toEqual(['disputed']);
    expect(harness.case().generation).toBe(2);
  });

  it('takes no answer about a closing that was taken back', async () => {
    const harness = await asked();
    harness.trackers.support.reopen(0);
    await harness.poll();
    expect(await customerAnswer(harness, 'yes', 1)).toEqual({ status: 'closed' });
    expect(verdicts(harness)).toEqual([]);
  });

  it('takes no answer that the survey does not offer', async () => {
    const harness = await asked();
    expect(await customerAnswer(harness, 'maybe')).toMatchObject({ status: 'invalid' });
    expect(answerAsk(harness.core, 'f_unknown', new Map())).toEqual({ status: 'closed' });
    expect(harness.case().loop).toBe('asked');
  });

  it('changes no more after the window', async () => {
    const harness = await asked();
    await customerAnswer(harness, 'yes');
    await harness.pass(60 * day);
    expect(await customerAnswer(harness, 'no')).toEqual({ status: 'closed' });
  });
});

describe('the verdict of a strategic case', () => {
  const five = ['a', 'b', 'c', 'd', 'e'];

  async function askedFive(): Promise<Harness> {
    const harness = new Harness();
    for (const customer of five) await harness.receive({ token: customer, customer, ease: 2 });
    harness.setWhatChanged();
    harness.trackers.product.close(0);
    await harness.poll();
    await harness.pass(day + hour);
    return harness;
  }

  const says = async (harness: Harness, customer: string, resolved: string) => {
    const own = harness.followUps().find(({ person, kind }) => kind === 'customer' && person === customer);
    answerAsk(harness.core, own?.id ?? '', new Map([['resolved', resolved]]));
    await harness.pass(0);
  };

  it('is disputed at a fifth of all, and its issue reopened once', async () => {
    const harness = await askedFive();
    await says(harness, 'a', 'yes');
    expect(harness.case().loop).toBe('asked');
    await says(harness, 'b', 'no');
    expect(harness.trackers.product.count('reopen')).toBe(1);
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 2 });
  });

  it('is what most say when all have said something or their time is over', async () => {
    const harness = await askedFive();
    for (const customer of ['a', 'b', 'c']) await says(harness, customer, 'yes');
    expect(harness.case().loop).toBe('asked');
    await harness.pass(15 * day);
    expect(harness.case().loop).toBe('confirmed');
    expect(verdicts(harness).sort()).toEqual(['confirmed', 'confirmed', 'confirmed', 'unverified', 'unverified']);
  });
});
