import type { Tracker } from '#domain/integrations/tracker.ts';
import type { Settings } from '#domain/templates/template.ts';
import { computeBackoffMs, computePollDelayMs } from '#domain/time/backoff.ts';
import { backFill } from '../intake/back-fill.ts';
import { basics, type Core, createIssueMarker, dayMs, deriveUuid, IntegrationError, minuteMs, store } from '../kit.ts';
import { notifyAdmins } from '../mail/notify.ts';
import { markOfMail } from '../mail/send-mail.ts';
import { countRefusedRead, recordSuccessfulCall } from '../queues/circuit-breaker.ts';
import { checkHooks } from '../queues/hooks.ts';
import { sourceOfQueue } from '../queues/outbox-kind.ts';
import { retryDueParts } from '../tracker-requests/refusals.ts';
import { adoptIssue, type Place } from './adopt.ts';
import { sweepDuplicateIssues } from './duplicate-issues.ts';
import { findWatchedIssue, listWatchedIssuesToRecheck, missedChangeWindowMs } from './read-issues.ts';

const refusedPollsBeforeNotice = 3;
/** About two hours. */
const failedPollsBeforeNotice = 10;
/** Unreadable issues that show an outage; after several failed polls, more of them hold up no others. */
const [mostUnreadIssues, mostUnreadLater] = [3, 10];
/** Polls until an issue that cannot be read is given up; the first is for those that the recheck reads in any case. */
const [pollsOfRecheckedIssue, pollsOfUnreadIssue] = [5, 50];

/** Reads changes, then each changed issue directly; the cursor moves last, so that a crash repeats the poll. */
export async function poll(core: Core, trackerName: string): Promise<void> {
  const source = sourceOfQueue(trackerName);
  if (source !== null) return backFill(core, source);
  if (trackerName === mailPollName) return readLaterMails(core);
  if (!Object.hasOwn(core.settings.workspace.trackers, trackerName))
    return store.clearTimer(core.sql, 'poll', trackerName);
  const startedAt = core.clock.now();
  const { heldUntil } = store.findQueue(core.sql, trackerName);
  if (heldUntil > startedAt) return store.setTimer(core.sql, 'poll', trackerName, heldUntil);
  const { cursor: since, failures, polledAt } = store.findPollState(core.sql, trackerName);
  const polled = { tracker: trackerName, polledAt };
  // An issue that cannot be read holds up no other.
  const unread: IntegrationError[] = [];
  const mostUnread = failures < pollsOfRecheckedIssue ? mostUnreadIssues : mostUnreadLater;
  try {
    const tracker = await core.integrations.tracker(trackerName);
    const hold = store.findHold(core.sql);
    const { changed, cursor } = await tracker.listChanges(since, startedAt);
    const place = { name: trackerName, port: tracker };
    const takeOver = async ({ id, updatedAt }: (typeof changed)[number]): Promise<unknown> => {
      const watched = findWatchedIssue(core, trackerName, id);
      if (!watched) return hold ? recordLaterIssue(core, place, id, hold) : adoptIssue(core, place, { id, updatedAt });
      if (updatedAt < watched.issue.updatedAt) return;
      if (updatedAt === watched.issue.updatedAt && watched.issue.readAt - updatedAt > missedChangeWindowMs) return;
      await watched.read(tracker);
      return true;
    };
    let news = 0;
    let patience = pollsOfRecheckedIssue;
    // Before the first poll nothing was listed, and the recheck leaves out the issues of ended cases.
    const unlisted = since === null ? store.listIssuesOfEndedCases(core.sql, trackerName) : [];
    for (const change of [...changed, ...unlisted.map((id) => ({ id, updatedAt: startedAt }))])
      try {
        if ((await takeOver(change)) === true) news += 1;
      } catch (error) {
        if (unread.push(demandOfOneIssue(core, trackerName, error)) === mostUnread) throw unread[0];
        if (!store.isIssueWatched(core.sql, trackerName, change.id)) patience = pollsOfUnreadIssue;
      }
    await recheckIssues(core, trackerName, tracker);
    await checkHooks(core, trackerName);
    if (unread[0] && failures < patience) throw unread[0];
    core.sql.transaction(() => {
      const done = { cursor, polledAt: startedAt, failures: 0, error: null };
      retryDueParts(core, trackerName);
      store.savePollState(core.sql, trackerName, news > 0 ? { ...done, activeAt: startedAt } : done);
      setNextPoll(core, trackerName, startedAt);
      if (unread[0])
        notifyOfFailedPolls(core, polled, `does not show every issue: ${unread[0].message}`, [
          'unread',
          String(polledAt),
        ]);
      if (since !== null) recordSuccessfulCall(core, trackerName, 'read');
      if (failures > 0) store.endBackoffsOfQueue(core.sql, trackerName, core.clock.now());
    });
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    const { code, status, message, retryAfterMs } = error;
    const tries = failures + 1;
    const wait =
      retryAfterMs ?? Math.max(computeBackoffMs(tries, core.random.fraction()), core.settings.workspace.polling.every);
    core.log.error('poll-failed', { tracker: trackerName, code, status, failures: tries });
    core.sql.transaction(() => {
      const says = `does not list changes: ${message}`;
      store.savePollState(core.sql, trackerName, { failures: tries, error: message });
      store.setTimer(core.sql, 'poll', trackerName, core.clock.now() + wait);
      // A place that is hidden from Caselite is refused like a missing permission.
      if (code === 'auth' || status === 404) countRefusedRead(core, trackerName, error, tries);
      else if (code === 'rejected' && tries >= refusedPollsBeforeNotice)
        notifyOfFailedPolls(core, polled, says, ['poll-refused', String(core.settings.version), message]);
      else if (tries >= failedPollsBeforeNotice && (!unread.includes(error) || unread.length >= mostUnreadIssues))
        notifyOfFailedPolls(core, polled, says, ['poll-failed', String(polledAt)]);
    });
  }
}

