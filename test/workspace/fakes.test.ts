import { limitAnswers } from '#adapters/emulators/host-limits.ts';
import { classifyFailedHttpAnswer, classifyNetworkError } from '#adapters/outcomes.ts';
import type { TrackerFaults } from '#test/contracts/faults.ts';
import { describeTracker, sampleDraft, type TrackerBench } from '#test/contracts/tracker.ts';
import { fakeTrackerUser } from './fake-tracker-user.ts';
import { FakeTracker, type Fault } from './fakes.ts';

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
    limitNext: (kind) => next({ error: answer(limitAnswers[kind](7000, Date.now())), when: 'before' }),
  };
}

describeTracker('the fake under workspace tests', async (): Promise<TrackerBench> => {
  let time = Date.parse('2026-11-23T09:30:00.400Z');
  const advance = (ms: number) => {
    time += ms;
  };
  const fake = new FakeTracker('SUP', { now: () => time }, advance);
  const trackerUser = fakeTrackerUser(fake, ['dana', 'sam']);
  return { tracker: fake, trackerUser, draft: sampleDraft, now: () => time, advance, faults: faultsOf(fake) };
});
