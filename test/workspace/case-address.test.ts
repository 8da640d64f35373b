import { describe, expect, it } from 'vitest';
import { maskCase } from '#domain/json/mask.ts';
import { type ByHand, openByHand } from '#src/workspace/cases/open-by-hand.ts';
import { answerAsk, unsubscribe } from '#src/workspace/loop/answer.ts';
import { applyMailEvent } from '#src/workspace/loop/withdraw.ts';
import { allowMailToBounced, decideAddress, writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { readCaseJson } from '#src/workspace/queries/lists.ts';
import { ledger } from '#src/workspace/queries/loop.ts';
import { storeListedCustomer } from '#src/workspace/store/customers.ts';
import { mails } from '#src/workspace/store/mails.ts';
import { Harness } from '#test/harness/harness.ts';
import type { SampleResponse } from '#test/harness/sample-response.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { storedLines } from '#test/workspace/store/rows.ts';

const customer = 'k-1@customer.example';
const stranger = 'stranger@evil.example';

/** A public survey link whose hidden fields name the customer, filled in by a stranger. */
const forged: SampleResponse = { token: 'r-forged', completed: false, email: stranger };

async function opened(told: SampleResponse = {}, settings = slowAcme()): Promise<Harness> {
  const harness = new Harness(settings);
  await harness.receive({ completed: false, ...told });
  await harness.pass(hour);
  return harness;
}

async function close(harness: Harness, index = 0): Promise<void> {
  harness.trackers.support.close(index);
  await harness.poll();
  await harness.pass(2 * day);
}

const write = (harness: Harness) =>
  harness.sql.transaction(() =>
    writeToCustomer(harness.core, harness.case().id, {
      subject: 'Hello',
      text: 'We call you at ten.',
      who: 'dana',
    }),
  );

const toCustomers = (harness: Harness) =>
  mails
    .page(harness.sql, {}, 999)
    .filter(({ kind }) => kind !== 'notice' && kind !== 'closer-survey')
    .map(({ kind, address }) => `${kind} ${address}`)
    .reverse();

const noAddress =
  /^the response that opened the case gave no e-mail address, and another is not proven; put the customer’s address on the customer list$/;

describe('mail of a case goes to the address of the response that opened it', () => {
  it('whatever address later responses of the same customer key name', async () => {
    const harness = await opened();
    await harness.receive(forged);
    write(harness);
    await close(harness);
    await harness.pass(6 * day);
    expect(harness.cases()).toHaveLength(1);
    expect(toCustomers(harness)).toEqual([`personal ${customer}`, `follow-up ${customer}`, `reminder ${customer}`]);
  });

  it('in every generation, a response that reopens the case included', async () => {
    const harness = await opened();
    await close(harness);
    answerAsk(harness.core, harness.customerFollowUp().id, new Map([['resolved', 'no']]));
    await harness.receive(forged);
    await close(harness);
    expect(harness.case().generation).toBe(2);
    expect(toCustomers(harness)).toEqual([`follow-up ${customer}`, `follow-up ${customer}`]);
  });

  it('and not with mail to a stranger who claims the same address under another key', async () => {
    const harness = await opened();
    await harness.receive(forged, { ...forged, token: 'r-own', customer: 'k-stranger' });
    for (const index of [1, 0]) {
      harness.trackers.support.close(index);
      await harness.poll();
      await harness.pass(hour);
    }
    await harness.pass(2 * day);
    const asked = harness.mail.to(stranger);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.text).not.toContain('another point');
    expect(harness.customerFollowUp(1, 0).mergedInto).toBeNull();
  });

  it('of each affected customer of a strategic case', async () => {
    const harness = new Harness();
    for (const key of ['k-1', 'k-2']) await harness.receive({ token: `r-${key}`, customer: key, ease: 2 });
    await harness.pass(hour);
    await harness.receive({ token: 'r-forged', customer: 'k-2', ease: 2, email: stranger });
    harness.setWhatChanged();
    harness.trackers.product.close(0);
    await harness.poll();
    await harness.pass(3 * day);
    expect(toCustomers(harness).sort()).toEqual([`follow-up ${customer}`, 'follow-up k-2@customer.example']);
  });

  it('or of the customer list, which people answer for', async () => {
    const harness = await opened();
    storeListedCustomer(harness.sql, { key: 'k-1', email: 'ada@listed.example' }, harness.now);
    await harness.receive(forged);
    await close(harness);
    expect(toCustomers(harness)).toEqual(['follow-up ada@listed.example']);
  });

  it('also where everybody who answered is asked again', async () => {
    const rule = '{ source: upgrade-survey, after: 14 days }';
    const harness = new Harness(slowAcme((text) => `${text}\nresurvey:\n  upgrade: ${rule}\n`));
    await harness.receive({ completed: true });
    await harness.pass(hour);
    await harness.receive({ ...forged, completed: true });
    await harness.pass(14 * day - minute);
    expect(toCustomers(harness)).toEqual([`follow-up ${customer}`]);
  });
});

