import type { GivenRows } from '#domain/base/csv.ts';
import { readReported } from '#domain/reports/reported.ts';
import { AppError, basics, type Case, type Core, cut, handleOf, store } from '../kit.ts';
import { comment } from '../tracker-requests/sync-issue.ts';

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
  for (const field of ['before', 'after'] as const) {
    const value = input[field];
    if (value !== null && !Number.isFinite(value)) basics.refuseField(field, 'is not a number');
    if (value !== null && !byHand) basics.refuseField(field, 'is counted from responses, and not written by hand');
  }
  const unit = byHand ? cut(input.unit.trim(), 40) : '%';
  const { before, after } = input;
  if (target !== null && !Number.isFinite(target)) basics.refuseField('target', 'is not a number');
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
  const read = readReported('values', rows);
  for (const { day, value } of read) store.measureValues.put(core.sql, { caseId, day, value, who });
  const last = read.at(-1);
  const why = `${strategic.measure.name}: ${read.length === 1 && last ? `${last.value} on ${last.day}` : `${read.length} values`}`;
  basics.record(core, caseId, 'measured', why, { who });
}

export function nameDecisionOwner(core: Core, caseId: string, { person, who }: { person: string; who: string }): void {
  const { strategic } = managed(core, caseId, who);
  basics.demandKnownPerson(core, person);
  if (strategic.decisionOwner === person) return;
  store.strategicCases.update(core.sql, { caseId }, { decisionOwner: person });
  basics.record(core, caseId, 'decision owner named', `${basics.findPersonName(core, person)} decides what is done`, {
    who,
  });
}

function managed(core: Core, caseId: string, who: string): { caseRecord: Case; strategic: store.StrategicCase } {
  const caseRecord = basics.demandManagedCase(core, caseId, who);
  const strategic = store.strategicCases.find(core.sql, { caseId });
  if (!strategic) throw new AppError('conflict', `${handleOf(caseRecord)} is about one customer, and not strategic.`);
  return { caseRecord, strategic };
}
