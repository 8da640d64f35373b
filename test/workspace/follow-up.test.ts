import { describe, expect, it } from 'vitest';
import { verifyToken } from '#domain/base/key.ts';
import { answerAsk, unsubscribe } from '#src/workspace/loop/answer.ts';
import { buildUnsubscribePage } from '#src/workspace/queries/customer-pages.ts';
import { stopMail } from '#src/workspace/loop/withdraw.ts';
import { readCaseJson } from '#src/workspace/queries/lists.ts';
import { ledger } from '#src/workspace/queries/loop.ts';
import { mails } from '#src/workspace/store/mails.ts';
import { Harness } from '#test/harness/harness.ts';
import type { SampleResponse } from '#test/harness/sample-response.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { refused } from './fakes.ts';

const customer = 'k-1@customer.example';
const sam = '5b10ac8d82e05b22cc7d4ef2';

/** A wish comes as a response of its own, which opens a case of its own. */
async function closed({ wish, ...told }: SampleResponse = {}): Promise<Harness> {
  const harness = new Harness();
  await harness.receive({ completed: false, ...told });
  if (wish) await harness.receive({ ...told, token: 'r-wish', wish });
  harness.trackers.support.close(0, 'completed', sam);
  await harness.poll();
  return harness;
}

const linkOf = (text: string | undefined) => /\/s\/(\S+)/.exec(text ?? '')?.[1] ?? '';

