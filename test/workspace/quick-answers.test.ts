import { describe, expect, it } from 'vitest';
import { answerAsk, countCheckedAnswers } from '#src/workspace/loop/answer.ts';
import { verdicts as storedVerdicts } from '#src/workspace/store/closings.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { override } from '#test/harness/override.ts';
import { day, hour } from '#test/harness/times.ts';
import { refused } from './fakes.ts';

const second = 1000;
const sam = '5b10ac8d82e05b22cc7d4ef2';

/** A case whose customer was just asked, where answers settle in 15 seconds. */
async function asked(): Promise<Harness> {
  const harness = new Harness(acme(({ text }) => text.replace('every: 2 minutes', 'every: 2 hours')));
  override(harness.core.integrations, { answerSettleMs: 15 * second });
  await harness.receive({ completed: false });
  harness.trackers.support.close(0, 'completed', sam);
  await harness.poll();
  await harness.pass(day + hour);
  expect(harness.case().loop).toBe('asked');
  return harness;
}

/** The instant at which the mail of the follow-up left. */
const mailedAt = (harness: Harness) => harness.customerFollowUp(1).sentAt ?? 0;

async function answerAt(harness: Harness, at: number, resolved: string) {
  await harness.pass(Math.max(0, at - harness.now));
  return answerAsk(harness.core, harness.customerFollowUp(1).id, new Map([['resolved', resolved]]));
}

const verdicts = (harness: Harness) =>
  storedVerdicts.list(harness.sql, { caseId: harness.case().id }).map(({ verdict }) => verdict);
const reopened = (harness: Harness) => harness.trackers.support.count('reopen');

/** A case that was asked at this very moment. */
async function askedNow(): Promise<Harness> {
  const harness = await asked();
  harness.now = mailedAt(harness);
  return harness;
}

describe('an answer within 15 seconds of its mail (hostile 7)', () => {
  it.each(['yes', 'no'])('of %s closes and reopens nothing, and is shown to a case manager', async (resolved) => {
    const harness = await askedNow();
    expect(await answerAt(harness, mailedAt(harness) + 3 * second, resolved)).toEqual({ status: 'thanks' });
    await harness.pass(hour);
    expect([harness.case().loop, verdicts(harness), reopened(harness)]).toEqual(['asked', [], 0]);
    expect(harness.case().needsPerson).toMatch(/^an answer \((yes|no)\) came within seconds of its mail/);
    expect(harness.customerFollowUp(1)).toMatchObject({ state: 'sent', answers: { resolved } });
  });

  it('of no and then yes, as a scanner posts every button, leaves no contradiction', async () => {
    const harness = await askedNow();
    const at = mailedAt(harness) + second;
    await answerAt(harness, at, 'no');
    await answerAt(harness, at + 300, 'yes');
    await harness.pass(day);
    expect([harness.case().loop, harness.case().generation, verdicts(harness)]).toEqual(['asked', 1, []]);
  });

  it('counts after a later answer', async () => {
    const harness = await askedNow();
    await answerAt(harness, mailedAt(harness) + second, 'no');
    await answerAt(harness, mailedAt(harness) + hour, 'yes');
    expect([harness.case().loop, verdicts(harness), harness.case().needsPerson]).toEqual([
      'confirmed',
      ['confirmed'],
      null,
    ]);
  });

  it('counts by a case manager’s word, once', async () => {
    const harness = await askedNow();
    await answerAt(harness, mailedAt(harness) + second, 'no');
    countCheckedAnswers(harness.core, harness.case().id, 'dana');
    await harness.pass(hour);
    expect([verdicts(harness), reopened(harness)]).toEqual([['disputed'], 1]);
    expect(() => countCheckedAnswers(harness.core, harness.case().id, 'dana')).toThrow('No answer of this case');
  });

  it('that nobody confirms is no answer: the customer is reminded, and the closing stays unverified', async () => {
    const harness = await askedNow();
    await answerAt(harness, mailedAt(harness) + second, 'yes');
    await harness.pass(20 * day);
    expect([harness.case().loop, verdicts(harness)]).toEqual(['unverified', ['unverified']]);
    expect(harness.timeline().join()).toContain('customer reminded');
  });
});

