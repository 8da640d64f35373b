import type { GivenRows } from '#domain/base/csv.ts';
import { AppError, basics, type Case, type Core, cut, feedback, handleOf, reports, store, timing } from '../kit.ts';
import { notify } from '../mail/notify.ts';
import { comment } from '../tracker-requests/sync-issue.ts';
import { raiseSeverity } from './change-fields.ts';

/* Actions of case managers on a strategic case, each inside a transaction; `forbidden` for others. */

/** Records the agreed decision. Every version stays in the timeline. */
export function decide(core: Core, caseId: string, { text: given, who }: { text: string; who: string }): void {
  const { caseRecord } = managed(core, caseId, who);
  const agreed = basics.wording('text', given, 'write the decision');
  const decision = { text: agreed, who, at: core.clock.now(), generation: caseRecord.generation };
  store.strategicCases.update(core.sql, { caseId }, { decision });
  basics.record(core, caseId, 'decided', agreed, { who });
  // The words stay on the case page, because they may name a customer.
  const page = `[read it on the case page](${basics.buildCasePageUrl(core, caseId)})`;
  const text = `What to do about this was decided by ${basics.findPersonName(core, who)}: ${page}.`;
  comment(core, caseRecord, `decided:${core.clock.now()}`, text);
}

/** Sets the measure of the change, or records a value. */
export function measure(core: Core, caseId: string, input: Omit<store.Measure, 'at'>): void {
  managed(core, caseId, input.who);
  const name = basics.wording('name', input.name, 'name what is measured', 120);
  const { source, who, target = null } = input;
  const byHand = source === 'manual';
  if (byHand && input.before === null && input.after !== null)
    basics.refuseField('before', 'is missing; a later value means nothing without it');
  const { before, after } = input;
  for (const [field, value] of Object.entries({ before, after, target })) {
    if (value !== null && !Number.isFinite(value)) basics.refuseField(field, 'is not a number');
    if (value !== null && !byHand && field !== 'target')
      basics.refuseField(field, 'is counted from responses, and not written by hand');
  }
  const unit = byHand ? cut(input.unit.trim(), 40) : '%';
  const measured = { name, unit, source, before, after, target, who, at: core.clock.now() };
  store.strategicCases.update(core.sql, { caseId }, { measure: measured });
  const value = (entry: number | null) => (entry === null ? 'not known yet' : `${entry} ${unit}`.trim());
  const why = byHand ? `before ${value(before)}, after ${value(after)}` : 'counted from responses, before and after';
  basics.record(core, caseId, 'measured', `${name}: ${why}`, { who });
}

/** Takes values of the measure day by day; a later value of a day replaces an earlier one. */
export function takeMeasureValues(core: Core, caseId: string, { rows, who }: { rows: GivenRows; who: string }): void {
  const { strategic } = managed(core, caseId, who);
  if (strategic.measure?.source !== 'manual')
    throw new AppError('conflict', 'Name a measure whose values are entered by hand first.');
  const read = reports.readReported('values', rows);
  for (const { day, value } of read) store.measureValues.put(core.sql, { caseId, day, value, who });
  const last = read.at(-1);
  const why = `${strategic.measure.name}: ${read.length === 1 && last ? `${last.value} on ${last.day}` : `${read.length} values`}`;
  basics.record(core, caseId, 'measured', why, { who });
}

export function nameDecisionOwner(core: Core, caseId: string, { person, who }: { person: string; who: string }): void {
  const { strategic } = managed(core, caseId, who);
  const why = `${basics.demandKnownPerson(core, person).name} decides what is done`;
  if (strategic.decisionOwner === person) return;
  store.strategicCases.update(core.sql, { caseId }, { decisionOwner: person });
  basics.record(core, caseId, 'decision owner named', why, { who });
}

function managed(core: Core, caseId: string, who: string): { caseRecord: Case; strategic: store.StrategicCase } {
  const caseRecord = basics.demandManagedCase(core, caseId, who);
  const strategic = store.strategicCases.find(core.sql, { caseId });
  if (!strategic) throw new AppError('conflict', `${handleOf(caseRecord)} is about one customer, and not strategic.`);
  return { caseRecord, strategic };
}

export function sizeOf(core: Core, caseId: string): { customers: number; revenue: number } {
  const customers = store.listAffectedCustomers(core.sql, caseId);
  const revenue = customers.reduce((sum, customer) => sum + (customer.revenue ?? 0), 0);
  return { customers: customers.length, revenue };
}

/** Recounts a case after somebody joined: revenue, severity and digest. A severity is never lowered automatically. */
export function recount(core: Core, caseId: string, evidence: string): void {
  const caseRecord = store.getCase(core.sql, caseId);
  const size = sizeOf(core, caseId);
  if (size.revenue > 0 || caseRecord.kind === 'strategic')
    store.updateCase(core.sql, caseId, { revenue: size.revenue || null });
  if (caseRecord.kind !== 'strategic') return;
  const template = core.settings.templates.get(caseRecord.template);
  store.setTimerIfUnset(core.sql, 'digest', caseId, core.clock.now() + (template?.digest ?? timing.dayMs));
  const steps = template?.severity;
  if (!steps || typeof steps === 'string') return;
  const severity = feedback.chooseSeverityByThreshold(steps, size);
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
  const money = revenue > 0 ? `, ${timing.formatAmount(revenue)} a year` : '';
  const template = core.settings.templates.get(caseRecord.template);
  const often = template ? ` At most one such comment in ${timing.formatDuration(template.digest)}.` : '';
  const text = `${joined} joined this issue; ${total} in all now. Its severity is ${caseRecord.severity}.${often}`;
  comment(core, caseRecord, `digest:${now}`, text);
  notify(core, caseRecord, 'joined', `${joined} joined ${handleOf(caseRecord)}; ${total} in all now${money}`, {
    once: String(now),
  });
  store.strategicCases.update(core.sql, { caseId }, { lastJoinedCommentAt: now });
}
