import * as gathering from '#domain/responses/gather.ts';
import type { CaseTemplate } from '#domain/templates/template.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { AppError, basics, type Case, type Core, deriveCaseMatchKey, handleOf, type json, store } from '../kit.ts';
import { notify } from '../mail/notify.ts';
import { linkCases, reopen } from '../tracker-requests/reopen.ts';
import { comment, queueIssueEdit } from '../tracker-requests/sync-issue.ts';
import { recount } from './strategic.ts';
import { findCaseToJoin, open } from './open-case.ts';

type LinkReason = { kind: 'related' | 'elevated-to'; why: string; who: string; label?: string };

/** Links two cases, here and in their trackers, and records it on both. @returns false for an existing link */
export function addCaseLink(core: Core, from: Case, to: Case, { kind, why, who, label = why }: LinkReason): boolean {
  const at = core.clock.now();
  if (!store.insertCaseLink(core.sql, { caseId: from.id, linkedId: to.id, kind, why: label, at })) return false;
  const handle = handleOf(to);
  basics.record(core, to.id, 'case linked', `${handleOf(from)}: ${why}`, { who, evidence: from.id });
  if (kind === 'related') {
    basics.record(core, from.id, 'case linked', `${handle}: ${why}`, { who, evidence: to.id });
    linkCases(core, from, to);
    return true;
  }
  basics.record(core, from.id, 'elevated', `linked to ${handle}: ${why}`, { who, evidence: to.id });
  const link = `[${handle}](${basics.buildCasePageUrl(core, to.id)})`;
  const text = `Part of a larger problem: linked to ${link}. Work for this customer stays here.`;
  comment(core, from, `elevated:${to.id}`, text);
  if (from.tracker === to.tracker) linkCases(core, from, to);
  notify(core, from, 'elevated', `${handleOf(from)} was elevated to ${handle}`);
  return true;
}

export type RequestedLink = { to: string; theme?: string | null; reason: string; who: string };

/** Links a case to a related one of the same kind, as a case manager's decision, inside a transaction. */
export function linkRelatedCase(core: Core, caseId: string, { to, reason, who }: RequestedLink): void {
  const caseRecord = basics.demandManagedCase(core, caseId, who);
  const other = store.findCaseByHandleOrId(core.sql, to);
  if (!other || other.id === caseId) basics.refuseField('to', `is no other case of this workspace: ${to}`);
  if (other.kind !== caseRecord.kind)
    basics.refuseField('to', `is ${other.kind}, ${handleOf(other)}; elevate the tactical case to the strategic one`);
  const why = basics.wording('reason', reason, 'say in one line what both have in common', 300);
  addCaseLink(core, caseRecord, other, { kind: 'related', why, who });
}

/** Gathers a case by the templates' rules: enough cases with one value open a strategic case, or join it. */
export function elevateByRules(core: Core, caseId: string, ...fields: gathering.GatheredCaseField[]): void {
  if (store.getCase(core.sql, caseId).kind !== 'tactical') return;
  for (const [name, template] of core.settings.templates) {
    if (template.state !== 'on') continue;
    for (const rule of template.gather.cases)
      if (fields.includes(rule.field)) applyRule(core, name, template, rule, caseId);
  }
}

function applyRule(core: Core, name: string, template: CaseTemplate, rule: gathering.GatheredCases, caseId: string) {
  const matching = store.listTacticalCaseIds(core.sql, rule, core.clock.now() - rule.within);
  if (!matching.includes(caseId)) return;
  const listKnown = (id: string) => [...listStrategicCasesOf(core, id), ...store.listPartedCases(core.sql, id)];
  const fresh = matching.filter((id) => !listKnown(id).some(({ template: of }) => of === name));
  if (fresh.length === 0) return;
  const { field, value } = rule;
  const label = `${field.replace('-', ' ')} ${value.replace('-', ' ')}`;
  const { standing } = findStrategicCaseToJoin(core, name, template, value);
  const hasRuleFired =
    standing?.loop === 'working' &&
    store.caseLinks.list(core.sql, { linkedId: standing.id, kind: 'elevated-to' }).some(({ why }) => why === label);
  if (!hasRuleFired && fresh.length < rule.count) return;
  const cases = fresh.length === 1 ? '1 case' : `${fresh.length} cases`;
  const why = `${cases} of ${label} within ${formatDuration(rule.within)}`;
  const elevation = { theme: value, caseIds: fresh, openedWhy: why, reason: { label, why, who: 'Caselite' } };
  recountGrownCase(core, openOrJoinStrategicCase(core, name, template, elevation), caseId);
}

const listStrategicCasesOf = (core: Core, caseId: string): Case[] =>
  store.caseLinks
    .list(core.sql, { caseId, kind: 'elevated-to' })
    .map(({ linkedId }) => store.getCase(core.sql, linkedId));

/** The case that another one about this theme would join, null where a new one would open, and its match key. */
function findStrategicCaseToJoin(core: Core, name: string, template: CaseTemplate, theme: string | null) {
  const gathered = gathering.buildGatheringCaseKey(name, template, theme);
  const key = deriveCaseMatchKey(core.keys, gathered.scope, gathered.key);
  return { key, theme: gathered.theme, standing: findCaseToJoin(core, key) };
}

type Elevation = { theme: string | null; caseIds: string[]; openedWhy: string; reason: Omit<LinkReason, 'kind'> };

