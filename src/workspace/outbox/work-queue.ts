import { closeWithoutIssue } from '../issues/close.ts';
import { countRefusalAsMissedRead, findMissingIssueWaitEnd, isCallNoLongerNeeded } from '../issues/missing-issue.ts';
import { AppError, type Core, hourMs, IntegrationError, store, timing } from '../kit.ts';
import * as breaker from '../queues/circuit-breaker.ts';
import { findCaseOfRow } from '../queues/outbox-kind.ts';
import { computeRateLimitWaitMs } from '../queues/rate-limit.ts';
import { recordRefusal } from '../tracker-requests/refusals.ts';
import { isMailWanted } from './kinds/messages.ts';
import { endWithoutSuccess, finish, kindOf } from './kinds.ts';

/** Whether a row reads from a survey tool, and changes nothing there. */
const isSurveyToolFetch = ({ kind }: store.OutboxRow): boolean => kind.endsWith('.fetch');

const mostCallsPerTurn = 25;
const unreadableRowWaitMs = hourMs;
const refusedRowWaitMs = hourMs;
/** More than for other work, because a restart often falls into a call. */
const mostStops = 8;

/**
 * Runs the calls of a queue one after the other: intent, call, outcome. A call without an answer is unknown, and is
 * looked up before it is ever made again. A host that does not answer stops the queue, because further calls would only
 * wait for it.
 * @param which the rows that run up to the first other one: suspects run alone, without other queues beside them
 */
export async function runCallsOfQueue(core: Core, queue: string, which: 'suspects' | 'others'): Promise<void> {
  for (let calls = 0; calls < mostCallsPerTurn; calls += 1) {
    const now = core.clock.now();
    const stored = store.findNextRowInQueue(core.sql, queue, now);
    if (!stored || store.isSuspect(stored) !== (which === 'suspects')) return;
    const row = store.readOutboxRow(stored);
    // A row past its deadline in `calling`: the process ended before the outcome was recorded.
    if (!row) postponeUnreadableRow(core, stored, now);
    else if (row.stops >= mostStops) setAside(core, row);
    else if (row.state === 'calling')
      markOutcomeUnknown(core, row, 'no answer was recorded before the deadline', row.stops);
    else if (row.state === 'unknown') await resolveUnknownCall(core, row);
    else if (isHeldByRateLimit(core, queue)) return;
    else await call(core, row);
  }
}

/** Another version of Caselite wrote it, and may read it: it waits, and so does what comes after it in order. */
function postponeUnreadableRow(core: Core, { id, queue, kind, version }: store.StoredOutboxRow, now: number): void {
  core.log.error('row-unreadable', { queue, kind, version, row: id });
  store.postponeOutboxRow(core.sql, id, now + unreadableRowWaitMs);
}

function setAside(core: Core, row: store.OutboxRow): void {
  core.log.error('row-stopped-process', { queue: row.queue, kind: row.kind, row: row.id });
  giveUp(core, row, `it stopped the process ${mostStops} times`);
}

async function call(core: Core, row: store.OutboxRow): Promise<void> {
  const held = findMissingIssueWaitEnd(core, row);
  if (held !== null) return store.markWaiting(core.sql, row.id, held, row.error, row.stops);
  const attempt = row.attempts + 1;
  let made = false;
  try {
    const kind = kindOf(row);
    const floor = (await kind.prepare?.(core, row)) ?? null;
    const startedAt = core.clock.now();
    if (!store.markCalling(core.sql, row.id, startedAt, startedAt + timing.callDeadlineMs, floor)) return;
    made = true;
    // The stored try, because building the call may stop the process.
    await core.durability.sync();
    finish(core, row, await kind.call(core, row));
    const ms = core.clock.now() - startedAt;
    core.log.info('call-done', { queue: row.queue, kind: row.kind, row: row.id, attempt, ms });
  } catch (error) {
    if (!(error instanceof IntegrationError)) {
      if (!made && !(error instanceof AppError)) store.countStop(core.sql, row.id);
      throw error;
    }
    const { code, status } = error;
    core.log.error('call-failed', { queue: row.queue, kind: row.kind, row: row.id, code, status, attempt });
    // A read without an answer changed nothing, so it is repeated.
    if (made && code === 'unknown' && !isSurveyToolFetch(row)) markOutcomeUnknown(core, row, error.message);
    else await refuse(core, row, row.kind === 'issue.create' ? toMissingPermissionError(error, made) : error, attempt);
  }
}

