import { followUpStateDisplays, sayAnswer } from './follow-up-list.tsx';
import * as ui from './kit.ts';
import { AllowMailForm, MailList, PersonalDataForms, SamePerson } from './personal-data.tsx';

interface CustomerListProps {
  visit: ui.Visit;
  list: ui.Listed<ui.CustomerJson>;
  search: string;
  attributes: Record<string, string>;
}

export function CustomerListPage({ visit, list, search, attributes }: CustomerListProps) {
  const fields = [
    ...(ui.maySeeCustomers(visit)
      ? [{ name: 'search', label: 'Key, name or address contains', type: 'search' as const, value: search }]
      : []),
    ...ui.listAttributeFilters(visit, attributes),
  ];
  const isNarrowed = search !== '' || Object.keys(attributes).length > 0;
  return (
    <ui.WorkspacePage visit={visit} title="Customers" tab="Customers">
      <p class="muted">
        The customer list takes precedence over responses. Among responses the newest counts.{' '}
        {visit.may.includes('putCustomers') && <ui.Link to="settings/imports">Upload customer list</ui.Link>}
      </p>
      {fields.length > 0 && <ui.Search action="customers" fields={fields} />}
      <ui.List
        list={list}
        row={(customer) => <CustomerRow customer={customer} />}
        empty={isNarrowed ? 'No customer matches.' : 'No customers yet.'}
        style="customers"
      />
    </ui.WorkspacePage>
  );
}

function CustomerRow({ customer }: { customer: ui.CustomerJson }) {
  const { key, name, email, tier, revenue, language, attributes, from } = customer;
  const origin = (attribute: string) => (from[attribute] === 'list' ? 'from the list' : 'from a response');
  const known = [
    revenue !== null && `Revenue ${ui.formatNumber(revenue)}, ${origin('revenue')}`,
    ui
      .listAttributeFacts(attributes)
      .map((fact) => fact.join(' '))
      .join(', '),
    language && `Language ${language}`,
  ];
  return (
    <li class="stack tight">
      <div>
        <ui.Link to={`customers/${customer.id}`}>
          <strong dir="auto">{name ?? email ?? key}</strong>
        </ui.Link>
        {[key, name && email].map((text) => text && <ui.MutedLine text={text} />)}
      </div>
      <div class="row">
        <ui.TierPill tier={tier} />
        {tier && <span class="muted">{origin('tier')}</span>}
        {!customer.isListed && <ui.Pill tone="quiet">not on the list</ui.Pill>}
      </div>
      <div class="muted">
        {known.map((text) => text && <ui.MutedLine text={text} />)}
        <div>
          Changed <ui.Moment at={customer.updatedAt} />
        </div>
      </div>
    </li>
  );
}

interface CustomerPageProps {
  visit: ui.Visit;
  customer: ui.CustomerDetailsJson;
  /** Null for people who may not see the customers. */
  ledger: ui.LedgerJson | null;
}

/** One customer: attributes, responses, cases, and the forms for export and erasure. */
export function CustomerPage({ visit, customer, ledger }: CustomerPageProps) {
  const heading = <bdi>{customer.name ?? customer.email ?? customer.key}</bdi>;
  return (
    <ui.WorkspacePage visit={visit} title="Customer" tab="Customers" heading={heading}>
      <div class="case stack">
        <div class="stack">
          <ui.Section id="cases" title="Cases">
            <ui.CaseParts
              cases={customer.cases}
              empty="No case was opened for this customer."
              more={({ category, openedAt }) => (
                <span class="muted">
                  {category}, opened <ui.Moment at={openedAt} />
                </span>
              )}
            />
          </ui.Section>
          <ui.Section id="responses" title="Responses">
            <ul class="stack parts">
              {customer.responses.map((response) => (
                <li class="row">
                  <ui.Link to={`responses/${response.id}`}>{ui.readable(response.source)}</ui.Link>
                  <ui.MutedMoment at={response.submittedAt} />
                  {response.decisions.some(({ opened }) => opened) && <ui.Pill tone="info">opened a case</ui.Pill>}
                </li>
              ))}
            </ul>
          </ui.Section>
        </div>
        <div class="stack">
          <Attributes customer={customer} />
          {ledger && <Ledger id={customer.id} ledger={ledger} />}
          {visit.may.includes('mergeKeys') && <SamePerson customer={customer} />}
          {visit.may.includes('exportPerson') && <PersonalDataForms customer={customer} />}
        </div>
      </div>
    </ui.WorkspacePage>
  );
}