/** @throws the error where it tells of the whole place */
function demandOfOneIssue({ log }: Core, queue: string, error: unknown): IntegrationError {
  if (!(error instanceof IntegrationError)) {
    const name = error instanceof Error ? error.name : 'unknown';
    log.error('queue-failed', { queue, error: name });
    return new IntegrationError('unknown', 'take over issue', { detail: `a mistake of Caselite, ${name}` });
  }
  if (error.code === 'auth' || error.code === 'rate-limited') throw error;
  return error;
}

type Polled = { tracker: string; polledAt: number | null };

/** A failed poll hides closings. The admins hear of each refusal once per version of the settings, and of each outage. */
function notifyOfFailedPolls(core: Core, { tracker, polledAt }: Polled, says: string, [kind = '', ...once]: string[]) {
  const title = core.integrations.vendor(tracker)?.title ?? 'The tracker';
  const since = polledAt === null ? 'yet' : `since ${basics.formatTime(core, polledAt)}`;
  notifyAdmins(core, {
    once: [kind, tracker, ...once],
    subject: `Caselite cannot read changes in ${title} (tracker ${tracker})`,
    paragraphs: [
      `${title} ${says}.`,
      `Closings and comments there are not seen ${since}. Check the network, the tracker in the workspace file and its set-up; Caselite tries on by itself.`,
    ],
  });
}

function setNextPoll(core: Core, trackerName: string, startedAt: number): void {
  const now = core.clock.now();
  const { activeAt, hintedAt } = store.findPollState(core.sql, trackerName);
  const lively = Math.max(activeAt ?? 0, hintedAt ?? 0);
  const { polling } = core.settings.workspace;
  const hold = store.findHold(core.sql);
  // A release waits for a poll after the settling time.
  const untilSettled = hold ? hold.restoredAt + polling.settle - now : 0;
  const interval = untilSettled > 0 ? untilSettled : computePollDelayMs(polling, lively > 0 ? lively : null, now);
  const wasHintedSinceStart = hintedAt !== null && hintedAt >= startedAt;
  const waitMs = wasHintedSinceStart ? Math.min(interval, minHintedPollGapMs) : interval;
  store.setTimer(core.sql, 'poll', trackerName, now + waitMs);
}

export function setPollTimersToNow(core: Pick<Core, 'sql' | 'clock'>, settings: Settings): void {
  for (const tracker of Object.keys(settings.workspace.trackers))
    store.setTimer(core.sql, 'poll', tracker, core.clock.now());
}

export function pollAllTrackersNow(core: Core): { trackers: string[] } {
  setPollTimersToNow(core, core.settings);
  return { trackers: Object.keys(core.settings.workspace.trackers) };
}

