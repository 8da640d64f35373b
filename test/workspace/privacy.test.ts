import { describe, expect, it } from 'vitest';
import { replay } from '#src/workspace/intake/operator-actions.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { answerFollowUp, unsubscribe } from '#src/workspace/loop/answer.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { startRetention } from '#src/workspace/privacy/retention.ts';
import { exportPerson } from '#src/workspace/queries/export-person.ts';
import { day, hour, minute, type Reported, Rig, slowAcme } from './rig.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const person = 'canary-7@customer.example';
const canary = /canary/i;
const told: Reported = {
  token: 'r-canary',
  customer: 'canary-key-7',
  email: person,
  completed: false,
  wish: 'I am canary and I wish for more',
};

const stages: [string, (rig: Rig) => Promise<void>][] = [
  ['only responded', async () => {}],
  ['has an issue that is closed', async (rig) => close(rig)],
  [
    'was asked',
    async (rig) => {
      await close(rig);
      await rig.pass(day + hour);
    },
  ],
  [
    'answered',
    async (rig) => {
      await close(rig);
      await rig.pass(day + hour);
      const form = new Map([
        ['resolved', 'no'],
        ['comment', 'canary says no'],
      ]);
      answerFollowUp(rig.core, rig.customerFollowUp().id, form);
      await rig.pass(hour);
    },
  ],
];

async function close(rig: Rig): Promise<void> {
  rig.trackers.support.close(0, 'completed', sam);
  await rig.poll();
}

/** Every row of every table that holds the canary, whatever the column. */
function traces(rig: Rig): string[] {
  const tables = rig.sql.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  );
  return tables.flatMap(({ name }) =>
    rig.sql.all(`SELECT * FROM "${name}"`).flatMap((row) =>
      Object.entries(row)
        .filter(([, value]) =>
          canary.test(value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value)),
        )
        .map(([column, value]) => `${name}.${column}: ${String(value).slice(0, 80)}`),
    ),
  );
}

describe('a person who is erased', () => {
  it.each(stages)('when she %s leaves nothing in any row of any table', async (_, come) => {
    const rig = new Rig();
    await rig.receive(told);
    await come(rig);
    expect(traces(rig).length).toBeGreaterThan(3);
    rig.sql.transaction(() => erasePerson(rig.core, person, 'dana'));
    expect(traces(rig)).toEqual([]);
    await rig.pass(40 * day);
    expect(traces(rig)).toEqual([]);
  });

  it('is not asked any more, and the case says why', async () => {
    const rig = new Rig();
    await rig.receive(told);
    await close(rig);
    rig.sql.transaction(() => erasePerson(rig.core, 'canary-key-7', 'dana'));
    await rig.pass(30 * day);
    expect(rig.mail.accepted.filter(({ to }) => to === person)).toEqual([]);
    expect(rig.customerFollowUp()).toMatchObject({ state: 'skipped', why: 'the customer was erased' });
    expect(rig.case().loop).toBe('unverified');
    expect(rig.timeline()).toContain('customer erased');
  });

  it('is one person under all keys that share the address, and nobody else is touched', async () => {
    const rig = new Rig();
    await rig.receive(told, { ...told, token: 'r-canary-2', customer: 'canary-key-8' });
    await rig.receive({
      token: 'r-other',
      customer: 'k-other',
      email: 'other@customer.example',
      completed: false,
    });
    expect(rig.sql.transaction(() => erasePerson(rig.core, 'canary-key-8', 'dana'))).toMatchObject({
      responses: 2,
      cases: 4,
    });
    expect(traces(rig)).toEqual([]);
    expect(exportPerson(rig.core, 'other@customer.example').responses).toHaveLength(1);
  });

  it('stays erased when the same delivery, or a later state of it, comes once more', async () => {
    const rig = new Rig();
    await rig.receive(told);
    rig.sql.transaction(() => erasePerson(rig.core, person, 'dana'));
    await rig.receive(told);
    await rig.receive({ ...told, at: rig.now + hour });
    expect(traces(rig)).toEqual([]);
    expect(rig.deliveries().map(({ outcome }) => outcome)).toEqual(['stored', 'duplicate', 'duplicate']);
    expect(rig.cases()).toHaveLength(2);
  });

  it('does not come back from a delivery that was set aside, and nobody else is lost', async () => {
    const rig = new Rig();
    await rig.receive(told);
    const half = (text: string) => ({
      body: new TextEncoder().encode(text),
      headers: {},
      receivedAt: rig.now,
    });
    storeDeliveries(rig.core, [
      { source: 'upgrade-survey', raw: half(`{"email": "${person.toUpperCase()}", "form`) },
      { source: 'upgrade-survey', raw: half('{"email": "other@customer.example", "form') },
    ]);
    await rig.pass(0);
    rig.sql.transaction(() => erasePerson(rig.core, person, 'dana'));
    expect(traces(rig)).toEqual([]);
    expect(replay(rig.core, {})).toEqual({ replayed: 1 });
    expect(rig.deliveries()[1]).toMatchObject({ outcome: 'test', error: 'its customer was erased' });
  });

  it('who wanted no mail gets none either when she comes back', async () => {
    const rig = new Rig();
    await rig.receive(told);
    await close(rig);
    await rig.pass(day + hour);
    unsubscribe(rig.core, rig.customerFollowUp().id);
    rig.sql.transaction(() => erasePerson(rig.core, person, 'dana'));
    expect(traces(rig)).toEqual([]);
    const before = rig.mail.accepted.filter(({ to }) => to === person).length;
    await rig.pass(31 * day);
    await rig.receive({ ...told, token: 'r-back', customer: 'canary-key-9' });
    rig.trackers.support.close(1, 'completed', sam);
    await rig.poll();
    await rig.pass(3 * day);
    expect(rig.mail.accepted.filter(({ to }) => to === person)).toHaveLength(before);
    expect(rig.customerFollowUp(1, 2)).toMatchObject({
      state: 'skipped',
      why: 'the customer asked for no more mail',
    });
  });

  it('may say something new later, which is a case of its own', async () => {
    const rig = new Rig();
    await rig.receive(told);
    rig.sql.transaction(() => erasePerson(rig.core, person, 'dana'));
    await rig.receive({ ...told, token: 'r-new' });
    expect(rig.cases().map(({ customerKey }) => customerKey?.replace(/-.*/, ''))).toEqual([
      'erased',
      'erased',
      'canary',
      'canary',
    ]);
  });

  it('who is known to nobody is told so', () => {
    expect(() => erasePerson(new Rig().core, 'nobody@customer.example', 'dana')).toThrow(/Nobody is known/);
  });
});