describe('a follow-up', () => {
  it('leaves a day after the closing, never early', async () => {
    const harness = await closed();
    const { dueAt } = harness.customerFollowUp();
    expect(dueAt - (harness.case().resolvedAt ?? 0)).toBe(day);
    await harness.until(dueAt - 1);
    expect(harness.mail.to(customer)).toEqual([]);
    await harness.until(dueAt);
    expect(harness.mail.to(customer)).toHaveLength(1);
  });

  it('asks the closer at once', async () => {
    const harness = await closed();
    expect(harness.mail.to('sam@acme.example', 'really be closed')).toHaveLength(1);
    expect(harness.mail.to('dana@acme.example', 'really be closed')).toEqual([]);
  });

  it('carries a link of its own, a way out, and the loop owner as the one who gets replies', async () => {
    const harness = await closed();
    await harness.pass(day);
    const [mail] = harness.mail.to(customer);
    const { id } = harness.customerFollowUp();
    expect(verifyToken(harness.core.keys, 'survey', linkOf(mail?.text))).toEqual({
      workspace: 'acme',
      subject: id,
    });
    const out = /<https:\/\/caselite\.test\/u\/(\S+)>/.exec(mail?.headers['List-Unsubscribe'] ?? '')?.[1];
    expect(verifyToken(harness.core.keys, 'unsubscribe', out ?? '')).toEqual({
      workspace: 'acme',
      subject: id,
    });
    expect(mail?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect(mail?.replyTo).toBe('dana@acme.example');
    expect(mail?.from).toBe('Acme feedback <feedback@acme.example>');
    expect(`${mail?.text}${mail?.html}`).not.toContain(customer);
  });

  it('reminds once, after five days, and never again', async () => {
    const harness = await closed();
    await harness.pass(day);
    await harness.pass(5 * day - 1);
    expect(harness.mail.to(customer)).toHaveLength(1);
    await harness.pass(1);
    expect(harness.mail.to(customer)).toHaveLength(2);
    await harness.pass(60 * day);
    expect(harness.mail.to(customer)).toHaveLength(2);
    expect(harness.mail.to(customer)[1]?.text).toContain('only reminder');
  });

  it('reminds nobody who answered', async () => {
    const harness = await closed();
    await harness.pass(day);
    answerAsk(harness.core, harness.customerFollowUp().id, new Map([['resolved', 'yes']]));
    await harness.pass(30 * day);
    expect(harness.mail.to(customer)).toHaveLength(1);
  });

  it('asks nobody twice within the quarantine, says so, and sends nothing later', async () => {
    const harness = await closed({ wish: 'more' });
    await harness.pass(2 * day);
    expect(harness.mail.to(customer)).toHaveLength(1);
    harness.trackers.growth.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    expect(harness.customerFollowUp(1, 1)).toMatchObject({
      state: 'skipped',
      why: 'the customer was asked less than 30 days ago',
    });
    expect(harness.case(1).loop).toBe('unverified');
    await harness.pass(90 * day);
    expect(harness.mail.to(customer, 'Did we solve it')).toHaveLength(2);
    expect(mails.page(harness.sql, {}, 99).filter(({ counts }) => counts)).toHaveLength(1);
  });

  it('asks again after the quarantine', async () => {
    const harness = await closed({ wish: 'more' });
    await harness.pass(day + minute);
    await harness.pass(30 * day);
    await harness.receive({ token: 'r-2', wish: 'still more' });
    harness.trackers.growth.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    expect(harness.customerFollowUp(1, 1).state).toBe('sent');
  });

  it('asks nobody about what they told us more than 30 days ago, and says so', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false });
    await harness.pass(30 * day);
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    expect(harness.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: 'the customer’s response is more than 30 days old',
    });
    expect(harness.mail.to(customer)).toEqual([]);
  });

  it('asks about the next generation of a disputed case in spite of the quarantine', async () => {
    const harness = await closed();
    await harness.pass(day);
    answerAsk(harness.core, harness.customerFollowUp().id, new Map([['resolved', 'no']]));
    await harness.pass(hour);
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.pass(day);
    expect(harness.customerFollowUp(2).state).toBe('sent');
  });

  it('asks nobody who opted out, at any point before the mail', async () => {
    const harness = await closed({ wish: 'more', language: 'de-AT' });
    const page = () => buildUnsubscribePage(harness.core, harness.customerFollowUp().id);
    expect(page()).toMatchObject({ language: 'de', isDone: false });
    expect(unsubscribe(harness.core, harness.customerFollowUp().id)).toBe(true);
    expect(unsubscribe(harness.core, harness.customerFollowUp().id)).toBe(true);
    expect(page().isDone).toBe(true);
    harness.trackers.growth.close(0);
    await harness.poll();
    await harness.pass(60 * day);
    expect(harness.mail.to(customer)).toEqual([]);
    expect(harness.customerFollowUp().why).toBe('the customer asked for no more mail');
    expect(harness.customerFollowUp(1, 1).why).toBe('the customer asked for no more mail');
    expect(harness.timeline().filter((what) => what === 'customer opted out of mail')).toHaveLength(1);
  });

  it('asks nobody any more whose wish a case manager wrote down', async () => {
    const harness = await closed();
    const wish = { reason: ' ', who: 'dana' };
    expect(() => stopMail(harness.core, 'k-1', wish)).toThrow('reason: is empty');
    expect(() => stopMail(harness.core, 'nobody', wish)).toThrow('No customer has this key.');
    for (let times = 0; times < 2; times += 1)
      stopMail(harness.core, 'k-1', { ...wish, reason: 'said so by telephone' });
    await harness.pass(60 * day);
    expect(harness.mail.to(customer)).toEqual([]);
    expect(harness.customerFollowUp().why).toBe('the customer asked for no more mail');
    const [entry, ...more] = readCaseJson(harness.core, harness.case().id).timeline.filter(
      ({ what }) => what === 'customer opted out of mail',
    );
    expect([entry?.who, entry?.why, more]).toEqual(['dana', 'said so by telephone', []]);
    expect(ledger(harness.core, 'k-1').hasOptedOut).toBe(true);
  });

  it('reminds nobody who opted out after the first mail', async () => {
    const harness = await closed();
    await harness.pass(day);
    unsubscribe(harness.core, harness.customerFollowUp().id);
    await harness.pass(30 * day);
    expect(harness.mail.to(customer)).toHaveLength(1);
  });

  it("opts nobody out by a closer's link or an unknown one", async () => {
    const harness = await closed();
    const closer = harness.followUps().find(({ kind }) => kind === 'closer');
    expect(unsubscribe(harness.core, closer?.id ?? '')).toBe(false);
    expect(unsubscribe(harness.core, 'f_unknown')).toBe(false);
  });

  it('needs an address, and says so without one', async () => {
    const harness = await closed({ email: ' ' });
    await harness.pass(2 * day);
    expect(harness.customerFollowUp()).toMatchObject({ state: 'skipped', why: 'no e-mail address is known' });
    expect(harness.case().loop).toBe('unverified');
  });

  it('keeps addresses and words out of the log', async () => {
    const harness = await closed();
    harness.mail.fail('send', refused('unavailable', 503));
    await harness.pass(3 * day);
    expect(harness.log.join()).toContain('call-failed');
    expect(harness.log.join()).not.toMatch(/customer\.example|Name of/);
  });

  it('asks nobody again because an issue was reopened and closed by hand', async () => {
    const harness = await closed();
    await harness.pass(2 * day);
    harness.trackers.support.reopen(0);
    await harness.poll();
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    expect(harness.mail.to(customer)).toHaveLength(1);
  });

  it('counts the quarantine by person, whatever the keys of one address', async () => {
    const harness = await closed();
    await harness.receive({ token: 'r-2', customer: 'k-2', email: customer, completed: false });
    harness.trackers.support.close(1);
    await harness.poll();
    await harness.pass(3 * day);
    expect(harness.mail.to(customer)).toHaveLength(1);
  });
  it('takes an opt-out for the address, whatever the key', async () => {
    const harness = await closed();
    unsubscribe(harness.core, harness.customerFollowUp().id);
    await harness.receive({ token: 'r-2', customer: 'k-2', email: customer, completed: false });
    harness.trackers.support.close(1);
    await harness.poll();
    await harness.pass(3 * day);
    expect(harness.mail.to(customer)).toEqual([]);
  });

  it('asks about two closings that wait in one mail', async () => {
    const harness = await closed({ wish: 'more' });
    harness.trackers.growth.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    const [mail, ...more] = harness.mail.to(customer);
    expect(more).toEqual([]);
    expect(mail?.text).toContain('This is also about another point that you raised (what you miss in the product).');
    expect(harness.customerFollowUp(1, 1)).toMatchObject({
      state: 'sent',
      why: 'in one mail with C-1',
      mergedInto: harness.customerFollowUp().id,
    });
  });

  it('asks about a later closing no earlier than its own delay, and about both in one mail', async () => {
    const harness = await closed({ wish: 'more' });
    await harness.pass(12 * hour);
    harness.trackers.growth.close(0);
    await harness.poll();
    const due = harness.customerFollowUp(1, 1).dueAt;
    expect(due).toBe(harness.now + day);
    await harness.until(due - minute);
    expect(harness.mail.to(customer)).toEqual([]);
    expect(harness.customerFollowUp().why).toBe('asked when C-2 may be, so that one mail asks about both');
    await harness.until(due + minute);
    expect(harness.mail.to(customer)).toHaveLength(1);
    for (const index of [0, 1]) expect(harness.customerFollowUp(1, index).state).toBe('sent');
  });

  it('takes the answers of one page for each case that its mail asks about', async () => {
    const harness = await closed({ wish: 'more' });
    harness.trackers.growth.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    const [first, second] = [harness.customerFollowUp().id, harness.customerFollowUp(1, 1).id];
    const form = new Map([
      ['resolved', 'yes'],
      [`${second}.resolved`, 'no'],
    ]);
    expect(answerAsk(harness.core, first, form)).toEqual({ status: 'thanks' });
    expect(harness.case(0).loop).toBe('confirmed');
    expect(harness.case(1).loop).toBe('disputed');
  });

  it('takes an answer for one of two cases, and leaves the other open', async () => {
    const harness = await closed({ wish: 'more' });
    harness.trackers.growth.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    const [first, second] = [harness.customerFollowUp().id, harness.customerFollowUp(1, 1).id];
    expect(answerAsk(harness.core, first, new Map())).toMatchObject({ status: 'invalid' });
    answerAsk(harness.core, first, new Map([[`${second}.resolved`, 'yes']]));
    expect([harness.case(0).loop, harness.case(1).loop]).toEqual(['asked', 'confirmed']);
    await harness.pass(15 * day);
    expect(harness.case(0).loop).toBe('unverified');
  });

  it('takes back the mail about two cases when one is reopened before it leaves, and asks about the other', async () => {
    const harness = await closed({ wish: 'more' });
    harness.trackers.growth.close(0);
    await harness.poll();
    await harness.until(harness.customerFollowUp().dueAt - 1);
    harness.mail.always.set('send', refused('auth', 401));
    await harness.pass(hour);
    expect(harness.customerFollowUp(1, 1).mergedInto).toBe(harness.customerFollowUp().id);
    harness.trackers.support.reopen(0);
    await harness.poll();
    harness.mail.always.clear();
    await harness.pass(day);
    expect(harness.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: 'the case was reopened before the mail left',
    });
    expect(harness.customerFollowUp(1, 1)).toMatchObject({ state: 'sent', mergedInto: null });
    const [mail, ...more] = harness.mail.to(customer);
    expect(more).toEqual([]);
    expect(verifyToken(harness.core.keys, 'survey', linkOf(mail?.text))?.subject).toBe(
      harness.customerFollowUp(1, 1).id,
    );
    expect(mail?.text).not.toContain('another point');
  });

  it('that the mail provider refuses for good is no silence', async () => {
    const harness = await closed();
    harness.mail.always.set('send', refused('rejected', 422));
    await harness.pass(2 * day);
    expect(harness.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: 'the mail could not be delivered: the mail provider refused it',
    });
    expect(harness.case().loop).toBe('unverified');
  });
});

