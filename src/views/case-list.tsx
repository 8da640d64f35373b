import type { bulkActions } from '#domain/cases/action.ts';
import {
  type CaseFacet,
  type CaseState,
  caseSorts,
  isStateOfOpenCases,
  nobody,
  saidNames,
} from '#domain/cases/case-list.ts';
import type { TrackerState } from '#domain/integrations/tracker-state.ts';
import type { CaseListJson } from '#domain/json/case-row-json.ts';
import { AttributeFilterFields } from './attribute-views.tsx';
import { caseStateDisplays, readable, stateNames } from './case-display.ts';
import { CaseRows } from './case-rows.tsx';
import { type FormField, LabelledField, line, PlainButton, Select } from './forms.tsx';
import { WorkspacePage } from './layout.tsx';
import { Backlogs, Filters, Paging } from './parts.tsx';
import { Rail } from './rail.tsx';
import type { Visit } from './visit.ts';

export interface CaseListData extends CaseListJson {
  states: TrackerState[];
  /** Parameters of the address, without cursor and format. */
  query: Record<string, string>;
  show: CaseState;
  cursor: string | null;
  attributes: Record<string, string>;
  done: string | null;
}

const sortLabels: Record<(typeof caseSorts)[number], string> = {
  due: 'soonest due first',
  severity: 'most severe first',
  revenue: 'most revenue first',
  newest: 'newest first',
};
const facetLabels: Partial<Record<CaseFacet, string>> = {
  team: 'Team',
  category: 'Category',
  severity: 'Severity',
  tier: 'Tier of the case',
  template: 'Template',
  source: 'Source',
};

/** What reports count cases by, before its value. */
const countedTexts = {
  verdict: 'those with the verdict',
  'customer-says': 'those whose customer answers',
  'closer-says': 'those whose closer answers',
  reason: 'those with the blocker or reason',
  scored: 'those scored before and after by',
  fact: 'those with',
  respondents: 'those of',
};

/** The list of cases, narrowed by state, people, facts and words. */
export function CaseListPage({ visit, list }: { visit: Visit; list: CaseListData }) {
  const { show, counts, rows, next, cursor, query, mostCounted } = list;
  const url = (change: Record<string, string | null>) => buildCaseListUrl(visit, query, change);
  const narrowing = Object.keys(query).filter((name) => name !== 'show' && name !== 'sort');
  const counted = ([...saidNames, 'fact', 'respondents'] as const).filter((name) => query[name]);
  const { heading, label } = caseStateDisplays[show];
  const numberOf = (count: number) =>
    narrowing.length > 0 && count > mostCounted ? `${mostCounted.toLocaleString('en')}+` : count.toLocaleString('en');
  const sort = isStateOfOpenCases(show) ? (caseSorts.find((name) => name === query.sort) ?? 'due') : 'newest';
  return (
    <WorkspacePage visit={visit} title="Cases" tab="Cases">
      <Rail visit={visit} facts={list.rail} search={query.search}>
        {list.done && (
          <p class="notice" role="status">
            {list.done}
          </p>
        )}
        <Backlogs visit={visit} states={list.states} />
        <Filters
          label="Which cases"
          names={stateNames.filter((name, index) => index < 9 || name === show)}
          chosen={show}
          describe={(name) => ({
            count: numberOf(counts[name]),
            text: caseStateDisplays[name].label,
            tone: caseStateDisplays[name].tone,
            url: url({ show: name }),
          })}
        />
        {counted.length > 0 && (
          <p>
            Only{' '}
            {counted.map((name) => `${countedTexts[name]} ${readable(query[name] ?? '').toLowerCase()}`).join(', ')}.{' '}
            <a href={url(Object.fromEntries([...counted, 'from', 'to'].map((name) => [name, null])))}>
              Show all of them
            </a>
          </p>
        )}
        <Narrowing visit={visit} list={list} isOpen={narrowing.some((name) => name !== 'search')} sort={sort} />
        {rows.length === 0 ? (
          <p class="card">
            No cases {heading}
            {narrowing.length > 0 && ' match'}.{' '}
            {narrowing.length > 0 && <a href={buildCaseListUrl(visit, { show }, {})}>Show all of them</a>}
          </p>
        ) : (
          <CaseRows
            visit={visit}
            rows={rows}
            list={String(new URLSearchParams({ ...query, show, ...(cursor && { cursor }) }))}
            form={visit.access === 'viewer' ? undefined : 'bulk'}
            caption={`${label}: ${numberOf(counts[show])} ${counts[show] === 1 ? 'case' : 'cases'} ${heading}, ${sortLabels[sort]}`}
          />
        )}
        {visit.access !== 'viewer' && rows.length > 0 && <BulkForm visit={visit} list={list} />}
        <Paging
          links={[
            ['First page', cursor !== null && url({})],
            ['Next', next !== null && url({ cursor: next })],
            ['CSV', rows.length > 0 && url({ format: 'csv' })],
          ]}
        />
      </Rail>
    </WorkspacePage>
  );
}

