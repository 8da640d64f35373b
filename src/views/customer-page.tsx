import type { LedgerJson } from '#domain/json/loop-json.ts';
import type { CustomerDetailsJson } from '#domain/json/people-json.ts';
import { AttributeFacts } from './attribute-views.tsx';
import { readable } from './case-display.ts';
import { FoldedForm } from './forms.tsx';
import { WorkspacePage } from './layout.tsx';
import { Ledger } from './ledger-view.tsx';
import { Fact, LoopPill, Moment, MutedMoment, Pill, Section, TextFact } from './parts.tsx';
import { maySeeCustomers, type Visit } from './visit.ts';

interface CustomerPageProps {
  visit: Visit;
  customer: CustomerDetailsJson;
  /** Null for people who may not see the customers. */
  ledger: LedgerJson | null;
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
          {maySeeCustomers(visit) && <PersonalDataForms visit={visit} customer={customer} />}
        </div>
        <div class="stack">
          <Section id="cases" title="Cases">
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
                    <LoopPill loop={caseJson.loop} action={caseJson.action} />
                    <span class="muted">
                      opened <Moment at={caseJson.openedAt} visit={visit} />
                    </span>
                  </li>
                ))}
              </ul>
            )}
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

function Attributes({ visit, customer }: { visit: Visit; customer: CustomerDetailsJson }) {
  const { key, email, tier, revenue, language, attributes } = customer;
  return (
    <Section id="known" title="Attributes">
      <dl class="stack">
        <TextFact name="Key" text={key} />
        <TextFact name="Address" text={email ?? 'none'} />
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

function PersonalDataForms({ visit, customer }: { visit: Visit; customer: CustomerDetailsJson }) {
  const path = `/w/${visit.workspace}/customers/${customer.id}`;
  return (
    <Section id="personal" title="Personal data">
      <p class="muted">
        Everybody who shares this customer’s address counts as the same person. The file holds all data about this
        person.
      </p>
      <form method="post" action={`${path}/export`}>
        <button type="submit">Download everything</button>
      </form>
      {visit.access === 'admin' && (
        <FoldedForm name="Erase this person" action={`${path}/erase`} button="Erase">
          <p>
            Words, names, addresses, raw deliveries and mails are erased permanently. Counts and dates stay under a
            pseudonym. Open cases stay open; nobody is asked about them.
          </p>
          <label class="stack tight">
            Write “erase” to confirm
            <input name="confirm" required autocomplete="off" pattern="erase" />
          </label>
        </FoldedForm>
      )}
    </Section>
  );
}
