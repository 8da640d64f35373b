import { describe, expect, it } from 'vitest';
import { resend } from '#adapters/mail/resend/definition.ts';
import { signWebhook } from '#adapters/signature.ts';
import type { MailEvent } from '#domain/integrations/mailer.ts';
import { hasOptedOut, markAddressUndeliverable } from '#src/workspace/basics/person.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { applyMailEvent } from '#src/workspace/loop/withdraw.ts';
import { allowMailToBounced, writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { ledger } from '#src/workspace/queries/loop.ts';
import { buildPeopleJson } from '#src/workspace/queries/people.ts';
import { requestSignInLink } from '#src/workspace/sign-in/links.ts';
import { verdicts } from '#src/workspace/store/closings.ts';
import { mails as storedMails } from '#src/workspace/store/mails.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { lost } from './fakes.ts';

const customer = 'k-1@customer.example';

/** Sends a customer the follow-up of a closing. */
async function asked(): Promise<Harness> {
  const harness = new Harness();
  await harness.receive({ completed: false });
  await harness.pass(minute);
  harness.trackers.support.close(0);
  await harness.poll();
  await harness.pass(day + hour);
  expect(harness.customerFollowUp().state).toBe('sent');
  return harness;
}

const mails = (harness: Harness) => storedMails.page(harness.sql, {}, 99);
const followUpMail = (harness: Harness) => mails(harness).find(({ kind }) => kind === 'follow-up');

function tell(harness: Harness, what: MailEvent['what'], provider = followUpMail(harness)?.provider ?? ''): void {
  harness.sql.transaction(() => applyMailEvent(harness.core, { provider, address: customer, what, why: 'so it was' }));
}

describe('a mail that bounced for good', () => {
  it('ends the follow-up with the reason, and never counts as satisfaction', async () => {
    const harness = await asked();
    tell(harness, 'bounced');
    expect(harness.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: 'the mail could not be delivered (so it was)',
    });
    expect(verdicts.list(harness.sql, { caseId: harness.case().id })).toMatchObject([{ verdict: 'unverified' }]);
    expect(followUpMail(harness)?.fate).toBe('bounced');
    expect(harness.timeline()).toContain('mail bounced');
  });

  it('is the last to that address: no reminder, no question about another case, no personal message', async () => {
    const harness = await asked();
    tell(harness, 'bounced');
    const before = harness.mail.to(customer).length;
    await harness.receive({ token: 'r-2', wish: 'more', completed: true });
    await harness.pass(minute);
    harness.trackers.growth.close(0);
    await harness.poll();
    await harness.pass(60 * day);
    expect(harness.mail.to(customer)).toHaveLength(before);
    expect(() =>
      writeToCustomer(harness.core, harness.case().id, { subject: 'Hello', text: 'Hello', who: 'dana' }),
    ).toThrow('could not be delivered');
  });

  it('by another mail ends reminders to that address, and no timeline tells of one', async () => {
    const harness = await asked();
    markAddressUndeliverable(harness.core, customer);
    await harness.pass(8 * day);
    expect(harness.timeline()).not.toContain('customer reminded');
  });

  it('is sent again after a manager’s reason, and skipped questions are asked again', async () => {
    const harness = await asked();
    tell(harness, 'bounced');
    const again = (who: string, reason = 'the mailbox was full') =>
      harness.sql.transaction(() => allowMailToBounced(harness.core, 'k-1', { reason, who }));
    expect(() => again('dana', ' ')).toThrow('reason: is empty; give the reason why mail will arrive now');
    expect(ledger(harness.core, 'k-1').isUndeliverable).toBe(true);
    again('dana');
    expect(() => again('dana')).toThrow('Mail to this address is not blocked');
    await harness.pass(hour);
    expect(harness.mail.to(customer, 'Did we solve it')).toHaveLength(2);
    expect(harness.customerFollowUp().state).toBe('sent');
    expect(harness.case().loop).toBe('asked');
    expect(harness.timeline()).toContain('mail allowed again');
    answerAsk(harness.core, harness.customerFollowUp().id, new Map([['resolved', 'yes']]));
    expect(verdicts.list(harness.sql, { caseId: harness.case().id })).toMatchObject([{ verdict: 'confirmed' }]);
  });

  it('is sent again to a colleague as well, whose page shows the bounce', async () => {
    const harness = await asked();
    const event = {
      provider: 'none of ours',
      address: 'dana@acme.example',
      what: 'bounced' as const,
      why: 'full',
    };
    const [notice] = storedMails.page(harness.sql, {}, 99).filter(({ address }) => address === event.address);
    harness.sql.transaction(() => applyMailEvent(harness.core, { ...event, provider: notice?.provider ?? '' }));
    const shown = () => buildPeopleJson(harness.core).people.find(({ key }) => key === 'dana')?.isUndeliverable;
    expect(shown()).toBe(true);
    allowMailToBounced(harness.core, 'dana', { reason: 'there is room again', who: 'dana' });
    expect(shown()).toBe(false);
  });

  it('is not repeated for a closing that was undone, nor after an opt-out', async () => {
    const harness = await asked();
    tell(harness, 'bounced');
    harness.trackers.support.reopen(0);
    await harness.poll();
    harness.sql.transaction(() => allowMailToBounced(harness.core, 'k-1', { reason: 'mended', who: 'dana' }));
    await harness.pass(hour);
    expect(harness.mail.to(customer, 'Did we solve it')).toHaveLength(1);
  });

  it('is stored once, however often and late it is reported', async () => {
    const harness = await asked();
    tell(harness, 'delivered');
    expect(followUpMail(harness)?.fate).toBe('delivered');
    tell(harness, 'bounced');
    tell(harness, 'bounced');
    tell(harness, 'delivered');
    expect(followUpMail(harness)?.fate).toBe('bounced');
    expect(harness.timeline().filter((what) => what === 'mail bounced')).toHaveLength(1);
  });

  it('is believed of a mail whose sending had no answer', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false });
    await harness.pass(minute);
    harness.trackers.support.close(0);
    await harness.poll();
    harness.mail.always.set('send', lost('after'));
    await harness.pass(day + hour);
    tell(harness, 'bounced', 'an id that never reached us');
    expect(harness.customerFollowUp().state).toBe('skipped');
  });

  it('changes nothing where the mail is not ours, nor after an answer', async () => {
    const harness = await asked();
    tell(harness, 'bounced', 'another');
    expect(harness.customerFollowUp().state).toBe('sent');
    const answer = answerAsk(harness.core, harness.customerFollowUp().id, new Map([['resolved', 'yes']]));
    expect(answer.status).toBe('thanks');
    tell(harness, 'bounced');
    expect(harness.customerFollowUp().state).toBe('answered');
  });
});

