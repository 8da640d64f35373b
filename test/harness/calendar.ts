import type { EmulatedHarness } from './emulated-harness.ts';

/** Passes time until a wall clock in Berlin shows this, in winter: `2026-11-23 10:00`. */
export const passUntil = (harness: EmulatedHarness, when: string): Promise<void> =>
  harness.until(Date.parse(`${when.replace(' ', 'T')}:00+01:00`));

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Berlin',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** Shows an instant as `Tue 07:00`, in Berlin. */
export const showTime = (at: number): string => clock.format(at).replace(',', '');

/** Mails since the last call, oldest first: `Tue 07:00 sam: subject`. */
export const mailLines = (harness: EmulatedHarness): string[] =>
  harness.freshMails().map(({ to, subject, at }) => `${showTime(at)} ${to.replace(/@acme\.example$/, '')}: ${subject}`);
