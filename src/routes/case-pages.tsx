import type { Page } from '#domain/base/page.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import { readAttributeFilters } from '../views/attribute-views.tsx';
import { countCasesByFilter, filterCases, readCaseFilterName } from '../views/case-display.ts';
import { CaseListPage } from '../views/case-list.tsx';
import { CasePage } from '../views/case-page.tsx';
import { StrategicListPage, strategicFilterNames, strategicSortNames } from '../views/strategic-list.tsx';
import { groupWork, WorkPage } from '../views/work-page.tsx';
import { idOf, type PageHandler } from './page.tsx';
import { unwrap, type WorkspaceCalls } from './workspace-access.ts';

const mostCasesCounted = 1000;
const casesPerCall = 200;
const mostStrategicCasesListed = 500;
const casesPerPage = 50;
const responsesShownOnCase = 3;

/** The home page. Addresses of lists of cases from before there was a page for them lead to that page. */
export const showWork: PageHandler = async (c, visit, workspace) => {
  const { search } = new URL(c.req.url);
  if (search !== '') return c.redirect(`/w/${visit.workspace}/cases${search}`);
  const { items } = await listNewestCases(workspace, { workOf: visit.person });
  const held = unwrap(await workspace.heldMatches());
  const states = unwrap(await workspace.trackerStates());
  return c.html(<WorkPage {...{ visit, groups: groupWork(items, visit.now), held, states }} />);
};

export const showCases: PageHandler = async (c, visit, workspace) => {
  const before = c.req.query('before') || null;
  const attributes = readAttributeFilters(visit, c.req.query());
  const { items, next } = await listNewestCases(workspace, { cursor: before, attributes });
  const show = readCaseFilterName(c.req.query('show'));
  const cases = filterCases(items, show, visit.now);
  const pages = Math.max(1, Math.ceil(cases.length / casesPerPage));
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(c.req.query('page'))) || 1));
  const list = {
    atRisk: unwrap(await workspace.atRisk()),
    states: unwrap(await workspace.trackerStates()),
    show,
    counts: countCasesByFilter(items, visit.now),
    cases: cases.slice((page - 1) * casesPerPage, page * casesPerPage),
    looked: items.length,
    older: next,
    before,
    attributes,
    page,
    pages,
  };
  return c.html(<CaseListPage visit={visit} list={list} />);
};

export const showStrategicCases: PageHandler = async (c, visit, workspace) => {
  const { items, atRisk } = unwrap(await workspace.strategicList(mostStrategicCasesListed));
  const query = {
    show: strategicFilterNames.find((name) => name === c.req.query('show')) ?? 'open',
    sort: strategicSortNames.find((name) => name === c.req.query('sort')) ?? 'customers',
    theme: c.req.query('theme') || null,
  };
  return c.html(<StrategicListPage visit={visit} items={items} atRisk={atRisk} query={query} />);
};

export const showCase: PageHandler = async (c, visit, workspace) => {
  const caseJson = unwrap(await workspace.case(idOf(c)));
  const { id, kind } = caseJson;
  const details = {
    responses: unwrap(await workspace.responsesOfCase(id, responsesShownOnCase)),
    warnings: unwrap(await workspace.closureWarningsOfCase(id)),
    messages: unwrap(await workspace.messagesOfCase(id)),
    strategic: kind === 'strategic' ? unwrap(await workspace.strategicCase(id)) : null,
    caseLinks: unwrap(await workspace.links(id)),
    actions: unwrap(await workspace.actionsFor(id, {})),
    done: c.req.query('done') ?? null,
  };
  return c.html(<CasePage visit={visit} one={caseJson} {...details} />);
};

async function listNewestCases(
  workspace: WorkspaceCalls,
  filter: { cursor?: string | null; attributes?: Record<string, string>; workOf?: string },
): Promise<Page<CaseJson>> {
  const items: CaseJson[] = [];
  let cursor = filter.cursor ?? null;
  do {
    const page = unwrap(await workspace.list({ ...filter, what: 'cases', cursor, limit: casesPerCall }));
    items.push(...page.items.filter((item): item is CaseJson => 'handle' in item));
    cursor = page.next;
  } while (cursor !== null && items.length < mostCasesCounted);
  return { items, next: cursor };
}
