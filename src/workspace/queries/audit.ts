import type { Page } from '#domain/base/page.ts';
import { type Core, type json, store, toIsoText } from '../kit.ts';
import { type PageQuery, pageOf } from './serializers.ts';

/** The audit log, newest first. */
export const listAuditJson = ({ sql }: Core, query: PageQuery): Page<json.AuditLineJson> =>
  pageOf(
    query,
    (before, limit) => store.auditLog.page(sql, {}, before, limit),
    ({ seq, at, ...line }) => ({ id: seq, at: toIsoText(at), ...line }),
  );
