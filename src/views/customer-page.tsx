import type { LedgerJson } from '#domain/json/loop-json.ts';
import type { CustomerDetail } from '#domain/json/people-json.ts';
import { AttributeFacts } from './attribute-views.tsx';
import { loopWords, readable } from './case-facts.ts';
import { WorkspacePage } from './layout.tsx';
import { Ledger } from './ledger-view.tsx';
import { Fact, Moment, Pill } from './parts.tsx';
import { seesCustomers, type Visit } from './visit.ts';

interface CustomerProps {
  visit: Visit;
  customer: CustomerDetail;
  /** Null for people who may not see the customers. */
  ledger: LedgerJson | null;
}

/** One customer: attributes, responses, cases, and the forms for export and erasure. */
export function CustomerPage({ visit, customer, ledger }: CustomerProps) {
  const home = `/w/${visit.workspace}`;
  return (
    <WorkspacePage visit={visit} title="Customer" place="Customers">
      <p>
        <a href={`${home}/customers`}>Customers</a>
      </p>
      <h1>
        <bdi>{customer.name ?? customer.email ?? customer.key}</bdi>
      </h1>
      <div class="columns stack">
        <div class="stack">
          <Attributes visit={visit} customer={customer} />
          {ledger && <Ledger visit={visit} id={customer.id} ledger={ledger} />}
          {seesCustomers(visit) && <PersonalData visit={visit} customer={customer} />}
        </div>
        <div class="stack">
          <section class="card stack" aria-labelledby="cases">
            <h2 id="cases">Cases</h2>
            {customer.cases.length === 0 ? (
              <p class="muted">No case was opened for this customer.</p>
            ) : (
              <ul class="stack parts">
                {customer.cases.map((caseJson) => (
                  <li class="row">
                    <a href={`${home}/cases/${caseJson.id}`}>
                      <strong>{caseJson.handle}</strong>
                    </a>
                    <span>{caseJson.category}</span>
                    <Pill tone={loopWords(caseJson.loop, caseJson.action).tone}>
                      {loopWords(caseJson.loop, caseJson.action).text}
                    </Pill>
                    <span class="muted">
                      opened <Moment at={caseJson.openedAt} visit={visit} />
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </section>
          <section class="card stack" aria-labelledby="responses">
            <h2 id="responses">Responses</h2>
            <ul class="stack parts">
              {customer.responses.map((response) => (
                <li class="row">
                  <a href={`${home}/responses/${response.id}`}>{readable(response.source)}</a>
                  <span class="muted">
                    <Moment at={response.submittedAt} visit={visit} />
                  </span>
                  {response.decisions.some(({ opened }) => opened) && <Pill tone="info">opened a case</Pill>}
                </li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </WorkspacePage>
  );
}

function Attributes({ visit, customer }: { visit: Visit; customer: CustomerDetail }) {
  const { key, email, tier, revenue, language, attributes } = customer;
  return (
    <section class="card stack" aria-labelledby="known">
      <h2 id="known">Attributes</h2>
      <dl class="stack">
        <Fact name="Key">
          <bdi>{key}</bdi>
        </Fact>
        <Fact name="Address">
          <bdi>{email ?? 'none'}</bdi>
        </Fact>
        {tier && <Fact name="Tier">{readable(tier)}</Fact>}
        {revenue !== null && <Fact name="Revenue">{new Intl.NumberFormat('en').format(Math.round(revenue))}</Fact>}
        {language && <Fact name="Language">{language}</Fact>}
        <AttributeFacts attributes={attributes} />
        <Fact name="Last contact">
          <Moment at={customer.updatedAt} visit={visit} ago />
        </Fact>
      </dl>
    </section>
  );
}

function PersonalData({ visit, customer }: { visit: Visit; customer: CustomerDetail }) {
  const path = `/w/${visit.workspace}/customers/${customer.id}`;
  return (
    <section class="card stack" aria-labelledby="personal">
      <h2 id="personal">Personal data</h2>
      <p class="muted">
        Everybody who shares this customer’s address counts as the same person. The file holds all data about this
        person.
      </p>
      <form method="post" action={`${path}/export`}>
        <button type="submit">Download everything</button>
      </form>
      {visit.access === 'admin' && (
        <details>
          <summary>Erase this person</summary>
          <form class="stack tight" method="post" action={`${path}/erase`}>
            <p>
              Words, names, addresses, raw deliveries and mails are erased permanently. Counts and dates stay under a
              pseudonym. Open cases stay open; nobody is asked about them.
            </p>
            <label class="stack tight">
              Write “erase” to confirm
              <input name="confirm" required autocomplete="off" pattern="erase" />
            </label>
            <button type="submit">Erase</button>
          </form>
        </details>
      )}
    </section>
  );
}
