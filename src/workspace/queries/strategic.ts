import type { Share } from '#domain/base/share.ts';
import { type AuthoredText, type Case, handleOf } from '#domain/cases/case-record.ts';
import { computeThemeRate, type Sample, type ThemeRate, themeRateBaselineMs } from '#domain/loop/theme-rate.ts';
import { findThemeHiddenField, listGatheringCaseKeys } from '#domain/responses/gather.ts';
import { sizeOf } from '../cases/strategic.ts';
import { listElevationTargets } from '../cases/elevate.ts';
import { buildEvaluationContext } from '../intake/apply-templates.ts';
import { basics, type Core, dayMs, demandFound, json, store, templating, toIsoText } from '../kit.ts';
import { countCustomerFollowUpsByState, waitsForWhatChangedText } from '../loop/notify-affected-customers.ts';
import { isOverdue, listResponsesById } from './serializers.ts';

/** Strategic cases, newest first, and the revenue at risk of all open cases. */
export function listStrategicCaseSummaries(core: Core, limit: number) {
  const items = store.listStrategicCases(core.sql, limit).flatMap((caseRecord) => {
    const strategic = store.strategicCases.find(core.sql, { caseId: caseRecord.id });
    return strategic ? [toStrategicCaseSummary(core, caseRecord, strategic)] : [];
  });
  return { items, next: null, atRisk: store.sumRevenueAtRisk(core.sql) };
}

export function readStrategicCaseJson(core: Core, caseId: string): json.StrategicCaseJson {
  const strategic = demandFound(store.strategicCases.find(core.sql, { caseId }), 'There is no such strategic case.');
  const caseRecord = store.getCase(core.sql, caseId);
  const rate = rateOf(core, caseRecord);
  return {
    ...toStrategicCaseSummary(core, caseRecord, strategic),
    decision: strategic.decision && written(strategic.decision),
    measure: strategic.measure && measured(core, caseId, strategic.measure, rate),
    whatChanged: caseRecord.whatChanged && written(caseRecord.whatChanged),
    waitsForWords: caseRecord.loop === 'resolved' && waitsForWhatChangedText(core, caseRecord),
    mailState: countCustomerFollowUpsByState(core, caseRecord),
    rate,
    members: listAffectedCustomersJson(core, caseRecord),
    managers: core.settings.workspace.teams[caseRecord.team]?.managers ?? [],
  };
}

/** Linked cases of every kind, and the strategic cases to which a tactical case can be elevated. */
export function readCaseLinks(core: Core, caseId: string): json.CaseLinks {
  const caseRecord = basics.demandCase(core, caseId);
  return {
    id: caseId,
    links: store.listCaseLinks(core.sql, caseId).map((link) => toCaseLinkJson(core, caseId, link)),
    siblings:
      caseRecord.kind === 'tactical' ? store.listSiblingIds(core.sql, caseId).map((id) => nameCase(core, id)) : [],
    customer: store.findCustomer(core.sql, caseRecord.customerKey)?.seq ?? null,
    targets: caseRecord.kind === 'tactical' ? listElevationTargets(core) : [],
  };
}

const trendMs = 30 * dayMs;

function toStrategicCaseSummary(
  core: Core,
  caseRecord: Case,
  strategic: store.StrategicCase,
): json.StrategicCaseSummary {
  const { customers, revenue } = sizeOf(core, caseRecord.id);
  return {
    ...json.presentFields(json.StrategicCaseSummary, caseRecord),
    ...json.presentFields(json.StrategicCaseSummary, strategic),
    handle: handleOf(caseRecord),
    overdue: isOverdue(core, caseRecord),
    customers,
    revenueAtRisk: revenue,
    trend: store.countRecentResponses(core.sql, caseRecord.id, core.clock.now() - trendMs, core.clock.now()),
    isDecided: strategic.decision !== null,
  };
}

function listAffectedCustomersJson(core: Core, caseRecord: Case): json.AffectedCustomerJson[] {
  const { sql } = core;
  const { id: caseId, generation } = caseRecord;
  const responded = store.mapNewestResponseAtByCustomer(sql, caseId);
  const verdicts = new Map(
    store.verdicts.list(sql, { caseId, generation }).map(({ customerKey, verdict }) => [customerKey, verdict]),
  );
  const followUps = new Map(
    store.followUps.list(sql, { caseId, generation, kind: 'customer' }).map((followUp) => [followUp.person, followUp]),
  );
  const linked = store.caseLinks.list(sql, { linkedId: caseId, kind: 'elevated-to' }).map((link) => ({
    one: store.getCase(sql, link.caseId),
    customers: new Set(store.listAffectedCustomers(sql, link.caseId).map(({ key }) => key)),
  }));
  return store.listAffectedCustomers(sql, caseId).map(({ key, seq, name, tier, revenue }) => {
    const respondedAt = responded.get(key);
    const followUp = followUps.get(key);
    return {
      customer: key,
      name,
      page: seq,
      tier,
      revenue,
      respondedAt: respondedAt === undefined ? null : toIsoText(respondedAt),
      cases: linked
        .filter(({ customers }) => customers.has(key))
        .map(({ one }) => ({ id: one.id, handle: handleOf(one) })),
      verdict: verdicts.get(key) ?? null,
      mailState: followUp?.state ?? null,
      why: followUp?.why ?? null,
    };
  });
}

