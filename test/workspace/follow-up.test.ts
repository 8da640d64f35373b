import { describe, expect, it } from 'vitest';
import { readToken } from '#domain/base/token.ts';
import { answerFollowUp, unsubscribe } from '#src/workspace/loop/answer.ts';
import { listMails } from '#src/workspace/store/mails.ts';
import { refused } from './fakes.ts';
import { day, hour, minute, Rig, type Told } from './rig.ts';

const customer = 'k-1@customer.example';
const sam = '5b10ac8d82e05b22cc7d4ef2';

async function closed(told: Told = {}): Promise<Rig> {
  const rig = new Rig();
  await rig.receive({ completed: false, ...told });
  rig.trackers.support.close(0, 'completed', sam);
  await rig.poll();
  return rig;
}

const linkOf = (text: string | undefined) => /\/s\/(\S+)/.exec(text ?? '')?.[1] ?? '';

describe('a follow-up', () => {
  it('leaves a day after the closing, never early', async () => {
    const rig = await closed();
    const { dueAt } = rig.customerFollowUp();
    expect(dueAt - (rig.case().resolvedAt ?? 0)).toBe(day);
    await rig.until(dueAt - 1);
    expect(rig.mail.to(customer)).toEqual([]);
    await rig.until(dueAt);
    expect(rig.mail.to(customer)).toHaveLength(1);
  });

  it('asks the closer at once', async () => {
    const rig = await closed();
    expect(rig.mail.to('sam@acme.example', 'really be closed')).toHaveLength(1);
    expect(rig.mail.to('dana@acme.example', 'really be closed')).toEqual([]);
  });

  it('carries a link of its own, a way out, and the loop owner as the one who gets replies', async () => {
    const rig = await closed();
    await rig.pass(day);
    const [mail] = rig.mail.to(customer);
    const { id } = rig.customerFollowUp();
    expect(readToken(rig.core.keys, 'survey', linkOf(mail?.text))).toEqual({
      workspace: 'acme',
      subject: id,
    });
    const out = /<https:\/\/caselite\.test\/u\/(\S+)>/.exec(mail?.headers['List-Unsubscribe'] ?? '')?.[1];
    expect(readToken(rig.core.keys, 'unsubscribe', out ?? '')).toEqual({ workspace: 'acme', subject: id });
    expect(mail?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect(mail?.replyTo).toBe('dana@acme.example');
    expect(mail?.from).toBe('Acme feedback <feedback@acme.example>');
    expect(`${mail?.text}${mail?.html}`).not.toContain(customer);
  });

  it('reminds once, after five days, and never again', async () => {
    const rig = await closed();
    await rig.pass(day);
    await rig.pass(5 * day - 1);
    expect(rig.mail.to(customer)).toHaveLength(1);
    await rig.pass(1);
    expect(rig.mail.to(customer)).toHaveLength(2);
    await rig.pass(60 * day);
    expect(rig.mail.to(customer)).toHaveLength(2);
    expect(rig.mail.to(customer)[1]?.text).toContain('only reminder');
  });

  it('reminds nobody who answered', async () => {
    const rig = await closed();
    await rig.pass(day);
    answerFollowUp(rig.core, rig.customerFollowUp().id, new Map([['resolved', 'yes']]));
    await rig.pass(30 * day);
    expect(rig.mail.to(customer)).toHaveLength(1);
  });

  it('asks nobody twice within the quarantine, says so, and sends nothing later', async () => {
    const rig = await closed({ wish: 'more' });
    await rig.pass(2 * day);
    expect(rig.mail.to(customer)).toHaveLength(1);
    rig.trackers.growth.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    expect(rig.customerFollowUp(1, 1)).toMatchObject({
      state: 'skipped',
      why: 'the customer was asked less than 30 days ago',
    });
    expect(rig.case(1).loop).toBe('unverified');
    await rig.pass(90 * day);
    expect(rig.mail.to(customer, 'Did we solve it')).toHaveLength(2);
    expect(listMails(rig.sql, 1e9, 99).filter(({ counts }) => counts)).toHaveLength(1);
  });

  it('asks again after the quarantine', async () => {
    const rig = await closed({ wish: 'more' });
    await rig.pass(day + minute);
    await rig.pass(30 * day);
    await rig.receive({ token: 'r-2', wish: 'still more' });
    rig.trackers.growth.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    expect(rig.customerFollowUp(1, 1).state).toBe('sent');
  });

  it('asks nobody about what they told us more than 30 days ago, and says so', async () => {
    const rig = new Rig();
    await rig.receive({ completed: false });
    await rig.pass(30 * day);
    rig.trackers.support.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    expect(rig.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: 'the customer told us of it more than 30 days ago',
    });
    expect(rig.mail.to(customer)).toEqual([]);
  });

  it('asks about the next generation of a disputed case in spite of the quarantine', async () => {
    const rig = await closed();
    await rig.pass(day);
    answerFollowUp(rig.core, rig.customerFollowUp().id, new Map([['resolved', 'no']]));
    await rig.pass(hour);
    rig.trackers.support.close(0);
    await rig.poll();
    await rig.pass(day);
    expect(rig.customerFollowUp(2).state).toBe('sent');
  });

  it('asks nobody who opted out, at any point before the mail', async () => {
    const rig = await closed({ wish: 'more' });
    expect(unsubscribe(rig.core, rig.customerFollowUp().id)).toBe(true);
    expect(unsubscribe(rig.core, rig.customerFollowUp().id)).toBe(true);
    rig.trackers.growth.close(0);
    await rig.poll();
    await rig.pass(60 * day);
    expect(rig.mail.to(customer)).toEqual([]);
    expect(rig.customerFollowUp().why).toBe('the customer asked for no more mail');
    expect(rig.customerFollowUp(1, 1).why).toBe('the customer asked for no more mail');
    expect(rig.timeline().filter((what) => what === 'customer opted out of mail')).toHaveLength(1);
  });

  it('reminds nobody who opted out after the first mail', async () => {
    const rig = await closed();
    await rig.pass(day);
    unsubscribe(rig.core, rig.customerFollowUp().id);
    await rig.pass(30 * day);
    expect(rig.mail.to(customer)).toHaveLength(1);
  });

  it("opts nobody out by a closer's link or an unknown one", async () => {
    const rig = await closed();
    const closer = rig.followUps().find(({ kind }) => kind === 'closer');
    expect(unsubscribe(rig.core, closer?.id ?? '')).toBe(false);
    expect(unsubscribe(rig.core, 'f_unknown')).toBe(false);
  });

  it('needs an address, and says so without one', async () => {
    const rig = await closed({ email: ' ' });
    await rig.pass(2 * day);
    expect(rig.customerFollowUp()).toMatchObject({ state: 'skipped', why: 'no e-mail address is known' });
    expect(rig.case().loop).toBe('unverified');
  });

  it('keeps addresses and words out of the log', async () => {
    const rig = await closed();
    rig.mail.fail('send', refused('unavailable', 503));
    await rig.pass(3 * day);
    expect(rig.log.join()).toContain('call-failed');
    expect(rig.log.join()).not.toMatch(/customer\.example|Name of/);
  });

  it('asks nobody again because an issue was reopened and closed by hand', async () => {
    const rig = await closed();
    await rig.pass(2 * day);
    rig.trackers.support.reopen(0);
    await rig.poll();
    rig.trackers.support.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    expect(rig.mail.to(customer)).toHaveLength(1);
  });

  it('counts the quarantine by person, whatever the keys of one address', async () => {
    const rig = await closed();
    await rig.receive({ token: 'r-2', customer: 'k-2', email: customer, completed: false });
    rig.trackers.support.close(1);
    await rig.poll();
    await rig.pass(3 * day);
    expect(rig.mail.to(customer)).toHaveLength(1);
  });
  it('takes an opt-out for the address, whatever the key', async () => {
    const rig = await closed();
    unsubscribe(rig.core, rig.customerFollowUp().id);
    await rig.receive({ token: 'r-2', customer: 'k-2', email: customer, completed: false });
    rig.trackers.support.close(1);
    await rig.poll();
    await rig.pass(3 * day);
    expect(rig.mail.to(customer)).toEqual([]);
  });

  it('asks about two closings that wait in one mail', async () => {
    const rig = await closed({ wish: 'more' });
    rig.trackers.growth.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    const [mail, ...more] = rig.mail.to(customer);
    expect(more).toEqual([]);
    expect(mail?.text).toContain(
      'This is also about another point that you raised (your answer of 23 November 2026).',
    );
    expect(rig.customerFollowUp(1, 1)).toMatchObject({
      state: 'sent',
      why: 'in one mail with C-1',
      mergedInto: rig.customerFollowUp().id,
    });
  });

  it('asks about a later closing no earlier than its own delay, and about both in one mail', async () => {
    const rig = await closed({ wish: 'more' });
    await rig.pass(12 * hour);
    rig.trackers.growth.close(0);
    await rig.poll();
    const due = rig.customerFollowUp(1, 1).dueAt;
    expect(due).toBe(rig.now + day);
    await rig.until(due - minute);
    expect(rig.mail.to(customer)).toEqual([]);
    expect(rig.customerFollowUp().why).toBe('asked when C-2 may be, so that one mail asks about both');
    await rig.until(due + minute);
    expect(rig.mail.to(customer)).toHaveLength(1);
    for (const index of [0, 1]) expect(rig.customerFollowUp(1, index).state).toBe('sent');
  });

  it('takes the answers of one page for each case that its mail asks about', async () => {
    const rig = await closed({ wish: 'more' });
    rig.trackers.growth.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    const [first, second] = [rig.customerFollowUp().id, rig.customerFollowUp(1, 1).id];
    const form = new Map([
      ['resolved', 'yes'],
      [`${second}.resolved`, 'no'],
    ]);
    expect(answerFollowUp(rig.core, first, form)).toEqual({ status: 'thanks' });
    expect(rig.case(0).loop).toBe('confirmed');
    expect(rig.case(1).loop).toBe('disputed');
  });

  it('takes an answer for one of two cases, and leaves the other open', async () => {
    const rig = await closed({ wish: 'more' });
    rig.trackers.growth.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    const [first, second] = [rig.customerFollowUp().id, rig.customerFollowUp(1, 1).id];
    expect(answerFollowUp(rig.core, first, new Map())).toMatchObject({ status: 'invalid' });
    answerFollowUp(rig.core, first, new Map([[`${second}.resolved`, 'yes']]));
    expect([rig.case(0).loop, rig.case(1).loop]).toEqual(['asked', 'confirmed']);
    await rig.pass(15 * day);
    expect(rig.case(0).loop).toBe('unverified');
  });

  it('takes back the mail about two cases when one is reopened before it leaves, and asks about the other', async () => {
    const rig = await closed({ wish: 'more' });
    rig.trackers.growth.close(0);
    await rig.poll();
    await rig.until(rig.customerFollowUp().dueAt - 1);
    rig.mail.always.set('send', refused('auth', 401));
    await rig.pass(hour);
    expect(rig.customerFollowUp(1, 1).mergedInto).toBe(rig.customerFollowUp().id);
    rig.trackers.support.reopen(0);
    await rig.poll();
    rig.mail.always.clear();
    await rig.pass(day);
    expect(rig.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: 'the case was reopened before the mail left',
    });
    expect(rig.customerFollowUp(1, 1)).toMatchObject({ state: 'sent', mergedInto: null });
    const [mail, ...more] = rig.mail.to(customer);
    expect(more).toEqual([]);
    expect(readToken(rig.core.keys, 'survey', linkOf(mail?.text))?.subject).toBe(
      rig.customerFollowUp(1, 1).id,
    );
    expect(mail?.text).not.toContain('another point');
  });

  it('that the mail provider refuses for good is no silence', async () => {
    const rig = await closed();
    rig.mail.always.set('send', refused('rejected', 422));
    await rig.pass(2 * day);
    expect(rig.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: 'the mail could not be delivered: the mail provider refused it',
    });
    expect(rig.case().loop).toBe('unverified');
  });
});

