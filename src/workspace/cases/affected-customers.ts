import type { Case } from '#domain/cases/case-record.ts';
import { chooseSeverityByThreshold } from '#domain/responses/gather.ts';
import { applyTeamCaseOptions } from '#domain/templates/options.ts';
import { dayMs } from '#domain/time/units.ts';
import type { Core } from '../core.ts';
import { listAffectedCustomers } from '../store/case-responses.ts';
import { getCase, updateCase } from '../store/cases.ts';
import { setTimerIfUnset } from '../store/schedule.ts';
import { raiseSeverity } from './severity.ts';

export function sizeOf(core: Core, caseId: string): { customers: number; revenue: number } {
  const customers = listAffectedCustomers(core.sql, caseId);
  return {
    customers: customers.length,
    revenue: customers.reduce((sum, customer) => sum + (customer.revenue ?? 0), 0),
  };
}

/**
 * Recounts a case after somebody joined: its revenue, its severity by the template's steps, and the next digest in its
 * issue. A severity is never lowered automatically.
 *
 * @param evidence the response or case that joined
 */
export function recount(core: Core, caseId: string, evidence: string): void {
  const caseRecord = getCase(core.sql, caseId);
  const size = sizeOf(core, caseId);
  if (size.revenue > 0) updateCase(core.sql, caseId, { revenue: size.revenue });
  if (caseRecord.kind !== 'strategic') return;
  const template = core.settings.templates.get(caseRecord.template);
  setTimerIfUnset(core.sql, 'digest', caseId, core.clock.now() + (template?.digest ?? dayMs));
  const steps = template?.severity;
  if (!steps || typeof steps === 'string') return;
  const severity = chooseSeverityByThreshold(steps, size);
  if (!isHigherSeverity(core, caseRecord, severity)) return;
  const reached = steps.by === 'customers' ? `${size.customers} customers` : `revenue ${size.revenue}`;
  raiseSeverity(core, getCase(core.sql, caseId), severity, {
    why: `${reached} affected`,
    evidence,
  });
}

function isHigherSeverity(core: Core, caseRecord: Case, severity: string): boolean {
  const { severities } = applyTeamCaseOptions(core.settings.workspace, caseRecord.team)['case-options'];
  const now = severities.indexOf(caseRecord.severity);
  return now < 0 ? severity !== caseRecord.severity : severities.indexOf(severity) < now;
}
