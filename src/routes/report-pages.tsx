import { listQuartersUntil, listReportRows } from '#domain/reports/report.ts';
import { dateAt, findStartOfDate } from '#domain/time/quiet-hours.ts';
import { dayMs } from '#domain/time/units.ts';
import * as views from '../views/index.ts';
import { reportFacets } from '../workspace/queries/report.ts';
import * as web from './kit.ts';

const quartersOffered = 4;

export const showReport: web.PageHandler = async (c, visit, workspace) => {
  const { days = '', ...given } = web.readNarrowing(c);
  const isDays = /^[1-9]\d{0,2}$/.test(days);
  const query = isDays ? { ...given, from: dateAt(visit.now, visit.timeZone, 1 - Number(days)) } : given;
  const parameters = web.validateRequestValue(web.ReportParameters, query, 'query');
  const report = await workspace.report({ ...parameters, attributes: views.readAttributeFilters(visit, query) });
  const csv = await web.answerCsv(c, 'report', async () => ({ items: listReportRows(report), next: null }));
  if (csv) return csv;
  const from = findStartOfDate(report.from, visit.timeZone);
  const to = findStartOfDate(report.to, visit.timeZone, 1);
  const loops = await workspace.loopReport(Math.round((to - from) / dayMs), { from, to });
  const quarters = listQuartersUntil(visit.now, visit.timeZone, quartersOffered);
  const shown = isDays ? { ...given, days } : given;
  return c.html(<views.ReportPage {...{ visit, report, loops, query: shown, quarters, facets: reportFacets }} />);
};

export const showRisks: web.PageHandler = (c, visit, workspace) =>
  web.answerList(c, visit, 'at-risk', workspace.risks, (list) => <views.RiskPage visit={visit} list={list} />);

export const showOutcomes: web.PageHandler = (c, visit, workspace) => {
  const filter = web.validateRequestValue(web.OutcomeParameters, web.readNarrowing(c), 'query');
  const narrowed = Object.entries(filter).flatMap(([name, value]) => (value ? [`${name} ${value}`] : []));
  const read = (page: web.PageQuery) => workspace.outcomes({ ...page, filter });
  return web.answerList(c, visit, 'outcomes', read, (list) => (
    <views.OutcomePage visit={visit} list={list} narrowed={narrowed.join(', ')} />
  ));
};

export const showHuddle: web.PageHandler = async (c, visit, workspace) => {
  const given = web.validateRequestValue(web.HuddleQuery, c.req.query(), 'query');
  const huddle = await workspace.huddle(given);
  return c.html(<views.HuddlePage visit={visit} huddle={huddle} every={given.every ?? 'week'} />);
};

export const showPeople: web.PageHandler = async (c, visit, workspace) => {
  const people = await workspace.people();
  const titles = new Map(web.registry.trackers.map(({ kind, title }) => [kind, title]));
  const csv = await web.answerCsv(c, 'people', async () => ({ items: people.people, next: null }));
  return csv ?? c.html(<views.PeoplePage {...{ visit, people, titles }} />);
};

export const showFollowUps: web.PageHandler = (c, visit, workspace) => {
  const state = views.followUpStates.find((followUpState) => followUpState === c.req.query('state')) ?? null;
  const read = (page: web.PageQuery) => workspace.followUpList({ ...page, state });
  return web.answerList(c, visit, 'follow-ups', read, (list) => <views.FollowUpListPage {...{ visit, list, state }} />);
};
