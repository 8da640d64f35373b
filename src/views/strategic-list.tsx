import type { AtRisk, StrategicCaseSummary } from '#domain/json/case-json.ts';
import { formatAge, formatAmount } from '#domain/time/time-text.ts';
import { CaseRow, CaseTable } from './case-table.tsx';
import { WorkspacePage } from './layout.tsx';
import { Choices, Filters, LoopPill, Moment, Paging } from './parts.tsx';
import { nameOf, type Visit } from './visit.ts';

type Filter = { label: string; keeps: (summary: StrategicCaseSummary) => boolean };

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
  customers: { label: 'most customers', rank: ({ customers }: StrategicCaseSummary) => -customers },
  revenue: { label: 'most revenue at risk', rank: ({ revenueAtRisk }: StrategicCaseSummary) => -revenueAtRisk },
  age: { label: 'the oldest', rank: ({ openedAt }: StrategicCaseSummary) => Date.parse(openedAt) },
};
export const strategicSortNames = Object.keys(sorts) as (keyof typeof sorts)[];

export interface StrategicListQuery {
  show: keyof typeof filters;
  sort: keyof typeof sorts;
  /** Null for all. */
  theme: string | null;
}

/** List of strategic cases: customers, revenue and decision owner. */
export function StrategicListPage(props: {
  visit: Visit;
  items: StrategicCaseSummary[];
  atRisk: AtRisk;
  query: StrategicListQuery;
}) {
  const { visit, items, atRisk, query } = props;
  const { rank } = sorts[query.sort];
  const chosen = items
    .filter((item) => filters[query.show].keeps(item) && (query.theme === null || item.theme === query.theme))
    .toSorted((a, b) => rank(a) - rank(b));
  const themes = [...new Set(items.flatMap(({ theme }) => theme ?? []))].sort();
  return (
    <WorkspacePage visit={visit} title="Strategic cases" tab="Strategic cases">
      <TotalRevenueAtRisk atRisk={atRisk} />
      <Filters
        label="Which strategic cases"
        names={strategicFilterNames}
        chosen={query.show}
        describe={(show) => ({
          count: items.filter((item) => filters[show].keeps(item)).length,
          text: filters[show].label,
          url: buildStrategicListUrl(visit, query, { show }),
        })}
      />
      <Choices
        label="Order"
        style="row"
        intro="First"
        links={strategicSortNames.map((sort) => [
          sorts[sort].label,
          buildStrategicListUrl(visit, query, { sort }),
          sort === query.sort,
        ])}
      />
      {themes.length > 0 && (
        <Choices
          label="Theme"
          style="row"
          intro="About"
          links={[null, ...themes].map((theme) => [
            theme === null ? 'anything' : <bdi>{theme}</bdi>,
            buildStrategicListUrl(visit, query, { theme }),
            theme === query.theme,
          ])}
        />
      )}
      {chosen.length === 0 ? (
        <p class="card">No such strategic cases.</p>
      ) : (
        <CaseTable
          caption={`${filters[query.show].label}: ${chosen.length === 1 ? '1 case' : `${chosen.length} cases`}`}
          columns={['Customers', 'Revenue at risk', 'Opened', 'Loop', 'Decides']}
        >
          {chosen.map((summary) => (
            <Row visit={visit} one={summary} />
          ))}
        </CaseTable>
      )}
      <Paging links={[['CSV', `/w/${visit.workspace}/strategic?format=csv`]]} />
    </WorkspacePage>
  );
}

const TotalRevenueAtRisk = ({ atRisk: { customers, revenue } }: { atRisk: AtRisk }) => (
  <p>
    Open cases put <strong>{formatAmount(revenue)}</strong> a year at risk ·{' '}
    {customers === 1 ? '1 customer' : `${customers} customers`} with open cases
  </p>
);

const Row = ({ visit, one }: { visit: Visit; one: StrategicCaseSummary }) => (
  <CaseRow
    visit={visit}
    one={one}
    overdue={one.overdue}
    about={
      <>
        {one.theme && (
          <>
            <bdi>{one.theme}</bdi>,{' '}
          </>
        )}
        {one.category}
      </>
    }
  >
    <td data-label="Customers">
      <strong>{one.customers}</strong>
    </td>
    <td data-label="Revenue at risk">{formatAmount(one.revenueAtRisk)}</td>
    <td data-label="Opened">
      {formatAge(one.openedAt, visit.now)}
      <div class="muted">
        <Moment at={one.openedAt} visit={visit} />
      </div>
    </td>
    <td data-label="Loop">
      <LoopPill loop={one.loop} />
    </td>
    <td data-label="Decides">
      {one.decisionOwner ? <bdi>{nameOf(visit, one.decisionOwner)}</bdi> : <strong>nobody yet</strong>}
      <div class="muted">{one.isDecided ? 'decided' : 'no decision yet'}</div>
    </td>
  </CaseRow>
);

function buildStrategicListUrl(
  { workspace }: Visit,
  query: StrategicListQuery,
  change: Partial<StrategicListQuery>,
): string {
  const { show, sort, theme } = { ...query, ...change };
  const search = new URLSearchParams({ show, sort, ...(theme === null ? {} : { theme }) });
  return `/w/${workspace}/strategic?${search}`;
}
