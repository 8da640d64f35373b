import type { CustomerShape } from '#domain/shapes.ts';
import { readable } from './case-facts.ts';
import { WorkspacePage } from './layout.tsx';
import { Moment, Pill } from './parts.tsx';
import type { Visit } from './visit.ts';

interface CustomerListProps {
  visit: Visit;
  customers: CustomerShape[];
  search: string;
  next: string | null;
}

/** Everybody behind the responses or on the customer list. */
export function CustomerListPage({ visit, customers, search, next }: CustomerListProps) {
  const home = `/w/${visit.workspace}/customers`;
  const older = new URLSearchParams({ search, cursor: next ?? '' });
  return (
    <WorkspacePage visit={visit} title="Customers" place="Customers">
      <h1>Customers</h1>
      <p class="muted">
        Where the customer list and a response say different things, the customer list counts. Among responses
        the newest counts.
      </p>
      <form class="search card" method="get" action={home}>
        <label>
          Key, name or address contains
          <input type="search" name="search" value={search} />
        </label>
        <div class="row">
          <button type="submit">Search</button>
          <a href={home}>All</a>
        </div>
      </form>
      {customers.length === 0 ? (
        <p class="card">{search ? 'No customer matches.' : 'No customers yet.'}</p>
      ) : (
        <ul class="customers card stack parts">
          {customers.map((customer) => (
            <Row visit={visit} customer={customer} />
          ))}
        </ul>
      )}
      {next && (
        <nav class="paging row" aria-label="Pages">
          <a rel="next" href={`${home}?${older}`}>
            More
          </a>
        </nav>
      )}
    </WorkspacePage>
  );
}

function Row({ visit, customer }: { visit: Visit; customer: CustomerShape }) {
  const { key, name, email, tier, revenue, language, renewal, from } = customer;
  const origin = (attribute: string) => (from[attribute] === 'list' ? 'from the list' : 'from a response');
  return (
    <li class="stack tight">
      <div>
        <strong>
          <bdi>{name ?? email ?? key}</bdi>
        </strong>
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
        {renewal && <div>Renewal {renewal}</div>}
        {language && <div>Language {language}</div>}
        <div>
          Changed <Moment at={customer.updatedAt} visit={visit} />
        </div>
      </div>
    </li>
  );
}
