import * as ui from './kit.ts';
import type * as json from '#domain/json/index.ts';

const states = {
  intent: { tone: 'info', words: 'being sent' },
  sent: { tone: 'good', words: 'sent' },
  refused: { tone: 'bad', words: 'not sent' },
  unknown: { tone: 'warn', words: 'delivery unknown' },
} as const;

const fates = {
  delivered: { tone: 'good', words: 'delivered' },
  bounced: { tone: 'bad', words: 'could not be delivered' },
  complained: { tone: 'bad', words: 'reported as unwanted' },
} as const;

export const MailList = ({ mails }: { mails: json.MailJson[] }) => (
  <ui.Parts
    empty="No mails yet."
    parts={mails.map(({ kind, subject, fate, state, at, why }) => {
      const { tone, words } = fate ? fates[fate] : states[state];
      return (
        <li class="row">
          <span>{ui.readable(kind)}</span>
          {subject && <bdi>“{subject}”</bdi>}
          <ui.Pill tone={tone}>{words}</ui.Pill>
          <ui.MutedMoment at={at} />
          {why && <span class="muted">{why}</span>}
        </li>
      );
    })}
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
export const WaitingAddresses = ({ one, isManager }: { one: json.CaseJson; isManager: boolean }) =>
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
