import { AppError } from '#domain/base/errors.ts';
import { deriveCaseMatchKey } from '#domain/base/key.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import type { Elevation } from '#domain/json/strategic-json.ts';
import {
  buildGatheringCaseKey,
  type GatheredCaseField,
  type GatheredCases,
  hasThemes,
} from '#domain/responses/gather.ts';
import type { CaseTemplate } from '#domain/templates/template.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { demandCase } from '../basics/demand-case.ts';
import { buildCasePageUrl } from '../basics/draft-issue.ts';
import { refuseField } from '../basics/field-text.ts';
import { identifiesCustomer } from '../basics/identifies-customer.ts';
import { record } from '../basics/record-activity.ts';
import { mayManageCase } from '../basics/roles.ts';
import type { Core } from '../core.ts';
import { notify } from '../mail/notify.ts';
import {
  insertLinkBetweenCases,
  listCaseLinks,
  listLinksToStrategicCases,
  listTacticalCaseIds,
} from '../store/case-links.ts';
import { findLatestCaseByMatchKey, listWorkingStrategicCases } from '../store/case-lists.ts';
import { findCase, findCaseByHandleOrId, getCase } from '../store/cases.ts';
import { findStrategicCase } from '../store/strategic.ts';
import { comment } from '../tracker-requests/comment.ts';
import { linkCases } from '../tracker-requests/link-issues.ts';
import { reopen } from '../tracker-requests/reopen.ts';
import { queueIssueTextEdit } from '../tracker-requests/sync-issue.ts';
import { recount } from './affected-customers.ts';
import { mayBeJoined, open } from './open-case.ts';

/**
 * Gathers a tactical case by the templates' rules: enough cases with one value open a strategic case, or join the open
 * one. The same cases never open two.
 *
 * @param fields fields that became known or changed
 */
export function elevateByRules(core: Core, caseId: string, ...fields: GatheredCaseField[]): void {
  if (getCase(core.sql, caseId).kind !== 'tactical') return;
  for (const [name, template] of core.settings.templates) {
    if (template.state !== 'on') continue;
    for (const rule of template.gather.cases)
      if (fields.includes(rule.field)) apply(core, name, template, rule, caseId);
  }
}

function apply(core: Core, name: string, template: CaseTemplate, rule: GatheredCases, caseId: string): void {
  const matching = listTacticalCaseIds(core.sql, rule, core.clock.now() - rule.within);
  if (!matching.includes(caseId)) return;
  const fresh = matching.filter((id) => !isLinkedToTemplate(core, id, name));
  if (fresh.length === 0) return;
  const { field, value } = rule;
  const label = `${field.replace('-', ' ')} ${value.replace('-', ' ')}`;
  const standing = findStrategicCaseToJoin(core, name, template, value);
  const hasRuleFired =
    standing?.loop === 'working' && listCaseLinks(core.sql, standing.id, 'elevated').some(({ why }) => why === label);
  if (!hasRuleFired && fresh.length < rule.count) return;
  const cases = fresh.length === 1 ? '1 case' : `${fresh.length} cases`;
  const why = `${cases} of ${label} within ${formatDuration(rule.within)}`;
  const strategic = openOrJoinStrategicCase(
    core,
    name,
    template,
    { theme: value, why, once: fresh.join() },
    (joinedStrategicCase) => {
      for (const id of fresh) link(core, joinedStrategicCase, getCase(core.sql, id), { label, why, who: 'Caselite' });
    },
  );
  updateGrownStrategicCase(core, strategic.id, caseId);
}

const isLinkedToTemplate = (core: Core, caseId: string, template: string): boolean =>
  listLinksToStrategicCases(core.sql, caseId).some(
    (caseLink) => findCase(core.sql, caseLink.caseId)?.template === template,
  );

/** The open case that another one about this theme would join; null where a new one would open. */
function findStrategicCaseToJoin(core: Core, name: string, template: CaseTemplate, theme: string | null): Case | null {
  const gathered = buildGatheringCaseKey(name, template, theme);
  const latest = findLatestCaseByMatchKey(core.sql, deriveCaseMatchKey(core.keys, gathered.scope, gathered.key));
  return latest && mayBeJoined(latest, core.clock.now()) ? latest : null;
}

function openOrJoinStrategicCase(
  core: Core,
  name: string,
  template: CaseTemplate,
  { theme, why, once }: { theme: string | null; why: string; once: string },
  linkToStrategicCase: (strategic: Case) => void,
): Case {
  const standing = findStrategicCaseToJoin(core, name, template, theme);
  if (!standing) {
    const gathered = buildGatheringCaseKey(name, template, theme);
    return open(
      core,
      template,
      {
        key: deriveCaseMatchKey(core.keys, gathered.scope, gathered.key),
        name,
        customerKey: null,
        customer: { tier: null, revenue: null },
        responseId: null,
        theme: gathered.theme,
      },
      [why],
      linkToStrategicCase,
    );
  }
  if (standing.loop !== 'working')
    reopen(
      core,
      standing,
      `cases of the same problem were elevated to it: ${why}`,
      `elevated:${core.keys.mac('elevated.1', once).slice(0, 16)}`,
    );
  linkToStrategicCase(standing);
  return standing;
}

