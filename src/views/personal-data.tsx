import type { CustomerDetailsJson } from '#domain/json/people-json.ts';
import * as ui from './kit.ts';

type CustomerProps = { customer: CustomerDetailsJson };

const linkReasons = {
  merge: 'merged by a case manager',
  address: 'has the same address, which proves nothing',
} as const;

/** Customers who may be the same person, with the forms that merge and part them. */
export function SamePerson({ customer }: CustomerProps) {
  const home = 'customers';
  return (
    <ui.Section id="same-person" title="Same person">
      <ui.Parts
        empty="No other customer is linked to this one."
        parts={customer.linked.map(({ id, key, name, by }) => (
          <li class="row">
            <ui.Link to={`${home}/${id}`}>
              <bdi>{name ?? key}</bdi>
            </ui.Link>
            <span class="muted">{linkReasons[by]}</span>
            <ui.Form
              action={`${home}/${customer.id}/${by === 'merge' ? 'part' : 'merge'}`}
              hidden={{ key }}
              label={`${by === 'merge' ? 'Part' : 'Merge'} ${key}`}
              plain
              button={by === 'merge' ? 'Part' : 'Merge'}
            />
          </li>
        ))}
      />
      <ui.FoldedForm
        name="Merge with another customer"
        action={`${home}/${customer.id}/merge`}
        fields={[ui.line('key', 'Key of the other customer', 300)]}
        plain
        button="Merge"
      >
        <p class="muted">
          Both count as one person: one quarantine, one opt-out, one follow-up per case. Parting restores everything.
        </p>
      </ui.FoldedForm>
    </ui.Section>
  );
}

/** Boxes for linked customers; nobody goes along unless ticked. */
const LinkedBoxes = ({ customer }: Pick<CustomerProps, 'customer'>) =>
  customer.linked.length === 0 ? null : (
    <fieldset class="stack tight">
      <legend>Also these customers, if they are the same person</legend>
      {customer.linked.map(({ id, key, name, addresses, by }) => (
        <label>
          <input type="checkbox" name={`with.${id}`} value={key} />{' '}
          <span>
            <bdi>{name ?? key}</bdi>{' '}
            <span class="muted">
              <bdi>{[...(name ? [key] : []), ...addresses].join(', ')}</bdi>: {linkReasons[by]}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );

export function PersonalDataForms({ customer }: CustomerProps) {
  const path = `customers/${customer.id}`;
  return (
    <ui.Section id="personal" title="Personal data">
      <ui.Form action={`${path}/export`} button="Download everything">
        <p class="muted">The file holds all data about this customer.</p>
        <LinkedBoxes customer={customer} />
      </ui.Form>
      {ui.useVisit().may.includes('erasePerson') && (
        <ui.FoldedForm name="Erase this person" action={`${path}/erase`} button="Erase">
          <p>
            Words, names, addresses, raw deliveries and mails are erased permanently, and so is what the team wrote on
            the person’s cases. Counts and dates stay under a pseudonym. Open cases stay open; nobody is asked about
            them.
          </p>
          <LinkedBoxes customer={customer} />
          <label class="stack tight">
            Write “erase” to confirm
            <input name="confirm" required autocomplete="off" pattern="erase" />
          </label>
        </ui.FoldedForm>
      )}
    </ui.Section>
  );
}
