import type { CustomerDetailsJson } from '#domain/json/people-json.ts';
import { FoldedForm, Form, line } from './forms.tsx';
import { Parts, Section } from './parts.tsx';
import type { Visit } from './visit.ts';

type CustomerProps = { visit: Visit; customer: CustomerDetailsJson };

const linkReasons = {
  merge: 'merged by a case manager',
  address: 'has the same address, which proves nothing',
} as const;

/** Customers who may be the same person, with the forms that merge and part them. */
export function SamePerson({ visit, customer }: CustomerProps) {
  const home = `/w/${visit.workspace}/customers`;
  return (
    <Section id="same-person" title="Same person">
      <Parts
        empty="No other customer is linked to this one."
        parts={customer.linked.map(({ id, key, name, by }) => (
          <li class="row">
            <a href={`${home}/${id}`}>
              <bdi>{name ?? key}</bdi>
            </a>
            <span class="muted">{linkReasons[by]}</span>
            <Form
              action={`${home}/${customer.id}/${by === 'merge' ? 'part' : 'merge'}`}
              hidden={{ key }}
              label={`${by === 'merge' ? 'Part' : 'Merge'} ${key}`}
              plain
              button={by === 'merge' ? 'Part' : 'Merge'}
            />
          </li>
        ))}
      />
      <FoldedForm
        name="Merge with another customer"
        action={`${home}/${customer.id}/merge`}
        fields={[line('key', 'Key of the other customer', 300)]}
        plain
        button="Merge"
      >
        <p class="muted">
          Both count as one person: one quarantine, one opt-out, one follow-up per case. Parting restores everything.
        </p>
      </FoldedForm>
    </Section>
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

export function PersonalDataForms({ visit, customer }: CustomerProps) {
  const path = `/w/${visit.workspace}/customers/${customer.id}`;
  return (
    <Section id="personal" title="Personal data">
      <Form action={`${path}/export`} button="Download everything">
        <p class="muted">The file holds all data about this customer.</p>
        <LinkedBoxes customer={customer} />
      </Form>
      {visit.may.includes('erasePerson') && (
        <FoldedForm name="Erase this person" action={`${path}/erase`} button="Erase">
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
        </FoldedForm>
      )}
    </Section>
  );
}
