import type * as json from '#domain/json/index.ts';
import { followUpStateDisplays } from './follow-up-list.tsx';
import * as ui from './kit.ts';
import { AllowMailForm, MailList } from './mail-state.tsx';
import { PersonalDataForms, SamePerson } from './personal-data.tsx';

interface CustomerListProps {
  visit: ui.Visit;
  customers: json.CustomerJson[];
  search: string;
  attributes: Record<string, string>;
  next: string | null;
  listed: number;
}

export function CustomerListPage({ visit, customers, search, attributes, next, listed }: CustomerListProps) {
  const home = `/w/${visit.workspace}/customers`;
  const url = (more: [string, string]) =>
    `${home}?${new URLSearchParams([['search', search], more, ...ui.toAttributeFilterParameters(attributes)])}`;
  const isListFiltered = search !== '' || Object.keys(attributes).length > 0;
  return (
    <ui.WorkspacePage visit={visit} title="Customers" tab="Customers">
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
      {(ui.maySeeCustomers(visit) || ui.canFilterByAttribute(visit)) && (
        <form class="search card" method="get" action={home}>
          {ui.maySeeCustomers(visit) && (
            <label>
              Key, name or address contains
              <input type="search" name="search" value={search} />
            </label>
          )}
          <ui.AttributeFilterFields visit={visit} chosen={attributes} />
          <div class="row">
            <button type="submit">Search</button>
            <a href={home}>All</a>
          </div>
        </form>
      )}
      <ui.Rows
        rows={customers.map((customer) => <CustomerRow visit={visit} customer={customer} />)}
        empty={isListFiltered ? 'No customer matches.' : 'No customers yet.'}
        style="customers"
      />
      <ui.Paging
        links={[
          ['More', next && url(['cursor', next])],
          ['CSV', url(['format', 'csv'])],
        ]}
      />
    </ui.WorkspacePage>
  );
}

function CustomerRow({ visit, customer }: { visit: ui.Visit; customer: json.CustomerJson }) {
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
        {tier && <ui.Pill tone="quiet">{ui.readable(tier)}</ui.Pill>}
        {tier && <span class="muted">{origin('tier')}</span>}
        {!customer.isListed && <ui.Pill tone="warn">not on the list</ui.Pill>}
      </div>
      <div class="muted">
        {revenue !== null && (
          <div>
            Revenue {new Intl.NumberFormat('en').format(revenue)}, {origin('revenue')}
          </div>
        )}
        <ui.AttributeLine attributes={attributes} />
        {language && <div>Language {language}</div>}
        <div>
          Changed <ui.Moment at={customer.updatedAt} visit={visit} />
        </div>
      </div>
    </li>
  );
}

interface CustomerPageProps {
  visit: ui.Visit;
  customer: json.CustomerDetailsJson;
  /** Null for people who may not see the customers. */
  ledger: json.LedgerJson | null;
}

/** One customer: attributes, responses, cases, and the forms for export and erasure. */
export function CustomerPage({ visit, customer, ledger }: CustomerPageProps) {
  const home = `/w/${visit.workspace}`;
  return (
    <ui.WorkspacePage
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
          <ui.Section id="cases" title="Cases">
            <ui.Parts
              empty="No case was opened for this customer."
              parts={customer.cases.map((caseJson) => (
                <li class="row">
                  <a href={`${home}/cases/${caseJson.id}`}>
                    <strong>{caseJson.handle}</strong>
                  </a>
                  <span>{caseJson.category}</span>
                  <ui.LoopPill loop={caseJson.loop} action={caseJson.action} />
                  <span class="muted">
                    opened <ui.Moment at={caseJson.openedAt} visit={visit} />
                  </span>
                </li>
              ))}
            />
          </ui.Section>
          <ui.Section id="responses" title="Responses">
            <ul class="stack parts">
              {customer.responses.map((response) => (
                <li class="row">
                  <a href={`${home}/responses/${response.id}`}>{ui.readable(response.source)}</a>
                  <ui.MutedMoment at={response.submittedAt} visit={visit} />
                  {response.decisions.some(({ opened }) => opened) && <ui.Pill tone="info">opened a case</ui.Pill>}
                </li>
              ))}
            </ul>
          </ui.Section>
        </div>
      </div>
    </ui.WorkspacePage>
  );
}

function Attributes({ visit, customer }: { visit: ui.Visit; customer: json.CustomerDetailsJson }) {
  const { key, email, tier, revenue, language, attributes, from } = customer;
  return (
    <ui.Section id="known" title="Attributes">
      <dl class="stack">
        <ui.TextFact name="Key" text={key} />
        <ui.TextFact
          name="Address"
          text={email === null ? 'none' : `${email}${from.email === 'list' ? '' : ' (from a response)'}`}
        />
        {tier && <ui.Fact name="Tier">{ui.readable(tier)}</ui.Fact>}
        {revenue !== null && (
          <ui.Fact name="Revenue">{new Intl.NumberFormat('en').format(Math.round(revenue))}</ui.Fact>
        )}
        {language && <ui.Fact name="Language">{language}</ui.Fact>}
        <ui.AttributeFacts attributes={attributes} />
        <ui.Fact name="Last contact">
          <ui.Moment at={customer.updatedAt} visit={visit} ago />
        </ui.Fact>
      </dl>
    </ui.Section>
  );
}

function Ledger({ visit, id, ledger }: { visit: ui.Visit; id: number; ledger: json.LedgerJson }) {
  const asked = listSurveysOfLedger(ledger);
  return (
    <ui.Section id="ledger" title="Contacts">
      {ledger.hasOptedOut && <p class="notice">This person has opted out of surveys.</p>}
      {ledger.isUndeliverable && <AllowMailForm action={`/w/${visit.workspace}/customers/${id}/mail-again`} />}
      {ledger.quarantineUntil && (
        <p class="muted">
          No first follow-up before <ui.Moment at={ledger.quarantineUntil} visit={visit} />.
        </p>
      )}
      <h3>Surveys</h3>
      <ui.Parts
        empty="No surveys yet."
        parts={asked.map(({ what, state, why, at }) => (
          <li class="stack tight">
            <p class="row">
              <ui.Pill tone={followUpStateDisplays[state].tone}>{followUpStateDisplays[state].text}</ui.Pill>
              <span>{what}</span>
              <ui.MutedMoment at={at} visit={visit} />
            </p>
            <p class="muted">{why}</p>
          </li>
        ))}
      />
      {ledger.surveys.length > 0 && (
        <>
          <h3>Surveys of other tools</h3>
          <ui.Lines
            lines={ledger.surveys.map(({ survey, at }) => (
              <>
                <bdi>{survey}</bdi>, <ui.MutedMoment at={at} visit={visit} />
              </>
            ))}
          />
        </>
      )}
      <h3>Mail</h3>
      <MailList visit={visit} mails={ledger.mails} />
    </ui.Section>
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
