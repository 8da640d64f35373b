import { listQuartersUntil, listReportRows } from '#domain/reports/report.ts';
import { dateAt, findStartOfDate } from '#domain/time/quiet-hours.ts';
import { dayMs } from '#domain/time/units.ts';
import { readAttributeFilters } from '../views/attribute-views.tsx';
import { FollowUpListPage, followUpStates } from '../views/follow-up-list.tsx';
import { PeoplePage } from '../views/people-page.tsx';
import { ReportPage } from '../views/report-page.tsx';
import { reportFacets } from '../workspace/queries/report.ts';
import { answerCsv, type FormHandler, type PageHandler } from './page.tsx';
import { validateRequestValue } from './read-body.ts';
import { ReportParameters } from './report-query.ts';
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
