import { beforeEach, expect, it } from 'vitest';
import { verifyToken } from '#domain/base/key.ts';
import type { ActionName } from '#domain/cases/action.ts';
import { escalate } from '#src/workspace/cases/ladder.ts';
import { mailLines, passUntil } from '#test/harness/calendar.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { simulatedSettings } from '#test/harness/settings.ts';

/*
 * Ten days of one case. Acme gives a gold customer 24 hours, and four for the first contact; nights after 20:00 and
 * weekends are quiet, except for overdue cases. Sam works on the case, Dana manages the team, Mette heads customer
 * care.
 */

/** Mails with the event and the case of their subject, without severity, deadline and owner. */
const briefMails = (harness: EmulatedHarness): string[] =>
  mailLines(harness).map((line) =>
    line.replace(
      /: (?:(.+?) · )?Urgent · .*, (C-\d+)$/,
      (_, event = 'opened', handle) => `: ${handle} ${event.toLowerCase()}`,
    ),
  );

let acme: EmulatedHarness;
const act = (action: ActionName, more: { who: string; because: string; value?: string }) =>
  acme.call('act', acme.case().id, {
    ...{ action, value: '', rootCause: null, whatChanged: null, mention: [], once: null },
    ...more,
  });
beforeEach(() => {
  acme = new EmulatedHarness(simulatedSettings());
});

it('climbs from a reminder to the head of customer care, pauses when it should, and starts again after a reopening', async () => {
  // Monday. A gold customer could not install the upgrade.
  await acme.deliver({ completed: false, tier: 'gold' });
  expect(briefMails(acme)).toEqual(['Mon 09:00 sam: C-1 opened', 'Mon 09:00 dana: C-1 opened']);

  // No first contact within four hours, so the case manager is notified.
  await passUntil(acme, '2026-11-23 23:00');
  expect(briefMails(acme)).toEqual(['Mon 13:00 dana: C-1 first contact missed']);

  // Tuesday. Half of the goal passed at 21:00, 80 % at 04:12: Sam reads both in one mail after the quiet hours.
  await passUntil(acme, '2026-11-24 08:59');
  expect(briefMails(acme)).toEqual(['Tue 07:00 sam: C-1 due soon']);
  expect(acme.mailTo('sam')).toContain('Mon 23 Nov, 21:00: 50 % of the time');
  expect(acme.mailTo('sam')).toContain('Tue 24 Nov, 04:12: 80 % of the time');

  // At 9:00 it is overdue: on the issue, to its manager, and to Mette, whom the template names.
  await passUntil(acme, '2026-11-24 09:01');
  expect(briefMails(acme)).toEqual(['Tue 09:00 dana: C-1 overdue', 'Tue 09:00 mette: C-1 overdue']);
  expect((await acme.issue()).labels).toContain('overdue');

  // Eight hours later the next level, a day later the same again: no acknowledgement yet.
  await passUntil(acme, '2026-11-25 17:30');
  expect(briefMails(acme)).toEqual([
    'Tue 17:00 dana: C-1 escalated',
    'Tue 17:00 mette: C-1 escalated',
    'Wed 17:00 dana: C-1 escalated',
    'Wed 17:00 mette: C-1 escalated',
  ]);
  expect(acme.mailTo('mette')).toContain('nobody acknowledged it (repeated: 1)');

  // Wednesday evening Mette follows the link in her mail and presses the button.
  const link = acknowledgement(acme.mailTo('mette'));
  expect(acme.call('acknowledgePage', link)).toMatchObject({ state: 'open', handle: 'C-1' });
  expect(acme.call('acknowledgeByLink', link)).toMatchObject({ state: 'acknowledged', by: 'Mette Lund' });

  // Thursday and most of Friday are quiet. After two days the case is still open, which is reported.
  await passUntil(acme, '2026-11-27 17:29');
  expect(briefMails(acme)).toEqual([]);
  await passUntil(acme, '2026-11-27 18:00');
  expect(briefMails(acme)).toEqual(['Fri 17:30 dana: C-1 escalated', 'Fri 17:30 mette: C-1 escalated']);
  expect(acme.mailTo('dana')).toContain('although Mette Lund acknowledged it');

  // Sam waits for the customer: the clock and the ladder pause over the weekend.
  act('pause', { who: 'sam', because: 'the customer sends a log file on Monday' });
  await passUntil(acme, '2026-11-30 10:00');
  expect(briefMails(acme)).toEqual([]);
  act('resume', { who: 'sam', because: 'the log file is here' });

  // Monday. The case is closed before the ladder continues, so Tuesday morning brings no notice.
  await passUntil(acme, '2026-11-30 14:00');
  await acme.trackerUser.support.close('SUP-1', sam, 'completed');
  await passUntil(acme, '2026-12-01 10:00');
  const onMonday = briefMails(acme).filter((mail) => !mail.includes('@customer.example'));
  // Within the hour, because the tracker's lists lag.
  expect(onMonday.map((mail) => mail.replace(/ 1[45]:\d\d /, ' '))).toEqual([
    'Mon dana: C-1 closed against the rules',
    'Mon sam: Could C-1 really be closed?',
  ]);

  // Tuesday. The customer says no: the issue is open again, with a whole new goal and a new ladder.
  acme.answer('customer', { resolved: 'no' });
  await passUntil(acme, '2026-12-01 10:01');
  expect(briefMails(acme)).toEqual(['Tue 10:00 dana: C-1 disputed', 'Tue 10:00 sam: C-1 disputed']);
  expect(acme.call('case', acme.case().id)).toMatchObject({ generation: 2, overdue: false });
  expect((await acme.issue()).labels).not.toContain('overdue');
  // The old link is no longer valid.
  expect(acme.call('acknowledgeByLink', link).state).toBe('over');

  // Wednesday. The same steps from the start, until Sam acknowledges on the page.
  await passUntil(acme, '2026-12-02 10:30');
  expect(briefMails(acme)).toEqual([
    'Wed 07:00 sam: C-1 due soon',
    'Wed 10:00 dana: C-1 overdue',
    'Wed 10:00 mette: C-1 overdue',
  ]);
  acme.call('acknowledge', acme.case().id, { who: 'sam', how: 'on the case page' });
  await passUntil(acme, '2026-12-03 09:00');
  expect(briefMails(acme)).toEqual([]);

  // Each step appears once on the issue, with the notified people; those with an account there are mentioned.
  const comments = (await acme.issue()).comments.map(({ text }) => text);
  expect(comments.map((text) => /(\d\d %|has been overdue|still open[^.]*|Reopened)/.exec(text)?.[0] ?? text)).toEqual([
    '50 %',
    '80 %',
    'has been overdue',
    'still open, overdue since Tue 24 Nov, 09:00',
    'still open, overdue since Tue 24 Nov, 09:00, and nobody acknowledged it (repeated: 1)',
    'still open, overdue since Tue 24 Nov, 09:00, although Mette Lund acknowledged it (repeated: 2)',
    'Reopened',
    '50 %',
    '80 %',
    'has been overdue',
  ]);
  expect(comments[0]).toContain(`@${sam}`);
  expect(comments[2]).toContain('Notified: Dana Reyes, Mette Lund.');
});