async function recheckIssues(core: Core, trackerName: string, tracker: Tracker): Promise<void> {
  const limit = core.integrations.vendor(trackerName)?.rechecksPerPoll ?? 0;
  const now = core.clock.now();
  const before = now - core.settings.workspace.polling['look-again'];
  const watched = listWatchedIssuesToRecheck(core, trackerName, { now, before, limit });
  const note = ({ code, status }: IntegrationError) =>
    core.log.error('look-failed', { tracker: trackerName, code, status });
  const skip = (error: unknown) => {
    const isOfLimit = error instanceof IntegrationError && error.code === 'rate-limited';
    note(isOfLimit ? error : demandOfOneIssue(core, trackerName, error));
  };
  await sweepDuplicateIssues(core, trackerName, tracker).catch(skip);
  if (watched.length === 0) return;
  try {
    const times = await tracker.readUpdateTimes(watched.map(({ issue }) => issue.id));
    const seen = new Map(times.map(({ id, updatedAt }) => [id, updatedAt]));
    for (const entry of watched) {
      const { id, updatedAt, readAt } = entry.issue;
      // Some trackers count in whole seconds, also in lists.
      if (seen.get(id) === updatedAt && readAt - updatedAt > missedChangeWindowMs) entry.markIssueRead(now);
      else
        await entry.read(tracker).catch((error: unknown) => {
          note(demandOfOneIssue(core, trackerName, error));
          // Others come first next time.
          entry.markIssueRead(before);
        });
    }
  } catch (error) {
    skip(error);
  }
}

const minHintedPollGapMs = 10_000;
/** Longest time for which a tracker sends the same webhook again, in milliseconds. */
const keptMs = 3 * dayMs;

/** Takes a tracker's webhook as a hint to poll soon; failing polls keep their backoff. @returns whether it is new */
export function recordHint(core: Core, tracker: string, id: string): boolean {
  const now = core.clock.now();
  if (!store.storeWebhookId(core.sql, tracker, id, now, keptMs)) return false;
  const { polledAt, failures } = store.findPollState(core.sql, tracker);
  store.savePollState(core.sql, tracker, { hintedAt: now });
  if (failures === 0) store.hastenTimer(core.sql, 'poll', tracker, Math.max(now, (polledAt ?? 0) + minHintedPollGapMs));
  return true;
}

const clockToleranceMs = 10 * minuteMs;

export const mailPollName = 'mail';

async function recordLaterIssue(core: Core, tracker: Place, issueId: string, { backupAt }: store.Restore) {
  const shown = await tracker.port.readIssue(issueId);
  for (const marker of shown?.ownershipMarks.markers ?? []) {
    const [, handle = '', caseHandle = ''] = /^1\.((C-\d+)(?:-\d+)?)\./.exec(marker) ?? [];
    if (marker !== createIssueMarker(core.keys, core.workspace, handle)) continue;
    const known = store.findCaseByHandle(core.sql, caseHandle);
    const link = shown?.ownershipMarks.links.map((url) => /\/cases\/(c_[0-9a-f]{24})/.exec(url)?.[1]).find(Boolean);
    const caseId = known?.id ?? link;
    if (!caseId || (handle === caseHandle && known?.issue)) continue;
    const uuid = deriveUuid(core.keys, 'issue-uuid.1', core.workspace, caseId);
    const startedAt = backupAt - clockToleranceMs;
    const own = await tracker.port.listOwnIssuesWithMarker({ marker, uuid, floor: '', startedAt });
    const issue = own.find(({ id }) => id === issueId);
    if (!issue) continue;
    const { id, key: issueKey, url } = issue;
    const number = Number(caseHandle.slice(2));
    const row = { marker, tracker: tracker.name, issueId: id, issueKey, url, number, caseId };
    core.sql.transaction(() => store.insertLaterIssue(core.sql, row, core.clock.now()));
  }
}

/** Asks the mail provider what it took since the backup, so that no mail goes twice. */
async function readLaterMails(core: Core): Promise<void> {
  const hold = store.findHold(core.sql);
  const now = core.clock.now();
  if (!hold) return store.clearTimer(core.sql, 'poll', mailPollName);
  const settledAt = hold.restoredAt + core.settings.workspace.polling.settle;
  if (now < settledAt) return store.setTimer(core.sql, 'poll', mailPollName, settledAt);
  try {
    const mailer = await core.integrations.mailer();
    const sent = (await mailer.listSent?.(hold.backupAt - clockToleranceMs)) ?? null;
    core.sql.transaction(() => {
      for (const { id: provider, to, subject, at } of sent ?? [])
        store.insertLaterMail(core.sql, { provider, mark: markOfMail(core, to, subject), at });
      store.restores.update(core.sql, {}, { listsMails: sent !== null });
      store.clearTimer(core.sql, 'poll', mailPollName);
    });
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    core.log.error('poll-failed', { tracker: mailPollName, code: error.code, status: error.status, failures: 1 });
    store.setTimer(core.sql, 'poll', mailPollName, now + (error.retryAfterMs ?? minuteMs));
  }
}
