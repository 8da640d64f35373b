import type { Child } from 'hono/jsx';
import type { TrackerState } from '#domain/integrations/tracker-state.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import type { AtRisk } from '#domain/json/strategic-json.ts';
import { formatAge } from '#domain/time/time-text.ts';
import {
  AttributeFilterFields,
  AttributeLine,
  canFilterByAttribute,
  toAttributeFilterParameters,
} from './attribute-views.tsx';
import {
  type CaseFilterName,
  caseFilterNames,
  chooseCustomerDisplayName,
  filters,
  formatIssueName,
  isDisputed,
  isFilterSortedByDue,
  isOverdue,
  readable,
} from './case-display.ts';
import { CaseRow, CaseTable } from './case-table.tsx';
import { IssueTrouble } from './issue-facts.tsx';
import { WorkspacePage } from './layout.tsx';
import { Backlogs, ExternalLink, Filters, LoopPill, Moment, Paging, Pill, TimeUntilDue } from './parts.tsx';
import { TotalRevenueAtRisk } from './strategic-list.tsx';
import { nameOf, type Visit } from './visit.ts';

export interface CaseListData {
  atRisk: AtRisk;
  states: TrackerState[];
  show: CaseFilterName;
  counts: Record<CaseFilterName, number>;
  cases: CaseJson[];
  /** Number of counted cases, and the cursor of older ones. */
  looked: number;
  older: string | null;
  /** Cursor of this page; null for the newest. */
  before: string | null;
  /** Attributes that the customers of all cases here have. */
  attributes: Record<string, string>;
  page: number;
  pages: number;
}

/** The case manager's list: open, overdue, disputed, unverified, and cases that need a decision. */
export function CaseListPage({ visit, list }: { visit: Visit; list: CaseListData }) {
  const { show, counts, cases, older, before, looked, page, pages } = list;
  const url = (change: Parameters<typeof buildCaseListUrl>[2]) => buildCaseListUrl(visit, list, change);
  return (
    <WorkspacePage visit={visit} title="Cases" tab="Cases">
      <TotalRevenueAtRisk atRisk={list.atRisk} />
      <Backlogs visit={visit} states={list.states} />
      <Filters
        label="Which cases"
        names={caseFilterNames}
        chosen={show}
        describe={(name) => ({
          count: counts[name],
          text: filters[name].label,
          tone: filters[name].tone,
          url: url({ show: name, page: 1 }),
        })}
      />
      {canFilterByAttribute(visit) && (
        <form class="search card" method="get">
          <input type="hidden" name="show" value={show} />
          <AttributeFilterFields visit={visit} chosen={list.attributes} />
          <div class="row">
            <button type="submit">Filter</button>
          </div>
        </form>
      )}
      {(older !== null || before !== null) && (
        <p class="notice">
          Counts of the {looked} cases{before === null ? ', the newest' : ', older ones'}.
        </p>
      )}
      {cases.length === 0 ? (
        <p class="card">No cases {filters[show].heading}.</p>
      ) : (
        <CaseRows
          visit={visit}
          cases={cases}
          caption={
            <>
              {filters[show].label}: {counts[show] === 1 ? '1 case' : `${counts[show]} cases`} {filters[show].heading},{' '}
              {isFilterSortedByDue(show) ? 'soonest due first' : 'newest first'}
            </>
          }
        />
      )}
      {pages > 1 && (
        <p class="muted">
          Page {page} of {pages}
        </p>
      )}
      <Paging
        links={[
          ['Previous', page > 1 && url({ page: page - 1 })],
          ['Next', page < pages && url({ page: page + 1 })],
          ['The newest cases', before !== null && url({ before: null, page: 1 })],
          ['Older cases', older !== null && url({ before: older, page: 1 })],
        ]}
      />
    </WorkspacePage>
  );
}

/** Cases with customer, state, due time and people. */
export const CaseRows = ({ visit, cases, caption }: { visit: Visit; cases: CaseJson[]; caption?: Child }) => (
  <CaseTable caption={caption} columns={['Customer', 'Status and loop', 'Due or closed', 'Assignee', 'Issue']}>
    {cases.map((caseJson) => (
      <Row visit={visit} one={caseJson} />
    ))}
  </CaseTable>
);

function Row({ visit, one }: { visit: Visit; one: CaseJson }) {
  return (
    <CaseRow
      visit={visit}
      one={one}
      overdue={isOverdue(one, visit.now)}
      about={one.category}
      trouble={<IssueTrouble visit={visit} issue={one.issue} />}
    >
      <td data-label="Customer">
        {one.kind === 'strategic' ? (
          <strong>{one.customers === 1 ? '1 customer' : `${one.customers} customers`}</strong>
        ) : (
          <>
            {one.customer.tier && <Pill tone="quiet">{readable(one.customer.tier)}</Pill>}
            <div class="muted clip">
              <bdi>{chooseCustomerDisplayName(one.customer.key, one.responses)}</bdi>
            </div>
            <AttributeLine attributes={one.customer.attributes} />
          </>
        )}
      </td>
      <td data-label="Status and loop">
        <div>{one.status}</div>
        <LoopPill loop={one.loop} action={one.action} />
        {one.generation > 1 && <div class="muted">{describeReopenings(one)}</div>}
      </td>
      <td data-label={one.loop === 'working' ? 'Due' : 'Closed'}>
        <DueOrClosedText visit={visit} one={one} />
      </td>
      <td data-label="Assignee">
        {one.assignee ? <bdi>{nameOf(visit, one.assignee)}</bdi> : <span class="muted">nobody</span>}
      </td>
      <td data-label="Issue">
        {one.issue ? (
          <ExternalLink url={one.issue.url}>{formatIssueName(one.issue)}</ExternalLink>
        ) : (
          <span class="muted">being created</span>
        )}
      </td>
    </CaseRow>
  );
}

function describeReopenings(caseJson: CaseJson): string {
  if (caseJson.loop === 'working' && isDisputed(caseJson)) return 'reopened: disputed';
  return caseJson.generation === 2 ? 'reopened once' : `reopened ${caseJson.generation - 1} times`;
}

function DueOrClosedText({ visit, one }: { visit: Visit; one: CaseJson }) {
  const closedAt = one.loop === 'working' ? null : one.resolvedAt;
  return (
    <>
      {closedAt === null ? <TimeUntilDue one={one} now={visit.now} /> : `closed ${formatAge(closedAt, visit.now)}`}
      <div class="muted">
        <Moment at={closedAt ?? one.dueAt} visit={visit} />
      </div>
    </>
  );
}

function buildCaseListUrl(
  { workspace }: Visit,
  list: CaseListData,
  change: Partial<Pick<CaseListData, 'show' | 'before' | 'page'>>,
): string {
  const { show, before, page } = { ...list, ...change };
  const query = new URLSearchParams([['show', show], ...toAttributeFilterParameters(list.attributes)]);
  if (before !== null) query.set('before', before);
  if (page > 1) query.set('page', String(page));
  return `/w/${workspace}/cases?${query}`;
}
