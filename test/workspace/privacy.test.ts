import { describe, expect, it } from 'vitest';
import { replay } from '#src/workspace/intake/operator-actions.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { answerAsk, unsubscribe } from '#src/workspace/loop/answer.ts';
import { erasePerson, listLinkedCustomers, startRetentionTimer } from '#src/workspace/privacy/erase-person.ts';
import { exportPerson } from '#src/workspace/queries/customer.ts';
import { ledger } from '#src/workspace/queries/loop.ts';
import { runDue } from '#src/workspace/run-due.ts';
import { identifiesCustomer } from '#src/workspace/basics/person.ts';
import { followUps } from '#src/workspace/store/asks.ts';
import { findCase } from '#src/workspace/store/cases.ts';
import { copyRowsToLines } from '#src/workspace/store/backup.ts';
import { endWaiting } from '#src/workspace/store/outbox.ts';
import { listTables } from '#src/workspace/store/table.ts';
import { comment } from '#src/workspace/tracker-requests/sync-issue.ts';
import { Harness } from '#test/harness/harness.ts';
import type { SampleResponse } from '#test/harness/sample-response.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { storedLines } from '#test/workspace/store/rows.ts';
import { lost, refused } from './fakes.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const person = 'canary-7@customer.example';
const canary = /canary/i;
const told: SampleResponse = {
  token: 'r-canary',
  customer: 'canary-key-7',
  email: person,
  completed: false,
  wish: 'I am canary and I wish for more',
};

const stages: [string, (harness: Harness) => Promise<void>][] = [
  ['only responded', async () => {}],
  ['has an issue that is closed', async (harness) => close(harness)],
  [
    'was asked',
    async (harness) => {
      await close(harness);
      await harness.pass(day + hour);
    },
  ],
  [
    'answered',
    async (harness) => {
      await close(harness);
      await harness.pass(day + hour);
      const form = new Map([
        ['resolved', 'no'],
        ['comment', 'canary says no'],
      ]);
      answerAsk(harness.core, harness.customerFollowUp().id, form);
      await harness.pass(hour);
    },
  ],
];

async function close(harness: Harness): Promise<void> {
  harness.trackers.support.close(0, 'completed', sam);
  await harness.poll();
}

/** Values anywhere in the store that name the person. */
const traces = (harness: Harness): string[] => storedLines(harness.sql).filter((line) => canary.test(line));

