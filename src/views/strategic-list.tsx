import * as ui from './kit.ts';

type Filter = { label: string; keeps: (summary: ui.StrategicCaseSummary) => boolean };

const filters = {
  open: {
    label: 'Open or waiting',
    keeps: ({ loop, needsPerson }) => loop === 'working' || loop === 'disputed' || needsPerson !== null,
  },
  undecided: { label: 'No decision yet', keeps: ({ loop, isDecided }) => loop === 'working' && !isDecided },
  all: { label: 'All', keeps: () => true },
} as const satisfies Record<string, Filter>;
export const strategicFilterNames = Object.keys(filters) as (keyof typeof filters)[];

const sorts = {
  customers: { label: 'most customers', rank: ({ customers }: ui.StrategicCaseSummary) => -customers },
  revenue: { label: 'most revenue at risk', rank: ({ revenueAtRisk }: ui.StrategicCaseSummary) => -revenueAtRisk },
  trend: { label: 'growing fastest', rank: ({ trend }: ui.StrategicCaseSummary) => trend.before - trend.recent },
};
export const strategicSortNames = Object.keys(sorts) as (keyof typeof sorts)[];

export interface StrategicListQuery {
  show: keyof typeof filters;
  sort: keyof typeof sorts;
}

interface StrategicListProps {
  visit: ui.Visit;
  items: ui.StrategicCaseSummary[];
  atRisk: ui.AtRisk;
  query: StrategicListQuery;
}

/** Strategic cases that the filters of a list leave, in its order. */
export const chooseStrategicCases = (items: ui.StrategicCaseSummary[], { show, sort }: StrategicListQuery) =>
  items.filter(filters[show].keeps).toSorted((a, b) => sorts[sort].rank(a) - sorts[sort].rank(b));

/** List of strategic cases: customers, revenue and decision owner. */
export function StrategicListPage({ visit, items, atRisk, query }: StrategicListProps) {
  const chosen = chooseStrategicCases(items, query);
  const url = (change: Partial<StrategicListQuery>) =>
    `/w/${visit.workspace}/strategic?${ui.toQuery({ ...query, ...change })}`;
  return (
    <ui.WorkspacePage visit={visit} title="Strategic cases" tab="Strategic cases">
      <p>
        Open cases put <strong>{ui.formatAmount(atRisk.revenue)}</strong> a year at risk ·{' '}
        {atRisk.customers === 1 ? '1 customer' : `${atRisk.customers} customers`} with open cases
      </p>
      <ui.Filters
        label="Which strategic cases"
        names={strategicFilterNames}
        chosen={query.show}
        describe={(show) => ({
          count: chooseStrategicCases(items, { ...query, show }).length,
          text: filters[show].label,
          url: url({ show }),
        })}
      />
      <ui.Choices
        label="Order"
        style="row"
        intro="First"
        links={strategicSortNames.map((sort) => [sorts[sort].label, url({ sort }), sort === query.sort])}
      />
      <ui.Table
        isCard
        name={`${filters[query.show].label}: ${chosen.length === 1 ? '1 case' : `${chosen.length} cases`}`}
        columns={[
          ...['Case', 'Severity', 'Customers', 'Revenue at risk'],
          ...['Answers in 30 days', 'Opened', 'Loop', 'Decides'],
        ]}
        rows={chosen.map((summary) => listCells(visit, summary))}
        empty="No such strategic cases."
      />
      <ui.Paging links={[['CSV', `${url({})}&format=csv`]]} />
    </ui.WorkspacePage>
  );
}

const listCells = (visit: ui.Visit, one: ui.StrategicCaseSummary): ui.Child[] => [
  <>
    <ui.CaseLink to={one} /> {one.overdue && <ui.Pill tone="bad">overdue</ui.Pill>}
    <div class="muted">{one.category}</div>
    {one.needsPerson && <p class="notice warn">Needs a decision: {one.needsPerson}</p>}
  </>,
  <ui.SeverityPill severity={one.severity} />,
  <strong>{one.customers}</strong>,
  ui.formatAmount(one.revenueAtRisk),
  <>
    {one.trend.recent} <span class="muted">({one.trend.before} before)</span>
  </>,
  [ui.formatAge(one.openedAt, visit.now), <br />, <ui.MutedMoment at={one.openedAt} />],
  <ui.LoopPill loop={one.loop} />,
  <>
    {one.decisionOwner ? <ui.Person who={one.decisionOwner} /> : <strong>nobody yet</strong>}
    <div class="muted">{one.isDecided ? 'decided' : 'no decision yet'}</div>
  </>,
];
