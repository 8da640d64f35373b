import type { AtRisk, StrategicCaseSummary } from '#domain/json/strategic-json.ts';
import { CaseRow, CaseTable } from './case-table.tsx';
import { WorkspacePage } from './layout.tsx';
import { Choices, LoopPill, Moment } from './parts.tsx';
import { formatAge, formatAmount } from './time-text.ts';
import { nameOf, type Visit } from './visit.ts';

export const strategicFilterNames = ['open', 'undecided', 'all'] as const;
type StrategicFilterName = (typeof strategicFilterNames)[number];
export const strategicSortNames = ['customers', 'revenue', 'age'] as const;
type StrategicSortName = (typeof strategicSortNames)[number];

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
    <WorkspacePage visit={visit} title="Strategic cases" tab="Strategic cases">
      <TotalRevenueAtRisk atRisk={atRisk} />
      <Choices
        label="Which strategic cases"
        style="filters"
        links={strategicFilterNames.map((show) => ({
          text: (
            <>
              <strong>{items.filter((item) => keeps[show](item)).length}</strong> {labels[show]}
            </>
          ),
          url: buildStrategicListUrl(visit, query, { show }),
          isChosen: show === query.show,
          tone: 'card',
        }))}
      />
      <Choices
        label="Order"
        style="row"
        intro="First"
        links={strategicSortNames.map((sort) => ({
          text: sorts[sort],
          url: buildStrategicListUrl(visit, query, { sort }),
          isChosen: sort === query.sort,
        }))}
      />
      {themes.length > 0 && (
        <Choices
          label="Theme"
          style="row"
          intro="About"
          links={[null, ...themes].map((theme) => ({
            text: theme === null ? 'anything' : <bdi>{theme}</bdi>,
            url: buildStrategicListUrl(visit, query, { theme }),
            isChosen: theme === query.theme,
          }))}
        />
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
