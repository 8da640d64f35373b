import { computeSilenceLimitMs, historyMs } from '#domain/time/backoff.ts';
import { basics, type Core, dayMs, hourMs, type Settings, type SourceSettings, store } from '../kit.ts';
import { notifyAdmins } from '../mail/notify.ts';
import { queueOfSource } from '../queues/outbox-kind.ts';
import { startRereadingResponses } from './source-calls.ts';

const inactiveSourceGraceMs = 30 * dayMs;

/** Updates the sources in use; a changed mapping rereads responses, a returning source gets its deliveries. */
export function updateSourcesFromSettings(core: Pick<Core, 'sql' | 'clock'>, { workspace }: Settings): void {
  const { sql } = core;
  const now = core.clock.now();
  const before = new Map(store.sources.list(sql, {}).map((state) => [state.name, state]));
  for (const [name, own] of Object.entries(workspace.sources)) {
    const settings = { ...own, attributes: selectMappedAttributes(own, workspace) };
    const state = before.get(name);
    const inactiveSince = settings.paused ? (state?.inactiveSince ?? now) : null;
    const isMappingChanged = state && serializeSourceSettings(state.settings) !== serializeSourceSettings(settings);
    if (!state || isMappingChanged || state.inactiveSince !== inactiveSince)
      store.sources.put(sql, { name, settings, inactiveSince });
    if (isMappingChanged) startRereadingResponses(core, name);
    const isBack = !state || state.inactiveSince !== null;
    if (!settings.paused && isBack)
      store.replaySetAsideDeliveries(sql, { source: name, error: buildSourceNotInUsePrefix(name) });
    // A check that was due in the pause has passed.
    if (!settings.paused && isBack && state) store.setTimerIfUnset(sql, 'silence', name, now + dayMs);
    // Otherwise the source has its next back-fill in the schedule.
    if (isBack || isMappingChanged) store.setTimer(sql, 'poll', queueOfSource(name), now);
  }
  for (const [name, state] of before) {
    if (!Object.hasOwn(workspace.sources, name) && state.inactiveSince === null)
      store.sources.update(sql, { name }, { inactiveSince: now });
  }
}

/** Declarations of the attributes that a source maps: with others, values are read differently. */
const selectMappedAttributes = ({ respondent }: SourceSettings, { attributes }: Settings['workspace']) =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => Object.hasOwn(respondent, name)));

function serializeSourceSettings(settings: unknown): string {
  const { paused: _, ...rest } = settings as SourceSettings;
  return JSON.stringify(rest, (_key, value) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([text], [other]) => (text < other ? -1 : 1)))
      : value,
  );
}

/** Settings of removed sources, whose deliveries are verified for 30 more days. */
export function findRemovedSourceSettings(core: Pick<Core, 'sql' | 'clock'>, { workspace }: Settings) {
  const removed = store.sources.list(core.sql, {}).filter(({ name }) => !Object.hasOwn(workspace.sources, name));
  return new Map(removed.flatMap(({ name, settings }) => (isSourceSettings(settings) ? [[name, settings]] : [])));
}

const isSourceSettings = (settings: unknown): settings is SourceSettings =>
  typeof settings === 'object' && settings !== null && 'kind' in settings;

/** Whether the 30 days of a paused or removed source are over. */
export function isSourceGraceOver({ sql, clock }: Core, source: string): boolean {
  const { inactiveSince = null } = store.sources.find(sql, { name: source }) ?? {};
  return inactiveSince !== null && clock.now() - inactiveSince > inactiveSourceGraceMs;
}

/** Records that a source delivered by itself. Back-fills do not count, because they show that nothing was delivered. */
export function noteSourceDelivered(core: Core, source: string, at: number): void {
  store.setLastDeliveryAt(core.sql, source, at);
  store.setTimerIfUnset(core.sql, 'silence', source, at + dayMs);
}

/** Notifies the admins once of a source that is quieter than its history; again only after a delivery. */
export function checkSourceSilence(core: Core, source: string) {
  const state = store.sources.find(core.sql, { name: source });
  const settings = core.settings.workspace.sources[source];
  if (!state?.lastDeliveryAt || state.silenceNotifiedAt !== null || !settings || settings.paused) return;
  const limit = computeSilenceLimitMs(store.listDeliveryTimes(core.sql, source, state.lastDeliveryAt - historyMs));
  if (limit === null) return;
  const now = core.clock.now();
  if (now < state.lastDeliveryAt + limit)
    return store.setTimer(core.sql, 'silence', source, state.lastDeliveryAt + limit);
  store.sources.update(core.sql, { name: source }, { silenceNotifiedAt: now });
  const hours = Math.round(limit / hourMs);
  const lastDeliveryText = basics.formatTime(core, state.lastDeliveryAt);
  notifyAdmins(core, {
    once: ['silent', source, String(state.lastDeliveryAt)],
    subject: `The source ${source} is silent`,
    paragraphs: [
      `The source ${source} last delivered a response on ${lastDeliveryText}. By its own history of the last 60 days it is never silent for longer than ${hours} hours (five times its longest usual gap, a quarter more than a gap that came back, at least 24 hours).`,
      'Its webhook may be switched off, or the survey has ended. This alert comes once; again only after a delivery in between.',
    ],
    path: `sources/${source}`,
    label: 'See the source',
  });
}

/** Beginning of each reason for setting aside deliveries of a source that is not in use. */
export const buildSourceNotInUsePrefix = (source: string): string => `source ${source} is not in use: `;
