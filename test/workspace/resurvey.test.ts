import { describe, expect, it } from 'vitest';
import { answerAsk, unsubscribe } from '#src/workspace/loop/answer.ts';
import { applyMailEvent } from '#src/workspace/loop/withdraw.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { buildSurveyPage } from '#src/workspace/queries/customer-pages.ts';
import { buildLoopReport, ledger } from '#src/workspace/queries/loop.ts';
import { resurveys } from '#src/workspace/store/asks.ts';
import { mails as storedMails } from '#src/workspace/store/mails.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';
import { refused } from './fakes.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const asking = (rule: string) => new Harness(slowAcme((text) => `${text}\nresurvey:\n  upgrade: ${rule}\n`));
const everybody = '{ source: upgrade-survey, after: 14 days }';
const rows = (harness: Harness) => resurveys.page(harness.sql, { kind: 'resurvey' }, 1000).reverse();
const mails = (harness: Harness) => harness.mail.accepted.filter(({ subject }) => subject === 'How is it now?');

describe('everybody who answered', () => {
  it('is asked once, fourteen days later, case or none', async () => {
    const harness = asking(everybody);
    await harness.receive({ completed: true });
    await harness.pass(14 * day - hour);
    expect(mails(harness)).toEqual([]);
    await harness.pass(2 * hour);
    expect(mails(harness)).toMatchObject([{ to: 'k-1@customer.example' }]);
    await harness.receive({ completed: true });
    await harness.pass(20 * day);
    expect(mails(harness)).toHaveLength(1);
  });

  it('answers on the hosted page, and the last answer counts', async () => {
    const harness = asking(everybody);
    await harness.receive({ completed: true });
    await harness.pass(15 * day);
    const [row] = rows(harness);
    const id = row?.id ?? '';
    expect(buildSurveyPage(harness.core, id)).toMatchObject({ state: 'open', title: 'How is it now?' });
    expect(answerAsk(harness.core, id, new Map()).status).toBe('invalid');
    for (const resolved of ['no', 'yes'])
      expect(answerAsk(harness.core, id, new Map([['resolved', resolved]])).status).toBe('thanks');
    expect(rows(harness)).toMatchObject([{ state: 'answered', answers: { resolved: 'yes' } }]);
    expect(buildLoopReport(harness.core, 90).resurveys).toMatchObject([
      { rule: 'upgrade', hadCase: false, asked: 1, resolved: { count: 1, total: 1 } },
    ]);
    await harness.pass(15 * day);
    expect(answerAsk(harness.core, id, new Map([['resolved', 'no']])).status).toBe('closed');
  });

  it.each([
    ['still at work', async () => {}, /case C-1 of this response is still open/],
    [
      'being asked about',
      async (harness: Harness) => {
        harness.trackers.support.close(0, 'completed', sam);
        await harness.poll();
      },
      /case C-1 asks this customer itself/,
    ],
  ])('is left alone while the case is %s', async (_, happen, why) => {
    const harness = asking(everybody);
    await harness.receive({ completed: false });
    await happen(harness);
    await harness.pass(15 * day);
    expect(rows(harness)).toMatchObject([{ state: 'skipped', why: expect.stringMatching(why) }]);
  });

  it('whose case was dropped is asked, and a no is shown for a decision', async () => {
    const harness = asking(everybody);
    await harness.receive({ completed: false });
    harness.trackers.support.close(0, 'not-planned', sam);
    await harness.poll();
    await harness.pass(15 * day);
    answerAsk(harness.core, rows(harness)[0]?.id ?? '', new Map([['resolved', 'no']]));
    expect(harness.case().needsPerson).toMatch(/^the customer says in a re-survey/);
    await harness.pass(day);
    const [, news] = harness.mail.to('dana@acme.example', 'Needs a decision');
    expect(news?.text).toContain('the customer says in a re-survey that it is not resolved');
    expect(harness.timeline()).toContain('asked again: no');
    expect(harness.case().loop).toBe('dropped');
  });

  it('who wants no more mail by its link gets none', async () => {
    const harness = asking(everybody);
    await harness.receive({ completed: true });
    await harness.pass(15 * day);
    expect(unsubscribe(harness.core, rows(harness)[0]?.id ?? '')).toBe(true);
    await harness.pass(40 * day);
    await harness.receive({ token: 'r-2', completed: true, at: harness.now });
    await harness.pass(15 * day);
    expect(rows(harness)[1]).toMatchObject({ state: 'skipped', why: 'the customer asked for no more mail' });
  });

  it('counts as a first follow-up: the quarantine holds both ways', async () => {
    const harness = asking(everybody);
    await harness.receive({ completed: true });
    await harness.pass(15 * day);
    await harness.receive({ token: 'r-2', completed: false, at: harness.now });
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    await harness.pass(2 * day);
    expect(harness.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: 'the customer was asked less than 30 days ago',
    });
  });

  it('and is erased leaves no text, and is not asked', async () => {
    const harness = asking(everybody);
    await harness.receive({ completed: true });
    harness.sql.transaction(() => erasePerson(harness.core, 'k-1', 'dana'));
    await harness.pass(15 * day);
    expect(mails(harness)).toEqual([]);
    expect(JSON.stringify(rows(harness))).not.toContain('k-1');
  });
});

