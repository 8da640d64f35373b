import type { AtRisk, StrategicCaseSummary } from '#domain/json/strategic-json.ts';
import { CaseRow, CaseTable } from './case-table.tsx';
import { WorkspacePage } from './layout.tsx';
import { LoopPill, Moment } from './parts.tsx';
import { formatAge, formatAmount } from './time-text.ts';
import { nameOf, type Visit } from './visit.ts';

export const strategicFilterNames = ['open', 'undecided', 'all'] as const;
export type StrategicFilterName = (typeof strategicFilterNames)[number];
export const strategicSortNames = ['customers', 'revenue', 'age'] as const;
export type StrategicSortName = (typeof strategicSortNames)[number];

export interface StrategicListQuery {
  show: StrategicFilterName;
  sort: StrategicSortName;
  /** Null for all. */
  theme: string | null;
}

const labels: Record<StrategicFilterName, string> = {
  open: 'Open or waiting',
  undecided: 'No decision yet',
  all: 'All',
};
const sorts: Record<StrategicSortName, string> = {
  customers: 'most customers',
  revenue: 'most revenue at risk',
  age: 'the oldest',
};

const keeps: Record<StrategicFilterName, (summary: StrategicCaseSummary) => boolean> = {
  open: ({ loop, needsPerson }) => loop === 'working' || loop === 'disputed' || needsPerson !== null,
  undecided: ({ loop, isDecided }) => loop === 'working' && !isDecided,
  all: () => true,
};

const ranks: Record<StrategicSortName, (summary: StrategicCaseSummary) => number> = {
  customers: ({ customers }) => -customers,
  revenue: ({ revenueAtRisk }) => -revenueAtRisk,
  age: ({ openedAt }) => Date.parse(openedAt),
};

function filterAndSortStrategicCases(items: StrategicCaseSummary[], { show, sort, theme }: StrategicListQuery) {
  return items
    .filter((item) => keeps[show](item) && (theme === null || item.theme === theme))
    .toSorted((a, b) => ranks[sort](a) - ranks[sort](b));
}

/** List of strategic cases: customers, revenue and decision owner. */
export function StrategicListPage(props: {
  visit: Visit;
  items: StrategicCaseSummary[];
  atRisk: AtRisk;
  query: StrategicListQuery;
}) {
  const { visit, items, atRisk, query } = props;
  const chosen = filterAndSortStrategicCases(items, query);
  const themes = [...new Set(items.flatMap(({ theme }) => theme ?? []))].sort();
  return (
    <WorkspacePage visit={visit} title="Strategic cases" place="Cases" back="Cases">
      <TotalRevenueAtRisk atRisk={atRisk} />
      <nav class="filters" aria-label="Which strategic cases">
        {strategicFilterNames.map((show) => (
          <a
            class="card"
            href={buildStrategicListUrl(visit, query, { show })}
            aria-current={show === query.show ? 'page' : undefined}
          >
            <strong>{items.filter((item) => keeps[show](item)).length}</strong> {labels[show]}
          </a>
        ))}
      </nav>
      <nav class="row" aria-label="Order">
        <span>First</span>
        {strategicSortNames.map((sort) => (
          <a
            href={buildStrategicListUrl(visit, query, { sort })}
            aria-current={sort === query.sort ? 'true' : undefined}
          >
            {sorts[sort]}
          </a>
        ))}
      </nav>
      {themes.length > 0 && (
        <nav class="row" aria-label="Theme">
          <span>About</span>
          <a
            href={buildStrategicListUrl(visit, query, { theme: null })}
            aria-current={query.theme === null ? 'true' : undefined}
          >
            anything
          </a>
          {themes.map((theme) => (
            <a
              href={buildStrategicListUrl(visit, query, { theme })}
              aria-current={theme === query.theme ? 'true' : undefined}
            >
              <bdi>{theme}</bdi>
            </a>
          ))}
        </nav>
      )}
      {chosen.length === 0 ? (
        <p class="card">No such strategic cases.</p>
      ) : (
        <CaseTable
          caption={`${labels[query.show]}: ${chosen.length === 1 ? '1 case' : `${chosen.length} cases`}`}
          columns={['Customers', 'Revenue at risk', 'Opened', 'Loop', 'Decides']}
        >
          {chosen.map((summary) => (
            <Row visit={visit} one={summary} />
          ))}
        </CaseTable>
      )}
    </WorkspacePage>
  );
}

export function TotalRevenueAtRisk({ atRisk: { customers, revenue } }: { atRisk: AtRisk }) {
  return (
    <p>
      Open cases put <strong>{formatAmount(revenue)}</strong> a year at risk ·{' '}
      {customers === 1 ? '1 customer' : `${customers} customers`} with open cases
    </p>
  );
}

function Row({ visit, one }: { visit: Visit; one: StrategicCaseSummary }) {
  return (
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
          <Moment at={one.openedAt} visit={visit} short />
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
}

function buildStrategicListUrl(
  { workspace }: Visit,
  query: StrategicListQuery,
  change: Partial<StrategicListQuery>,
): string {
  const { show, sort, theme } = { ...query, ...change };
  const search = new URLSearchParams({ show, sort, ...(theme === null ? {} : { theme }) });
  return `/w/${workspace}/strategic?${search}`;
}
