import { computeBackoffMs, computeLookupDelayMs, giveUpAfterMs, isTriedForLong } from '#domain/time/backoff.ts';
import { countRefusalAsMissedRead, isCallNoLongerNeeded } from '../issues/missing-issue.ts';
import { type Core, hourMs, IntegrationError, store } from '../kit.ts';
import { computeAgeMs, countRefusedRead } from '../queues/circuit-breaker.ts';
import { isMailWanted } from './kinds/messages.ts';
import { endWithoutSuccess, finish, kindOf } from './kinds.ts';

/**
 * Resolves a call with an unknown outcome. A create or comment is made again only after two lookups without a result,
 * the last one after the tracker's settling time; a mail only under the same key while the provider honours it.
 * Idempotent calls are repeated.
 */
export async function resolveUnknownCall(core: Core, row: store.OutboxRow): Promise<void> {
  const now = core.clock.now();
  const absenceBelievedAt = (row.deadlineAt ?? row.createdAt) + core.settings.workspace.polling.settle;
  try {
    const { unknown } = kindOf(row);
    if (unknown === 'same-key') return await repeatMailUnderKey(core, row, now);
    if (isTriedForLong(row.attempts, computeAgeMs(core, row)) || now - (row.startedAt ?? now) > giveUpAfterMs) {
      if (!kindOf(row).showRefusal) return giveUp(core, row, 'no answer for 7 days');
      // A call that must not be lost is looked up further on; a person learns of it.
      core.sql.transaction(() => kindOf(row).showRefusal?.(core, row, 'no answer for 7 days'));
    }
    if (unknown === 'repeat')
      return repeatCall(core, row, now + computeBackoffMs(row.attempts, core.random.fraction()), row.error);
    if (!(await storeTry(core, row))) return;
    const settled = await unknown(core, row);
    if (settled) return finish(core, row, settled);
    const lookups = row.lookups + 1;
    if (lookups >= 2 && now >= absenceBelievedAt)
      return repeatCall(core, row, now, 'not found by two lookups: created again');
    const backoffEnd = now + computeBackoffMs(lookups, core.random.fraction());
    const next = Math.min(backoffEnd, Math.max(absenceBelievedAt, now + 1000));
    store.markUnknown(core.sql, row.id, next, lookups, row.error ?? 'no answer', row.stops);
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    if (error.code === 'rejected') {
      if (isCallNoLongerNeeded(core, row)) return giveUp(core, row, 'its issue is not there');
      await countRefusedLookup(core, row);
    }
    // No call and perhaps no poll of this queue would tell a person.
    if (error.code === 'auth') core.sql.transaction(() => countRefusedRead(core, row.queue, error, row.lookups));
    // A failed lookup says nothing, so the outcome stays unknown.
    const wait = error.retryAfterMs ?? computeLookupDelayMs(now - (row.startedAt ?? row.createdAt));
    store.markUnknown(core.sql, row.id, now + wait, row.lookups, error.message, row.stops);
  }
}

/** A refused lookup may mean that the issue is missing, so it counts as a read of the issue. */
async function countRefusedLookup(core: Core, row: store.OutboxRow): Promise<void> {
  try {
    await countRefusalAsMissedRead(core, row);
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    core.log.error('look-failed', { tracker: row.queue, code: error.code, status: error.status });
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
      const wait = error.retryAfterMs ?? computeBackoffMs(attempts, core.random.fraction());
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
export const giveUp = (core: Core, row: store.OutboxRow, why: string): void =>
  core.sql.transaction(() => endWithoutSuccess(core, row, why, true));
