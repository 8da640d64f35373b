import { capitalize } from '#domain/cases/issue-text.ts';
import { AppError, basics, type Case, casework, type Core, createRandomId, store, timing } from '../kit.ts';
import { refusalRemedy } from '../tracker-requests/refusals.ts';

const actionTexts: Partial<Record<casework.ActionName, string>> = {
  assign: 'The assignee becomes',
  severity: 'The severity becomes',
  status: 'The status becomes',
  close: 'It is closed as fixed',
  decline: 'It is declined',
  duplicate: 'It is closed as a duplicate of',
};

type CallOfCase = Exclude<Extract<store.OutboxKind, `issue.${string}`>, 'issue.huddle' | `issue.test${string}`>;
const callNames: Partial<Record<string, string>> = casework.callNames satisfies Record<CallOfCase, string>;

/** Calls that have not reached the tracker yet, in their order. */
export function listPendingCalls(core: Core, caseRecord: Case): casework.PendingCall[] {
  const rows = store.listOpenRows(core.sql, `case:${caseRecord.id}`);
  return [
    ...listHeldActions(core, caseRecord.id).map(({ key, action: { action, value } }) => ({
      what: `${actionTexts[action] ?? action} ${basics.findPersonName(core, value)}`.trim(),
      state: 'waits' as const,
      why: 'it is done in a few seconds',
      undo: key,
    })),
    ...rows.map((row) => ({
      what: capitalize(callNames[row.kind] ?? row.kind),
      ...describePendingCallState(core, row),
      undo: null,
    })),
  ];
}

function describePendingCallState(core: Core, row: store.StoredOutboxRow): Pick<casework.PendingCall, 'state' | 'why'> {
  if (row.state === 'unknown')
    return { state: 'unknown', why: 'no answer came, so Caselite is checking whether it arrived' };
  const why = findWhyCallWaits(core, row);
  return why === null ? { state: 'sending', why: 'being sent' } : { state: 'waits', why };
}

function findWhyCallWaits(core: Core, row: store.StoredOutboxRow): string | null {
  const now = core.clock.now();
  const { paused, pausedWhy, heldUntil, rateLimitedUntil, failures } = store.findQueue(core.sql, row.queue);
  if (paused !== null) return `the tracker is paused: ${pausedWhy ?? 'see Settings'}`;
  if (row.state === 'calling') return null;
  if (heldUntil > now) return 'the tracker does not answer, or asked for quiet';
  if (store.refusals.has(core.sql, { caseId: row.orderingKey.replace(/^case:/, ''), part: row.kind }))
    return `the tracker refused it, and it will be repeated: ${row.error}`;
  if (rateLimitedUntil > now)
    return failures > 0 ? 'the tracker does not answer' : 'as much was sent as the tracker takes in this time';
  return row.dueAt > now ? 'it was refused, and will be repeated' : null;
}

/** What the tracker of a case refused, oldest first. */
export const listRefusedCalls = (core: Core, caseId: string): casework.RefusedCall[] =>
  store.refusals.list(core.sql, { caseId }).map(({ part, reason, since, nextAt }) => ({
    what: casework.describePart(part),
    reason,
    remedy: refusalRemedy,
    since: timing.toIsoText(since),
    nextAt: timing.toIsoText(nextAt),
  }));

const undoMs = 8 * timing.secondMs;
const orderingKeyOf = (caseId: string) => `acts:${caseId}`;

/** Actions of a case that can still be withdrawn, oldest first. */
export const listHeldActions = (core: Core, caseId: string): { key: string; action: casework.RequestedAction }[] =>
  store.listOpenRows(core.sql, orderingKeyOf(caseId)).flatMap((stored) => {
    const row = store.readOutboxRow(stored);
    return row?.kind === 'case.act' ? [{ key: row.key, action: row.payload.action }] : [];
  });

/** Keeps an action in the outbox for some seconds, in a transaction; `act` is tried first, to refuse at once. */
export function holdAction(core: Core, caseId: string, action: casework.RequestedAction, act: () => void): void {
  rehearse(core, act);
  const at = core.clock.now();
  const once = action.once ?? createRandomId(core.random, 'a');
  const key = `act:${caseId}:${core.keys.mac('act.1', JSON.stringify({ ...action, once })).slice(0, 16)}`;
  for (const held of listHeldActions(core, caseId))
    if (held.action.action === action.action && held.key !== key)
      store.cancelWaitingRow(core.sql, held.key, at, 'another one took its place');
  const row = { key, queue: 'actions', orderingKey: orderingKeyOf(caseId), kind: 'case.act' as const };
  store.addToOutbox(core.sql, { ...row, payload: { caseId, action }, at, dueAt: at + undoMs });
}

/** @throws AppError for an action that is done already */
export function undoAction(core: Core, caseId: string, key: string): void {
  const isHeld = listHeldActions(core, caseId).some((held) => held.key === key);
  if (!isHeld || !store.cancelWaitingRow(core.sql, key, core.clock.now(), 'withdrawn by a person'))
    throw new AppError('conflict', 'It is done already. Change it again instead.');
}

class Rehearsed extends Error {}

function rehearse(core: Core, work: () => void): void {
  try {
    core.sql.transaction(() => {
      work();
      throw new Rehearsed();
    });
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
  }
}
