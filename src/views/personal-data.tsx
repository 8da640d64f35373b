import * as ui from './kit.ts';

const mailTones = {
  ...({ intent: 'info', sent: 'good', refused: 'bad', unknown: 'warn' } as const),
  ...({ delivered: 'good', bounced: 'bad', complained: 'bad' } as const),
};

export const MailList = ({ mails }: { mails: ui.MailJson[] }) => (
  <ui.Parts
    empty="No mails yet."
    parts={mails.map(({ kind, subject, fate, state, at, why }) => (
      <li class="row">
        <span>{ui.readable(kind)}</span>
        {subject && <bdi>“{subject}”</bdi>}
        <ui.Pill tone={mailTones[fate ?? state]}>{ui.mailStateTexts[fate ?? state]}</ui.Pill>
        <ui.MutedMoment at={at} />
        {why && <span class="muted">{why}</span>}
      </li>
    ))}
  />
);

/** Form that allows mail to a bounced address again. */
export const AllowMailForm = ({ action }: { action: string }) => (
  <ui.Notice tone="warn">
    <p>Mail to this address bounced. No more is sent.</p>
    <ui.Form
      id={action.replaceAll('/', '-')}
      action={action}
      fields={[ui.line('reason', 'Why mail will arrive now', 300)]}
      plain
      button="Allow mail again"
    />
  </ui.Notice>
);

/** Addresses from sources that prove nothing, with the forms by which a case manager decides. */
export const WaitingAddresses = ({ one, isManager }: { one: ui.CaseJson; isManager: boolean }) =>
  one.addresses.map(({ id, customer, address, response, at }) => (
    <ui.Notice tone="warn">
      <p>
        <strong dir="auto">{address}</strong> {one.kind === 'strategic' && ['of ', <bdi>{customer}</bdi>, ' ']}
        {response
          ? ['was given by ', <ui.Link to={`responses/${response}`}>a later response</ui.Link>]
          : 'was entered with the case'}
        , <ui.Moment at={at} />. Anybody may claim to be this customer, so no mail goes there yet.
      </p>
      {isManager ? (
        <ui.Buttons
          action={`cases/${one.id}/addresses`}
          name="accept"
          hidden={{ address: String(id) }}
          label={address}
          buttons={[
            ['yes', 'Accept the address'],
            ['no', 'Refuse'],
          ]}
        />
      ) : (
        <p class="muted">A case manager decides.</p>
      )}
    </ui.Notice>
  ));

type CustomerProps = { customer: ui.CustomerDetailsJson };

const linkReasons = {
  merge: 'merged by a case manager',
  address: 'has the same address, which proves nothing',
} as const;

/** Customers who may be the same person, with the forms that merge and part them. */
export function SamePerson({ customer }: CustomerProps) {
  return (
    <ui.Section id="same-person" title="Same person">
      <ui.Parts
        empty="No other customer is linked to this one."
        parts={customer.linked.map(({ id, key, name, by }) => (
          <li class="row">
            <ui.CustomerLink customer={key} name={name} page={id} />
            <span class="muted">{linkReasons[by]}</span>
            <ui.Form
              action={`customers/${customer.id}/${by === 'merge' ? 'part' : 'merge'}`}
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
        action={`customers/${customer.id}/merge`}
        fields={[ui.line('key', 'Key of the other customer', 300)]}
        plain
        button="Merge"
        hint="Both count as one person: one quarantine, one opt-out, one follow-up per case. Parting restores everything."
      />
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
          <input
            type="checkbox"
            {...{ name: `with.${id}`, value: key, checked: ui.wasTicked(ui.useVisit(), `with.${id}`) }}
          />{' '}
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
