import { CaseRows, Rail } from './case-rows.tsx';
import * as ui from './kit.ts';

export interface CaseListData extends ui.Value<'caseRows'> {
  query: Record<string, string>;
  show: ui.CaseState;
  cursor: string | null;
  attributes: Record<string, string>;
}

const sortLabels: Record<(typeof ui.caseSorts)[number], string> = {
  due: 'soonest due first',
  severity: 'most severe first',
  revenue: 'most revenue first',
  newest: 'newest first',
};
const isOfPeople = (facet: ui.CaseFacet) => facet === 'assignee' || facet === 'owner';

const countedTexts = {
  verdict: 'those with the verdict',
  'customer-says': 'those whose customer answers',
  'closer-says': 'those whose closer answers',
  reason: 'those with the blocker or reason',
  scored: 'those with a score before and after:',
  fact: 'those with',
  respondents: 'those of',
};
const countedNames = Object.keys(countedTexts) as (keyof typeof countedTexts)[];
const kept = new Set<string>(['search', ...countedNames]);

/** The list of cases, narrowed by state, people, facts and words. */
export function CaseListPage({ visit, list }: { visit: ui.Visit; list: CaseListData }) {
  const { show, counts, rows, next, cursor, query, mostCounted } = list;
  const home = `/w/${visit.workspace}/cases`;
  const url = (change: Record<string, string>) => `${home}?${ui.toQuery({ ...query, ...change })}`;
  const narrowing = Object.keys(query).filter((name) => name !== 'show' && name !== 'sort');
  const counted = countedNames.filter((name) => query[name]);
  const { heading, label } = ui.caseStateDisplays[show];
  const numberOf = (count: number) =>
    narrowing.length > 0 && count > mostCounted ? `${mostCounted.toLocaleString('en')}+` : count.toLocaleString('en');
  const sort = ui.isStateOfOpenCases(show) ? (ui.caseSorts.find((name) => name === query.sort) ?? 'due') : 'newest';
  return (
    <ui.WorkspacePage visit={visit} title="Cases" tab="Cases">
      <Rail facts={list.rail} search={query.search}>
        <ui.Filters
          label="Which cases"
          names={ui.stateNames.filter((name, index) => index < 9 || name === show)}
          chosen={show}
          describe={(name) => ({
            count: numberOf(counts[name]),
            text: ui.caseStateDisplays[name].label,
            tone: ui.caseStateDisplays[name].tone,
            url: url({ show: name }),
          })}
        />
        {counted.length > 0 && (
          <p>
            Only{' '}
            {counted.map((name) => `${countedTexts[name]} ${ui.readable(query[name] ?? '').toLowerCase()}`).join(', ')}.{' '}
            <a href={url(Object.fromEntries([...counted, 'from', 'to'].map((name) => [name, ''])))}>Show all of them</a>
          </p>
        )}
        <details open={narrowing.some((name) => name !== 'search')}>
          <summary>Filter and sort</summary>
          <ui.Search
            action="cases"
            fields={listFields(visit, list, sort)}
            hidden={{ show, ...Object.fromEntries(Object.entries(query).filter(([name]) => kept.has(name))) }}
            clear={`cases?show=${show}`}
          />
        </details>
        {rows.length === 0 ? (
          <p class="card">
            No cases {heading}
            {narrowing.length > 0 && ' match'}.{' '}
            {narrowing.length > 0 && <ui.Link to={`cases?show=${show}`}>Show all of them</ui.Link>}
          </p>
        ) : (
          <CaseRows
            rows={rows}
            list={String(ui.toQuery({ ...query, show, cursor }))}
            form={visit.access === 'viewer' ? undefined : 'bulk'}
            ticked={visit.query.ticked === 'all'}
            caption={`${label}: ${numberOf(counts[show])} ${counts[show] === 1 ? 'case' : 'cases'} ${heading}, ${sortLabels[sort]}`}
          />
        )}
        {visit.access !== 'viewer' && rows.length > 0 && <BulkForm list={list} />}
        <ui.Pages list={{ cursor, next: next && url({ cursor: next }), hasFile: rows.length > 0, url }} />
      </Rail>
    </ui.WorkspacePage>
  );
}

function listFields(visit: ui.Visit, list: CaseListData, sort: string): ui.FormField[] {
  const { query, show, attributes } = list;
  const choices = list.choices as Record<string, [value: string, text: string][]>;
  const people = Object.entries(visit.people);
  const choice = (name: string, label: string, options: [string, string][]) =>
    ui.choice(name, label, options, query[name] ?? null);
  const named = (facet: string) =>
    (choices[facet] ?? []).map(([value, text]): [string, string] => [value, value === text ? ui.readable(text) : text]);
  const order = ui.choice('sort', 'Order', Object.entries(sortLabels), sort);
  return [
    choice('person', 'Assignee or loop owner', people),
    choice('assignee', 'Assignee', [[ui.nobody, 'nobody'], ...people]),
    choice('owner', 'Loop owner', people),
    ...ui.caseFacets
      .filter((facet) => !isOfPeople(facet))
      .map((facet) => choice(facet, facet === 'tier' ? 'Tier of the case' : ui.readable(facet), named(facet))),
    ...ui
      .listAttributeFilters(visit, attributes)
      .map((field) => (/\btier$/.test(field.name) ? { ...field, label: 'Tier of the customer now' } : field)),
    ...ui.days('Opened from', 'Opened until', query),
    ...(ui.isStateOfOpenCases(show) ? [{ ...order, isOptional: false }] : []),
  ];
}

function BulkForm({ list }: { list: CaseListData }) {
  const { query, choices, rail } = list;
  const visit = ui.useVisit();
  const home = `/w/${visit.workspace}`;
  const kept = `${new URLSearchParams(query)}`;
  const ticking = ui.toQuery({ ...query, cursor: list.cursor, ticked: 'all' });
  const act = (action: (typeof ui.bulkActions)[number], label: string, field: Partial<ui.FormField>) => (
    <div class="stack tight">
      <ui.LabelledField id={`bulk-${action}`} field={{ name: action, label, isOptional: true, ...field }} />
      <ui.PlainButton name="action" value={action}>
        {label}
      </ui.PlainButton>
    </div>
  );
  const own = rail.views.flatMap(({ name, isOwn }) => (isOwn || visit.access !== 'member' ? [name] : []));
  return (
    <details open={visit.query.ticked === 'all'}>
      <summary>Change ticked cases, or save this view</summary>
      <p>
        <a href={`${home}/cases?${ticking}#bulk`}>Tick all on this page</a>
      </p>
      <form class="search card" id="bulk" method="post" action={`${home}/cases?${kept}`}>
        {act('assign', 'Assign', { label: 'Assignee', options: Object.entries(visit.people) })}
        {act('status', 'Set status', { label: 'Status', options: choices.status })}
        {act('close', 'Close', { longest: 1000, label: 'Reason for closing' })}
      </form>
      <form class="card stack tight" method="post" action={`${home}/views`}>
        <input type="hidden" name="query" value={kept} />
        <ui.LabelledField id="view" field={ui.line('name', 'Name of the view', 60, { proposals: own })} />
        <div class="row">
          <ui.PlainButton>Save this view</ui.PlainButton>
          {own.length > 0 && (
            <ui.PlainButton name="action" value="drop">
              Delete the view of this name
            </ui.PlainButton>
          )}
        </div>
      </form>
    </details>
  );
}