it('reminds the case managers too where the assignee is away', async () => {
  const away = 'email: sam@acme.example\n    away: [2026-11-24/2026-11-27]';
  acme = new EmulatedHarness(simulatedSettings((text) => text.replace('email: sam@acme.example', away)));
  await acme.deliver({ completed: false, tier: 'gold' });
  await passUntil(acme, '2026-11-24 08:59');
  expect(briefMails(acme)).toEqual(
    expect.arrayContaining(['Tue 07:00 sam: C-1 due soon', 'Tue 07:00 dana: C-1 due soon']),
  );
  expect(acme.mailTo('dana')).toContain('80 % of the time');
  expect(acme.mailTo('dana')).not.toContain('50 % of the time');
});

it('notifies the next level of a second dispute', async () => {
  await acme.deliver({ completed: false, tier: 'gold' });
  const caseRecord = acme.case();
  acme.core.sql.transaction(() => {
    escalate(acme.core, caseRecord, 'disputed a second time', 'disputed:2');
    escalate(acme.core, caseRecord, 'disputed a second time', 'disputed:2');
  });
  await passUntil(acme, '2026-11-23 09:30');
  expect(briefMails(acme).filter((mail) => mail.includes('escalated'))).toEqual([
    'Mon 09:00 dana: C-1 escalated',
    'Mon 09:00 mette: C-1 escalated',
  ]);
});

it('pauses during an acknowledgement', async () => {
  await acme.deliver({ completed: false, tier: 'gold' });
  briefMails(acme);
  const wait = Date.parse('2026-11-26T10:00:00+01:00') - acme.now;
  act('snooze', { value: `${wait / 1000} seconds`, who: 'dana', because: 'the fix is in the next build' });
  await passUntil(acme, '2026-11-26 09:59');
  expect(briefMails(acme)).toEqual(['Mon 13:00 dana: C-1 first contact missed']);
  await passUntil(acme, '2026-11-26 10:30');
  expect(briefMails(acme)).toEqual(['Thu 10:00 dana: C-1 overdue', 'Thu 10:00 mette: C-1 overdue']);
  const passed = acme.history().filter((line) => line.startsWith('reminder skipped'));
  expect(passed).toEqual([
    'reminder skipped: after 50 % of the time: already overdue',
    'reminder skipped: after 80 % of the time: already overdue',
  ]);
});

const sam = '5b10ac8d82e05b22cc7d4ef2';

function acknowledgement(mail: string): string {
  const token = /\/a\/(\S+)/.exec(mail)?.[1] ?? '';
  const subject = verifyToken(acme.core.keys, 'acknowledge', token)?.subject;
  if (!subject) throw new Error('no link in the mail');
  return subject;
}