/** Whether the rate limit holds the queue; the rows go afterwards. */
function isHeldByRateLimit(core: Core, queue: string): boolean {
  const vendor = core.integrations.vendor(queue);
  const pause = vendor ? computeRateLimitWaitMs(core, vendor.countedAs, vendor.rateLimit) : 0;
  if (pause > 0) store.holdQueue(core.sql, queue, core.clock.now() + pause, 'rateLimitedUntil');
  return pause > 0;
}

async function refuse(core: Core, row: store.OutboxRow, refusal: IntegrationError, attempt: number): Promise<void> {
  let error = refusal;
  try {
    const held = error.code === 'rejected' ? await countRefusalAsMissedRead(core, row) : null;
    if (held !== null) return store.markWaiting(core.sql, row.id, held, error.message);
  } catch (failed) {
    if (!(failed instanceof IntegrationError)) throw failed;
    error = failed;
  }
  core.sql.transaction(() => recordOutcomeOfRefusal(core, row, error, attempt));
}

function recordOutcomeOfRefusal(core: Core, row: store.OutboxRow, error: IntegrationError, attempt: number): void {
  const now = core.clock.now();
  const after = timing.decideAfterRefusal(error, attempt, breaker.computeAgeMs(core, row), core.random.fraction());
  const why = after.next === 'give-up' ? after.why : error.message;
  if (isKeptThoughRefused(row, error, after))
    keepRefusedRow(core, row, error, why, after.next === 'wait' ? after.ms : refusedRowWaitMs);
  else if (after.next === 'give-up') endWithoutSuccess(core, row, why);
  else {
    store.markWaiting(core.sql, row.id, now + after.ms, error.message);
    const isPaused = error.code === 'auth' && breaker.countRefusedWrite(core, row.queue, error, 'write');
    if (error.code === 'rate-limited' || (error.code === 'auth' && !isPaused))
      store.holdQueue(core.sql, row.queue, now + after.ms, 'rateLimitedUntil');
    // A read before the call that got no answer, or no readable one, says as much of the host.
    if (['unavailable', 'unknown'].includes(error.code) && !isSurveyToolFetch(row) && !isRefusedEvent(row, error))
      breaker.recordUnansweredCall(core, row.queue);
  }
}

/** A receiver that refuses one event may take the next; one that is gone takes none. */
const isRefusedEvent = ({ kind }: store.OutboxRow, { status }: IntegrationError): boolean =>
  kind === 'event.send' && status >= 400 && status < 500 && status !== 404 && status !== 410;

/** A refusal of one call about one issue is neither final nor everybody's. */
function isKeptThoughRefused(row: store.OutboxRow, error: IntegrationError, after: timing.Next): boolean {
  if (!row.kind.startsWith('issue.')) return false;
  if (error.code === 'auth') return error.status === 403;
  if (row.kind === 'issue.comment' && error.isPlaceClosed) return true;
  return after.next === 'give-up' && kindOf(row).showRefusal !== undefined;
}

/** Keeps a refused call for later. A create that lacks a permission says something about the whole place. */
function keepRefusedRow(core: Core, row: store.OutboxRow, error: IntegrationError, why: string, retryMs: number) {
  const caseRecord = findCaseOfRow(core, row);
  const now = core.clock.now();
  const isPlaceRefused = error.code === 'auth' && row.kind === 'issue.create';
  const nextAt = caseRecord ? recordRefusal(core, caseRecord, row.kind, why) : now + refusedRowWaitMs;
  const isPaused = isPlaceRefused && breaker.countRefusedWrite(core, row.queue, error, 'create');
  const placeNextAt = now + (isPaused ? breaker.trialCallEveryMs : retryMs);
  store.markWaiting(core.sql, row.id, isPlaceRefused ? placeNextAt : nextAt, why);
  if (caseRecord && closeWithoutIssue(core, caseRecord.id)) return;
  if (!isPlaceRefused) kindOf(row).showRefusal?.(core, row, why);
}

/** A create's missing place means a missing permission, unless the place was read right before. */
function toMissingPermissionError(error: IntegrationError, wasPlaceSeen: boolean): IntegrationError {
  if (error.code !== 'rejected' || error.status !== 404) return error;
  const facts = wasPlaceSeen
    ? { status: 403, detail: 'issues may be read there, but not created' }
    : { status: 404, detail: 'the place is not to be seen' };
  return new IntegrationError('auth', error.operation, facts);
}

/** Marks a call as unknown. The first lookup is immediate; absence is believed much later. */
const markOutcomeUnknown = (core: Core, row: store.OutboxRow, error: string, stops = 0): void =>
  core.sql.transaction(() => {
    store.markUnknown(core.sql, row.id, core.clock.now(), 0, error, stops);
    if (!isSurveyToolFetch(row)) breaker.recordUnansweredCall(core, row.queue);
  });