function Narrowing({ visit, list, isOpen, sort }: { visit: Visit; list: CaseListData; isOpen: boolean; sort: string }) {
  const { query, choices, show } = list;
  const choice = (name: string, label: string, options: [string, string][]) => (
    <Select name={name} label={label} any="any" options={options} chosen={query[name]} />
  );
  const people = Object.entries(visit.people);
  return (
    <details open={isOpen}>
      <summary>Filter and sort</summary>
      <form class="search card" method="get" action={`/w/${visit.workspace}/cases`}>
        <input type="hidden" name="show" value={show} />
        {['search', 'fact', 'respondents', ...saidNames].map(
          (name) => query[name] && <input type="hidden" name={name} value={query[name]} />,
        )}
        {choice('person', 'Assignee or loop owner', people)}
        {choice('assignee', 'Assignee', [[nobody, 'nobody'], ...people])}
        {choice('owner', 'Loop owner', people)}
        {Object.entries(facetLabels).map(([name, label]) =>
          choice(
            name,
            label,
            (choices[name as keyof typeof choices] ?? []).map(([value, text]) => [
              value,
              value === text ? readable(text) : text,
            ]),
          ),
        )}
        <AttributeFilterFields visit={visit} chosen={list.attributes} />
        <label>
          Opened from
          <input type="date" name="from" value={query.from} />
        </label>
        <label>
          Opened until
          <input type="date" name="to" value={query.to} />
        </label>
        {isStateOfOpenCases(show) && (
          <div class="stack tight">
            <LabelledField
              id="sort"
              field={{ name: 'sort', label: 'Order', options: Object.entries(sortLabels), value: sort }}
            />
          </div>
        )}
        <div class="row">
          <button type="submit">Show</button>
          <a href={buildCaseListUrl(visit, { show }, {})}>Clear</a>
        </div>
      </form>
    </details>
  );
}

function BulkForm({ visit, list }: { visit: Visit; list: CaseListData }) {
  const { query, choices, rail } = list;
  const home = `/w/${visit.workspace}`;
  const kept = `${new URLSearchParams(query)}`;
  const act = (action: (typeof bulkActions)[number], label: string, field: Partial<FormField>) => (
    <div class="stack tight">
      <LabelledField id={`bulk-${action}`} field={{ name: action, label, isOptional: true, ...field }} />
      <PlainButton name="action" value={action}>
        {label}
      </PlainButton>
    </div>
  );
  const own = rail.views.flatMap(({ name, isOwn }) => (isOwn || visit.access !== 'member' ? [name] : []));
  return (
    <details>
      <summary>Change ticked cases, or save this view</summary>
      <form class="search card" id="bulk" method="post" action={`${home}/cases?${kept}`}>
        {act('assign', 'Assign', { label: 'Assignee', options: Object.entries(visit.people) })}
        {act('status', 'Set status', { label: 'Status', options: choices.status })}
        {act('close', 'Close', { longest: 1000, label: 'Reason for closing' })}
      </form>
      <form class="search card" method="post" action={`${home}/views`}>
        <input type="hidden" name="query" value={kept} />
        <LabelledField id="view" field={line('name', 'Name of the view', 60, { proposals: own })} />
        <div class="row">
          <PlainButton>Save this view</PlainButton>
          {own.length > 0 && (
            <PlainButton name="action" value="drop">
              Delete the view of this name
            </PlainButton>
          )}
        </div>
      </form>
    </details>
  );
}

function buildCaseListUrl(
  { workspace }: Visit,
  query: Record<string, string>,
  change: Record<string, string | null>,
): string {
  const changed = Object.entries({ ...query, ...change }).filter((pair): pair is [string, string] => pair[1] !== null);
  return `/w/${workspace}/cases?${new URLSearchParams(changed)}`;
}