function Attributes({ customer }: { customer: ui.CustomerDetailsJson }) {
  const { key, email, tier, revenue, language, attributes, from } = customer;
  const address = email === null ? 'none' : `${email}${from.email === 'list' ? '' : ' (from a response)'}`;
  return (
    <ui.Section id="known" title="Attributes">
      <ui.Facts
        facts={[
          ['Key', key],
          ['Address', address],
          ['Tier', tier && ui.readable(tier)],
          ['Revenue', revenue !== null && ui.formatNumber(Math.round(revenue))],
          ['Language', language],
          ...ui.listAttributeFacts(attributes),
          ['Changed', <ui.Moment at={customer.updatedAt} ago />],
        ]}
      />
    </ui.Section>
  );
}

function Ledger({ id, ledger }: { id: number; ledger: ui.LedgerJson }) {
  const others = ledger.surveys.map(
    ({ survey, at }): ui.Child => [<bdi>{survey}</bdi>, ', ', <ui.MutedMoment at={at} />],
  );
  return (
    <ui.Section id="ledger" title="Contacts">
      {ledger.hasOptedOut && <p class="notice">This person asked for no more mail.</p>}
      {!ledger.hasOptedOut && ui.useVisit().may.includes('stopMail') && (
        <ui.FoldedForm
          name="Stop mail to this customer"
          action={`customers/${id}/stop-mail`}
          fields={[ui.line('reason', 'How the customer asked for it', 300)]}
          plain
          button="Stop mail"
          hint="As the link in every mail does: no survey and no message any more. Nobody can take it back here."
        />
      )}
      {ledger.isUndeliverable && <AllowMailForm action={`customers/${id}/mail-again`} />}
      {ledger.quarantineUntil && (
        <p class="muted">
          No first follow-up before <ui.Moment at={ledger.quarantineUntil} />.
        </p>
      )}
      <h3>Surveys</h3>
      <ui.Parts
        empty="No surveys yet."
        parts={listSurveysOfLedger(ledger).map(({ what, state, why, at }) => (
          <li class="stack tight">
            <p class="row">
              <ui.Pill tone={followUpStateDisplays[state].tone}>{followUpStateDisplays[state].text}</ui.Pill>
              <span>{what}</span>
              <ui.MutedMoment at={at} />
            </p>
            <p class="muted">{why}</p>
          </li>
        ))}
      />
      {others.length > 0 && <h3>Surveys of other tools</h3>}
      {others.length > 0 && <ui.Lines lines={others} />}
      <h3>Mail</h3>
      <MailList mails={ledger.mails} />
    </ui.Section>
  );
}

function listSurveysOfLedger({ followUps, resurveys, invitations }: ui.LedgerJson) {
  const all = [
    ...followUps.map((row) => ({
      ...row,
      what: [
        <ui.Link to={`cases/${row.case}`}>{row.handle}</ui.Link>,
        ' ',
        <strong>{sayAnswer(row)}</strong>,
      ] as ui.Child,
    })),
    ...resurveys.map((row) => ({ ...row, what: `Asked again (${row.rule})` })),
    ...invitations.map((row) => ({ ...row, what: `Invitation (${row.rule})` })),
  ];
  const dated = all.map(({ what, state, why, sentAt, dueAt }) => ({ what, state, why, at: sentAt ?? dueAt }));
  return dated.sort((a, b) => b.at.localeCompare(a.at));
}