function link(
  core: Core,
  strategic: Case,
  tactical: Case,
  { label, why, who }: { label: string; why: string; who: string },
): void {
  const at = core.clock.now();
  const added = insertLinkBetweenCases(core.sql, {
    caseId: strategic.id,
    linkedId: tactical.id,
    kind: 'elevated',
    why: label,
    at,
  });
  if (!added) return;
  const handle = handleOf(strategic);
  record(core, tactical.id, 'elevated', `linked to ${handle}: ${why}`, {
    who,
    evidence: strategic.id,
  });
  record(core, strategic.id, 'case linked', `${handleOf(tactical)}: ${why}`, { who, evidence: tactical.id });
  comment(
    core,
    tactical,
    `elevated:${strategic.id}`,
    `Part of a larger problem: linked to [${handle}](${buildCasePageUrl(core, strategic.id)}). Work for this customer stays here.`,
    [],
  );
  if (tactical.tracker === strategic.tracker) linkCases(core, tactical, strategic);
  notify(core, tactical, 'elevated', `${handleOf(tactical)} was elevated to ${handle}`);
}

function updateGrownStrategicCase(core: Core, strategicId: string, evidence: string): void {
  recount(core, strategicId, evidence);
  const strategic = getCase(core.sql, strategicId);
  if (strategic.loop === 'working') queueIssueTextEdit(core, strategicId, strategic.tracker);
}

export interface ManualElevation {
  /** Id of an open strategic case, or name of a strategic template. */
  to: string;
  /** Theme of a new strategic case whose template gathers by product or theme. */
  theme?: string | null;
  reason: string;
  who: string;
}

/**
 * Links a case to a strategic one, as a case manager's decision. Call it inside a transaction.
 *
 * @returns the strategic case
 * @throws InvalidInputError with the field; AppError `forbidden` for people who do not manage the case
 */
export function elevateByHand(core: Core, caseId: string, input: ManualElevation): Case {
  const { to, theme, reason, who } = input;
  const caseRecord = demandCase(core, caseId);
  if (!mayManageCase(core, caseRecord, who))
    throw new AppError('forbidden', 'Only a case manager of the case may elevate it.');
  if (caseRecord.kind === 'strategic')
    throw new AppError('conflict', `${handleOf(caseRecord)} is strategic already; link it as a related case instead.`);
  if (reason.trim() === '') refuseField('reason', 'is empty; say in one line why the case is elevated');
  if (theme && identifiesCustomer(core, caseRecord, theme))
    refuseField('theme', 'identifies the customer, or quotes them, and appears in the title of an issue');
  const named = findCaseByHandleOrId(core.sql, to);
  const linkedStrategicCases = listLinksToStrategicCases(core.sql, caseRecord.id).map((caseLink) =>
    getCase(core.sql, caseLink.caseId),
  );
  const already = linkedStrategicCases.find(({ id, template }) => id === named?.id || template === to);
  if (already) throw new AppError('conflict', `${handleOf(caseRecord)} is linked to ${handleOf(already)} already.`);
  const strategic = linkToElevationTarget(core, to, theme?.trim() || null, caseRecord, (joinedStrategicCase) => {
    link(core, joinedStrategicCase, caseRecord, { label: 'by hand', why: reason.trim(), who });
  });
  updateGrownStrategicCase(core, strategic.id, caseRecord.id);
  return strategic;
}

function linkToElevationTarget(
  core: Core,
  to: string,
  theme: string | null,
  caseRecord: Case,
  linkToStrategicCase: (strategic: Case) => void,
): Case {
  const existing = findCaseByHandleOrId(core.sql, to);
  if (existing) {
    if (existing.kind !== 'strategic') refuseField('to', `is no strategic case: ${handleOf(existing)}`);
    if (existing.loop !== 'working') refuseField('to', `is not open any more: ${handleOf(existing)}`);
    linkToStrategicCase(existing);
    return existing;
  }
  const template = core.settings.templates.get(to);
  if (template?.kind !== 'strategic' || template.state === 'off')
    refuseField('to', `names no strategic case and no strategic template that is on: ${to}`);
  const why = `${handleOf(caseRecord)} was elevated by hand`;
  return openOrJoinStrategicCase(core, to, template, { theme, why, once: caseRecord.id }, linkToStrategicCase);
}

/** Possible targets of an elevation: open strategic cases, and templates that would open one. */
export function listElevationTargets(core: Core): Elevation['targets'] {
  const open = listWorkingStrategicCases(core.sql).map((caseRecord) => {
    const theme = findStrategicCase(core.sql, caseRecord.id)?.theme;
    const title = core.settings.templates.get(caseRecord.template)?.name ?? caseRecord.template;
    return {
      to: caseRecord.id,
      text: `${handleOf(caseRecord)} ${title}${theme ? `: ${theme}` : ''}`,
      takesTheme: false,
    };
  });
  const templates = [...core.settings.templates]
    .filter(([, { kind, state }]) => kind === 'strategic' && state !== 'off')
    .map(([name, template]) => ({
      to: name,
      text: `A new case: ${template.name}`,
      takesTheme: hasThemes(template.gather),
    }));
  return [...open, ...templates];
}
