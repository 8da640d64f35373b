import { findRespondents, scoreKinds } from '#domain/settings/workspace-file.ts';
import { dateAt, findStartOfDate } from '#domain/time/quiet-hours.ts';
import { basics, type Core, casework, collectAttributes, explainUnknownAttribute, reports, store } from '../kit.ts';
import { checkAttributeFilter } from './case-lists.ts';
import { buildEffect } from './effect.ts';

export const reportFacets = ['team', 'category', 'template', 'source', 'tier'] as const satisfies casework.CaseFacet[];
type ReportFacet = (typeof reportFacets)[number];

export interface ReportQuery extends reports.PeriodQuery, Partial<Record<ReportFacet, string | undefined>> {
  by?: string | undefined;
  attributes?: store.AttributeFilter;
}

/** What each figure counts. */
const figureTexts = {
  'acted-on': ['Acted on', 'A notice, a task or a case came of it, of all finished responses.', 'share'],
  contact: ['Contacted', 'A person got in touch with the customer, of the cases and tasks opened.', 'share'],
  'goal-kept': ['Goals kept', 'Closed by the closure goal, of those closed or overdue.', 'share'],
  confirmation: ['Confirmed', 'The customer says that it is resolved, of the cases closed.', 'share'],
  dispute: ['Improperly closed', 'Closed although the customer says no, of the cases closed.', 'share'],
  reopened: ['Reopened', 'Opened again after a closing, of the cases closed.', 'share'],
  'contact-time': [
    'Time to first contact',
    'Working time from opening to the first contact: half of the cases took no longer.',
    'time',
  ],
  'close-time': [
    'Time to close',
    'Working time from opening to closing, without pauses: half of the cases took no longer.',
    'time',
  ],
  handling: ['Handling', 'How customers say their case was handled, from 1 to 5.', 'score'],
  nps: ['NPS', 'Promoters (9 and 10) less detractors (0 to 6), in points of 100 responses.', 'score'],
  csat: ['CSAT', 'Satisfied people, in the upper two fifths of the scale.', 'share'],
  ces: ['CES', 'Mean score of the effort question.', 'score'],
} as const;
type FigureName = keyof typeof figureTexts;

/** Figures of cases, each with the fact by which a list shows the counted ones. */
const caseFigures: [id: FigureName, fact: casework.ListedFact, of: (sums: store.CaseSums) => reports.Figure][] = [
  ['contact', 'contact', (sums) => reports.shareFigure(sums.contact, sums.cases)],
  ['goal-kept', 'goal-kept', (sums) => reports.shareFigure(sums['goal-kept'], sums['goal-kept'] + sums['goal-missed'])],
  ['confirmation', 'confirmation', (sums) => reports.shareFigure(sums.confirmation, sums.closed)],
  ['dispute', 'dispute', (sums) => reports.shareFigure(sums.dispute, sums.closed)],
  ['reopened', 'reopened', (sums) => reports.shareFigure(sums.reopened, sums.closed)],
  ['contact-time', 'contact', (sums) => reports.timeFigure(sums.contactTimes)],
  ['close-time', 'time-to-close', (sums) => reports.timeFigure(sums.closeTimes)],
];