const waitingOn = (harness: Harness) => readCaseJson(harness.core, harness.case().id).addresses;

const decide = (harness: Harness, accept: boolean, who = 'dana') =>
  harness.sql.transaction(() => {
    const [waiting] = waitingOn(harness);
    decideAddress(harness.core, harness.case().id, { address: waiting?.id ?? 0, accept, who });
  });

describe('another address of the same customer key (security 3)', () => {
  it('waits for a case manager, and is told once', async () => {
    const harness = await opened();
    await harness.receive(forged, { ...forged, token: 'r-again' });
    expect(waitingOn(harness)).toMatchObject([{ customer: 'k-1', address: stranger }]);
    expect(harness.timeline().filter((what) => what === 'another address given')).toHaveLength(1);
    expect(maskCase(readCaseJson(harness.core, harness.case().id)).addresses).toMatchObject([
      { customer: 'k…', address: 's…@evil.example' },
    ]);
  });

  it('gets the mail of this case once accepted', async () => {
    const harness = await opened();
    await harness.receive(forged);
    decide(harness, true);
    write(harness);
    expect(toCustomers(harness)).toEqual([`personal ${stranger}`]);
    expect(waitingOn(harness)).toEqual([]);
    expect(harness.timeline()).toContain('address accepted');
  });

  it('gets nothing once refused, and does not wait again', async () => {
    const harness = await opened();
    await harness.receive(forged);
    decide(harness, false);
    await harness.receive({ ...forged, token: 'r-again' });
    write(harness);
    expect(toCustomers(harness)).toEqual([`personal ${customer}`]);
    expect(waitingOn(harness)).toEqual([]);
  });

  it('is decided by managers of the case only', async () => {
    const harness = await opened();
    await harness.receive(forged);
    expect(() => decide(harness, true, 'mette')).toThrow(/Only a case manager/);
    expect(waitingOn(harness)).toHaveLength(1);
  });

  it.each([
    ['gave none', ' '],
    ['gave an unreadable one', 'ana at example'],
    ['gave one that no person reads', 'noreply@customer.example'],
  ])('is the only one where the opening response %s: accepting it asks after all', async (_, email) => {
    const harness = await opened({ email });
    await harness.receive(forged);
    await close(harness);
    expect(harness.customerFollowUp().state).toBe('skipped');
    decide(harness, true);
    await harness.pass(hour);
    expect(toCustomers(harness)).toEqual([`follow-up ${stranger}`]);
  });

  it('waits as well when the opening response itself is edited', async () => {
    const harness = await opened();
    await harness.receive({ email: stranger, at: harness.now });
    expect(waitingOn(harness)).toMatchObject([{ address: stranger }]);
    write(harness);
    expect(toCustomers(harness)).toEqual([`personal ${customer}`]);
  });

  it('needs no decision where the customer list names an address', async () => {
    const harness = await opened();
    await harness.receive(forged);
    storeListedCustomer(harness.sql, { key: 'k-1', email: 'ada@listed.example' }, harness.now);
    expect(waitingOn(harness)).toEqual([]);
    expect(() => decide(harness, true)).toThrow(/No such address waits/);
  });
});

