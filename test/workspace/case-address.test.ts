import { describe, expect, it } from 'vitest';
import { type ByHand, openByHand } from '#src/workspace/cases/open-by-hand.ts';
import { answerFollowUp, unsubscribe } from '#src/workspace/loop/answer.ts';
import { mailAgain } from '#src/workspace/loop/mail-again.ts';
import { keepMailEvent } from '#src/workspace/loop/mail-event.ts';
import { writeToCustomer } from '#src/workspace/loop/write-to-customer.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { ledger } from '#src/workspace/queries/loop.ts';
import { listCustomer } from '#src/workspace/store/customers.ts';
import { listMails } from '#src/workspace/store/mails.ts';
import { day, hour, minute, Rig, slowAcme, type Told } from './rig.ts';

const customer = 'k-1@customer.example';
const stranger = 'stranger@evil.example';

/** A public survey link whose hidden fields name the customer, filled in by somebody else. */
const forged: Told = { token: 'r-forged', completed: false, email: stranger };

async function opened(told: Told = {}, settings = slowAcme()): Promise<Rig> {
  const rig = new Rig(settings);
  await rig.receive({ completed: false, ...told });
  await rig.pass(hour);
  return rig;
}

async function close(rig: Rig, index = 0): Promise<void> {
  rig.trackers.support.close(index);
  await rig.poll();
  await rig.pass(2 * day);
}

const write = (rig: Rig) =>
  rig.sql.transaction(() =>
    writeToCustomer(rig.core, rig.case().id, { subject: 'Hello', text: 'We call you at ten.', who: 'dana' }),
  );

const toCustomers = (rig: Rig) =>
  listMails(rig.sql, 1e9, 999)
    .filter(({ kind }) => kind !== 'notice' && kind !== 'closer-survey')
    .map(({ kind, address }) => `${kind} ${address}`)
    .reverse();

const noAddress =
  /^the response that opened the case gave no e-mail address, and another is not proven; put the customer’s address on the customer list$/;

describe('mail of a case goes to the address of the response that opened it', () => {
  it('whatever address later responses of the same customer key name', async () => {
    const rig = await opened();
    await rig.receive(forged);
    write(rig);
    await close(rig);
    await rig.pass(6 * day);
    expect(rig.cases()).toHaveLength(1);
    expect(toCustomers(rig)).toEqual([
      `personal ${customer}`,
      `follow-up ${customer}`,
      `reminder ${customer}`,
    ]);
  });

  it('in every generation, a response that reopens the case included', async () => {
    const rig = await opened();
    await close(rig);
    answerFollowUp(rig.core, rig.customerFollowUp().id, new Map([['resolved', 'no']]));
    await rig.receive(forged);
    await close(rig);
    expect(rig.case().generation).toBe(2);
    expect(toCustomers(rig)).toEqual([`follow-up ${customer}`, `follow-up ${customer}`]);
  });

  it('and not along with mail to somebody who claims the same address under a key of their own', async () => {
    const rig = await opened();
    await rig.receive(forged, { ...forged, token: 'r-own', customer: 'k-stranger' });
    for (const index of [1, 0]) {
      rig.trackers.support.close(index);
      await rig.poll();
      await rig.pass(hour);
    }
    await rig.pass(2 * day);
    const asked = rig.mail.to(stranger);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.text).not.toContain('another point');
    expect(rig.customerFollowUp(1, 0).mergedInto).toBeNull();
  });

  it('of each customer behind a strategic case', async () => {
    const rig = new Rig();
    for (const key of ['k-1', 'k-2']) await rig.receive({ token: `r-${key}`, customer: key, ease: 2 });
    await rig.pass(hour);
    await rig.receive({ token: 'r-forged', customer: 'k-2', ease: 2, email: stranger });
    rig.sayWhatChanged();
    rig.trackers.product.close(0);
    await rig.poll();
    await rig.pass(3 * day);
    expect(toCustomers(rig).sort()).toEqual([`follow-up ${customer}`, 'follow-up k-2@customer.example']);
  });

  it('or of the customer list, which people answer for', async () => {
    const rig = await opened();
    listCustomer(rig.sql, { key: 'k-1', email: 'ada@listed.example' }, rig.now);
    await rig.receive(forged);
    await close(rig);
    expect(toCustomers(rig)).toEqual(['follow-up ada@listed.example']);
  });

  it('also where everybody who answered is asked again', async () => {
    const rule = '{ source: upgrade-survey, after: 14 days }';
    const rig = new Rig(slowAcme((text) => `${text}\nresurvey:\n  upgrade: ${rule}\n`));
    await rig.receive({ completed: true });
    await rig.pass(hour);
    await rig.receive({ ...forged, completed: true });
    await rig.pass(14 * day - minute);
    expect(toCustomers(rig)).toEqual([`follow-up ${customer}`]);
  });
});