describe('a person who is erased', () => {
  it.each(stages)('when she %s leaves nothing in any row of any table', async (_, come) => {
    const harness = new Harness();
    await harness.receive(told);
    await come(harness);
    expect(traces(harness).length).toBeGreaterThan(3);
    harness.sql.transaction(() => erasePerson(harness.core, person, 'dana'));
    expect(traces(harness)).toEqual([]);
    await harness.pass(40 * day);
    expect(traces(harness)).toEqual([]);
  });

  it('is not asked any more, and the case says why', async () => {
    const harness = new Harness();
    await harness.receive(told);
    await close(harness);
    harness.sql.transaction(() => erasePerson(harness.core, 'canary-key-7', 'dana'));
    await harness.pass(30 * day);
    expect(harness.mail.accepted.filter(({ to }) => to === person)).toEqual([]);
    expect(harness.customerFollowUp()).toMatchObject({ state: 'skipped', why: 'the customer was erased' });
    expect(harness.case().loop).toBe('unverified');
    expect(harness.timeline()).toContain('customer erased');
  });

  it('takes along nobody who only shares the address, unless named (security 5)', async () => {
    const harness = new Harness();
    await harness.receive(told, { ...told, token: 'r-mallory', customer: 'mallory-key' });
    expect(listLinkedCustomers(harness.core, 'mallory-key')).toMatchObject([
      { key: 'canary-key-7', addresses: [person], by: 'address' },
    ]);
    expect(exportPerson(harness.core, 'mallory-key').customers).toMatchObject([{ key: 'mallory-key' }]);
    expect(() => exportPerson(harness.core, person)).toThrow(/Several customers have this address/);
    harness.sql.transaction(() => erasePerson(harness.core, 'mallory-key', 'dana'));
    expect(exportPerson(harness.core, person).responses).toMatchObject([{ customer: { key: 'canary-key-7' } }]);
    expect(exportPerson(harness.core, person).deliveries[0]?.text).toContain('canary-key-7');
  });

  it('takes along the linked customers that are named with it', async () => {
    const harness = new Harness();
    await harness.receive(told, { ...told, token: 'r-canary-2', customer: 'canary-key-8' });
    const other = { token: 'r-other', customer: 'k-other', email: 'other@customer.example', completed: false };
    await harness.receive(other);
    expect(exportPerson(harness.core, 'canary-key-7', ['canary-key-8']).customers).toHaveLength(2);
    expect(() => exportPerson(harness.core, 'canary-key-7', ['nobody'])).toThrow(/^with: names a key of no customer/);
    expect(
      harness.sql.transaction(() => erasePerson(harness.core, 'canary-key-8', 'dana', ['canary-key-7'])),
    ).toMatchObject({ responses: 2, cases: 4 });
    expect(traces(harness)).toEqual([]);
    expect(exportPerson(harness.core, 'other@customer.example').responses).toHaveLength(1);
  });

  it('stays erased when the same delivery, or a later state of it, comes once more', async () => {
    const harness = new Harness();
    await harness.receive(told);
    harness.sql.transaction(() => erasePerson(harness.core, person, 'dana'));
    await harness.receive(told);
    await harness.receive({ ...told, at: harness.now + hour });
    expect(traces(harness)).toEqual([]);
    expect(harness.deliveries().map(({ outcome }) => outcome)).toEqual(['stored', 'duplicate', 'duplicate']);
    expect(harness.cases()).toHaveLength(2);
  });

  it('does not come back from a delivery that was set aside, and nobody else is lost', async () => {
    const harness = new Harness();
    await harness.receive(told);
    const half = (text: string) => ({
      body: new TextEncoder().encode(text),
      headers: {},
      receivedAt: harness.now,
    });
    storeDeliveries(harness.core, [
      { source: 'upgrade-survey', raw: half(`{"email": "${person.toUpperCase()}", "form`) },
      { source: 'upgrade-survey', raw: half('{"email": "other@customer.example", "form') },
    ]);
    await harness.pass(0);
    harness.sql.transaction(() => erasePerson(harness.core, person, 'dana'));
    expect(traces(harness)).toEqual([]);
    expect(replay(harness.core, {})).toEqual({ replayed: 1 });
    expect(harness.deliveries()[1]).toMatchObject({ outcome: 'test', error: 'its customer was erased' });
  });

  it.each([
    ['base64', (text: string) => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n')],
    ['quoted-printable', (text: string) => text.replaceAll('@', '=40').replace(/(.{20})/g, '$1=\r\n')],
  ])('does not come back from a mail in %s that was set aside', async (encoding, encode) => {
    const harness = new Harness();
    await harness.receive(told);
    const mailOf = (address: string) => ({
      body: new TextEncoder().encode(
        `From: x@y.example\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${encode(`Some words before. E-mail: ${address}. And some more words after it.\r\n`)}\r\n`,
      ),
      headers: {},
      receivedAt: harness.now,
    });
    const raws = [mailOf(person), mailOf('other@customer.example')];
    storeDeliveries(
      harness.core,
      raws.map((raw) => ({ source: 'upgrade-survey', raw })),
    );
    await harness.pass(0);
    harness.sql.transaction(() => erasePerson(harness.core, person, 'dana'));
    expect(harness.deliveries().map(({ error }) => error === 'its customer was erased')).toEqual([false, true, false]);
  });

  it.each([
    ['URL-encoded', 'müller & söhne', (key: string) => `answer=no&customer=${encodeURIComponent(key)}`],
    ['URL-encoded with plus signs', 'acme ltd', (key: string) => String(new URLSearchParams({ answer: 'no', key }))],
    [
      'JSON in ASCII',
      'müller/söhne',
      (key: string) =>
        JSON.stringify({ key })
          .replace(/[^ -~]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)
          .replace('/', '\\/'),
    ],
    ['UTF-16', 'acme-7', (key: string) => Buffer.from(`key;answer\r\n${key};no`, 'utf16le').toString('latin1')],
  ])('does not come back from a delivery %s that was set aside', async (_, key, encode) => {
    const harness = new Harness();
    await harness.receive({ token: 'r-1', customer: key, completed: true });
    const raws = [key, 'somebody else'].map((each) => ({
      body: new TextEncoder().encode(encode(each)),
      headers: {},
      receivedAt: harness.now,
    }));
    storeDeliveries(
      harness.core,
      raws.map((raw) => ({ source: 'upgrade-survey', raw })),
    );
    await harness.pass(0);
    harness.sql.transaction(() => erasePerson(harness.core, key, 'dana'));
    expect(harness.deliveries().map(({ error }) => error === 'its customer was erased')).toEqual([false, true, false]);
  });

  it.each([
    ['王小明', '我们给王小明打了电话'],
    ['山田 太郎', '山田さんに電話しました'],
    ['김철수', '김철수는 다시 설치했다'],
    ['José Núñez', 'José Núñez llamó'.normalize('NFD')],
  ])('named %s stands in no words about a case of many customers', async (name, words) => {
    const harness = new Harness();
    await harness.receive({ ...told, name, completed: true, ease: 2 });
    const { id } = harness.case();
    harness.setWhatChanged(words);
    expect(identifiesCustomer(harness.core, harness.case(), words)).toBe(true);
    harness.sql.transaction(() => erasePerson(harness.core, person, 'dana'));
    expect(findCase(harness.sql, id)?.whatChanged).toBeNull();
  });

  it('who wanted no mail gets none either when she comes back', async () => {
    const harness = new Harness();
    await harness.receive(told);
    await close(harness);
    await harness.pass(day + hour);
    unsubscribe(harness.core, harness.customerFollowUp().id);
    harness.sql.transaction(() => erasePerson(harness.core, person, 'dana'));
    expect(traces(harness)).toEqual([]);
    const before = harness.mail.accepted.filter(({ to }) => to === person).length;
    await harness.pass(31 * day);
    await harness.receive({ ...told, token: 'r-back', customer: 'canary-key-9' });
    harness.trackers.support.close(1, 'completed', sam);
    await harness.poll();
    await harness.pass(3 * day);
    expect(harness.mail.accepted.filter(({ to }) => to === person)).toHaveLength(before);
    expect(harness.customerFollowUp(1, 2)).toMatchObject({
      state: 'skipped',
      why: 'the customer asked for no more mail',
    });
  });

  it('may say something new later, which is a case of its own', async () => {
    const harness = new Harness();
    await harness.receive(told);
    harness.sql.transaction(() => erasePerson(harness.core, person, 'dana'));
    await harness.receive({ ...told, token: 'r-new' });
    expect(harness.cases().map(({ customerKey }) => customerKey?.replace(/-.*/, ''))).toEqual([
      'erased',
      'erased',
      'canary',
      'canary',
    ]);
  });

  it('may come back to a case of many customers, and be erased again', async () => {
    const harness = new Harness();
    const back = { ...told, completed: true, ease: 2 };
    const other = { token: 'r-other', customer: 'k-other', email: 'other@customer.example', wish: 'Speed' };
    await harness.receive(back, { ...back, ...other });
    harness.sql.transaction(() => erasePerson(harness.core, 'canary-key-7', 'dana'));
    await harness.receive({ ...back, token: 'r-back' });
    harness.setWhatChanged('The installer signs its driver now.');
    harness.trackers.product.close(0, 'completed', sam);
    await harness.poll();
    await harness.pass(3 * day);
    const of = { kind: 'customer' } as const;
    expect(followUps.list(harness.sql, of)).toHaveLength(3);
    await harness.pass(30 * day);
    harness.sql.transaction(() => erasePerson(harness.core, 'canary-key-7', 'dana'));
    expect(traces(harness)).toEqual([]);
    expect(followUps.list(harness.sql, of)).toHaveLength(2);
  });

  it('may be a person of the workspace too, whose notices stay and are handed over to nobody', async () => {
    const harness = new Harness();
    await harness.receive({
      ...told,
      customer: 'k-other',
      email: 'other@customer.example',
      wish: 'the words of another',
    });
    await harness.receive({ token: 'r-dana', customer: 'dana', email: 'dana@acme.example', completed: true, ease: 2 });
    const notices = () => harness.mail.accepted.filter(({ to }) => to === 'dana@acme.example').length;
    expect(notices()).toBeGreaterThan(0);
    expect(JSON.stringify(exportPerson(harness.core, 'dana'))).not.toContain('the words of another');
    expect(ledger(harness.core, 'dana').mails).toEqual([]);
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    const before = notices();
    harness.sql.transaction(() => erasePerson(harness.core, 'dana', 'dana'));
    await harness.pass(2 * day);
    expect(notices()).toBeGreaterThan(before);
    expect(harness.outbox().filter(({ state, kind }) => state === 'refused' && kind === 'mail.send')).toEqual([]);
  });

  it('who is known to nobody is told so', () => {
    expect(() => erasePerson(new Harness().core, 'nobody@customer.example', 'dana')).toThrow(/No person has this key/);
  });
});

describe('what is handed over of a person', () => {
  it('holds attributes, answers, raw deliveries, cases, questions asked and mails', async () => {
    const harness = new Harness();
    await harness.receive(told);
    await close(harness);
    await harness.pass(day + hour);
    const all = exportPerson(harness.core, person.toUpperCase());
    expect(all.customers).toMatchObject([{ key: 'canary-key-7', email: person }]);
    expect(all.responses[0]?.answers.map(({ text }) => text)).toContain(told.wish);
    expect(all.deliveries[0]?.text).toContain('canary-key-7');
    expect(all.cases).toHaveLength(2);
    expect(all.followUps).toMatchObject([{ state: 'sent' }]);
    expect(all.mails[0]).toMatchObject({ address: person, text: expect.stringContaining('/s/') });
  });

  it('holds what was asked again some time later, and what was not and why', async () => {
    const harness = new Harness(slowAcme((text) => `${text}resurvey: { upgrade: { source: upgrade-survey } }\n`));
    await harness.receive(told);
    await harness.pass(15 * day);
    expect(exportPerson(harness.core, person).resurveys).toMatchObject([
      { rule: 'upgrade', state: 'skipped', why: expect.stringContaining('still open') },
    ]);
  });
});

describe('retention', () => {
  const keep = (rule: string) => slowAcme((text) => `${text}retention: ${rule}\n`);

  it('forgets the bytes of deliveries, and keeps what was read from them', async () => {
    const harness = new Harness(keep('{ deliveries: 60 days }'));
    startRetentionTimer(harness.core);
    await harness.receive(told);
    await harness.pass(59 * day);
    expect(exportPerson(harness.core, person).deliveries[0]?.text).toContain('canary');
    await harness.pass(3 * day);
    expect(exportPerson(harness.core, person).deliveries[0]?.text).toBe('');
    expect(exportPerson(harness.core, person).responses[0]?.answers.length).toBeGreaterThan(2);
  });

  it('erases who was silent for so long, and never while a case is open', async () => {
    const harness = new Harness(keep('{ people: 60 days }'));
    startRetentionTimer(harness.core);
    await harness.receive(told, { token: 'r-happy', customer: 'k-happy', email: 'happy@customer.example' });
    await harness.pass(62 * day);
    expect(() => exportPerson(harness.core, 'happy@customer.example')).toThrow();
    expect(exportPerson(harness.core, person).customers).toHaveLength(1);
    for (const tracker of [harness.trackers.support, harness.trackers.growth]) tracker.close(0, 'completed', sam);
    await harness.poll();
    await harness.pass(130 * day + minute);
    expect(traces(harness)).toEqual([]);
  });

  it('shorter than 30 days is refused', () => {
    expect(() => keep('{ people: 3 days }')).toThrow(/retention\.people.*30 days/s);
  });
});

it.each([
  ['gets no answer', lost('before')],
  ['is refused for now', refused('unavailable', 503)],
])('a mail that %s while its customer is erased is ended, not called again', async (_, fault) => {
  const harness = new Harness();
  await harness.receive(told);
  await close(harness);
  await harness.until(harness.customerFollowUp().dueAt - 1);
  const { send } = harness.mail;
  harness.mail.send = async (message) => {
    if (message.to !== person) return send.call(harness.mail, message);
    harness.mail.send = send;
    harness.sql.transaction(() => erasePerson(harness.core, person, 'dana'));
    throw fault.error;
  };
  await harness.pass(3 * hour);
  expect(harness.log.filter((line) => line.startsWith('row-unreadable'))).toEqual([]);
  expect(harness.outbox().filter(({ state }) => state === 'waiting' || state === 'unknown')).toEqual([]);
});

it('a call that waited when its customer was erased leaves no text, however it ends', async () => {
  const harness = new Harness();
  await harness.receive(told);
  await harness.pass(minute);
  harness.trackers.support.always.set('comment', refused('unavailable', 503));
  harness.sql.transaction(() => comment(harness.core, harness.case(), 'x', 'canary says hello'));
  await harness.pass(minute);
  harness.sql.transaction(() => erasePerson(harness.core, person, 'dana'));
  harness.sql.transaction(() => endWaiting(harness.sql, `case:${harness.case().id}`, harness.now, 'its issue is gone'));
  expect(traces(harness)).toEqual([]);
});

it('a backup that falls into the cleaning of pages holds nothing of it', async () => {
  const harness = new Harness();
  await harness.receive(told);
  harness.sql.transaction(() => erasePerson(harness.core, person, 'dana'));
  await runDue(harness.core, new Set());
  expect(listTables(harness.sql)).toContain('filler');
  copyRowsToLines(harness.sql);
  expect(storedLines(harness.sql).filter((line) => /^backup_lines\.line: .*filler/.test(line))).toEqual([]);
});