/**
 * Resolves a call with an unknown outcome. A create or comment is made again only after two lookups without a result,
 * the last one after the tracker's settling time; a mail only under the same key while the provider honours it.
 * Idempotent calls are repeated.
 */
async function resolveUnknownCall(core: Core, row: store.OutboxRow): Promise<void> {
  const now = core.clock.now();
  const absenceBelievedAt = (row.deadlineAt ?? row.createdAt) + core.settings.workspace.polling.settle;
  try {
    const { unknown } = kindOf(row);
    if (unknown === 'same-key') return await repeatMailUnderKey(core, row, now);
    if (
      timing.isTriedForLong(row.attempts, breaker.computeAgeMs(core, row)) ||
      now - (row.startedAt ?? now) > timing.giveUpAfterMs
    ) {
      if (!kindOf(row).showRefusal) return giveUp(core, row, 'no answer for 7 days');
      // A call that must not be lost is looked up further on; a person learns of it.
      core.sql.transaction(() => kindOf(row).showRefusal?.(core, row, 'no answer for 7 days'));
    }
    if (unknown === 'repeat')
      return repeatCall(core, row, now + timing.computeBackoffMs(row.attempts, core.random.fraction()), row.error);
    if (!(await storeTry(core, row))) return;
    const settled = await unknown(core, row);
    if (settled) return finish(core, row, settled);
    const lookups = row.lookups + 1;
    if (lookups >= 2 && now >= absenceBelievedAt)
      return repeatCall(core, row, now, 'not found by two lookups: created again');
    const backoffEnd = now + timing.computeBackoffMs(lookups, core.random.fraction());
    const next = Math.min(backoffEnd, Math.max(absenceBelievedAt, now + 1000));
    store.markUnknown(core.sql, row.id, next, lookups, row.error ?? 'no answer', row.stops);
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    if (error.code === 'rejected') {
      if (isCallNoLongerNeeded(core, row)) return giveUp(core, row, 'its issue is not there');
      // A refused lookup may mean that the issue is missing, so it counts as a read of the issue.
      await countRefusalAsMissedRead(core, row).catch((failed: unknown) => {
        if (!(failed instanceof IntegrationError)) throw failed;
        core.log.error('look-failed', { tracker: row.queue, code: failed.code, status: failed.status });
      });
    }
    // No call and perhaps no poll of this queue would tell a person.
    if (error.code === 'auth')
      core.sql.transaction(() => breaker.countRefusedRead(core, row.queue, error, row.lookups));
    // A failed lookup says nothing, so the outcome stays unknown.
    const wait = error.retryAfterMs ?? timing.computeLookupDelayMs(now - (row.startedAt ?? row.createdAt));
    store.markUnknown(core.sql, row.id, now + wait, row.lookups, error.message, row.stops);
  }
}

async function repeatMailUnderKey(core: Core, row: store.OutboxRow, now: number): Promise<void> {
  const window = core.integrations.idempotencyKeyLifetimeMs - hourMs;
  const age = now - (row.startedAt ?? row.createdAt);
  // Another provider, or another account, does not know the key.
  const isKnown =
    age < window && row.attempts > 0 && [null, await kindOf(row).prepare?.(core, row)].includes(row.floor);
  if (isKnown && isMailWanted(core, row.orderingKey.slice('mail:'.length))) {
    const attempts = row.lookups + 1;
    if (!(await storeTry(core, row))) return;
    try {
      return finish(core, row, await kindOf(row).call(core, row));
    } catch (error) {
      if (!(error instanceof IntegrationError)) throw error;
      if (error.code === 'rejected') return giveUp(core, row, error.message);
      const wait = error.retryAfterMs ?? timing.computeBackoffMs(attempts, core.random.fraction());
      return store.markUnknown(core.sql, row.id, Math.min(now + wait, now + window - age), attempts, error.message);
    }
  }
  giveUp(core, row, 'it is unknown whether the provider accepted it, and repeating it might send it twice');
}

/** @returns false for a row that was ended meanwhile, as by an erasure */
async function storeTry(core: Core, row: store.OutboxRow): Promise<boolean> {
  const isOpen = store.countStop(core.sql, row.id);
  await core.durability.sync();
  return isOpen;
}

const repeatCall = (core: Core, row: store.OutboxRow, dueAt: number, error: string | null): void =>
  store.markWaiting(core.sql, row.id, dueAt, error, row.stops);

/** Ends a call whose outcome stays unknown. */
const giveUp = (core: Core, row: store.OutboxRow, why: string): void =>
  core.sql.transaction(() => endWithoutSuccess(core, row, why, true));