describe('where nothing proves an address', () => {
  it('nothing is sent, and the reason names the remedy', async () => {
    const rig = await opened({ email: ' ' });
    await rig.receive(forged);
    expect(() => write(rig)).toThrow(/the customer list/);
    await close(rig);
    expect(rig.customerFollowUp()).toMatchObject({ state: 'skipped', why: expect.stringMatching(noAddress) });
    expect(toCustomers(rig)).toEqual([]);
    listCustomer(rig.sql, { key: 'k-1', email: customer }, rig.now);
    write(rig);
    expect(toCustomers(rig)).toEqual([`personal ${customer}`]);
  });

  it('a reminder is left out, once the only address is gone', async () => {
    const rig = await opened({ email: ' ' });
    listCustomer(rig.sql, { key: 'k-1', email: customer }, rig.now);
    await close(rig);
    listCustomer(rig.sql, { key: 'k-1', email: null }, rig.now);
    await rig.pass(20 * day);
    expect(toCustomers(rig)).toEqual([`follow-up ${customer}`]);
    expect(rig.case().loop).toBe('unverified');
  });
});

describe('a case opened by hand', () => {
  const byHand = (rig: Rig, email: string | null, who = 'dana') => {
    const request: ByHand = {
      template: 'upgrade-not-installed',
      customer: { key: 'k-1', email, name: null, tier: null, revenue: null },
      reason: 'rang us',
      who,
    };
    rig.sql.transaction(() => openByHand(rig.core, request));
    return rig.pass(minute);
  };

  it('writes to the address that a case manager gave', async () => {
    const rig = new Rig();
    await byHand(rig, 'K-1@customer.example');
    await rig.receive(forged);
    await close(rig);
    expect(toCustomers(rig)).toEqual([`follow-up ${customer}`]);
  });

  it('takes no address from a member, who would decide where mail goes', async () => {
    const rig = new Rig();
    expect(() => byHand(rig, stranger, 'mette')).toThrow(
      /^email: may be given by case managers and admins only/,
    );
    await byHand(rig, null, 'mette');
    expect(rig.cases()).toHaveLength(1);
  });

  it('waits for an address where none was given, whatever a response says later', async () => {
    const rig = new Rig();
    await byHand(rig, null);
    await rig.receive(forged);
    await close(rig);
    expect(rig.customerFollowUp().why).toMatch(/^whoever opened the case gave no e-mail address/);
    expect(toCustomers(rig)).toEqual([]);
  });

  it('forgets the address with its customer', async () => {
    const rig = new Rig();
    await byHand(rig, customer);
    await close(rig);
    rig.sql.transaction(() => erasePerson(rig.core, customer, 'dana'));
    const tables = rig.sql.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
    for (const { name } of tables)
      expect(JSON.stringify(rig.sql.all(`SELECT * FROM "${name}"`)), name).not.toContain(customer);
  });
});

describe('the address that a case writes to', () => {
  it('is the one that opts out, for every key that uses it', async () => {
    const rig = await opened();
    await rig.receive(forged);
    await close(rig);
    unsubscribe(rig.core, rig.customerFollowUp().id);
    await rig.receive({ token: 'r-2', customer: 'k-2', email: customer, completed: false });
    await close(rig, 1);
    expect(rig.customerFollowUp(1, 1).why).toBe('the customer asked for no more mail');
  });

  it('is the one that the quarantine counts, for every key that uses it', async () => {
    const rig = await opened();
    await rig.receive(forged, { token: 'r-2', customer: 'k-2', email: customer, completed: false });
    await close(rig);
    await close(rig, 1);
    expect(rig.customerFollowUp(1, 1).why).toBe('the customer was asked less than 30 days ago');
  });

  it('is the one that bounces, and that a manager opens again', async () => {
    const rig = await opened();
    await rig.receive(forged);
    await close(rig);
    const [mail] = listMails(rig.sql, 1e9, 999).filter(({ kind }) => kind === 'follow-up');
    rig.sql.transaction(() =>
      keepMailEvent(rig.core, {
        provider: mail?.provider ?? '',
        address: customer,
        what: 'bounced',
        why: 'full',
      }),
    );
    expect(() => write(rig)).toThrow(/could not be delivered/);
    expect(ledger(rig.core, 'k-1').isUndeliverable).toBe(true);
    rig.sql.transaction(() => mailAgain(rig.core, 'k-1', { reason: 'they rang', who: 'dana' }));
    expect(ledger(rig.core, 'k-1').isUndeliverable).toBe(false);
    await rig.pass(hour);
    expect(toCustomers(rig)).toEqual([`follow-up ${customer}`, `follow-up ${customer}`]);
  });
});
