import { describe, expect, it } from 'vitest';
import { answerFollowUp, unsubscribe } from '#src/workspace/loop/answer.ts';
import { keepMailEvent } from '#src/workspace/loop/mail-event.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { surveyPage } from '#src/workspace/queries/lists.ts';
import { ledger } from '#src/workspace/queries/loop.ts';
import { loopReport } from '#src/workspace/queries/loop-report.ts';
import { listMails } from '#src/workspace/store/mails.ts';
import { listResurveys } from '#src/workspace/store/resurveys.ts';
import { refused } from './fakes.ts';
import { day, hour, Rig, slowAcme } from './rig.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const asking = (rule: string) => new Rig(slowAcme((text) => `${text}\nresurvey:\n  upgrade: ${rule}\n`));
const everybody = '{ source: upgrade-survey, after: 14 days }';
const rows = (rig: Rig) => listResurveys(rig.sql, Number.MAX_SAFE_INTEGER, 1000).reverse();
const mails = (rig: Rig) => rig.mail.accepted.filter(({ subject }) => subject === 'How is it now?');

describe('everybody who answered', () => {
  it('is asked once, fourteen days later, case or none', async () => {
    const rig = asking(everybody);
    await rig.receive({ completed: true });
    await rig.pass(14 * day - hour);
    expect(mails(rig)).toEqual([]);
    await rig.pass(2 * hour);
    expect(mails(rig)).toMatchObject([{ to: 'k-1@customer.example' }]);
    await rig.receive({ completed: true });
    await rig.pass(20 * day);
    expect(mails(rig)).toHaveLength(1);
  });

  it('answers on the hosted page, and the last answer counts', async () => {
    const rig = asking(everybody);
    await rig.receive({ completed: true });
    await rig.pass(15 * day);
    const [row] = rows(rig);
    const id = row?.id ?? '';
    expect(surveyPage(rig.core, id)).toMatchObject({ state: 'open', title: 'How is it now?' });
    expect(answerFollowUp(rig.core, id, new Map()).status).toBe('invalid');
    for (const resolved of ['no', 'yes'])
      expect(answerFollowUp(rig.core, id, new Map([['resolved', resolved]])).status).toBe('thanks');
    expect(rows(rig)).toMatchObject([{ state: 'answered', answers: { resolved: 'yes' } }]);
    expect(loopReport(rig.core, 90).resurveys).toMatchObject([
      { rule: 'upgrade', hadCase: false, asked: 1, resolved: { count: 1, total: 1 } },
    ]);
    await rig.pass(15 * day);
    expect(answerFollowUp(rig.core, id, new Map([['resolved', 'no']])).status).toBe('closed');
  });

  it.each([
    ['still at work', async () => {}, /case C-1 of this response is still at work/],
    [
      'being asked about',
      async (rig: Rig) => {
        rig.trackers.support.close(0, 'completed', sam);
        await rig.poll();
      },
      /case C-1 asks this customer itself/,
    ],
  ])('is left alone while the case is %s', async (_, happen, why) => {
    const rig = asking(everybody);
    await rig.receive({ completed: false });
    await happen(rig);
    await rig.pass(15 * day);
    expect(rows(rig)).toMatchObject([{ state: 'skipped', why: expect.stringMatching(why) }]);
  });

  it('whose case was dropped is asked, and a no is shown for a decision', async () => {
    const rig = asking(everybody);
    await rig.receive({ completed: false });
    rig.trackers.support.close(0, 'not-planned', sam);
    await rig.poll();
    await rig.pass(15 * day);
    answerFollowUp(rig.core, rows(rig)[0]?.id ?? '', new Map([['resolved', 'no']]));
    expect(rig.case().needsPerson).toMatch(/^asked again some time later/);
    expect(rig.timeline()).toContain('asked again: no');
    expect(rig.case().loop).toBe('dropped');
  });

  it('who wants no more mail by its link gets none', async () => {
    const rig = asking(everybody);
    await rig.receive({ completed: true });
    await rig.pass(15 * day);
    expect(unsubscribe(rig.core, rows(rig)[0]?.id ?? '')).toBe(true);
    await rig.pass(40 * day);
    await rig.receive({ token: 'r-2', completed: true, at: rig.now });
    await rig.pass(15 * day);
    expect(rows(rig)[1]).toMatchObject({ state: 'skipped', why: 'the customer asked for no more mail' });
  });

  it('counts as a first follow-up: the quarantine holds both ways', async () => {
    const rig = asking(everybody);
    await rig.receive({ completed: true });
    await rig.pass(15 * day);
    await rig.receive({ token: 'r-2', completed: false, at: rig.now });
    rig.trackers.support.close(0, 'completed', sam);
    await rig.poll();
    await rig.pass(2 * day);
    expect(rig.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: 'the customer was asked less than 30 days ago',
    });
  });

  it('and is erased leaves no words, and is not asked', async () => {
    const rig = asking(everybody);
    await rig.receive({ completed: true });
    rig.sql.transaction(() => erasePerson(rig.core, 'k-1', 'dana'));
    await rig.pass(15 * day);
    expect(mails(rig)).toEqual([]);
    expect(JSON.stringify(rows(rig))).not.toContain('k-1');
  });
});

