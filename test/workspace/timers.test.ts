import { describe, expect, it } from 'vitest';
import { judgeWaitingResponse, listNextResponsesToReread, rereadNextResponse } from '#src/workspace/intake/reread.ts';
import { startRereadingResponses } from '#src/workspace/intake/source-calls.ts';
import { endAnswerWindow, remind } from '#src/workspace/loop/ask.ts';
import { resurveys } from '#src/workspace/store/asks.ts';
import { findResponse } from '#src/workspace/store/responses.ts';
import { clearTimer, setTimer } from '#src/workspace/store/schedule.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day } from '#test/harness/times.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';

const mails = (harness: Harness) =>
  harness.mail.accepted.filter(({ to }) => to === 'k-1@customer.example').map(({ subject }) => subject);

async function asked(harness: Harness): Promise<void> {
  await harness.receive({ completed: false });
  harness.trackers.support.close(0, 'completed', sam);
  await harness.poll();
  await harness.pass(day);
}

describe.each([
  ['one order', (pair: string[]) => pair],
  ['the other order', (pair: string[]) => pair.toReversed()],
])('two timers of one instant in %s', (_, order) => {
  const setBoth = (harness: Harness, asks: string[]) => {
    for (const id of asks) clearTimer(harness.sql, 'ask', id);
    for (const id of order(asks)) setTimer(harness.sql, 'ask', id, harness.now);
  };

  it('remind nobody whose window ends', async () => {
    const harness = new Harness(slowAcme((text) => text.replace('reminder: 5 days', 'reminder: 14 days')));
    await asked(harness);
    const { id } = harness.customerFollowUp();
    clearTimer(harness.sql, 'reminder', id);
    clearTimer(harness.sql, 'window', id);
    await harness.pass(14 * day);
    const play = { reminder: remind, window: endAnswerWindow };
    for (const kind of order(Object.keys(play)))
      harness.sql.transaction(() => play[kind as keyof typeof play](harness.core, id));
    await harness.pass(0);
    expect(harness.customerFollowUp()).toMatchObject({ state: 'expired' });
    expect(harness.case().loop).toBe('unverified');
    expect(mails(harness)).toHaveLength(1);
  });

  it('judge a response that waited as the settings of now read it', async () => {
    const misread = (text: string) => text.replace('completed: upgrade_completed', 'completed: elsewhere');
    const harness = new Harness(slowAcme(misread));
    await harness.receive({ completed: false, partial: true });
    const id = harness.responses()[0]?.id ?? '';
    expect(findResponse(harness.sql, id)?.content.answers[0]?.alias).toBe(null);
    harness.core.settings = slowAcme();
    startRereadingResponses(harness.core, 'upgrade-survey');
    const play = {
      reread: () => {
        for (const seq of listNextResponsesToReread(harness.core, 10)) rereadNextResponse(harness.core, seq);
      },
      judge: () => judgeWaitingResponse(harness.core, id),
    };
    for (const kind of order(Object.keys(play))) harness.sql.transaction(() => play[kind as keyof typeof play]());
    expect(harness.cases()).toMatchObject([{ template: 'upgrade-not-installed' }]);
    expect(findResponse(harness.sql, id)?.content.answers[0]?.alias).toBe('completed');
  });

  it('ask after a case, and hold a second survey of the same customer back', async () => {
    const rule = 'resurvey:\n  upgrade: { source: upgrade-survey, after: 14 days }\n';
    const harness = new Harness(slowAcme((text) => `${text}\n${rule}`));
    await harness.receive({ token: 'r-1', completed: true });
    await harness.pass(2 * day);
    await harness.receive({ token: 'r-2', completed: false });
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    const [resurvey] = resurveys.page(harness.sql, { kind: 'resurvey' }, 10).toReversed();
    setBoth(harness, [resurvey?.id ?? '', harness.customerFollowUp().id]);
    await harness.pass(0);
    expect(harness.customerFollowUp()).toMatchObject({ state: 'sent' });
    expect(resurveys.page(harness.sql, { kind: 'resurvey' }, 10).toReversed()[0]).toMatchObject({
      state: 'skipped',
      why: expect.stringContaining('was asked less than 30 days ago'),
    });
  });
});