describe('what is handed over of a person', () => {
  it('holds attributes, answers, raw deliveries, cases, questions asked and mails', async () => {
    const rig = new Rig();
    await rig.receive(told);
    await close(rig);
    await rig.pass(day + hour);
    const all = exportPerson(rig.core, person.toUpperCase());
    expect(all.customers).toMatchObject([{ key: 'canary-key-7', email: person }]);
    expect(all.responses[0]?.answers.map(({ text }) => text)).toContain(told.wish);
    expect(all.deliveries[0]?.text).toContain('canary-key-7');
    expect(all.cases).toHaveLength(2);
    expect(all.followUps).toMatchObject([{ state: 'sent' }]);
    expect(all.mails[0]).toMatchObject({ address: person, text: expect.stringContaining('/s/') });
  });

  it('holds what was asked again some time later, and what was not and why', async () => {
    const rig = new Rig(slowAcme((text) => `${text}resurvey: { upgrade: { source: upgrade-survey } }\n`));
    await rig.receive(told);
    await rig.pass(15 * day);
    expect(exportPerson(rig.core, person).resurveys).toMatchObject([
      { rule: 'upgrade', state: 'skipped', why: expect.stringContaining('still at work') },
    ]);
  });
});

describe('retention', () => {
  const keep = (rule: string) => slowAcme((text) => `${text}retention: ${rule}\n`);

  it('forgets the bytes of deliveries, and keeps what was read from them', async () => {
    const rig = new Rig(keep('{ deliveries: 60 days }'));
    startRetention(rig.core);
    await rig.receive(told);
    await rig.pass(59 * day);
    expect(exportPerson(rig.core, person).deliveries[0]?.text).toContain('canary');
    await rig.pass(3 * day);
    expect(exportPerson(rig.core, person).deliveries[0]?.text).toBe('');
    expect(exportPerson(rig.core, person).responses[0]?.answers.length).toBeGreaterThan(2);
  });

  it('erases who was silent for so long, and never while a case is open', async () => {
    const rig = new Rig(keep('{ people: 60 days }'));
    startRetention(rig.core);
    await rig.receive(told, { token: 'r-happy', customer: 'k-happy', email: 'happy@customer.example' });
    await rig.pass(62 * day);
    expect(() => exportPerson(rig.core, 'happy@customer.example')).toThrow();
    expect(exportPerson(rig.core, person).customers).toHaveLength(1);
    for (const tracker of [rig.trackers.support, rig.trackers.growth]) tracker.close(0, 'completed', sam);
    await rig.poll();
    await rig.pass(130 * day + minute);
    expect(traces(rig)).toEqual([]);
  });

  it('shorter than 30 days is refused', () => {
    expect(() => keep('{ people: 3 days }')).toThrow(/retention\.people.*30 days/s);
  });
});
