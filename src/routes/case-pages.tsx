import { AppError } from '#domain/base/errors.ts';
import { bulkActions } from '#domain/cases/action.ts';
import { workGroups } from '#domain/json/case-row-json.ts';
import type { WorkspaceCalls } from '../calls.ts';
import { readAttributeFilters } from '../views/attribute-views.tsx';
import { CaseListPage } from '../views/case-list.tsx';
import { CasePage, type Neighbour } from '../views/case-page.tsx';
import {
  chooseStrategicCases,
  StrategicListPage,
  strategicFilterNames,
  strategicSortNames,
} from '../views/strategic-list.tsx';
import { memberSorts } from '../views/strategic-view.tsx';
import type { Visit } from '../views/visit.ts';
import { WorkPage } from '../views/work-page.tsx';
import { answerCsv, type FormHandler, idOf, type PageHandler, readList, readNarrowing } from './page.tsx';
import { CasePageQuery, toCaseFilter } from './queries.ts';
import { readForm, validateRequestValue } from './read-body.ts';
import { attempt } from './workspace-access.ts';

const mostStrategicCasesListed = 500;
const casesPerPage = 50;
const responsesShownOnCase = 3;

export const showWork: PageHandler = async (c, visit, workspace) => {
  const group = workGroups.find((name) => name === c.req.query('group')) ?? null;
  const after = Math.max(0, Math.trunc(Number(c.req.query('after'))) || 0);
  const home = await workspace.home({ group, after });
  const held = group === null ? await workspace.heldMatches() : [];
  const states = await workspace.trackerStates();
  const isHead = home.groups.length === 0 && home.rail.teams.length === 0;
  const report = isHead ? await workspace.report({ attributes: {} }) : null;
  return c.html(<WorkPage {...{ visit, home, held, states, report, after: group && after }} />);
};

export const showCases: PageHandler = async (c, visit, workspace) => {
  const { cursor } = c.req.query();
  const query = readNarrowing(c);
  const read = (from: string | null | undefined, limit = casesPerPage) =>
    readCaseList(visit, workspace, { ...query, ...(from && { cursor: from }) }, limit);
  const csv = await answerCsv(c, 'cases', async (page) => {
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
  return c.html(<CaseListPage visit={visit} list={shown} />);
};

async function readCaseList(
  visit: Visit,
  workspace: WorkspaceCalls,
  given: Record<string, string>,
  limit = casesPerPage,
) {
  const { cursor = null, ...query } = given;
  const filter = toCaseFilter(validateRequestValue(CasePageQuery, query, 'query'), query.search ? 'all' : 'open');
  const attributes = readAttributeFilters(visit, query);
  const list = await workspace.caseRows({ ...filter, attributes, cursor, limit });
  return { filter, attributes, list };
}

async function findNeighbours(visit: Visit, workspace: WorkspaceCalls, id: string, list: string): Promise<Neighbour[]> {
  if (list === '') return [];
  const { rows } = (await readCaseList(visit, workspace, Object.fromEntries(new URLSearchParams(list)))).list;
  const at = rows.findIndex((row) => row.id === id);
  const link = (rel: 'prev' | 'next', row: (typeof rows)[number] | undefined) => {
    const query = new URLSearchParams({ list });
    return row && at >= 0 ? [{ rel, text: row.handle, url: `/w/${visit.workspace}/cases/${row.id}?${query}` }] : [];
  };
  return [...link('prev', rows[at - 1]), ...link('next', rows[at + 1])];
}

export const showStrategicCases: PageHandler = async (c, visit, workspace) => {
  const { items, atRisk } = await workspace.strategicList(mostStrategicCasesListed);
  const query = {
    show: strategicFilterNames.find((name) => name === c.req.query('show')) ?? 'open',
    sort: strategicSortNames.find((name) => name === c.req.query('sort')) ?? 'customers',
  };
  const chosen = { items: chooseStrategicCases(items, query), next: null };
  const csv = await answerCsv(c, 'strategic-cases', async () => chosen);
  return csv ?? c.html(<StrategicListPage visit={visit} items={items} atRisk={atRisk} query={query} />);
};

export const showCase: PageHandler = async (c, visit, workspace) => {
  const caseJson = await workspace.case(idOf(c));
  const { id, kind } = caseJson;
  if (id !== idOf(c)) return c.redirect(`/w/${visit.workspace}/cases/${id}`);
  const details = {
    responses: await workspace.responsesOfCase(id, responsesShownOnCase),
    warnings: await workspace.closureWarningsOfCase(id),
    messages: await workspace.messagesOfCase(id),
    strategic: kind === 'strategic' ? await workspace.strategicCase(id) : null,
    members: {
      sort: memberSorts.find((name) => name === c.req.query('sort')) ?? 'revenue',
      find: c.req.query('find') ?? '',
      from: Math.max(0, Math.trunc(Number(c.req.query('from'))) || 0),
    },
    caseLinks: await workspace.links(id),
    actions: await workspace.actionsFor(id, {}),
    done: c.req.query('done') ?? null,
    neighbours: await findNeighbours(visit, workspace, id, readList(c)),
  };
  return c.html(<CasePage visit={visit} one={caseJson} {...details} />);
};

/** Does one action on each ticked case, as their own pages would; the action's field has its value. */
export const actOnCases: FormHandler = async (c, visit, workspace, field) => {
  const action = bulkActions.find((name) => name === field('action'));
  if (!action) throw new AppError('invalid-input', 'action: must be assign, status or close');
  const given = { mention: [], rootCause: null, whatChanged: null, because: null, once: null, isUndoable: true };
  const left: [handle: string, why: string][] = [];
  let done = 0;
  for (const [name, handle] of await readForm(c)) {
    if (!name.startsWith('case.')) continue;
    const result = await attempt(workspace.act(name.slice('case.'.length), { ...given, action, value: field(action) }));
    if (result.ok) done += 1;
    else left.push([String(handle), result.message]);
  }
  if (done === 0) throw new AppError('conflict', left.map((pair) => pair.join(': ')).join(' ') || 'Tick a case first.');
  const back = new URL(c.req.url).searchParams;
  back.set('changed', `${done}`);
  if (left.length > 0) back.set('unchanged', left.map(([handle]) => handle).join(', '));
  return c.redirect(`/w/${visit.workspace}/cases?${back}`, 303);
};
