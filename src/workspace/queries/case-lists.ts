import type { Page } from '#domain/base/page.ts';
import { type CaseFilter, type CaseState, caseFacets, saidNames } from '#domain/cases/case-list.ts';
import { collectAttributes, explainUnknownAttribute } from '#domain/settings/attributes.ts';
import { findRespondents } from '#domain/settings/workspace-file.ts';
import { listReasonsToChoose } from '#domain/templates/survey.ts';
import { cut } from '#domain/text/safe-text.ts';
import { findNextWallClockInstant, readInstant } from '#domain/time/quiet-hours.ts';
import { AppError, basics, type Case, type Core, dayMs, handleOf, InvalidInputError, json, store } from '../kit.ts';
import { isOverdue, toIssueTroubleJson } from './serializers.ts';

const [wordsShown, customersCounted, rowsInSight, rowsOfGroup, unverifiedShownMs] = [160, 100, 5, 50, 60 * dayMs];

/** @throws InvalidInputError naming the attribute that the workspace does not have */
export function checkAttributeFilter(core: Core, filter: store.AttributeFilter): void {
  const attributes = collectAttributes(core.settings.workspace);
  for (const name of Object.keys(filter))
    if (!attributes.has(name)) basics.refuseField(`customer.${name}`, explainUnknownAttribute(name, attributes));
}

const timeOf = ({ clock, settings }: Core): store.ListTime => {
  const now = clock.now();
  return { now, endOfDay: findNextWallClockInstant(0, settings.workspace['time-zone'], now + 1) };
};

/** Cases of one page of a list, and the cursor of the next. */
export function pageOfCases(
  core: Core,
  { cursor, limit, ...query }: CaseListQuery,
  filter = toConditions(core, query),
): Page<Case> {
  const after = cursor === null ? null : store.readCaseCursor(filter, cursor);
  if (cursor !== null && !after)
    throw new InvalidInputError('cursor: is not a "next" of an earlier page of this list; leave it out');
  const cases = store.listCases(core.sql, filter, { time: timeOf(core), after, limit: limit + 1 });
  const items = cases.slice(0, limit);
  const last = items.at(-1);
  return { items, next: cases.length > limit && last ? store.buildCaseCursor(filter, last) : null };
}

export interface CaseListQuery extends CaseFilter {
  search?: string;
  seesNames?: boolean | undefined;
  attributes?: store.AttributeFilter;
  cursor: string | null;
  limit: number;
}

function toConditions(
  core: Core,
  { from, to, search = '', seesNames = true, respondents, ...query }: Omit<CaseListQuery, 'cursor' | 'limit'>,
): store.CaseConditions {
  checkAttributeFilter(core, query.attributes ?? {});
  const { workspace } = core.settings;
  const zone = workspace['time-zone'];
  const period = {
    ...(from !== undefined && { from: readInstant(from, zone) }),
    ...(to !== undefined && { to: readInstant(to, zone, 1) }),
  };
  const isSaid = saidNames.some((name) => query[name] !== undefined);
  const found =
    search === ''
      ? store.findCasesOfFewCustomers(core.sql, query.attributes ?? {})
      : findNumbers(core, search, seesNames);
  const said = isSaid
    ? new Set(store.findCasesBySaid(core.sql, { ...query, ...period }, listReasonsToChoose(core.settings.surveys)))
    : null;
  return {
    ...query,
    ...(!isSaid && period),
    ...(respondents !== undefined && { sources: listSourcesFor(core, respondents) }),
    numbers: (said && found ? found.filter((number) => said.has(number)) : (found ?? (said && [...said]))) ?? undefined,
  };
}

/** The sources that a kind of respondent answers, removed ones too; an empty name stands for cases without a source. */
function listSourcesFor({ sql, settings }: Core, kind: string): string[] {
  const sources = ['', ...store.sources.list(sql, {}).map(({ name }) => name)];
  return sources.filter((source) => findRespondents(settings.workspace, source) === kind);
}

function findNumbers({ sql, settings }: Core, search: string, seesNames: boolean): number[] {
  const named = store.findCaseNumberByName(sql, search, Object.keys(settings.workspace.trackers));
  return named === null ? store.searchCases(sql, demandSearchable(search), seesNames) : [named];
}

/** @throws InvalidInputError for a text that is too short to be found */
export function demandSearchable(search: string): string {
  if (!store.isSearchable(search))
    basics.refuseField('search', 'is too short; write a word of at least three letters, or a handle such as C-12');
  return search;
}

/** What a list of cases can be narrowed by. */
export function listChoices({ settings: { workspace, templates } }: Core) {
  const { categories, severities, statuses } = workspace['case-options'];
  const own = (values: string[]) => values.map((value): [string, string] => [value, value]);
  return {
    team: own(Object.keys(workspace.teams)),
    status: own(Object.keys(statuses)),
    category: own(categories),
    severity: own(severities),
    tier: own(Object.keys(workspace.tiers)),
    template: [...templates].map(([key, { name }]): [string, string] => [key, name]),
    source: own(Object.keys(workspace.sources)),
  };
}

/** A page of a list of cases in rows, with the number of cases of each state. */
export function listCaseRows(core: Core, { who, ...query }: CaseListQuery & { who: string }) {
  const filter = toConditions(core, query);
  const { items, next } = pageOfCases(core, query, filter);
  return {
    rows: items.map((caseRecord) => toCaseRowJson(core, caseRecord)),
    next,
    counts: store.countCases(core.sql, filter, timeOf(core)),
    choices: listChoices(core),
    rail: readRail(core, who),
    mostCounted: store.mostCasesCounted,
  };
}

