import { describe, expect, it } from 'vitest';
import { readCsv } from '#domain/base/csv.ts';
import { finishSteps } from '#domain/base/steps.ts';
import type { TakenList } from '#domain/reports/reported.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { takeReported } from '#src/workspace/intake/take-reported.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { exportPerson } from '#src/workspace/queries/customer.ts';
import { ledger } from '#src/workspace/queries/loop.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour } from '#test/harness/times.ts';
import { storedLines } from '#test/workspace/store/rows.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';
const withEvents = () =>
  new Harness(
    slowAcme((text) => text.replace('sources:\n', 'sources:\n  events: { kind: events, secret: EVENTS_SECRET }\n')),
  );

const tell = (harness: Harness, list: TakenList, ...rows: Record<string, unknown>[]) =>
  finishSteps(takeReported(harness.core, list, { rows, who: 'dana' }));
const sent = (at: number, more: object = {}) => ({
  customer: 'k-1',
  survey: 'relationship',
  at: new Date(at).toISOString(),
  ...more,
});

/** A case that opens, is closed a day later, and whose follow-up is due a day after that. */
async function closeOne(harness: Harness): Promise<void> {
  await harness.receive({ completed: false });
  await harness.pass(5 * hour);
  harness.trackers.support.close(0, 'completed', sam);
  await harness.poll();
}

describe('a survey that another tool sent', () => {
  it('holds back a follow-up from its sending on, and no longer than the quarantine', async () => {
    const harness = new Harness();
    tell(harness, 'surveys', sent(harness.now - 10 * day));
    await closeOne(harness);
    await harness.pass(2 * day);
    expect(harness.customerFollowUp()).toMatchObject({
      state: 'skipped',
      why: expect.stringMatching(/less than 30 days/),
    });
    const later = new Harness();
    tell(later, 'surveys', sent(later.now - 40 * day), sent(later.now + 10 * day));
    await closeOne(later);
    await later.pass(2 * day);
    expect(later.customerFollowUp().state).toBe('sent');
  });

  it('is known by the address too, in any case', async () => {
    const harness = new Harness();
    const row = { customer: undefined, email: 'K-1@customer.example' };
    tell(harness, 'surveys', sent(harness.now - day, row));
    await closeOne(harness);
    await harness.pass(2 * day);
    expect(harness.customerFollowUp().state).toBe('skipped');
  });

  it('never counts where its response opened the case; other surveys of the same source do', async () => {
    const harness = new Harness();
    tell(harness, 'surveys', sent(harness.now - day, { survey: 'upgrade-survey' }));
    await closeOne(harness);
    await harness.pass(2 * day);
    expect(harness.customerFollowUp().state).toBe('sent');

    const other = new Harness();
    await closeOne(other);
    tell(other, 'surveys', sent(other.now + hour, { survey: 'upgrade-survey' }));
    await other.pass(2 * day);
    expect(other.customerFollowUp().state).toBe('skipped');

    const form = new Harness();
    tell(form, 'surveys', sent(form.now - day, { survey: 'upgrade-survey', form: 'another' }));
    await closeOne(form);
    await form.pass(2 * day);
    expect(form.customerFollowUp().state).toBe('skipped');
  });

  it('comes as an event, once, and its bytes are dropped', async () => {
    const harness = withEvents();
    const event = {
      id: 'e-1',
      event: 'survey.sent',
      subject: 'relationship',
      at: new Date(harness.now - day).toISOString(),
      customer: { key: 'k-1', email: 'k-1@customer.example' },
    };
    for (let times = 0; times < 2; times += 1) {
      const body = new TextEncoder().encode(JSON.stringify(event));
      storeDeliveries(harness.core, [{ source: 'events', raw: { body, headers: {}, receivedAt: harness.now } }]);
      await harness.pass(0);
    }
    expect(harness.deliveries().map(({ outcome, body }) => `${outcome} ${body.length}`)).toEqual([
      'stored 0',
      'duplicate 0',
    ]);
    expect(ledger(harness.core, 'k-1')).toMatchObject({
      surveys: [{ survey: 'relationship', form: null }],
      quarantineUntil: new Date(harness.now + 29 * day).toISOString(),
    });
  });

  it('is handed out with the person’s data, and counts on under a pseudonym after the erasure', async () => {
    const harness = new Harness();
    tell(harness, 'surveys', sent(harness.now - day, { email: 'k-1@customer.example' }));
    expect(exportPerson(harness.core, 'k-1').surveys).toHaveLength(1);
    harness.sql.transaction(() => erasePerson(harness.core, 'k-1', 'dana'));
    expect(storedLines(harness.sql).filter((line) => /"k-1"|k-1@/.test(line))).toEqual([]);
    await closeOne(harness);
    await harness.pass(2 * day);
    expect(harness.customerFollowUp().state).toBe('skipped');
  });
});

it('a list that is wrong is refused with line and column, and nothing of it is kept', () => {
  const harness = new Harness();
  const list = (name: TakenList, text: string) => () =>
    finishSteps(takeReported(harness.core, name, { rows: readCsv(new TextEncoder().encode(text)), who: 'dana' }));
  expect(list('surveys', 'customer,survey,at\nk-1,nps,2026-11-20\nk-2,nps,soon\n')).toThrow(
    'line 3, column 3 (at): must be a time such as 2026-11-24T09:30:00Z, or a day',
  );
  expect(list('surveys', 'survey,at\nnps,2026-11-20\n')).toThrow('line 2, customer: is missing; name the customer');
  expect(list('outcomes', 'customer,outcome,day\nk-1,vanished,2026-11-20\n')).toThrow(
    /column 2 \(outcome\): must be one of stayed/,
  );
  expect(list('outcomes', 'customer,outcome,day\nk-1,left,2024-11-20\nk-1,left,2036-11-20\n')).toThrow(
    'day: lies in the future',
  );
  expect(list('counts', 'source,day,count\nnone,2026-11-20,3\n')).toThrow(/source: is not under sources/);
  expect(() => tell(harness, 'counts', { source: 'upgrade-survey', day: '2026-11-20', count: -1 })).toThrow(
    'rows.0.count: must be 0 or more',
  );
  expect(list('surveys', 'customer,survey,at,colour\nk-1,nps,2026-11-20,red\n')).toThrow(
    /column 4 \(colour\): is no column/,
  );
  expect(storedLines(harness.sql).filter((line) => line.includes('k-1'))).toEqual([]);
});

it('a long list is taken row by row, so that others get their turn', () => {
  const harness = new Harness();
  const rows = ['k-1', 'k-2'].map((customer) => sent(harness.now - day, { customer }));
  takeReported(harness.core, 'surveys', { rows, who: 'dana' }).next();
  expect(storedLines(harness.sql).some((line) => line.includes('k-1'))).toBe(true);
  expect(storedLines(harness.sql).filter((line) => line.includes('k-2'))).toEqual([]);
});
