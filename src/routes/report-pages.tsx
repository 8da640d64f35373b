import { listQuartersUntil, listReportRows } from '#domain/reports/report.ts';
import { dateAt, findStartOfDate } from '#domain/time/quiet-hours.ts';
import { dayMs } from '#domain/time/units.ts';
import { readAttributeFilters } from '../views/attribute-views.tsx';
import { OutcomePage, RiskPage } from '../views/effect-pages.tsx';
import { FollowUpListPage, followUpStates } from '../views/follow-up-list.tsx';
import { HuddlePage } from '../views/huddle-page.tsx';
import { PeoplePage } from '../views/people-page.tsx';
import { ReportPage } from '../views/report-page.tsx';
import { registry } from '../wiring.ts';
import { reportFacets } from '../workspace/queries/report.ts';
import type { PageQuery } from '../workspace/queries/serializers.ts';
import { answerCsv, answerList, type PageHandler, readNarrowing } from './page.tsx';
import { HuddleQuery, OutcomeParameters, ReportParameters } from './queries.ts';
import { validateRequestValue } from './read-body.ts';

const quartersOffered = 4;

export const showReport: PageHandler = async (c, visit, workspace) => {
  const { days = '', ...given } = readNarrowing(c);
  const isDays = /^[1-9]\d{0,2}$/.test(days);
  const query = isDays ? { ...given, from: dateAt(visit.now, visit.timeZone, 1 - Number(days)) } : given;
  const parameters = validateRequestValue(ReportParameters, query, 'query');
  const report = await workspace.report({ ...parameters, attributes: readAttributeFilters(visit, query) });
  const csv = await answerCsv(c, 'report', async () => ({ items: listReportRows(report), next: null }));
  if (csv) return csv;
  const from = findStartOfDate(report.from, visit.timeZone);
  const to = findStartOfDate(report.to, visit.timeZone, 1);
  const loops = await workspace.loopReport(Math.round((to - from) / dayMs), { from, to });
  const quarters = listQuartersUntil(visit.now, visit.timeZone, quartersOffered);
  const shown = isDays ? { ...given, days } : given;
  return c.html(<ReportPage {...{ visit, report, loops, query: shown, quarters, facets: reportFacets }} />);
};

export const showRisks: PageHandler = (c, visit, workspace) =>
  answerList(c, visit, 'at-risk', workspace.risks, (list) => <RiskPage visit={visit} list={list} />);

export const showOutcomes: PageHandler = (c, visit, workspace) => {
  const filter = validateRequestValue(OutcomeParameters, readNarrowing(c), 'query');
  const narrowed = Object.entries(filter).flatMap(([name, value]) => (value ? [`${name} ${value}`] : []));
  const read = (page: PageQuery) => workspace.outcomes({ ...page, filter });
  return answerList(c, visit, 'outcomes', read, (list) => (
    <OutcomePage visit={visit} list={list} narrowed={narrowed.join(', ')} />
  ));
};

export const showHuddle: PageHandler = async (c, visit, workspace) => {
  const given = validateRequestValue(HuddleQuery, c.req.query(), 'query');
  const huddle = await workspace.huddle(given);
  return c.html(<HuddlePage visit={visit} huddle={huddle} every={given.every ?? 'week'} />);
};

export const showPeople: PageHandler = async (c, visit, workspace) => {
  const people = await workspace.people();
  const titles = new Map(registry.trackers.map(({ kind, title }) => [kind, title]));
  const csv = await answerCsv(c, 'people', async () => ({ items: people.people, next: null }));
  return csv ?? c.html(<PeoplePage {...{ visit, people, titles }} />);
};

export const showFollowUps: PageHandler = (c, visit, workspace) => {
  const state = followUpStates.find((followUpState) => followUpState === c.req.query('state')) ?? null;
  const read = (page: PageQuery) => workspace.followUpList({ ...page, state });
  return answerList(c, visit, 'follow-ups', read, (list) => <FollowUpListPage {...{ visit, list, state }} />);
};
