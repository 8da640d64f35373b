import type { Page } from '#domain/base/page.ts';
import type { AuditLineJson } from '#domain/json/settings-json.ts';
import { toIsoText } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import * as store from '../store/index.ts';
import { type PageQuery, pageOf } from './serializers.ts';

/** The audit log, newest first. */
export const listAuditJson = ({ sql }: Core, query: PageQuery): Page<AuditLineJson> =>
  pageOf(
    query,
    (before, limit) => store.auditLog.page(sql, {}, before, limit),
    ({ seq, at, ...line }) => ({ id: seq, at: toIsoText(at), ...line }),
  );
