import * as views from '../views/index.ts';
import * as web from './kit.ts';

const mostStrategicCasesListed = 500;
const casesPerPage = 50;
const responsesShownOnCase = 3;

export const showWork: web.PageHandler = async (c, visit, workspace) => {
  const group = views.workGroups.find((name) => name === c.req.query('group')) ?? null;
  const after = Math.max(0, Math.trunc(Number(c.req.query('after'))) || 0);
  const home = await workspace.home({ group, after });
  const held = group === null ? await workspace.heldMatches() : [];
  const states = await workspace.trackerStates();
  const isHead = home.groups.length === 0 && home.rail.teams.length === 0;
  const report = isHead ? await workspace.report({ attributes: {} }) : null;
  return c.html(<views.WorkPage {...{ visit, home, held, states, report, after: group && after }} />);
};

export const showCases: web.PageHandler = async (c, visit, workspace) => {
  const { cursor } = c.req.query();
  const query = web.readNarrowing(c);
  const read = (from: string | null | undefined, limit = casesPerPage) =>
    readCaseList(visit, workspace, { ...query, ...(from && { cursor: from }) }, limit);
  const csv = await web.answerCsv(c, 'cases', async (page) => {
    const { rows, next } = (await read(page.cursor, page.limit)).list;
    return { items: rows, next };
  });
  if (csv) return csv;
  const { filter, attributes, list } = await read(cursor);
  const [only] = list.rows;
  const isNamed = [only?.handle, only?.issue?.key].some(
    (name) => name?.toLowerCase() === query.search?.trim().toLowerCase(),
  );
  if (only && isNamed && list.rows.length === 1) return c.redirect(`/w/${visit.workspace}/cases/${only.id}`);
  const shown = { ...list, query, show: filter.show, attributes, cursor: cursor ?? null };
  return c.html(<views.CaseListPage visit={visit} list={shown} />);
};

async function readCaseList(
  visit: views.Visit,
  workspace: web.WorkspaceCalls,
  given: Record<string, string>,
  limit = casesPerPage,
) {
  const { cursor = null, ...query } = given;
  const filter = web.toCaseFilter(
    web.validateRequestValue(web.CasePageQuery, query, 'query'),
    query.search ? 'all' : 'open',
  );
  const attributes = views.readAttributeFilters(visit, query);
  const list = await workspace.caseRows({ ...filter, attributes, cursor, limit });
  return { filter, attributes, list };
}

async function findNeighbours(visit: views.Visit, workspace: web.WorkspaceCalls, id: string, list: string) {
  if (list === '') return [];
  // An address that was kept may name what no list is narrowed by any more.
  const read = await web.attempt(readCaseList(visit, workspace, Object.fromEntries(new URLSearchParams(list))));
  const rows = read.ok ? read.value.list.rows : [];
  const at = rows.findIndex((row) => row.id === id);
  const link = (rel: 'prev' | 'next', row: (typeof rows)[number] | undefined) => {
    const query = new URLSearchParams({ list });
    return row && at >= 0 ? [{ rel, text: row.handle, url: `/w/${visit.workspace}/cases/${row.id}?${query}` }] : [];
  };
  return [...link('prev', rows[at - 1]), ...link('next', rows[at + 1])];
}

export const showStrategicCases: web.PageHandler = async (c, visit, workspace) => {
  const { items, atRisk } = await workspace.strategicList(mostStrategicCasesListed);
  const query = {
    show: views.strategicFilterNames.find((name) => name === c.req.query('show')) ?? 'open',
    sort: views.strategicSortNames.find((name) => name === c.req.query('sort')) ?? 'customers',
  };
  const chosen = { items: views.chooseStrategicCases(items, query), next: null };
  const csv = await web.answerCsv(c, 'strategic-cases', async () => chosen);
  return csv ?? c.html(<views.StrategicListPage visit={visit} items={items} atRisk={atRisk} query={query} />);
};

export const showCase: web.PageHandler = async (c, visit, workspace) => {
  const caseJson = await workspace.case(web.idOf(c));
  const { id, kind } = caseJson;
  if (id !== web.idOf(c)) return c.redirect(`/w/${visit.workspace}/cases/${id}`);
  const details = {
    responses: await workspace.responsesOfCase(id, responsesShownOnCase),
    warnings: await workspace.closureWarningsOfCase(id),
    messages: await workspace.messagesOfCase(id),
    strategic: kind === 'strategic' ? await workspace.strategicCase(id) : null,
    members: {
      sort: views.memberSorts.find((name) => name === c.req.query('sort')) ?? 'revenue',
      find: c.req.query('find') ?? '',
      from: Math.max(0, Math.trunc(Number(c.req.query('from'))) || 0),
    },
    caseLinks: await workspace.links(id),
    actions: await workspace.actionsFor(id, {}),
    done: c.req.query('done') ?? null,
    neighbours: await findNeighbours(visit, workspace, id, web.readList(c)),
  };
  return c.html(<views.CasePage visit={visit} one={caseJson} {...details} />);
};

/** Does one action on each ticked case, as their own pages would; the action's field has its value. */
export const actOnCases: web.FormHandler = async (c, visit, workspace, field) => {
  const action = views.bulkActions.find((name) => name === field('action'));
  if (!action) throw new web.AppError('invalid-input', 'action: must be assign, status or close');
  const given = { mention: [], rootCause: null, whatChanged: null, because: null, once: null, isUndoable: true };
  const left: [handle: string, why: string][] = [];
  let done = 0;
  for (const [name, handle] of await web.readForm(c)) {
    if (!name.startsWith('case.')) continue;
    const result = await web.attempt(
      workspace.act(name.slice('case.'.length), { ...given, action, value: field(action) }),
    );
    if (result.ok) done += 1;
    else left.push([String(handle), result.message]);
  }
  if (done === 0)
    throw new web.AppError('conflict', left.map((pair) => pair.join(': ')).join(' ') || 'Tick a case first.');
  const back = new URL(c.req.url).searchParams;
  back.set('changed', `${done}`);
  if (left.length > 0) back.set('unchanged', left.map(([handle]) => handle).join(', '));
  return c.redirect(`/w/${visit.workspace}/cases?${back}`, 303);
};
