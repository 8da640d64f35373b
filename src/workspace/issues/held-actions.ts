import type { RequestedAction } from '#domain/cases/action.ts';
import { AppError, type Core, createRandomId, secondMs, store } from '../kit.ts';

const undoMs = 8 * secondMs;
const orderingKeyOf = (caseId: string) => `acts:${caseId}`;

/** Actions of a case that can still be withdrawn, oldest first. */
export const listHeldActions = (core: Core, caseId: string): { key: string; action: RequestedAction }[] =>
  store.listOpenRows(core.sql, orderingKeyOf(caseId)).flatMap((stored) => {
    const row = store.readOutboxRow(stored);
    return row?.kind === 'case.act' ? [{ key: row.key, action: row.payload.action }] : [];
  });

/** Keeps an action in the outbox for some seconds, in a transaction; `act` is tried first, to refuse at once. */
export function holdAction(core: Core, caseId: string, action: RequestedAction, act: () => void): void {
  rehearse(core, act);
  const at = core.clock.now();
  for (const held of listHeldActions(core, caseId))
    if (held.action.action === action.action)
      store.cancelWaitingRow(core.sql, held.key, at, 'another one took its place');
  const key = `act:${caseId}:${action.once ?? createRandomId(core.random, 'a')}`;
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