describe('a case past its goal', () => {
  it('gets its label, a comment and notices, once', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false });
    await harness.until(harness.case().dueAt - 1);
    expect(harness.case().overdue).toBe(false);
    await harness.until(harness.case().dueAt);
    expect(harness.case().overdue).toBe(true);
    await harness.pass(30 * day);
    expect(harness.trackers.support.issue().snapshot.labels).toContain('overdue');
    const comments = harness.trackers.support.issue().comments.map(({ text }) => text);
    expect(comments.filter((text) => text.includes('has been overdue since'))).toEqual([
      'C-1 has been overdue since Tue 24 Nov, 09:00. Notified: Dana Reyes, Mette Lund. `/ack` acknowledges it.',
    ]);
    for (const person of ['dana', 'mette'])
      expect(harness.mail.to(`${person}@acme.example`, 'Overdue')).toHaveLength(1);
    expect(harness.mail.to('sam@acme.example', 'Overdue')).toEqual([]);
    expect(harness.timeline().filter((what) => what === 'overdue and escalated')).toHaveLength(1);
  });

  it('is not one that was closed in time', async () => {
    const harness = await closed();
    await harness.pass(10 * day);
    expect(harness.trackers.support.issue().snapshot.labels).not.toContain('overdue');
    expect(harness.mail.to('mette@acme.example')).toEqual([]);
  });

  it('loses the label with the next generation', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false });
    await harness.pass(2 * day);
    harness.trackers.support.close(0);
    await harness.poll();
    harness.trackers.support.reopen(0);
    await harness.poll();
    await harness.pass(0);
    expect(harness.case()).toMatchObject({ overdue: false, generation: 2 });
    expect(harness.trackers.support.issue().snapshot.labels).not.toContain('overdue');
    await harness.pass(2 * day);
    expect(harness.trackers.support.issue().snapshot.labels).toContain('overdue');
  });
});
