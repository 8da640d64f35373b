import type { Case } from '#domain/cases/case-record.ts';
import type { Core } from '../core.ts';
import { addToOutbox } from '../store/outbox.ts';
import type { OutboxKind, Payload } from '../store/payloads.ts';

/**
 * Records the intent of a call about a case to its tracker, in the caller's transaction.
 *
 * @param key idempotency key
 * @returns whether it is new
 */
export const requestCall = <Kind extends Extract<OutboxKind, `issue.${string}`>>(
  core: Core,
  { id, tracker: queue }: Pick<Case, 'id' | 'tracker'>,
  kind: Kind,
  key: string,
  payload: Payload<NoInfer<Kind>>,
): boolean => addToOutbox(core.sql, { key, queue, orderingKey: `case:${id}`, kind, payload, at: core.clock.now() });
