import { describe, expect, it } from 'vitest';
import { AppError } from '#domain/base/errors.ts';
import { unsubscribe } from '#src/workspace/loop/answer.ts';
import { queueMail } from '#src/workspace/mail/send-mail.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { mails } from '#src/workspace/store/mails.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { lost, refused } from './fakes.ts';

const failed = { completed: false };
const customer = 'k-1@customer.example';

async function closed(): Promise<Harness> {
  const harness = new Harness();
  await harness.receive(failed);
  await harness.pass(minute);
  harness.trackers.support.close(0);
  await harness.poll();
  return harness;
}

const toCustomer = (harness: Harness) => harness.mail.tried.filter(({ to }) => to === customer);

function changeMail({ core }: Harness, change: Record<string, string>): void {
  const { workspace } = core.settings;
  core.settings = { ...core.settings, workspace: { ...workspace, mail: { ...workspace.mail, ...change } } };
}

describe('a mail without an answer', () => {
  it('is repeated under the same key with the same bytes, and is one mail', async () => {
    const harness = await closed();
    await harness.until(harness.customerFollowUp().dueAt - 1);
    harness.mail.fail('send', lost('after'), lost('after'));
    await harness.pass(hour);
    expect(toCustomer(harness)).toHaveLength(3);
    expect(new Set(toCustomer(harness).map((mail) => JSON.stringify(mail))).size).toBe(1);
    expect(harness.mail.to(customer)).toHaveLength(1);
    expect(mails.page(harness.sql, {}, 99).find(({ kind }) => kind === 'follow-up')?.state).toBe('sent');
  });

  it('is repeated no more an hour before the provider forgets the key, and that is shown', async () => {
    const harness = await closed();
    const { dueAt } = harness.customerFollowUp();
    await harness.until(dueAt - 1);
    harness.mail.always.set('send', lost('after'));
    await harness.until(dueAt + 4 * day);
    const times = harness.mail.calls.map(({ at }) => at).filter((at) => at >= dueAt);
    expect(times.length).toBeGreaterThan(10);
    expect(Math.max(...times)).toBeLessThan(dueAt + 23 * hour);
    expect(harness.mail.to(customer)).toHaveLength(1);
    const mail = mails.page(harness.sql, {}, 99).find(({ kind }) => kind === 'follow-up');
    expect(mail?.state).toBe('unknown');
  });

  it('is not repeated by another provider, which does not know its key', async () => {
    const harness = await closed();
    await harness.until(harness.customerFollowUp().dueAt - 1);
    harness.mail.always.set('send', lost('before'));
    await harness.pass(minute);
    const tries = toCustomer(harness).length;
    expect(tries).toBeGreaterThan(0);
    changeMail(harness, { kind: 'other', key: 'OTHER_KEY' });
    harness.mail.always.clear();
    await harness.pass(day);
    expect(toCustomer(harness)).toHaveLength(tries);
    expect(mails.page(harness.sql, {}, 99).find(({ kind }) => kind === 'follow-up')?.state).toBe('unknown');
  });

  it('that was refused for its sender leaves from the one that the settings name now', async () => {
    const harness = await closed();
    await harness.until(harness.customerFollowUp().dueAt - 1);
    harness.mail.always.set('send', refused('auth', 403));
    await harness.pass(minute);
    changeMail(harness, { from: 'Acme <hello@acme.example>' });
    harness.mail.always.clear();
    await harness.pass(2 * hour);
    expect(harness.mail.to(customer)).toMatchObject([{ from: 'Acme <hello@acme.example>' }]);
  });

  it('counts for the quarantine all the same', async () => {
    const harness = new Harness();
    await harness.receive({ ...failed, wish: 'more' });
    await harness.pass(minute);
    harness.trackers.support.close(0);
    await harness.poll();
    harness.mail.always.set('send', lost('after'));
    await harness.pass(3 * day);
    harness.mail.always.clear();
    harness.trackers.growth.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    expect(harness.customerFollowUp(1, 1).state).toBe('skipped');
  });

  it('is refused by what the provider says of its content, and nobody is mailed', async () => {
    const harness = await closed();
    harness.mail.always.set('send', refused('rejected', 422));
    await harness.pass(2 * day);
    expect(harness.mail.to(customer)).toEqual([]);
    expect(mails.page(harness.sql, {}, 99).find(({ kind }) => kind === 'follow-up')?.state).toBe('refused');
  });

  it('to a closer that is refused for good leaves nobody counted as asked', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false });
    harness.mail.always.set('send', refused('rejected', 422));
    harness.trackers.support.close(0, 'completed', '5b10ac8d82e05b22cc7d4ef2');
    await harness.poll();
    await harness.pass(hour);
    const closer = harness.followUps().find(({ kind }) => kind === 'closer');
    expect(closer).toMatchObject({ state: 'skipped', why: expect.stringContaining('refused') });
  });

  it('that was refused counts for no quarantine', async () => {
    const harness = new Harness();
    await harness.receive({ ...failed, wish: 'more' });
    harness.trackers.support.close(0);
    await harness.poll();
    harness.mail.always.set('send', refused('rejected', 422));
    await harness.pass(2 * day);
    harness.mail.always.clear();
    harness.trackers.growth.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    expect(harness.mail.to(customer)).toHaveLength(1);
  });

  it('is not given up because a secret of the deployment was missing for two days', async () => {
    const harness = await closed();
    await harness.until(harness.customerFollowUp().dueAt - 1);
    const { mailer } = harness.core.integrations;
    harness.core.integrations.mailer = () => Promise.reject(new AppError('config', 'no secret ACME__RESEND_KEY'));
    await harness.pass(2 * day);
    harness.core.integrations.mailer = mailer;
    await harness.pass(2 * hour);
    expect(harness.mail.to(customer)).toHaveLength(1);
  });

  it('does not leave any more after an opt-out while it certainly was not sent', async () => {
    const harness = await closed();
    await harness.until(harness.customerFollowUp().dueAt - 1);
    harness.mail.always.set('send', refused('auth', 401));
    await harness.pass(day);
    unsubscribe(harness.core, harness.customerFollowUp().id);
    harness.mail.always.clear();
    await harness.pass(2 * hour);
    expect(harness.mail.to(customer)).toEqual([]);
  });
});

