import type { Core } from '../core.ts';
import { recordSuccessfulCall } from '../queues/circuit-breaker.ts';
import type { Settled } from '../queues/outbox-kind.ts';
import { markEnded, type OutboxRow } from '../store/outbox.ts';
import { endBackoffsOfQueue } from '../store/queues.ts';
import { hastenRefusedKind } from '../store/refusals.ts';
import { forgetRefusal } from '../tracker-requests/refusals.ts';
import { kindOf } from './kinds.ts';

/** Records a successful call together with its consequences; null where no call was needed. */
export function finish(core: Core, row: OutboxRow, settled: Settled | null): void {
  core.sql.transaction(() => {
    markEnded(core.sql, row.id, 'done', core.clock.now(), null);
    settle(core, row, settled ?? {});
    if (!settled) return;
    recordSuccessfulCall(core, row.queue, row.state === 'unknown' ? 'read' : 'write');
    if (row.attempts > 0) endBackoffsOfQueue(core.sql, row.queue, core.clock.now());
    const wasRefused = forgetRefusal(core, row.orderingKey.replace(/^case:/, ''), row.kind);
    if (wasRefused) hastenRefusedKind(core.sql, row.queue, row.kind, core.clock.now());
  });
}

/** Applies an outcome, in the transaction that ends the row. */
export function settle(core: Core, row: OutboxRow, settled: Settled): void {
  kindOf(row).settle(core, row, settled);
}