function openOrJoinStrategicCase(core: Core, name: string, template: CaseTemplate, elevation: Elevation): Case {
  const { caseIds, openedWhy } = elevation;
  const { key, theme, standing } = findStrategicCaseToJoin(core, name, template, elevation.theme);
  if (!standing) {
    const subject = { key, name, theme, customerKey: null, customer: { tier: null, revenue: null }, responseId: null };
    return open(core, template, subject, [openedWhy], (opened) => linkToStrategicCase(core, opened, elevation));
  }
  if (standing.loop !== 'working') {
    const reopenKey = `elevated:${core.keys.mac('elevated.1', `${standing.generation} ${caseIds.join()}`).slice(0, 16)}`;
    reopen(core, standing, `cases of the same problem were elevated to it: ${openedWhy}`, reopenKey);
  }
  linkToStrategicCase(core, standing, elevation);
  return standing;
}

function linkToStrategicCase(core: Core, strategic: Case, { caseIds, reason }: Elevation): void {
  for (const id of caseIds)
    addCaseLink(core, store.getCase(core.sql, id), strategic, { kind: 'elevated-to', ...reason });
}

function recountGrownCase(core: Core, { id }: Case, evidence: string): void {
  recount(core, id, evidence);
  const strategic = store.getCase(core.sql, id);
  if (strategic.loop === 'working') queueIssueEdit(core, id, 'text');
}

/** Links a case to a strategic one, as a case manager's decision, in a transaction. @returns the strategic case */
export function elevateByHand(core: Core, caseId: string, { to, theme, reason, who }: RequestedLink): Case {
  const caseRecord = basics.demandManagedCase(core, caseId, who);
  const handle = handleOf(caseRecord);
  if (caseRecord.kind === 'strategic')
    throw new AppError('conflict', `${handle} is strategic already; link it as a related case instead.`);
  const why = basics.wording('reason', reason, 'say in one line why the case is elevated');
  if (theme && basics.identifiesCustomer(core, caseRecord, theme))
    basics.refuseField('theme', 'identifies the customer, or quotes them, and appears in the title of an issue');
  const named = store.findCaseByHandleOrId(core.sql, to);
  const already = listStrategicCasesOf(core, caseId).find(({ id, template }) => id === named?.id || template === to);
  if (already) throw new AppError('conflict', `${handle} is linked to ${handleOf(already)} already.`);
  const openedWhy = `${handle} was elevated by hand`;
  const by = { label: 'by hand', why, who };
  const elevation = { theme: theme?.trim() || null, caseIds: [caseId], openedWhy, reason: by };
  const strategic = named ?? openOrJoinStrategicCase(core, to, demandStrategicTemplate(core, to), elevation);
  if (named) {
    if (named.kind !== 'strategic') basics.refuseField('to', `is no strategic case: ${handleOf(named)}`);
    if (named.loop !== 'working') basics.refuseField('to', `is not open any more: ${handleOf(named)}`);
    linkToStrategicCase(core, named, elevation);
  }
  recountGrownCase(core, strategic, caseId);
  return strategic;
}

/** Takes a case and its customer out of a strategic one, as a case manager's decision, for good as far as rules go. */
export function partFromStrategicCase(core: Core, caseId: string, { to, reason, who }: RequestedLink): void {
  const caseRecord = basics.demandManagedCase(core, caseId, who);
  const strategic = listStrategicCasesOf(core, caseId).find((linked) => linked.id === to || handleOf(linked) === to);
  if (!strategic) basics.refuseField('to', `is no strategic case that this one is part of: ${to}`);
  const why = basics.wording('reason', reason, 'say in one line why it is another problem', 300);
  store.partCases(core.sql, { caseId, linkedId: strategic.id, why, at: core.clock.now() });
  basics.record(core, caseId, 'parted', `from ${handleOf(strategic)}: ${why}`, { who, evidence: strategic.id });
  basics.record(core, strategic.id, 'parted', `from ${handleOf(caseRecord)}: ${why}`, { who, evidence: caseId });
  recountGrownCase(core, strategic, caseId);
}

function demandStrategicTemplate(core: Core, name: string): CaseTemplate {
  const template = core.settings.templates.get(name);
  if (template?.kind === 'strategic' && template.state !== 'off') return template;
  return basics.refuseField('to', `names no strategic case and no strategic template that is on: ${name}`);
}

/** `C-7 Hard to install: Suite` */
export function nameStrategicCase(core: Core, { id, template, ...one }: Case): string {
  const theme = store.strategicCases.find(core.sql, { caseId: id })?.theme;
  return `${handleOf(one)} ${core.settings.templates.get(template)?.name ?? template}${theme ? `: ${theme}` : ''}`;
}

/** Possible targets of an elevation: open strategic cases, and templates that would open one. */
export function listElevationTargets(core: Core): json.CaseLinks['targets'] {
  const open = store
    .listWorkingStrategicCases(core.sql)
    .map((one) => ({ to: one.id, text: nameStrategicCase(core, one), takesTheme: false }));
  const templates = [...core.settings.templates]
    .filter(([, { kind, state }]) => kind === 'strategic' && state !== 'off')
    .map(([to, { name, gather }]) => ({ to, text: `A new case: ${name}`, takesTheme: gathering.hasThemes(gather) }));
  return [...open, ...templates];
}
