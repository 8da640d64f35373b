import { findRespondents, scoreKinds } from '#domain/settings/workspace-file.ts';
import { dateAt, findStartOfDate } from '#domain/time/quiet-hours.ts';
import { basics, casework, collectAttributes, type Core, explainUnknownAttribute, reports, store } from '../kit.ts';
import { checkAttributeFilter } from './case-lists.ts';
import { buildEffect } from './effect.ts';

export const reportFacets = ['team', 'category', 'template', 'source', 'tier'] as const satisfies casework.CaseFacet[];
type ReportFacet = (typeof reportFacets)[number];

export interface ReportQuery extends reports.PeriodQuery, Partial<Record<ReportFacet, string | undefined>> {
  by?: string | undefined;
  attributes?: store.AttributeFilter;
}

/** Shares of cases: what is counted, and of which cases. */
const shares: [fact: casework.CaseFact, title: string, how: string, of: 'opened' | 'judged' | 'closed'][] = [
  ['contact', 'Contacted', 'A person got in touch with the customer, of the cases and tasks opened.', 'opened'],
  ['goal-kept', 'Goals kept', 'Closed by the closure goal, of those closed or overdue.', 'judged'],
  ['confirmation', 'Confirmed', 'The customer says that it is resolved, of the cases closed.', 'closed'],
  ['dispute', 'Improperly closed', 'Closed although the customer says no, of the cases closed.', 'closed'],
  ['reopened', 'Reopened', 'Opened again after a closing, of the cases closed.', 'closed'],
];
const timeFigures = [
  {
    id: 'contact-time',
    title: 'Time to first contact',
    how: 'Working time from opening to the first contact: half of the cases took no longer.',
    times: 'contactTimes',
  },
  {
    id: 'close-time',
    title: 'Time to close',
    how: 'Working time from opening to closing, without pauses: half of the cases took no longer.',
    times: 'closeTimes',
  },
] as const;
const scoreTexts = {
  nps: {
    title: 'NPS',
    how: 'Promoters (9 and 10) less detractors (0 to 6), in points of 100 responses.',
    unit: 'score',
  },
  csat: { title: 'CSAT', how: 'Satisfied people, in the upper two fifths of the scale.', unit: 'share' },
  ces: { title: 'CES', how: 'Mean score of the effort question.', unit: 'score' },
} as const;
const actedOn = {
  id: 'acted-on',
  title: 'Acted on',
  how: 'A notice, a task or a case came of it, of all finished responses.',
  unit: 'share',
} as const;
const handling = {
  id: 'handling',
  title: 'Handling',
  how: 'How customers say their case was handled, from 1 to 5.',
  unit: 'score',
} as const;

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
  const add = (
    row: Pick<reports.ReportRow, 'id' | 'title' | 'how' | 'unit' | 'list'>,
    figureOf: (conditions: store.ReportConditions) => reports.Figure,
    hasTrend: boolean,
  ) => {
    figures.push({ ...row, now: figureOf(now), before: figureOf(before) });
    const points = hasTrend ? parts.map(({ days, conditions }) => ({ ...days, ...figureOf(conditions) })) : [];
    if (hasTrend) trends.push({ title: row.title, unit: row.unit, points });
  };

  // Responses have no team, category, template or tier of a case.
  const areResponsesCounted = !facets.team && !facets.category && !facets.template && !facets.tier;
  if (areResponsesCounted)
    add(
      { ...actedOn, list: listOf('responses', { acted: 'yes' }) },
      (conditions) => {
        const sums = store.sumResponses(sql, conditions);
        return reports.shareFigure(sums.actedOn, sums.total);
      },
      true,
    );
  const sums = store.sumCases(sql, now, chooseGrouping(core, by));
  const respondentsOf = (source: store.CaseSums['name']) =>
    findRespondents(settings.workspace, source === null ? null : String(source));
  const groups =
    by === 'respondents'
      ? [...Map.groupBy(sums, ({ name }) => respondentsOf(name))].map(([name, own]) => ({ ...mergeSums(own), name }))
      : sums;
  const ofNow = new Map(buildCaseRows(mergeSums(groups)).map((row) => [row.id, row.now]));
  for (const { fact, now: ofBefore, ...row } of buildCaseRows(mergeSums(store.sumCases(sql, before))))
    figures.push({ ...row, now: ofNow.get(row.id) ?? ofBefore, before: ofBefore, list: listOfFact(fact) });
  const goals = parts.map(({ days, conditions }) => {
    const { kept, missed } = store.sumGoals(sql, conditions);
    return { ...days, ...reports.shareFigure(kept, kept + missed) };
  });
  trends.push({ title: 'Goals kept', unit: 'share', points: goals });
  const rated = { ...handling, list: listOfFact('handling-score') };
  add(rated, (conditions) => reports.scoreFigure(store.sumHandling(sql, conditions)), false);
  for (const kind of areResponsesCounted ? scoreKinds : [])
    if (Object.values(settings.workspace.sources).some(({ scores = {} }) => scores[kind]))
      add(
        { id: kind, ...scoreTexts[kind], list: listOf('responses', { scored: kind }) },
        (conditions) => {
          const moments = store.sumScores(sql, kind, conditions);
          return kind === 'csat' ? reports.shareFigure(moments.sum, moments.count) : reports.scoreFigure(moments);
        },
        true,
      );
  return {
    ...period,
    figures,
    by,
    groups: groups.map((group) => ({
      name: group.name === null ? null : String(group.name),
      cases: group.cases,
      figures: buildCaseRows(group).map(({ id, unit, now: figure }) => ({ id, unit, now: figure })),
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

function buildCaseRows(sums: store.CaseSums) {
  const counts = { opened: sums.cases, judged: sums['goal-kept'] + sums['goal-missed'], closed: sums.closed };
  return [
    ...shares.map(([fact, title, how, of]) => {
      return { id: fact, title, how, fact, unit: 'share' as const, now: reports.shareFigure(sums[fact], counts[of]) };
    }),
    ...timeFigures.map(({ times, ...texts }) => {
      const fact = times === 'closeTimes' ? 'time-to-close' : 'contact';
      return { ...texts, fact, unit: 'time' as const, now: reports.timeFigure(sums[times]) };
    }),
  ];
}

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
