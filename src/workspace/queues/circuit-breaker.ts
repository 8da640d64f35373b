import type { OutsideError } from '#domain/base/errors.ts';
import { backoffMs } from '#domain/time/backoff.ts';
import type { Core } from '../core.ts';
import { tellAdmins } from '../mail/notify-admins.ts';
import { findLane, holdLane, type PausedBy, paceLane, saveLane } from '../store/lanes.ts';
import { laneTrouble } from '../store/outbox.ts';
import { sourceOfQueue } from './source-queue.ts';

const minute = 60_000;
const probeEveryMs = 15 * minute;
/** A permission can be missing for one thing alone; credentials that do not sign in are wrong at once. */
const mostRefusals = 5;

/**
 * Something was not written because our credentials were refused. After five refusals, or at once where they do
 * not even sign in, the lane is paused: its queue is kept, an admin is told once, and one call every 15 minutes
 * finds out whether it is mended. Call it inside a transaction.
 *
 * @param until when the refused call itself would be tried again
 */
export function writeRefused(core: Core, lane: string, error: OutsideError, until: number): void {
  const refusals = findLane(core.sql, lane).refusals + 1;
  saveLane(core.sql, lane, { refusals });
  const isPaused = pause(core, lane, error, 'write', refusals);
  paceLane(core.sql, lane, isPaused ? core.clock.now() + probeEveryMs : until);
}

/**
 * The same for a poll, which tries again by itself. Call it inside a transaction.
 *
 * @param refusals how many polls in a row were refused
 */
export function readRefused(core: Core, lane: string, error: OutsideError, refusals: number): void {
  pause(core, lane, error, 'read', refusals);
}

function pause(
  core: Core,
  lane: string,
  error: OutsideError,
  by: 'write' | 'read',
  refusals: number,
): boolean {
  const now = core.clock.now();
  const before = findLane(core.sql, lane);
  const paused = pausedBy(error, by);
  if (before.paused === null && paused !== 'sign-in' && refusals < mostRefusals) return false;
  saveLane(core.sql, lane, {
    paused: before.paused === 'sign-in' ? 'sign-in' : paused,
    pausedAt: before.pausedAt ?? now,
    pausedWhy: error.message,
  });
  if (paused === 'sign-in') holdLane(core.sql, lane, now + probeEveryMs);
  if (before.paused === null) tellOfPause(core, lane, now, error.message);
  return true;
}

/** Where not even the place is to be seen, a read that finds it is enough to go on. */
function pausedBy({ code, status }: OutsideError, by: 'write' | 'read'): PausedBy {
  if (status === 404) return 'read';
  return code === 'auth' && status !== 403 ? 'sign-in' : by;
}

/** A call went well: a pause that this disproves is over, and what waited goes. Call it inside a transaction. */
export function hostAnswered(core: Core, lane: string, by: 'write' | 'read'): void {
  const { paused, pausedAt, failures, refusals } = findLane(core.sql, lane);
  const isOver = paused === 'sign-in' || paused === by;
  if (paused !== null && !isOver) return;
  if (failures === 0 && (refusals === 0 || by === 'read') && paused === null) return;
  saveLane(core.sql, lane, {
    failures: 0,
    ...(by === 'write' || isOver ? { refusals: 0 } : {}),
    ...(failures > 0 || isOver ? { pacedUntil: 0 } : {}),
    ...(isOver ? { paused: null, pausedAt: null, pausedWhy: null } : {}),
  });
  if (isOver && pausedAt !== null) tellOfEnd(core, lane, pausedAt);
}

/**
 * Nobody answered, or not readably. From the second time in a row on nothing new is sent for a while, which grows:
 * each further call might end as unknown. Call it inside a transaction.
 */
export function hostAbsent(core: Core, lane: string): void {
  const failures = findLane(core.sql, lane).failures + 1;
  saveLane(core.sql, lane, { failures });
  if (failures > 1)
    paceLane(core.sql, lane, core.clock.now() + backoffMs(failures - 1, core.random.fraction()));
}

/** Somebody may have mended it: the next call of each paused lane finds out now. */
export function probeNow(core: Pick<Core, 'sql' | 'clock'>, lane: string): void {
  if (findLane(core.sql, lane).paused === null) return;
  saveLane(core.sql, lane, { heldUntil: 0, pacedUntil: 0 });
}

function tellOfPause(core: Core, lane: string, at: number, why: string): void {
  if (lane === 'mail') return;
  const { waiting } = laneTrouble(core.sql, lane);
  tell(core, lane, ['paused', lane, String(at)], `Caselite cannot work in ${nameOf(core, lane)}`, [
    `Its credentials are refused since ${momentOf(core, at)}: ${why}.`,
    `Nothing is lost. ${waiting === 1 ? 'One thing waits' : `${waiting} things wait`} and will go when it is mended.`,
    'To mend it, give the account the right it lacks, or renew the secret and start again. Caselite tries every 15 minutes by itself, and tells you when it works. The settings page says what is wrong in detail.',
  ]);
}

function tellOfEnd(core: Core, lane: string, pausedAt: number): void {
  if (lane === 'mail') return;
  tell(core, lane, ['resumed', lane, String(pausedAt)], `Caselite works in ${nameOf(core, lane)} again`, [
    `Its credentials, refused since ${momentOf(core, pausedAt)}, are accepted again. What had waited goes out now, at the pace that the host takes.`,
  ]);
}

function tell(core: Core, lane: string, once: string[], subject: string, paragraphs: string[]): void {
  const source = sourceOfQueue(lane);
  tellAdmins(core, {
    once,
    subject,
    paragraphs,
    path: source === null ? 'settings' : `sources/${source}`,
    label: source === null ? 'Open the settings' : 'Open the source',
  });
}

/** An instant as it reads on the workspace's clocks. */
function momentOf(core: Core, at: number): string {
  const timeZone = core.settings.workspace['time-zone'];
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone }).format(at);
}

function nameOf(core: Core, lane: string): string {
  const source = sourceOfQueue(lane);
  if (source !== null) return `the survey tool of source ${source}`;
  const vendor = core.outside.vendor(lane);
  return vendor ? `${vendor.title} (tracker ${lane})` : lane;
}