describe('a case past its goal', () => {
  it('gets its label, a comment and notices, once', async () => {
    const rig = new Rig();
    await rig.receive({ completed: false });
    await rig.until(rig.case().dueAt - 1);
    expect(rig.case().overdue).toBe(false);
    await rig.until(rig.case().dueAt);
    expect(rig.case().overdue).toBe(true);
    await rig.pass(30 * day);
    expect(rig.trackers.support.issue().snapshot.labels).toContain('overdue');
    const comments = rig.trackers.support.issue().comments.map(({ text }) => text);
    expect(comments.filter((text) => text.includes('is overdue since'))).toEqual([
      'C-1 is overdue since 2026-11-24 09:00 (Europe/Berlin). Told: Dana Reyes, Mette Lund. `/ack` says that you have it.',
    ]);
    for (const person of ['dana', 'mette'])
      expect(rig.mail.to(`${person}@acme.example`, 'overdue')).toHaveLength(1);
    expect(rig.mail.to('sam@acme.example', 'overdue')).toEqual([]);
    expect(rig.timeline().filter((what) => what === 'overdue and escalated')).toHaveLength(1);
  });

  it('is not one that was closed in time', async () => {
    const rig = await closed();
    await rig.pass(10 * day);
    expect(rig.trackers.support.issue().snapshot.labels).not.toContain('overdue');
    expect(rig.mail.to('mette@acme.example')).toEqual([]);
  });

  it('loses the label with the next generation', async () => {
    const rig = new Rig();
    await rig.receive({ completed: false });
    await rig.pass(2 * day);
    rig.trackers.support.close(0);
    await rig.poll();
    rig.trackers.support.reopen(0);
    await rig.poll();
    await rig.pass(0);
    expect(rig.case()).toMatchObject({ overdue: false, generation: 2 });
    expect(rig.trackers.support.issue().snapshot.labels).not.toContain('overdue');
    await rig.pass(2 * day);
    expect(rig.trackers.support.issue().snapshot.labels).toContain('overdue');
  });
});
