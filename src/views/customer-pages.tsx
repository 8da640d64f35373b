import type * as json from '#domain/json/index.ts';
import {
  AttributeFacts,
  AttributeFilterFields,
  AttributeLine,
  canFilterByAttribute,
  toAttributeFilterParameters,
} from './attribute-views.tsx';
import { readable } from './case-display.ts';
import { followUpStateDisplays } from './follow-up-list.tsx';
import { WorkspacePage } from './layout.tsx';
import { AllowMailForm, MailList } from './mail-state.tsx';
import { Fact, LoopPill, Moment, MutedMoment, Paging, Parts, Pill, Rows, Section, TextFact } from './parts.tsx';
import { PersonalDataForms, SamePerson } from './personal-data.tsx';
import { maySeeCustomers, type Visit } from './visit.ts';

interface CustomerListProps {
  visit: Visit;
  customers: json.CustomerJson[];
  search: string;
  attributes: Record<string, string>;
  next: string | null;
  listed: number;
}

export function CustomerListPage({ visit, customers, search, attributes, next, listed }: CustomerListProps) {
  const home = `/w/${visit.workspace}/customers`;
  const url = (more: [string, string]) =>
    `${home}?${new URLSearchParams([['search', search], more, ...toAttributeFilterParameters(attributes)])}`;
  const isListFiltered = search !== '' || Object.keys(attributes).length > 0;
  return (
    <WorkspacePage visit={visit} title="Customers" tab="Customers">
      <p class="muted">
        The customer list takes precedence over responses. Among responses the newest counts.{' '}
        {visit.may.includes('putCustomers') && (
          <a href={`/w/${visit.workspace}/settings/imports`}>Upload customer list</a>
        )}
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
        rows={customers.map((customer) => <CustomerRow visit={visit} customer={customer} />)}
        empty={isListFiltered ? 'No customer matches.' : 'No customers yet.'}
        style="customers"
      />
      <Paging
        links={[
          ['More', next && url(['cursor', next])],
          ['CSV', url(['format', 'csv'])],
        ]}
      />
    </WorkspacePage>
  );
}

function CustomerRow({ visit, customer }: { visit: Visit; customer: json.CustomerJson }) {
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

interface CustomerPageProps {
  visit: Visit;
  customer: json.CustomerDetailsJson;
  /** Null for people who may not see the customers. */
  ledger: json.LedgerJson | null;
}

/** One customer: attributes, responses, cases, and the forms for export and erasure. */
export function CustomerPage({ visit, customer, ledger }: CustomerPageProps) {
  const home = `/w/${visit.workspace}`;
  return (
    <WorkspacePage
      visit={visit}
      title="Customer"
      tab="Customers"
      heading={<bdi>{customer.name ?? customer.email ?? customer.key}</bdi>}
    >
      <div class="columns stack">
        <div class="stack">
          <Attributes visit={visit} customer={customer} />
          {ledger && <Ledger visit={visit} id={customer.id} ledger={ledger} />}
          {visit.may.includes('mergeKeys') && <SamePerson visit={visit} customer={customer} />}
          {visit.may.includes('exportPerson') && <PersonalDataForms visit={visit} customer={customer} />}
        </div>
        <div class="stack">
          <Section id="cases" title="Cases">
            <Parts
              empty="No case was opened for this customer."
              parts={customer.cases.map((caseJson) => (
                <li class="row">
                  <a href={`${home}/cases/${caseJson.id}`}>
                    <strong>{caseJson.handle}</strong>
                  </a>
                  <span>{caseJson.category}</span>
                  <LoopPill loop={caseJson.loop} action={caseJson.action} />
                  <span class="muted">
                    opened <Moment at={caseJson.openedAt} visit={visit} />
                  </span>
                </li>
              ))}
            />
          </Section>
          <Section id="responses" title="Responses">
            <ul class="stack parts">
              {customer.responses.map((response) => (
                <li class="row">
                  <a href={`${home}/responses/${response.id}`}>{readable(response.source)}</a>
                  <MutedMoment at={response.submittedAt} visit={visit} />
                  {response.decisions.some(({ opened }) => opened) && <Pill tone="info">opened a case</Pill>}
                </li>
              ))}
            </ul>
          </Section>
        </div>
      </div>
    </WorkspacePage>
  );
}

function Attributes({ visit, customer }: { visit: Visit; customer: json.CustomerDetailsJson }) {
  const { key, email, tier, revenue, language, attributes, from } = customer;
  return (
    <Section id="known" title="Attributes">
      <dl class="stack">
        <TextFact name="Key" text={key} />
        <TextFact
          name="Address"
          text={email === null ? 'none' : `${email}${from.email === 'list' ? '' : ' (from a response)'}`}
        />
        {tier && <Fact name="Tier">{readable(tier)}</Fact>}
        {revenue !== null && <Fact name="Revenue">{new Intl.NumberFormat('en').format(Math.round(revenue))}</Fact>}
        {language && <Fact name="Language">{language}</Fact>}
        <AttributeFacts attributes={attributes} />
        <Fact name="Last contact">
          <Moment at={customer.updatedAt} visit={visit} ago />
        </Fact>
      </dl>
    </Section>
  );
}

function Ledger({ visit, id, ledger }: { visit: Visit; id: number; ledger: json.LedgerJson }) {
  const asked = listSurveysOfLedger(ledger);
  return (
    <Section id="ledger" title="Contacts">
      {ledger.hasOptedOut && <p class="notice">This person has opted out of surveys.</p>}
      {ledger.isUndeliverable && <AllowMailForm action={`/w/${visit.workspace}/customers/${id}/mail-again`} />}
      {ledger.quarantineUntil && (
        <p class="muted">
          No first follow-up before <Moment at={ledger.quarantineUntil} visit={visit} />.
        </p>
      )}
      <h3>Surveys</h3>
      <Parts
        empty="No surveys yet."
        parts={asked.map(({ what, state, why, at }) => (
          <li class="stack tight">
            <p class="row">
              <Pill tone={followUpStateDisplays[state].tone}>{followUpStateDisplays[state].text}</Pill>
              <span>{what}</span>
              <MutedMoment at={at} visit={visit} />
            </p>
            <p class="muted">{why}</p>
          </li>
        ))}
      />
      <h3>Mail</h3>
      <MailList visit={visit} mails={ledger.mails} />
    </Section>
  );
}

function listSurveysOfLedger({ followUps, resurveys, invitations }: json.LedgerJson) {
  const all = [
    ...followUps.map((row) => ({ ...row, what: `Case ${row.handle}` })),
    ...resurveys.map((row) => ({ ...row, what: `Asked again (${row.rule})` })),
    ...invitations.map((row) => ({ ...row, what: `Invitation (${row.rule})` })),
  ];
  const dated = all.map(({ what, state, why, sentAt, dueAt }) => ({ what, state, why, at: sentAt ?? dueAt }));
  return dated.sort((a, b) => b.at.localeCompare(a.at));
}
