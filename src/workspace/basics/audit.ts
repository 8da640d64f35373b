import { minuteMs } from '#domain/time/units.ts';
import type { CorePorts } from '../core.ts';
import * as store from '../store/index.ts';

export type AuditEntry = { who: string; what: string; about?: string; details?: string };

/** Repeated views and refusals within this time share one line, so that nobody can flood the log. */
const repetitionMs = 15 * minuteMs;

/** Adds a line to the audit log. It holds no name, address or key of a customer. Call it inside a transaction. */
export function audit({ sql, clock }: Pick<CorePorts, 'sql' | 'clock'>, entry: AuditEntry, mayRepeat = true): void {
  const line = { about: '', details: '', ...entry };
  const at = clock.now();
  if (mayRepeat || !store.hasAuditLineSince(sql, at - repetitionMs, line)) store.insertAuditLine(sql, { ...line, at });
}
