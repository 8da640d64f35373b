import { basics, type Core, type IntegrationError, store, timing } from '../kit.ts';
import { notifyAdmins } from '../mail/notify.ts';
import { sourceOfQueue } from './outbox-kind.ts';

export const trialCallEveryMs = 15 * timing.minuteMs;
/** Refusals before a pause: a permission may be missing for one operation alone. Wrong credentials pause at once. */
const refusalsBeforePause = 5;

/** Counts a refused write in a transaction; wrong credentials, or five refusals, pause the queue. @returns whether */
export function countRefusedWrite(core: Core, queue: string, error: IntegrationError, by: 'create' | 'write'): boolean {
  const refusals = store.findQueue(core.sql, queue).refusals + 1;
  store.saveQueue(core.sql, queue, { refusals });
  const isPaused = pause(core, queue, error, by, refusals);
  if (isPaused) store.holdQueue(core.sql, queue, core.clock.now() + trialCallEveryMs, 'rateLimitedUntil');
  return isPaused;
}

/** The same for a poll, which repeats by itself, after so many `refusals` in a row. */
export const countRefusedRead = (core: Core, queue: string, error: IntegrationError, refusals: number): boolean =>
  pause(core, queue, error, 'read', refusals);

type Permission = Exclude<store.QueuePauseKind, 'sign-in'>;

function pause(core: Core, queue: string, error: IntegrationError, by: Permission, refusals: number): boolean {
  const now = core.clock.now();
  const before = store.findQueue(core.sql, queue);
  const paused = decideQueuePauseKind(error, by);
  if (before.paused === null && paused !== 'sign-in' && refusals < refusalsBeforePause) return false;
  store.saveQueue(core.sql, queue, {
    paused: before.paused === 'sign-in' ? 'sign-in' : paused,
    pausedAt: before.pausedAt ?? now,
    pausedWhy: error.message,
  });
  if (paused === 'sign-in') store.holdQueue(core.sql, queue, now + trialCallEveryMs);
  if (before.paused === null) notifyOfQueuePause(core, queue, now, error.message);
  return true;
}

function decideQueuePauseKind({ code, status }: IntegrationError, by: Permission): store.QueuePauseKind {
  if (status === 404) return 'read';
  return code === 'auth' && status !== 403 ? 'sign-in' : by;
}

/** Records a successful call in a transaction: it ends a pause that it disproves, and releases what waited; an edit disproves no missing permission to create. */
export function recordSuccessfulCall(core: Core, queue: string, by: Permission): void {
  const { paused, pausedAt, failures, refusals } = store.findQueue(core.sql, queue);
  const isOver = paused === 'sign-in' || paused === by || (paused === 'write' && by === 'create');
  if (paused !== null && !isOver) return;
  if (failures === 0 && (refusals === 0 || by === 'read') && paused === null) return;
  store.saveQueue(core.sql, queue, {
    failures: 0,
    ...(by !== 'read' || isOver ? { refusals: 0 } : {}),
    ...(failures > 0 || isOver ? { rateLimitedUntil: 0 } : {}),
    ...(isOver ? { paused: null, pausedAt: null, pausedWhy: null } : {}),
  });
  if (isOver) store.countTriesAnew(core.sql, queue);
  // A tracker that takes a write can be read again too, long before a poll that failed for hours would try.
  if (by !== 'read' && (failures > 0 || isOver) && Object.hasOwn(core.settings.workspace.trackers, queue))
    store.hastenTimer(core.sql, 'poll', queue, core.clock.now() + 10 * timing.secondMs);
  if (isOver && pausedAt !== null) notifyOfQueuePauseEnd(core, queue, pausedAt);
}

/** Records an unanswered call in a transaction; from the second in a row on, new calls wait a growing time. */
export function recordUnansweredCall(core: Core, queue: string): void {
  const failures = store.findQueue(core.sql, queue).failures + 1;
  store.saveQueue(core.sql, queue, { failures });
  if (failures <= 1) return;
  const waitMs = timing.computeBackoffMs(failures - 1, core.random.fraction());
  store.holdQueue(core.sql, queue, core.clock.now() + waitMs, 'rateLimitedUntil');
}

/** Age of a row by which it may be given up: a pause says nothing about it. */
export const computeAgeMs = (
  { sql, clock }: Core,
  { queue, createdAt }: Pick<store.OutboxRow, 'queue' | 'createdAt'>,
) => (store.findQueue(sql, queue).paused === null ? clock.now() - createdAt : 0);

/** Makes the next call of a paused queue its trial call, because the cause may be removed. */
export function allowTrialCallNow(core: Pick<Core, 'sql' | 'clock'>, queue: string): void {
  if (store.findQueue(core.sql, queue).paused === null) return;
  store.saveQueue(core.sql, queue, { heldUntil: 0, rateLimitedUntil: 0 });
}

function notifyOfQueuePause(core: Core, queue: string, at: number, why: string): void {
  const { waiting } = store.readQueueBacklog(core.sql, queue);
  tell(core, queue, ['paused', queue, String(at)], `Caselite cannot work in ${nameOf(core, queue)}`, [
    `Its credentials are refused since ${basics.formatTime(core, at)}: ${why}.`,
    `Nothing is lost. ${waiting === 1 ? 'One thing waits' : `${waiting} things wait`} and will go out afterwards.`,
    'Grant the account the missing permission, or renew the secret and restart. Caselite tries every 15 minutes and notifies you when it works. Settings, Connections shows the details.',
  ]);
}

const notifyOfQueuePauseEnd = (core: Core, queue: string, pausedAt: number): void =>
  tell(core, queue, ['resumed', queue, String(pausedAt)], `Caselite works in ${nameOf(core, queue)} again`, [
    `Its credentials, refused since ${basics.formatTime(core, pausedAt)}, are accepted again. Waiting calls go out now, within the rate limit.`,
  ]);

/** Tells the admins of a queue; without the mail they would not hear of it. */
function tell(core: Core, queue: string, once: string[], subject: string, paragraphs: string[]): void {
  const source = sourceOfQueue(queue);
  const place = source === null ? {} : { path: `sources/${source}`, label: 'Open the source' };
  if (queue !== 'mail') notifyAdmins(core, { once, subject, paragraphs, ...place });
}

function nameOf(core: Core, queue: string): string {
  const source = sourceOfQueue(queue);
  if (source !== null) return `the survey tool of source ${source}`;
  const vendor = core.integrations.vendor(queue);
  return vendor ? `${vendor.title} (tracker ${queue})` : queue;
}