describe('a share of them', () => {
  it('is drawn by key: about as many as it says, the same ones every time', async () => {
    const drawn: string[][] = [];
    for (let run = 0; run < 2; run += 1) {
      const rig = asking('{ source: upgrade-survey, share: 0.3 }');
      await rig.receive(
        ...Array.from({ length: 200 }, (_, n) => ({ token: `r-${n}`, customer: `k-${n}`, completed: true })),
      );
      drawn.push(rows(rig).map(({ customerKey }) => customerKey));
    }
    expect(drawn[0]?.length).toBeGreaterThan(35);
    expect(drawn[0]?.length).toBeLessThan(85);
    expect(drawn[1]).toEqual(drawn[0]);
  });

  it('stands behind chosen categories, which are asked in full', async () => {
    const rig = asking('{ source: upgrade-survey, share: 0, first: [Installation issues] }');
    await rig.receive({ completed: false }, { token: 'r-2', customer: 'k-2', completed: true });
    expect(rows(rig)).toMatchObject([{ customerKey: 'k-1', why: 'of a category that is asked first' }]);
  });
});

it.each([
  ['{ source: upgrade-survey, after: 31 days }', /resurvey\.upgrade\.after.*longer than 30 days/s],
  ['{ source: no-survey }', /resurvey\.upgrade\.source.*not under sources: no-survey/s],
  ['{ source: upgrade-survey, share: 2 }', /resurvey\.upgrade\.share/],
])('%s is refused with the field', (rule, problem) => {
  expect(() => asking(rule)).toThrow(problem);
});

describe('a mail that asks again', () => {
  /** Due, intended, and its call still to come. */
  async function waiting(rig: Rig): Promise<void> {
    await rig.receive({ completed: true });
    rig.mail.always.set('send', refused('unavailable', 503));
    await rig.pass(14 * day);
    expect(rows(rig)).toMatchObject([{ state: 'sent' }]);
  }

  it('that the provider refuses was never sent, and says so', async () => {
    const rig = asking(everybody);
    await rig.receive({ completed: true });
    rig.mail.always.set('send', refused('rejected', 422));
    await rig.pass(20 * day);
    expect(rows(rig)).toMatchObject([
      {
        state: 'skipped',
        sentAt: null,
        why: 'the mail could not be delivered: the mail provider refused it',
      },
    ]);
    expect(surveyPage(rig.core, rows(rig)[0]?.id ?? '').state).toBe('closed');
  });

  it('that came back was never asked', async () => {
    const rig = asking(everybody);
    await rig.receive({ completed: true });
    await rig.pass(15 * day);
    const [mail] = listMails(rig.sql, 1e9, 1);
    const event = { provider: mail?.provider ?? '', address: mail?.address ?? '', why: 'no such box' };
    rig.sql.transaction(() => keepMailEvent(rig.core, { ...event, what: 'bounced' }));
    expect(rows(rig)).toMatchObject([
      { state: 'skipped', why: 'the mail could not be delivered (no such box)' },
    ]);
  });

  it.each([
    [
      'asks for no more mail',
      (rig: Rig) => unsubscribe(rig.core, rows(rig)[0]?.id ?? ''),
      /asked for no more mail/,
    ],
    ['is erased', (rig: Rig) => erasePerson(rig.core, 'k-1', 'dana'), /was erased/],
  ])('is taken back in the same transaction when its customer %s', async (_, happens, why) => {
    const rig = asking(everybody);
    await waiting(rig);
    rig.sql.transaction(() => happens(rig));
    expect(rows(rig)).toMatchObject([{ state: 'skipped', sentAt: null, why: expect.stringMatching(why) }]);
    rig.mail.always.clear();
    await rig.pass(5 * day);
    expect(mails(rig)).toEqual([]);
  });

  it('that still waits for its day is skipped at once, and its ledger tells why', async () => {
    const rig = asking(everybody);
    await rig.receive({ completed: true });
    rig.sql.transaction(() => unsubscribe(rig.core, rows(rig)[0]?.id ?? ''));
    expect(ledger(rig.core, 'k-1').resurveys).toMatchObject([
      { state: 'skipped', why: 'the customer asked for no more mail' },
    ]);
  });
});