describe('a share of them', () => {
  it('is drawn by key: about as many as it says, the same ones every time', async () => {
    const drawn: string[][] = [];
    for (let run = 0; run < 2; run += 1) {
      const harness = asking('{ source: upgrade-survey, share: 0.3 }');
      await harness.receive(
        ...Array.from({ length: 200 }, (_, n) => ({ token: `r-${n}`, customer: `k-${n}`, completed: true })),
      );
      drawn.push(rows(harness).map(({ person }) => person));
    }
    expect(drawn[0]?.length).toBeGreaterThan(35);
    expect(drawn[0]?.length).toBeLessThan(85);
    expect(drawn[1]).toEqual(drawn[0]);
  });

  it('is drawn after the chosen categories, whose respondents are all asked', async () => {
    const harness = asking('{ source: upgrade-survey, share: 0, first: [Installation issues] }');
    await harness.receive({ completed: false }, { token: 'r-2', customer: 'k-2', completed: true });
    expect(rows(harness)).toMatchObject([{ person: 'k-1', why: 'of a category that is asked first' }]);
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
  /** A re-survey that is due and in the outbox, before its call. */
  async function waiting(harness: Harness): Promise<void> {
    await harness.receive({ completed: true });
    harness.mail.always.set('send', refused('unavailable', 503));
    await harness.pass(14 * day);
    expect(rows(harness)).toMatchObject([{ state: 'sent' }]);
  }

  it('that the provider refuses was never sent, and says so', async () => {
    const harness = asking(everybody);
    await harness.receive({ completed: true });
    harness.mail.always.set('send', refused('rejected', 422));
    await harness.pass(20 * day);
    expect(rows(harness)).toMatchObject([
      {
        state: 'skipped',
        sentAt: null,
        why: 'the mail could not be delivered: the mail provider refused it',
      },
    ]);
    expect(buildSurveyPage(harness.core, rows(harness)[0]?.id ?? '').state).toBe('closed');
  });

  it('that came back was never asked', async () => {
    const harness = asking(everybody);
    await harness.receive({ completed: true });
    await harness.pass(15 * day);
    const [mail] = storedMails.page(harness.sql, {}, 1);
    const event = { provider: mail?.provider ?? '', address: mail?.address ?? '', why: 'no such box' };
    harness.sql.transaction(() => applyMailEvent(harness.core, { ...event, what: 'bounced' }));
    expect(rows(harness)).toMatchObject([{ state: 'skipped', why: 'the mail could not be delivered (no such box)' }]);
  });

  it.each([
    [
      'asks for no more mail',
      (harness: Harness) => unsubscribe(harness.core, rows(harness)[0]?.id ?? ''),
      /asked for no more mail/,
    ],
    ['is erased', (harness: Harness) => erasePerson(harness.core, 'k-1', 'dana'), /was erased/],
  ])('is taken back in the same transaction when its customer %s', async (_, happens, why) => {
    const harness = asking(everybody);
    await waiting(harness);
    harness.sql.transaction(() => happens(harness));
    expect(rows(harness)).toMatchObject([{ state: 'skipped', sentAt: null, why: expect.stringMatching(why) }]);
    harness.mail.always.clear();
    await harness.pass(5 * day);
    expect(mails(harness)).toEqual([]);
  });

  it('that still waits for its day is skipped at once, and its ledger tells why', async () => {
    const harness = asking(everybody);
    await harness.receive({ completed: true });
    harness.sql.transaction(() => unsubscribe(harness.core, rows(harness)[0]?.id ?? ''));
    expect(ledger(harness.core, 'k-1').resurveys).toMatchObject([
      { state: 'skipped', why: 'the customer asked for no more mail' },
    ]);
  });
});