/** What came of the feedback of a period, beside the period before; case figures count cases opened in it. */
export function buildReport(core: Core, query: ReportQuery): reports.ReportJson {
  const { sql, settings, clock } = core;
  const { by = 'team', attributes = {}, quarter: _, from: __, to: ___, ...facets } = query;
  const zone = settings.workspace['time-zone'];
  checkAttributeFilter(core, attributes);
  const period = reports.readPeriod(query, clock.now(), zone);
  const conditionsOf = (days: reports.Days): store.ReportConditions => ({
    ...facets,
    show: 'all',
    attributes,
    from: findStartOfDate(days.from, zone),
    to: findStartOfDate(days.to, zone, 1),
  });
  const [now, before] = [conditionsOf(period), conditionsOf(period.before)];
  const parts = reports.splitPeriod(period).map((days) => ({ days, conditions: conditionsOf(days) }));
  const narrowing = [
    ...Object.entries(facets),
    ...Object.entries(attributes).map(([name, value]) => [`customer.${name}`, value] as const),
  ].filter((pair): pair is [string, string] => Boolean(pair[1]));
  const listOf = (page: string, more: Record<string, string>) =>
    `${page}?${new URLSearchParams([...Object.entries({ ...more, from: period.from, to: period.to }), ...narrowing])}`;
  const listOfFact = (fact: string) => listOf('cases', { show: 'all', fact });
  const figures: reports.ReportRow[] = [];
  const trends: reports.ReportSeries[] = [];
  const add = (id: FigureName, list: string, of: [now: reports.Figure, before: reports.Figure]) => {
    const [title, how, unit] = figureTexts[id];
    figures.push({ id, title, how, unit, list, now: of[0], before: of[1] });
  };
  const addTrend = (id: FigureName, figureOf: (conditions: store.ReportConditions) => reports.Figure) => {
    const [title, , unit] = figureTexts[id];
    trends.push({ title, unit, points: parts.map(({ days, conditions }) => ({ ...days, ...figureOf(conditions) })) });
  };
  const addBoth = (id: FigureName, list: string, figureOf: (conditions: store.ReportConditions) => reports.Figure) => {
    add(id, list, [figureOf(now), figureOf(before)]);
    addTrend(id, figureOf);
  };

  // Responses have no team, category, template or tier of a case.
  const areResponsesCounted = !facets.team && !facets.category && !facets.template && !facets.tier;
  if (areResponsesCounted)
    addBoth('acted-on', listOf('responses', { acted: 'yes' }), (conditions) => {
      const { actedOn, total } = store.sumResponses(sql, conditions);
      return reports.shareFigure(actedOn, total);
    });
  const sums = store.sumCases(sql, now, chooseGrouping(core, by));
  const respondentsOf = (source: store.CaseSums['name']) =>
    findRespondents(settings.workspace, source === null ? null : String(source));
  const groups =
    by === 'respondents'
      ? [...Map.groupBy(sums, ({ name }) => respondentsOf(name))].map(([name, own]) => ({ ...mergeSums(own), name }))
      : sums;
  const [ofNow, ofBefore] = [mergeSums(groups), mergeSums(store.sumCases(sql, before))];
  for (const [id, fact, of] of caseFigures) add(id, listOfFact(fact), [of(ofNow), of(ofBefore)]);
  addTrend('goal-kept', (conditions) => {
    const { kept, missed } = store.sumGoals(sql, conditions);
    return reports.shareFigure(kept, kept + missed);
  });
  const rate = (conditions: store.ReportConditions) => reports.scoreFigure(store.sumHandling(sql, conditions));
  add('handling', listOfFact('handling-score'), [rate(now), rate(before)]);
  for (const kind of areResponsesCounted ? scoreKinds : [])
    if (Object.values(settings.workspace.sources).some(({ scores = {} }) => scores[kind]))
      addBoth(kind, listOf('responses', { scored: kind }), (conditions) => {
        const moments = store.sumScores(sql, kind, conditions);
        return kind === 'csat' ? reports.shareFigure(moments.sum, moments.count) : reports.scoreFigure(moments);
      });
  return {
    ...period,
    figures,
    by,
    groups: groups.map((group) => ({
      name: group.name === null ? null : String(group.name),
      cases: group.cases,
      figures: caseFigures.map(([id, , of]) => ({ id, unit: figureTexts[id][2], now: of(group) })),
    })),
    trends,
    sources: compareSources(core, period),
    effect: narrowing.length === 0 ? buildEffect(core, { from: period.from, to: period.to }, now) : null,
  };
}

const mergeSums = (groups: store.CaseSums[]): store.CaseSums => ({
  ...(Object.fromEntries(
    casework.caseFacts.map((fact) => [fact, groups.reduce((sum, group) => sum + group[fact], 0)]),
  ) as Record<casework.CaseFact, number>),
  name: null,
  cases: groups.reduce((sum, { cases }) => sum + cases, 0),
  contactTimes: groups.flatMap(({ contactTimes }) => contactTimes),
  closeTimes: groups.flatMap(({ closeTimes }) => closeTimes),
});

function compareSources({ sql, settings }: Core, { from, to }: reports.Days): reports.ReportJson['sources'] {
  const zone = settings.workspace['time-zone'];
  const runsOf = Map.groupBy(store.listCountedRuns(sql, from, to), ({ source }) => source);
  const counted = [...runsOf].map(([source, runs]) => {
    const ours = ({ first, last }: (typeof runs)[number]) => {
      const days = { from: findStartOfDate(first, zone), to: findStartOfDate(last, zone, 1) };
      return store.sumResponses(sql, { show: 'all', ...days, source }).total;
    };
    return {
      source,
      how: 'counted' as const,
      from: runs[0]?.first ?? from,
      to: runs.at(-1)?.last ?? to,
      theirs: runs.reduce((sum, { count }) => sum + count, 0),
      ours: runs.reduce((sum, run) => sum + ours(run), 0),
    };
  });
  const listed = store.listLastWalksOfSources(sql).map(({ source, since, until, seen, found }) => ({
    source,
    how: 'listed' as const,
    from: dateAt(since, zone),
    to: dateAt(until, zone),
    theirs: seen,
    ours: seen - found,
  }));
  return [...counted, ...listed];
}

function chooseGrouping({ settings }: Core, by: string) {
  // Cases have no kind of respondent of their own: their sources do.
  const facet = by === 'respondents' ? 'source' : reportFacets.find((name) => name === by);
  if (facet) return { facet };
  const attributes = collectAttributes(settings.workspace);
  const attribute = by.replace(/^customer\./, '');
  const allowed = `must be one of ${reportFacets.join(', ')}, respondents, or customer.NAME for an attribute`;
  if (by === attribute) basics.refuseField('by', allowed);
  const known = attributes.get(attribute);
  if (!known) basics.refuseField('by', explainUnknownAttribute(attribute, attributes));
  if (known?.isPersonal) basics.refuseField('by', `is an attribute that tells who a customer is: ${attribute}`);
  return { attribute };
}
