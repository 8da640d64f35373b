import { listQuartersUntil, listReportRows } from '#domain/reports/report.ts';
import { dateAt, findStartOfDate } from '#domain/time/quiet-hours.ts';
import { dayMs } from '#domain/time/units.ts';
import { readAttributeFilters } from '../views/attribute-views.tsx';
import { OutcomePage, RiskPage } from '../views/effect-pages.tsx';
import { FollowUpListPage, followUpStates } from '../views/follow-up-list.tsx';
import { HuddlePage } from '../views/huddle-page.tsx';
import { PeoplePage } from '../views/people-page.tsx';
import { ReportPage } from '../views/report-page.tsx';
import { reportFacets } from '../workspace/queries/report.ts';
import { answerCsv, type FormHandler, type PageHandler } from './page.tsx';
import { validateRequestValue } from './read-body.ts';
import { HuddleQuery, OutcomeParameters, ReportParameters } from './report-query.ts';
import { unwrap } from './workspace-access.ts';

const followUpsPerPage = 50;
const quartersOffered = 4;

export const showReport: PageHandler = async (c, visit, workspace) => {
  const {
    format: _,
    days = '',
    ...given
  } = Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value));
  const isDays = /^[1-9]\d{0,2}$/.test(days);
  const query = isDays ? { ...given, from: dateAt(visit.now - (Number(days) - 1) * dayMs, visit.timeZone) } : given;
  const parameters = validateRequestValue(ReportParameters, query, 'query');
  const report = unwrap(await workspace.report({ ...parameters, attributes: readAttributeFilters(visit, query) }));
  const csv = await answerCsv(c, 'report', async () => ({ items: listReportRows(report), next: null }));
  if (csv) return csv;
  const [from, end] = [findStartOfDate(report.from, visit.timeZone), findStartOfDate(report.to, visit.timeZone, 1)];
  const loops = unwrap(await workspace.loopReport(Math.round((end - from) / dayMs), end));
  const quarters = listQuartersUntil(visit.now, visit.timeZone, quartersOffered);
  const shown = isDays ? { ...given, days } : given;
  return c.html(<ReportPage {...{ visit, report, loops, query: shown, quarters, facets: reportFacets }} />);
};

type RowsPage<Item> = { items: Item[]; next: string | null };
const rowsPerPage = 50;

/** One page of rows, or all as a file; with the addresses of the pages beside it. */
async function readRows<Item extends object>(
  c: Parameters<PageHandler>[0],
  name: string,
  read: (cursor: string | null, limit: number) => Promise<RowsPage<Item>>,
) {
  const csv = await answerCsv(c, name, read);
  if (csv) return csv;
  const { before, ...query } = c.req.query();
  const { items, next } = await read(before || null, rowsPerPage);
  const url = (more: Record<string, string>) => `?${new URLSearchParams({ ...query, ...more })}`;
  const paging: [string | null, string | null] = [before ? url({}) : null, next && url({ before: next })];
  return { items, paging };
}

export const showRisks: PageHandler = async (c, visit, workspace) => {
  const read = async (cursor: string | null, limit: number) => unwrap(await workspace.risks({ cursor, limit }));
  const rows = await readRows(c, 'at-risk', read);
  return rows instanceof Response ? rows : c.html(<RiskPage visit={visit} {...rows} />);
};

export const showOutcomes: PageHandler = async (c, visit, workspace) => {
  const { before: _, format: __, ...given } = c.req.query();
  const filter = validateRequestValue(OutcomeParameters, given, 'query');
  const read = async (cursor: string | null, limit: number) =>
    unwrap(await workspace.outcomes({ cursor, limit, filter }));
  const rows = await readRows(c, 'outcomes', read);
  const narrowed = Object.entries(filter)
    .flatMap(([name, value]) => (value ? [`${name} ${value}`] : []))
    .join(', ');
  return rows instanceof Response ? rows : c.html(<OutcomePage visit={visit} narrowed={narrowed} {...rows} />);
};

/** What a team talks about, to read and to print. */
export const showHuddle: PageHandler = async (c, visit, workspace) => {
  const given = validateRequestValue(HuddleQuery, c.req.query(), 'query');
  const huddle = unwrap(await workspace.huddle(given));
  return c.html(<HuddlePage visit={visit} huddle={huddle} every={given.every ?? 'week'} />);
};

export const showPeople: PageHandler = async (c, visit, workspace) => {
  const people = unwrap(await workspace.people());
  const csv = await answerCsv(c, 'people', async () => ({ items: people.people, next: null }));
  return csv ?? c.html(<PeoplePage visit={visit} people={people} invited={c.req.query('invited') ?? null} />);
};

export const allowPersonMail: FormHandler = async (c, visit, workspace, field) => {
  unwrap(await workspace.mailAgain(c.req.param('person') ?? '', { reason: field('reason') }));
  return c.redirect(`/w/${visit.workspace}/people`, 303);
};

export const showFollowUps: PageHandler = async (c, visit, workspace) => {
  const state = followUpStates.find((followUpState) => followUpState === c.req.query('state')) ?? null;
  const cursor = c.req.query('before') || null;
  const read = async (from: string | null, limit: number) =>
    unwrap(await workspace.followUpList({ state, cursor: from, limit }));
  const csv = await answerCsv(c, 'follow-ups', read);
  if (csv) return csv;
  const { items, next } = await read(cursor, followUpsPerPage);
  return c.html(<FollowUpListPage visit={visit} rows={items} state={state} next={next} newest={cursor === null} />);
};