/** The first cases of some states, and how many there are. */
export function listCaseStates<Name extends CaseState>(
  core: Core,
  states: readonly Name[],
  limit: number,
  team?: string,
) {
  const filter = team === undefined ? {} : { team };
  const counts = store.countCases(core.sql, { show: 'open', ...filter }, timeOf(core));
  return states.map((name) => {
    const { items } = pageOfCases(core, { show: name, ...filter, cursor: null, limit });
    return { name, count: counts[name], items };
  });
}

function teamsOf({ settings }: Core, person: string): { managed: string[]; all: string[] } {
  const { teams } = settings.workspace;
  const all = Object.keys(teams).filter((name) =>
    [teams[name]?.managers, teams[name]?.members].flat().includes(person),
  );
  return { all, managed: all.filter((name) => teams[name]?.managers.includes(person)) };
}

function readRail(core: Core, who: string) {
  const { managed, all } = teamsOf(core, who);
  return {
    teams: all,
    unassigned: managed.length > 0 ? store.countUnassigned(core.sql) : 0,
    triage: store.triage.count(core.sql, { dismissedAt: null }),
    setAside: managed.length > 0 ? store.countSetAsideDeliveries(core.sql) : 0,
    views: store
      .listSavedViews(core.sql)
      .map(({ name, query, who: author }) => ({ name, query, isOwn: author === who })),
  };
}

const longestView = { name: 60, query: 1000 };

/** Keeps a narrowed list under a name or drops it, without words and personal attributes, which tell of customers. */
export function saveView(core: Core, { name, query, who }: { name: string; query: string | null; who: string }): void {
  if (name === '' || name.length > longestView.name)
    basics.refuseField('name', `must have 1 to ${longestView.name} letters`);
  const before = store.listSavedViews(core.sql).find((view) => view.name === name);
  if (before && before.who !== who && !basics.hasAccess(core, who, 'manager'))
    throw new AppError('forbidden', `The view ${name} is somebody else’s; choose another name.`);
  const attributes = collectAttributes(core.settings.workspace);
  const isKept = ([key]: [string, string]) =>
    /^(show|sort|person|from|to|fact|respondents)$/.test(key) ||
    [...caseFacets, ...saidNames].some((name) => name === key) ||
    attributes.get(key.replace(/^customer\./, ''))?.isPersonal === false;
  const kept = query === null ? null : `${new URLSearchParams([...new URLSearchParams(query)].filter(isKept))}`;
  if ((kept ?? '').length > longestView.query) basics.refuseField('query', 'is too long to be kept');
  store.putSavedView(core.sql, { name, query: kept, who, at: core.clock.now() });
}

type HomeQuery = { who: string; group: json.WorkGroupName | null; after: number };

/** What waits for a person, by groups; `group` alone with its rows after a position, or null for all. */
export function readHome(core: Core, { who, group, after }: HomeQuery) {
  const { managed, all } = teamsOf(core, who);
  const time = timeOf(core);
  const worker = { ...time, person: who, managed, teams: all, unverifiedSince: time.now - unverifiedShownMs };
  const work = store.listWork(core.sql, worker, { after, limit: group === null ? rowsInSight : rowsOfGroup });
  return {
    rail: readRail(core, who),
    groups: json.workGroups.flatMap((name) => {
      const entry = work.find((each) => each.name === name);
      if (!entry || (group !== null && name !== group)) return [];
      const cases = entry.numbers.flatMap((number) => store.findCaseByNumber(core.sql, number) ?? []);
      return { name, count: entry.count, rows: cases.map((caseRecord) => toCaseRowJson(core, caseRecord)) };
    }),
  };
}

export type CaseRow = ReturnType<typeof toCaseRowJson>;

function toCaseRowJson(core: Core, caseRecord: Case) {
  const { sql, integrations } = core;
  const { id, kind, customerKey, issue, loop } = caseRecord;
  const trackerTitle = integrations.vendor(caseRecord.tracker)?.title ?? 'Removed tracker';
  const words = kind === 'tactical' ? store.findWordsOfCase(sql, id, wordsShown + 1) : null;
  return {
    ...json.presentFields(json.CaseRowFields, caseRecord),
    handle: handleOf(caseRecord),
    team: caseRecord.team,
    source: caseRecord.source,
    overdue: isOverdue(core, caseRecord),
    disputed:
      loop === 'disputed' || (loop === 'working' && caseRecord.disputedGeneration === caseRecord.generation - 1),
    customer: {
      key: customerKey,
      name: store.findCustomer(sql, customerKey)?.name ?? null,
      isAnonymous: customerKey !== null && store.responses.has(sql, { id: customerKey }),
      tier: caseRecord.tier,
      revenue: caseRecord.revenue,
    },
    customers: kind === 'strategic' ? store.countCustomersOfCase(sql, id, customersCounted) : 1,
    words:
      kind === 'strategic'
        ? (store.strategicCases.find(sql, { caseId: id })?.theme ?? null)
        : words && cut(words, wordsShown),
    issue: issue && { trackerTitle, key: issue.key, url: issue.url, trouble: toIssueTroubleJson(caseRecord) },
  };
}
