import { computeSilenceLimitMs, historyMs } from '#domain/time/silence.ts';
import { dayMs, hourMs } from '#domain/time/units.ts';
import { formatTime } from '../basics/format-time.ts';
import type { Core } from '../core.ts';
import { notifyAdmins } from '../mail/notify-admins.ts';
import { listDeliveryTimes } from '../store/deliveries.ts';
import { setTimer, setTimerIfUnset } from '../store/schedule.ts';
import { findSource, saveSource, setLastDeliveryAt } from '../store/sources.ts';

/** Records that a source delivered by itself. Back-fills do not count, because they show that nothing was delivered. */
export function noteSourceDelivered(core: Core, source: string, at: number): void {
  setLastDeliveryAt(core.sql, source, at);
  setTimerIfUnset(core.sql, 'silence', source, at + dayMs);
}

/** Notifies the admins once of a source that is quieter than its history; again only after a delivery. */
export function checkSourceSilence(core: Core, source: string): void {
  const state = findSource(core.sql, source);
  const settings = core.settings.workspace.sources[source];
  if (!state?.lastDeliveryAt || state.silenceNotifiedAt !== null || !settings || settings.paused) return;
  const limit = computeSilenceLimitMs(listDeliveryTimes(core.sql, source, state.lastDeliveryAt - historyMs));
  if (limit === null) return;
  const now = core.clock.now();
  if (now < state.lastDeliveryAt + limit) {
    setTimer(core.sql, 'silence', source, state.lastDeliveryAt + limit);
    return;
  }
  saveSource(core.sql, source, { silenceNotifiedAt: now });
  const hours = Math.round(limit / hourMs);
  const lastDeliveryText = formatTime(core, state.lastDeliveryAt);
  notifyAdmins(core, {
    once: ['silent', source, String(state.lastDeliveryAt)],
    subject: `The source ${source} is silent`,
    paragraphs: [
      `The source ${source} last delivered a response on ${lastDeliveryText}. By its own history of the last 60 days it is never silent for longer than ${hours} hours (five times its longest usual gap, at least 24 hours).`,
      'Its webhook may be switched off, or the survey has ended. This alert comes once; again only after a delivery in between.',
    ],
    path: `sources/${source}`,
    label: 'See the source',
  });
}
