import { IntegrationError } from '#domain/base/errors.ts';
import { afterRefusal, callDeadlineMs } from '#domain/time/backoff.ts';
import { hourMs } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { isFetch, minIntervalOf } from '../intake/source-calls.ts';
import { missedBy, waitForIssue } from '../issues/missing-issue.ts';
import { hostAbsent, writeRefused } from '../queues/circuit-breaker.ts';
import { rateLimitWait } from '../queues/rate-limit.ts';
import {
  lastCallAt,
  markCalling,
  markEnded,
  markUnknown,
  markWaiting,
  nextInQueue,
  type OutboxRow,
  readRow,
  restRow,
  type StoredRow,
} from '../store/outbox.ts';
import { rateLimitQueue } from '../store/queues.ts';
import { finish, settle } from './calls.ts';
import { kindOf } from './kinds.ts';
import { resolveUnknown } from './resolve-unknown.ts';

/** How many calls one queue makes before others, and the next alarm, get their turn. */
const mostCalls = 25;
const unreadableRestMs = hourMs;

/**
 * Works a queue's outbox, one call after the other: intent, then call, then outcome. A call without an answer
 * is unknown, and is looked up before it is ever made again. Where nobody answers the queue rests at once: what
 * waits behind a dead host would only wait for it again.
 */
export async function workQueue(core: Core, queue: string): Promise<void> {
  for (let calls = 0; calls < mostCalls; calls += 1) {
    const now = core.clock.now();
    const stored = nextInQueue(core.sql, queue, now);
    if (!stored) return;
    const row = readRow(stored);
    // Found as `calling` past its deadline: whoever made the call never wrote down how it ended.
    if (!row) keepUnreadable(core, stored, now);
    else if (row.state === 'calling') giveUpOnAnswer(core, row, 'no answer was recorded before the deadline');
    else if (row.state === 'unknown') await resolveUnknown(core, row);
    else if (isTooSoon(core, queue)) return;
    else await call(core, row);
  }
}

/** Another version of Caselite wrote it, and may read it: it waits, and so does what comes after it in order. */
function keepUnreadable(core: Core, { id, queue, kind, version }: StoredRow, now: number): void {
  core.log.error('row-unreadable', { queue, kind, version, row: id });
  restRow(core.sql, id, now + unreadableRestMs);
}

async function call(core: Core, row: OutboxRow): Promise<void> {
  const held = waitForIssue(core, row);
  if (held !== null) return markWaiting(core.sql, row.id, held, row.error);
  const attempt = row.attempts + 1;
  let made = false;
  try {
    const kind = kindOf(row);
    const floor = (await kind.prepare?.(core, row)) ?? null;
    const startedAt = core.clock.now();
    if (!markCalling(core.sql, row.id, startedAt, startedAt + callDeadlineMs, floor)) return;
    made = true;
    finish(core, row, await kind.call(core, row));
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    const { code, status } = error;
    core.log.error('call-failed', { queue: row.queue, kind: row.kind, row: row.id, code, status, attempt });
    // A read without an answer changed nothing: it is simply made again.
    if (made && code === 'unknown' && !isFetch(row)) giveUpOnAnswer(core, row, error.message);
    else await refuse(core, row, row.kind === 'issue.create' ? asPlace(error, made) : error, attempt);
  }
}

/** Keeps to the pace of the host; what waits in the queue goes when it is over. */
function isTooSoon(core: Core, queue: string): boolean {
  const vendor = core.integrations.vendor(queue);
  const pause = vendor ? rateLimitWait(core, queue, vendor.rateLimit) : sourcePause(core, queue);
  if (pause <= 0) return false;
  rateLimitQueue(core.sql, queue, core.clock.now() + pause);
  return true;
}

/** Milliseconds until a survey tool's API may be called again. */
function sourcePause(core: Core, queue: string): number {
  const rateLimit = minIntervalOf(core, queue);
  const last = rateLimit === 0 ? null : lastCallAt(core.sql, queue);
  return last === null ? 0 : last + rateLimit - core.clock.now();
}

async function refuse(core: Core, row: OutboxRow, refusal: IntegrationError, attempt: number): Promise<void> {
  let error = refusal;
  try {
    const held = error.code === 'rejected' ? await missedBy(core, row) : null;
    if (held !== null) return markWaiting(core.sql, row.id, held, error.message);
  } catch (failed) {
    if (!(failed instanceof IntegrationError)) throw failed;
    error = failed;
  }
  const now = core.clock.now();
  const after = afterRefusal(error, attempt, now - row.createdAt, core.random.fraction());
  core.sql.transaction(() => {
    if (after.next === 'give-up') {
      markEnded(core.sql, row.id, 'refused', now, after.why);
      settle(core, row, { refused: after.why });
      return;
    }
    markWaiting(core.sql, row.id, now + after.ms, error.message);
    if (error.code === 'rate-limited') rateLimitQueue(core.sql, row.queue, now + after.ms);
    if (error.code === 'auth') writeRefused(core, row.queue, error, now + after.ms);
    if (error.code === 'unavailable' && !isFetch(row)) hostAbsent(core, row.queue);
  });
}

/**
 * A new issue names nothing but its place: where that is not there, it is the right to see it that we lack. Where it
 * was read right before (`wasSeen`), it is the right to make issues in it, and no read tells when that is mended.
 */
function asPlace(error: IntegrationError, wasSeen: boolean): IntegrationError {
  if (error.code !== 'rejected' || error.status !== 404) return error;
  const facts = wasSeen
    ? { status: 403, detail: 'issues may be read there, and not made' }
    : { status: 404, detail: 'the place is not to be seen' };
  return new IntegrationError('auth', error.operation, facts);
}

/** The call may have worked. The first look comes at once; absence is believed much later. */
function giveUpOnAnswer(core: Core, row: OutboxRow, error: string): void {
  core.sql.transaction(() => {
    markUnknown(core.sql, row.id, core.clock.now(), 0, error);
    if (!isFetch(row)) hostAbsent(core, row.queue);
  });
}
