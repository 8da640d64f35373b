import { chooseSeverityByThreshold } from '#domain/responses/gather.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { formatAmount } from '#domain/time/time-text.ts';
import { basics, type Core, dayMs, handleOf, store } from '../kit.ts';
import { notify } from '../mail/notify.ts';
import { comment } from '../tracker-requests/sync-issue.ts';
import { raiseSeverity } from './change-fields.ts';

export function sizeOf(core: Core, caseId: string): { customers: number; revenue: number } {
  const customers = store.listAffectedCustomers(core.sql, caseId);
  return {
    customers: customers.length,
    revenue: customers.reduce((sum, customer) => sum + (customer.revenue ?? 0), 0),
  };
}

/** Recounts a case after somebody joined: revenue, severity and digest. A severity is never lowered automatically. */
export function recount(core: Core, caseId: string, evidence: string): void {
  const caseRecord = store.getCase(core.sql, caseId);
  const size = sizeOf(core, caseId);
  if (size.revenue > 0 || caseRecord.kind === 'strategic')
    store.updateCase(core.sql, caseId, { revenue: size.revenue || null });
  if (caseRecord.kind !== 'strategic') return;
  const template = core.settings.templates.get(caseRecord.template);
  store.setTimerIfUnset(core.sql, 'digest', caseId, core.clock.now() + (template?.digest ?? dayMs));
  const steps = template?.severity;
  if (!steps || typeof steps === 'string') return;
  const severity = chooseSeverityByThreshold(steps, size);
  const { severities } = basics.findSettingsOfCase(core, caseRecord)['case-options'];
  const now = severities.indexOf(caseRecord.severity);
  if (now < 0 ? severity === caseRecord.severity : severities.indexOf(severity) >= now) return;
  const reached = steps.by === 'customers' ? `${size.customers} customers` : `revenue ${size.revenue}`;
  raiseSeverity(core, store.getCase(core.sql, caseId), severity, { why: `${reached} affected`, evidence });
}

/** Adds one comment to an issue about all who joined since the last one. */
export function commentOnNewlyJoined(core: Core, caseId: string): void {
  const caseRecord = store.findCase(core.sql, caseId);
  const strategic = store.strategicCases.find(core.sql, { caseId });
  if (!caseRecord || !strategic || caseRecord.loop !== 'working') return;
  const now = core.clock.now();
  const responses = store.countResponsesJoinedSince(core.sql, caseId, strategic.lastJoinedCommentAt);
  const cases = store.caseLinks
    .list(core.sql, { linkedId: caseId, kind: 'elevated-to' })
    .filter(({ at }) => at > strategic.lastJoinedCommentAt).length;
  if (responses + cases === 0) return;
  const { customers, revenue } = sizeOf(core, caseId);
  const joined = [
    ...(responses > 0 ? [responses === 1 ? '1 more response' : `${responses} more responses`] : []),
    ...(cases > 0 ? [cases === 1 ? '1 more case' : `${cases} more cases`] : []),
  ].join(' and ');
  const total = customers === 1 ? '1 customer' : `${customers} customers`;
  const money = revenue > 0 ? `, ${formatAmount(revenue)} a year` : '';
  const template = core.settings.templates.get(caseRecord.template);
  const often = template ? ` At most one such comment in ${formatDuration(template.digest)}.` : '';
  const text = `${joined} joined this issue; ${total} in all now. Its severity is ${caseRecord.severity}.${often}`;
  comment(core, caseRecord, `digest:${now}`, text);
  notify(core, caseRecord, 'joined', `${joined} joined ${handleOf(caseRecord)}; ${total} in all now${money}`, {
    once: String(now),
  });
  store.strategicCases.update(core.sql, { caseId }, { lastJoinedCommentAt: now });
}
