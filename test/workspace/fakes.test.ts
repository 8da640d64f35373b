import { limitAnswers } from '#adapters/emulators/host-limits.ts';
import { classifyFailedHttpAnswer, classifyNetworkError } from '#adapters/outcomes.ts';
import { dayMs } from '#domain/time/units.ts';
import type { TrackerFaults } from '#test/contracts/faults.ts';
import { describeMailer, type MailFault } from '#test/contracts/mail.ts';
import { describeTracker, sampleDraft, type TrackerBench } from '#test/contracts/tracker.ts';
import type { TrackerRefusals } from '#test/contracts/tracker-refusals.ts';
import { fakeTrackerUser } from './fake-tracker-user.ts';
import { FakeMailHost, FakeTracker, type Fault } from './fakes.ts';

const writing = { write: true };
const refusedConnection = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });

/** Faults of a host, typed by the functions that type them for real hosts. */
function faultsOf(fake: FakeTracker): TrackerFaults {
  const next = (fault: Fault) => {
    fake.nextWrite = fault;
  };
  const answer = (response: Response) =>
    classifyFailedHttpAnswer('call', response.status, response.headers, { write: true });
  return {
    loseNextAnswer: () => next({ error: classifyNetworkError('call', new Error('ECONNRESET')), when: 'after' }),
    failNext(status) {
      if (status === 200) return this.loseNextAnswer();
      const refusal = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
      const headers = new Headers(status === 429 ? { 'retry-after': '7' } : {});
      const error =
        status === 0 ? classifyNetworkError('call', refusal) : answer(new Response(null, { status, headers }));
      next({ error, when: 'before' });
    },
    // The fake looks nothing up before or after a change.
    loseReads() {},
    limitNext: (kind) => next({ error: answer(limitAnswers[kind](7000, Date.now())), when: 'before' }),
  };
}

/** A refusal of one field, typed by the function that types those of real hosts. */
const refusedField = (field: string) =>
  classifyFailedHttpAnswer('call', 422, new Headers(), {
    write: true,
    fields: [{ field, why: 'invalid', part: field }],
  });

describeTracker('the fake under workspace tests', async (): Promise<TrackerBench> => {
  let time = Date.parse('2026-11-23T09:30:00.400Z');
  const advance = (ms: number) => {
    time += ms;
  };
  const fake = new FakeTracker('SUP', { now: () => time }, advance);
  const trackerUser = fakeTrackerUser(fake, ['dana', 'sam']);
  const refusals: TrackerRefusals = {
    refuse: (what) => void fake.refuses.set(what, refusedField(what)),
    forbid: (what) =>
      void fake.always.set(what, {
        when: 'before',
        error: classifyFailedHttpAnswer('call', 403, new Headers(), writing),
      }),
  };
  return { tracker: fake, trackerUser, draft: sampleDraft, now: () => time, advance, faults: faultsOf(fake), refusals };
});

/** Faults of the mail host in memory, typed by the functions that type them for real hosts. */
const mailFaults: Record<MailFault, Fault> = {
  'refuses the mail': { when: 'before', error: classifyFailedHttpAnswer('send mail', 422, new Headers(), writing) },
  'refuses the login': { when: 'before', error: classifyFailedHttpAnswer('send mail', 401, new Headers(), writing) },
  'is busy': { when: 'before', error: classifyFailedHttpAnswer('send mail', 429, new Headers(), writing) },
  'takes it and falls silent': { when: 'after', error: classifyNetworkError('send mail', new Error('ECONNRESET')) },
  'is down': { when: 'before', error: classifyNetworkError('send mail', refusedConnection) },
};

describeMailer('the fake under workspace tests', async () => {
  const host = new FakeMailHost({ now: () => 0 });
  return {
    mailer: host,
    idempotencyMs: dayMs,
    arrived: () =>
      host.accepted.map(({ headers, ...mail }) => ({
        ...mail,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      })),
    fail(fault) {
      for (const call of ['send', 'check']) host.fail(call, mailFaults[fault]);
    },
  };
});