it('a complaint is an opt-out', async () => {
  const harness = await asked();
  tell(harness, 'complained');
  expect(harness.timeline()).toContain('customer opted out of mail');
  await harness.pass(10 * day);
  expect(harness.mail.to(customer)).toHaveLength(1);
});

describe("Resend's webhook", () => {
  const settings = resend.settings.parse({
    kind: 'resend',
    from: 'Acme <a@acme.example>',
    key: 'RESEND_KEY',
    'webhook-secret': 'RESEND_WEBHOOK',
  });
  const secret = `whsec_${btoa('a secret that is long enough')}`;
  const now = Date.UTC(2026, 10, 24);
  const bounce = (type: string, more: object = {}) => ({
    type,
    created_at: '2026-11-24T00:00:00Z',
    data: { email_id: 'm-1', to: [customer], ...more },
  });

  async function read(event: unknown, change: (headers: Record<string, string>) => void = () => {}) {
    const body = new TextEncoder().encode(JSON.stringify(event));
    const signed = await signWebhook(body, secret, { id: 'msg_1', now });
    const headers = Object.fromEntries(
      Object.entries(signed).map(([name, value]) => [name.replace('webhook-', 'svix-'), value]),
    );
    change(headers);
    return resend.events?.read({ body, headers, receivedAt: now }, [secret], now);
  }

  it('names its secret', () => {
    expect(resend.secrets(settings)).toEqual(['RESEND_KEY', 'RESEND_WEBHOOK']);
    expect(resend.events?.secret(settings)).toBe('RESEND_WEBHOOK');
  });

  it.each([
    ['email.delivered', {}, ['delivered']],
    ['email.complained', {}, ['complained']],
    ['email.bounced', { bounce: { type: 'Permanent', subType: 'Suppressed', message: 'x' } }, ['bounced']],
    ['email.bounced', {}, ['bounced']],
    ['email.bounced', { bounce: { type: 'Transient', subType: 'MailboxFull' } }, []],
    ['email.bounced', { bounce: { type: 'Undetermined', subType: 'Undetermined' } }, []],
    ['email.opened', {}, []],
    ['email.delivery_delayed', {}, []],
  ])('%s %j: %j', async (type, more, what) => {
    const events = await read(bounce(type, more));
    expect(events?.map((mailEvent) => mailEvent.what)).toEqual(what);
    expect(JSON.stringify(events?.map(({ why }) => why))).not.toContain(customer);
  });

  it('is not believed without the right signature at the right time', async () => {
    const event = bounce('email.bounced');
    expect(await read(event)).toHaveLength(1);
    expect(
      await read(event, (headers) => {
        headers['svix-signature'] = `v1,${btoa('forged')}`;
      }),
    ).toBeNull();
    expect(
      await read(event, (headers) => {
        headers['svix-timestamp'] = String(now / 1000 - 3600);
      }),
    ).toBeNull();
    expect(
      await read(event, (headers) => {
        headers['svix-id'] = 'msg_2';
      }),
    ).toBeNull();
  });

  it('stores nothing from a body without an event', async () => {
    expect(await read('no event')).toEqual([]);
    expect(await read({ type: 'email.bounced', data: {} })).toEqual([]);
  });
});

it('a colleague who reports the link for signing in as unwanted still gets the surveys about their work', async () => {
  const harness = await asked();
  harness.sql.transaction(() => requestSignInLink(harness.core, 'dana@acme.example', ''));
  await harness.pass(minute);
  const [mail] = storedMails.list(harness.sql, { kind: 'sign-in' });
  const event = { provider: mail?.provider ?? '', address: 'dana@acme.example', what: 'complained', why: '' } as const;
  harness.sql.transaction(() => applyMailEvent(harness.core, event));
  expect(storedMails.list(harness.sql, { kind: 'sign-in' })).toMatchObject([{ fate: 'complained' }]);
  expect(hasOptedOut(harness.core, 'dana', 'dana@acme.example')).toBe(false);
});
