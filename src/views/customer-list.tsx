import type { CustomerJson } from '#domain/json/people-json.ts';
import {
  AttributeFilterFields,
  AttributeLine,
  canFilterByAttribute,
  toAttributeFilterParameters,
} from './attribute-views.tsx';
import { readable } from './case-display.ts';
import { WorkspacePage } from './layout.tsx';
import { Moment, Paging, Pill, Rows } from './parts.tsx';
import { maySeeCustomers, type Visit } from './visit.ts';

interface CustomerListProps {
  visit: Visit;
  customers: CustomerJson[];
  search: string;
  attributes: Record<string, string>;
  next: string | null;
  /** Number of customers that an upload has just brought. */
  listed: number;
}

export function CustomerListPage(props: CustomerListProps) {
  const { visit, customers, search, attributes, next, listed } = props;
  const home = `/w/${visit.workspace}/customers`;
  const older = new URLSearchParams([
    ['search', search],
    ['cursor', next ?? ''],
    ...toAttributeFilterParameters(attributes),
  ]);
  const isListFiltered = search !== '' || Object.keys(attributes).length > 0;
  return (
    <WorkspacePage visit={visit} title="Customers" tab="Customers">
      <p class="muted">
        The customer list takes precedence over responses. Among responses the newest counts.{' '}
        {maySeeCustomers(visit) && <a href={`/w/${visit.workspace}/settings/imports`}>Upload customer list</a>}
      </p>
      {listed > 0 && (
        <p class="notice good" role="status">
          {listed === 1 ? '1 customer was' : `${listed} customers were`} imported from the file.
        </p>
      )}
      {(maySeeCustomers(visit) || canFilterByAttribute(visit)) && (
        <form class="search card" method="get" action={home}>
          {maySeeCustomers(visit) && (
            <label>
              Key, name or address contains
              <input type="search" name="search" value={search} />
            </label>
          )}
          <AttributeFilterFields visit={visit} chosen={attributes} />
          <div class="row">
            <button type="submit">Search</button>
            <a href={home}>All</a>
          </div>
        </form>
      )}
      <Rows
        rows={customers.map((customer) => <Row visit={visit} customer={customer} />)}
        empty={isListFiltered ? 'No customer matches.' : 'No customers yet.'}
        style="customers"
      />
      <Paging links={[['More', next && `${home}?${older}`]]} />
    </WorkspacePage>
  );
}

function Row({ visit, customer }: { visit: Visit; customer: CustomerJson }) {
  const { key, name, email, tier, revenue, language, attributes, from } = customer;
  const origin = (attribute: string) => (from[attribute] === 'list' ? 'from the list' : 'from a response');
  return (
    <li class="stack tight">
      <div>
        <a href={`/w/${visit.workspace}/customers/${customer.id}`}>
          <strong>
            <bdi>{name ?? email ?? key}</bdi>
          </strong>
        </a>
        <div class="muted">
          <bdi>{key}</bdi>
        </div>
        {email && name && (
          <div class="muted">
            <bdi>{email}</bdi>
          </div>
        )}
      </div>
      <div class="row">
        {tier && <Pill tone="quiet">{readable(tier)}</Pill>}
        {tier && <span class="muted">{origin('tier')}</span>}
        {!customer.isListed && <Pill tone="warn">not on the list</Pill>}
      </div>
      <div class="muted">
        {revenue !== null && (
          <div>
            Revenue {new Intl.NumberFormat('en').format(revenue)}, {origin('revenue')}
          </div>
        )}
        <AttributeLine attributes={attributes} />
        {language && <div>Language {language}</div>}
        <div>
          Changed <Moment at={customer.updatedAt} visit={visit} />
        </div>
      </div>
    </li>
  );
}