describe('a mail whose outcome is unknown', () => {
  async function unknown(): Promise<Harness> {
    const harness = await closed();
    await harness.until(harness.customerFollowUp().dueAt - 1);
    harness.mail.always.set('send', lost('before'));
    await harness.pass(minute);
    return harness;
  }

  it.each([
    ['an opt-out', (harness: Harness) => unsubscribe(harness.core, harness.customerFollowUp().id)],
    [
      'a reopening',
      async (harness: Harness) => {
        harness.trackers.support.reopen(0);
        await harness.poll();
      },
    ],
  ])('is not repeated after %s', async (_, happen) => {
    const harness = await unknown();
    await happen(harness);
    harness.mail.always.clear();
    await harness.pass(2 * hour);
    expect(harness.mail.to(customer)).toEqual([]);
    expect(mails.list(harness.sql, { kind: 'follow-up' })).toMatchObject([{ state: 'unknown' }]);
  });
});

it('without an answer does not leave once its customer is erased, not even right before its repetition', async () => {
  const harness = await closed();
  await harness.until(harness.customerFollowUp().dueAt - 1);
  harness.mail.fail('send', lost('before'), lost('before'));
  await harness.until(harness.customerFollowUp().dueAt);
  const { mailer } = harness.core.integrations;
  harness.core.integrations.mailer = () => {
    harness.core.integrations.mailer = mailer;
    harness.sql.transaction(() => erasePerson(harness.core, customer, 'dana'));
    return mailer();
  };
  await harness.pass(2 * hour);
  expect(harness.mail.to(customer)).toEqual([]);
});

it('is not refused for a limit because its credentials were refused for a week', async () => {
  const harness = await closed();
  await harness.until(harness.customerFollowUp().dueAt - 1);
  harness.mail.refusal = refused('auth', 401).error;
  await harness.pass(8 * day);
  harness.mail.refusal = null;
  harness.mail.fail('send', ...Array.from({ length: 20 }, () => refused('rate-limited', 429, 1000)));
  await harness.pass(hour);
  expect(harness.mail.to(customer)).toHaveLength(1);
});

it('to somebody who signs in goes before all that waits', async () => {
  const harness = new Harness();
  const send = (kind: 'notice' | 'sign-in', index: number) =>
    queueMail(harness.core, {
      ...{ once: [String(index)], kind, person: 'dana', address: 'dana@acme.example', subject: kind },
      content: { paragraphs: ['x'], button: null, footer: [] },
    });
  harness.sql.transaction(() => {
    for (const index of [1, 2, 3]) send('notice', index);
    send('sign-in', 4);
  });
  await harness.pass(minute);
  expect(harness.mail.accepted.map(({ subject }) => subject)).toEqual(['sign-in', 'notice', 'notice', 'notice']);
});