/** What came of a response, similar responses, and templates that can open a case for it. */
export function readResponseContext(core: Core, responseId: string): json.ResponseContext {
  const { dismissedAt: at = null, dismissedBy, reason } = store.triage.find(core.sql, { responseId }) ?? {};
  return {
    customer: store.findCustomer(core.sql, basics.demandResponse(core, responseId).customerKey ?? '')?.seq ?? null,
    cases: store.casesOfResponse(core.sql, responseId).map(({ id }) => nameCase(core, id)),
    similar: listResponsesById(core, store.listSimilarResponseIds(core.sql, responseId, 5)),
    dismissal: at === null ? null : { at: toIsoText(at), who: dismissedBy ?? '', reason: reason ?? '' },
    templates: [...core.settings.templates].flatMap(([name, { name: title, state, action }]) =>
      state === 'off' || action === 'notice' ? [] : [{ name, title }],
    ),
  };
}

export function nameCase(core: Core, id: string): json.CaseLinks['siblings'][number] {
  const caseRecord = store.getCase(core.sql, id);
  return { ...json.presentFields(json.CaseLinks.shape.siblings.element, caseRecord), handle: handleOf(caseRecord) };
}

function toCaseLinkJson(core: Core, caseId: string, { kind, why, at, ...link }: store.CaseLink): json.CaseLinkJson {
  const isIncoming = link.linkedId === caseId;
  const other = store.getCase(core.sql, isIncoming ? link.caseId : link.linkedId);
  return {
    ...json.presentFields(json.CaseLinkJson, other),
    handle: handleOf(other),
    theme: store.strategicCases.find(core.sql, { caseId: other.id })?.theme ?? null,
    kind,
    isIncoming,
    why,
    at: toIsoText(at),
  };
}

const written = ({ text, who, at }: AuthoredText) => ({ text, who, at: toIsoText(at) });

function measured({ sql }: Core, caseId: string, { at, target = null, ...measure }: store.Measure, rate: ThemeRate) {
  const percent = (of: Share | null) => of && (of.share === null ? null : Math.round(of.share * 1000) / 10);
  const counted = measure.source === 'theme-rate' && { before: percent(rate.until), after: percent(rate.since) };
  const values = store.measureValues
    .list(sql, { caseId }, mostMeasureValues)
    .reverse()
    .map(({ day, value, who }) => ({ day, value, who }));
  return { ...measure, ...counted, target, values, at: toIsoText(at) };
}

const mostMeasureValues = 400;
const mostResponsesCounted = 20_000;
const responsesPerRead = 1000;

/** Rate of responses about a case's theme, by today's templates, so that older responses count as well. */
function rateOf(core: Core, caseRecord: Case): ThemeRate & { isCut: boolean } {
  const theme = store.strategicCases.find(core.sql, { caseId: caseRecord.id })?.theme ?? null;
  const measured = selectTemplatesToMeasure(core, caseRecord);
  const sources = [...new Set(measured.flatMap(([, { when }]) => when.source))];
  const firstAt = store.findFirstResponseAt(core.sql, caseRecord.id) ?? caseRecord.openedAt;
  const openedAt = Math.min(caseRecord.openedAt, firstAt);
  const hasTheme = (name: string, template: templating.CaseTemplate, { content, hidden }: store.EvaluableResponse) => {
    const tier = templating.findTier(core.settings.workspace, content.customer);
    return listGatheringCaseKeys(name, template, content, hidden, tier).some((one) => one.theme === theme);
  };
  const matchesMeasuredTemplate = (response: store.EvaluableResponse) =>
    measured.some(
      ([name, template]) =>
        templating.matchesTemplate(template, response.content, buildEvaluationContext(core, [template], response)) &&
        (template.kind === 'tactical' || !template.gather.theme || hasTheme(name, template, response)),
    );
  const withHidden = measured.some(([, template]) => findThemeHiddenField(template.gather) !== null);
  const samples: Sample[] = [];
  let before = Number.MAX_SAFE_INTEGER;
  while (samples.length < mostResponsesCounted) {
    const page = { sources, since: openedAt - themeRateBaselineMs, before, limit: responsesPerRead, withHidden };
    const read = store.listResponsesSince(core.sql, page);
    for (const response of read)
      samples.push({ at: response.content.submittedAt, matched: matchesMeasuredTemplate(response) });
    const last = read.at(-1);
    if (!last || read.length < responsesPerRead) break;
    before = last.seq;
  }
  const closedAt = caseRecord.loop === 'working' ? null : caseRecord.resolvedAt;
  return { ...computeThemeRate(samples, openedAt, closedAt), isCut: samples.length >= mostResponsesCounted };
}

function selectTemplatesToMeasure(core: Core, caseRecord: Case): [string, templating.CaseTemplate][] {
  const { templates } = core.settings;
  const own = templates.get(caseRecord.template);
  if (own?.gather.by === 'category')
    return [...templates].filter(
      ([, { kind, gather, category }]) => kind === 'strategic' && gather.by === 'category' && category === own.category,
    );
  if (own && own.when.source.length > 0) return [[caseRecord.template, own]];
  const links = store.caseLinks.list(core.sql, { linkedId: caseRecord.id, kind: 'elevated-to' });
  const names = new Set(links.map(({ caseId }) => store.getCase(core.sql, caseId).template));
  return [...templates].filter(([name]) => names.has(name));
}
