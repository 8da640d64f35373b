import { describe, expect, it } from 'vitest';
import { AppError } from '#domain/base/errors.ts';
import { unsubscribe } from '#src/workspace/loop/answer.ts';
import { listMails } from '#src/workspace/store/mails.ts';
import { lost, refused } from './fakes.ts';
import { day, hour, minute, Rig } from './rig.ts';

const failed = { completed: false };
const customer = 'k-1@customer.example';

async function closed(): Promise<Rig> {
  const rig = new Rig();
  await rig.receive(failed);
  await rig.pass(minute);
  rig.trackers.support.close(0);
  await rig.poll();
  return rig;
}

const toCustomer = (rig: Rig) => rig.mail.tried.filter(({ to }) => to === customer);

describe('a mail without an answer', () => {
  it('is repeated under the same key with the same bytes, and is one mail', async () => {
    const rig = await closed();
    await rig.until(rig.customerFollowUp().dueAt - 1);
    rig.mail.fail('send', lost('after'), lost('after'));
    await rig.pass(hour);
    expect(toCustomer(rig)).toHaveLength(3);
    expect(new Set(toCustomer(rig).map((mail) => JSON.stringify(mail))).size).toBe(1);
    expect(rig.mail.to(customer)).toHaveLength(1);
    expect(listMails(rig.sql, 1e9, 99).find(({ kind }) => kind === 'follow-up')?.state).toBe('sent');
  });

  it('is repeated no more an hour before the provider forgets the key, and that is shown', async () => {
    const rig = await closed();
    const { dueAt } = rig.customerFollowUp();
    await rig.until(dueAt - 1);
    rig.mail.always.set('send', lost('after'));
    await rig.until(dueAt + 4 * day);
    const times = rig.mail.calls.map(({ at }) => at).filter((at) => at >= dueAt);
    expect(times.length).toBeGreaterThan(10);
    expect(Math.max(...times)).toBeLessThan(dueAt + 23 * hour);
    expect(rig.mail.to(customer)).toHaveLength(1);
    const mail = listMails(rig.sql, 1e9, 99).find(({ kind }) => kind === 'follow-up');
    expect(mail?.state).toBe('unknown');
  });

  it('counts for the quarantine all the same', async () => {
    const rig = new Rig();
    await rig.receive({ ...failed, wish: 'more' });
    await rig.pass(minute);
    rig.trackers.support.close(0);
    await rig.poll();
    rig.mail.always.set('send', lost('after'));
    await rig.pass(3 * day);
    rig.mail.always.clear();
    rig.trackers.growth.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    expect(rig.customerFollowUp(1, 1).state).toBe('skipped');
  });

  it('is refused by what the provider says of its content, and nobody is mailed', async () => {
    const rig = await closed();
    rig.mail.always.set('send', refused('rejected', 422));
    await rig.pass(2 * day);
    expect(rig.mail.to(customer)).toEqual([]);
    expect(listMails(rig.sql, 1e9, 99).find(({ kind }) => kind === 'follow-up')?.state).toBe('refused');
  });

  it('to a closer that is refused for good leaves nobody counted as asked', async () => {
    const rig = new Rig();
    await rig.receive({ completed: false });
    rig.mail.always.set('send', refused('rejected', 422));
    rig.trackers.support.close(0, 'completed', '5b10ac8d82e05b22cc7d4ef2');
    await rig.poll();
    await rig.pass(hour);
    const closer = rig.followUps().find(({ kind }) => kind === 'closer');
    expect(closer).toMatchObject({ state: 'skipped', why: expect.stringContaining('refused') });
  });

  it('that was refused counts for no quarantine', async () => {
    const rig = new Rig();
    await rig.receive({ ...failed, wish: 'more' });
    rig.trackers.support.close(0);
    await rig.poll();
    rig.mail.always.set('send', refused('rejected', 422));
    await rig.pass(2 * day);
    rig.mail.always.clear();
    rig.trackers.growth.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    expect(rig.mail.to(customer)).toHaveLength(1);
  });

  it('is not given up because a secret of the deployment was missing for two days', async () => {
    const rig = await closed();
    await rig.until(rig.customerFollowUp().dueAt - 1);
    const { mailer } = rig.core.integrations;
    rig.core.integrations.mailer = () => Promise.reject(new AppError('config', 'no secret ACME__RESEND_KEY'));
    await rig.pass(2 * day);
    rig.core.integrations.mailer = mailer;
    await rig.pass(2 * hour);
    expect(rig.mail.to(customer)).toHaveLength(1);
  });

  it('does not leave any more after an opt-out while it certainly was not sent', async () => {
    const rig = await closed();
    await rig.until(rig.customerFollowUp().dueAt - 1);
    rig.mail.always.set('send', refused('auth', 401));
    await rig.pass(day);
    unsubscribe(rig.core, rig.customerFollowUp().id);
    rig.mail.always.clear();
    await rig.pass(2 * hour);
    expect(rig.mail.to(customer)).toEqual([]);
  });
});