describe('an answer to check', () => {
  it('is counted after the time for answers as well', async () => {
    const harness = await askedNow();
    await answerAt(harness, mailedAt(harness) + second, 'no');
    await harness.pass(20 * day);
    expect(harness.case()).toMatchObject({
      loop: 'unverified',
      needsPerson: expect.stringContaining('an answer (no)'),
    });
    countCheckedAnswers(harness.core, harness.case().id, 'dana');
    await harness.pass(hour);
    expect([verdicts(harness), reopened(harness)]).toEqual([['disputed'], 1]);
  });

  it('of a declined closing stays with the case manager when the time for answers is over', async () => {
    const harness = new Harness(acme(({ text }) => text.replace('every: 2 minutes', 'every: 2 hours')));
    override(harness.core.integrations, { answerSettleMs: 15 * second });
    await harness.receive({ completed: false });
    harness.trackers.support.say(0, sam, '/declined because it is planned for the spring');
    harness.trackers.support.close(0, 'not-planned', sam);
    await harness.poll();
    await harness.pass(day + hour);
    harness.now = mailedAt(harness);
    await answerAt(harness, mailedAt(harness) + second, 'no');
    await harness.pass(20 * day);
    expect(harness.case()).toMatchObject({ loop: 'declined', needsPerson: expect.stringContaining('an answer (no)') });
    countCheckedAnswers(harness.core, harness.case().id, 'dana');
    await harness.pass(hour);
    expect(harness.case().needsPerson).toContain('does not find it clear');
  });
});

describe('a no', () => {
  it('that becomes a yes a moment later reopens nothing (security minor)', async () => {
    const harness = await asked();
    const { now } = harness;
    await answerAt(harness, now + hour, 'no');
    expect(harness.case().loop).toBe('asked');
    await answerAt(harness, now + hour + 10 * second, 'yes');
    await harness.pass(day);
    expect([harness.case().loop, harness.case().generation, verdicts(harness), reopened(harness)]).toEqual([
      'confirmed',
      1,
      ['confirmed'],
      0,
    ]);
    expect(harness.mail.to('dana@acme.example', 'Disputed')).toHaveLength(0);
  });

  it('that stays reopens after 15 seconds', async () => {
    const harness = await asked();
    await answerAt(harness, harness.now + hour, 'no');
    await harness.pass(14 * second);
    expect(reopened(harness)).toBe(0);
    await harness.pass(2 * second);
    expect([reopened(harness), verdicts(harness)]).toEqual([1, ['disputed']]);
  });

  it('of which the reopening waits for its tracker is taken back by a yes (hostile 7)', async () => {
    const harness = await asked();
    harness.trackers.support.always.set('reopen', refused('unavailable', 503));
    await answerAt(harness, harness.now + hour, 'no');
    await harness.pass(60 * second);
    expect(harness.case()).toMatchObject({ loop: 'disputed', disputes: 1 });
    await answerAt(harness, harness.now + 60 * second, 'yes');
    expect(harness.case()).toMatchObject({ loop: 'confirmed', disputes: 0, needsPerson: null });
    const calls = harness.outbox().filter(({ kind }) => kind === 'issue.reopen');
    expect(calls.map(({ state }) => state)).toEqual(['refused']);
    expect(harness.timeline().join()).toContain('reopening taken back');
  });

  it('of which the reopening is under way is followed by no other answer', async () => {
    const harness = await asked();
    await answerAt(harness, harness.now + hour, 'no');
    await harness.pass(16 * second);
    expect(await answerAt(harness, harness.now + second, 'yes')).toEqual({ status: 'closed' });
    expect(verdicts(harness)).toEqual(['disputed']);
  });
});