describe('where nothing proves an address', () => {
  it('nothing is sent, and the reason names the remedy', async () => {
    const harness = await opened({ email: ' ' });
    await harness.receive(forged);
    expect(() => write(harness)).toThrow(/the customer list/);
    await close(harness);
    expect(harness.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: expect.stringMatching(noAddress),
    });
    expect(toCustomers(harness)).toEqual([]);
    storeListedCustomer(harness.sql, { key: 'k-1', email: customer }, harness.now);
    write(harness);
    expect(toCustomers(harness)).toEqual([`personal ${customer}`]);
  });

  it('a reminder is left out, once the only address is gone', async () => {
    const harness = await opened({ email: ' ' });
    storeListedCustomer(harness.sql, { key: 'k-1', email: customer }, harness.now);
    await close(harness);
    storeListedCustomer(harness.sql, { key: 'k-1', email: null }, harness.now);
    await harness.pass(20 * day);
    expect(toCustomers(harness)).toEqual([`follow-up ${customer}`]);
    expect(harness.case().loop).toBe('unverified');
  });
});

describe('a case opened by hand', () => {
  const byHand = (harness: Harness, email: string | null, who = 'dana') => {
    const request: ByHand = {
      template: 'upgrade-not-installed',
      customer: { key: 'k-1', email, name: null, tier: null, revenue: null },
      reason: 'rang us',
      who,
    };
    harness.sql.transaction(() => openByHand(harness.core, request));
    return harness.pass(minute);
  };

  it('writes to the address that a case manager gave', async () => {
    const harness = new Harness();
    await byHand(harness, 'k-1@Customer.example');
    await harness.receive(forged);
    await close(harness);
    expect(toCustomers(harness)).toEqual([`follow-up ${customer}`]);
  });

  it('lets the address that a member typed wait for a manager (security 4)', async () => {
    const harness = new Harness();
    await byHand(harness, stranger, 'mette');
    await close(harness);
    expect(toCustomers(harness)).toEqual([]);
    expect(harness.customerFollowUp().why).toMatch(/^the person who opened the case gave no e-mail address/);
    decide(harness, true);
    await harness.pass(hour);
    expect(toCustomers(harness)).toEqual([`follow-up ${stranger}`]);
  });

  it('waits for a missing address, whatever address a later response has', async () => {
    const harness = new Harness();
    await byHand(harness, null);
    await harness.receive(forged);
    await close(harness);
    expect(harness.customerFollowUp().why).toMatch(/^the person who opened the case gave no e-mail address/);
    expect(toCustomers(harness)).toEqual([]);
  });

  it('forgets the address with its customer', async () => {
    const harness = new Harness();
    await byHand(harness, customer);
    await close(harness);
    harness.sql.transaction(() => erasePerson(harness.core, customer, 'dana'));
    expect(storedLines(harness.sql).filter((line) => line.includes(customer))).toEqual([]);
  });
});

describe('the address that a case writes to', () => {
  it('is the one that opts out, for every key that uses it', async () => {
    const harness = await opened();
    await harness.receive(forged);
    await close(harness);
    unsubscribe(harness.core, harness.customerFollowUp().id);
    await harness.receive({ token: 'r-2', customer: 'k-2', email: customer, completed: false });
    await close(harness, 1);
    expect(harness.customerFollowUp(1, 1).why).toBe('the customer asked for no more mail');
  });

  it('is the one that the quarantine counts, for every key that uses it', async () => {
    const harness = await opened();
    await harness.receive(forged, { token: 'r-2', customer: 'k-2', email: customer, completed: false });
    await close(harness);
    await close(harness, 1);
    expect(harness.customerFollowUp(1, 1).why).toBe('the customer was asked less than 30 days ago');
  });

  it('is the one that bounces, and that a manager opens again', async () => {
    const harness = await opened();
    await harness.receive(forged);
    await close(harness);
    const [mail] = mails.page(harness.sql, {}, 999).filter(({ kind }) => kind === 'follow-up');
    harness.sql.transaction(() =>
      applyMailEvent(harness.core, {
        provider: mail?.provider ?? '',
        address: customer,
        what: 'bounced',
        why: 'full',
      }),
    );
    expect(() => write(harness)).toThrow(/could not be delivered/);
    expect(ledger(harness.core, 'k-1').isUndeliverable).toBe(true);
    harness.sql.transaction(() => allowMailToBounced(harness.core, 'k-1', { reason: 'they rang', who: 'dana' }));
    expect(ledger(harness.core, 'k-1').isUndeliverable).toBe(false);
    await harness.pass(hour);
    expect(toCustomers(harness)).toEqual([`follow-up ${customer}`, `follow-up ${customer}`]);
  });
});
