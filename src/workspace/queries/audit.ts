import { AppError } from '#domain/base/errors.ts';
import type { Page } from '#domain/base/page.ts';
import type { AuditLineJson } from '#domain/json/settings-json.ts';
import { toIsoText } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import * as store from '../store/index.ts';
import { pageOf } from './serializers.ts';

/** The audit log, newest first. */
export function listAuditJson(
  { sql }: Core,
  { cursor, limit }: { cursor: string | null; limit: number },
): Page<AuditLineJson> {
  const before = cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor);
  if (!Number.isSafeInteger(before)) throw new AppError('invalid-input', 'cursor: is not a "next" of an earlier page');
  const toJson = ({ seq, at, ...line }: store.AuditLine) => ({
    id: seq,
    at: toIsoText(at),
    ...line,
  });
  return pageOf(store.auditLog.page(sql, {}, before, limit + 1), limit, ({ seq }) => seq, toJson);
}
