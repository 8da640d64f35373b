import type * as json from '#domain/json/index.ts';
import { readable } from './case-display.ts';
import { Form } from './forms.tsx';
import { Moment, MutedMoment, Pill } from './parts.tsx';
import type { Visit } from './visit.ts';

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

export function MailList({ visit, mails }: { visit: Visit; mails: json.MailJson[] }) {
  if (mails.length === 0) return <p class="muted">No mails yet.</p>;
  return (
    <ul class="stack tight">
      {mails.map(({ kind, subject, fate, state, at, why }) => {
        const { tone, words } = fate ? fates[fate] : states[state];
        return (
          <li class="row">
            <span>{readable(kind)}</span>
            {subject && <bdi>“{subject}”</bdi>}
            <Pill tone={tone}>{words}</Pill>
            <MutedMoment at={at} visit={visit} />
            {why && <span class="muted">{why}</span>}
          </li>
        );
      })}
    </ul>
  );
}

/** Form that allows mail to a bounced address again. */
export const AllowMailForm = ({ action }: { action: string }) => (
  <div class="notice warn stack tight">
    <p>Mail to this address bounced. No more is sent.</p>
    <Form action={action} plain button="Allow mail again">
      <label class="stack tight">
        Why mail will arrive now
        <input name="reason" required maxlength={300} />
      </label>
    </Form>
  </div>
);

/** Addresses from sources that prove nothing, with the forms by which a case manager decides. */
export const WaitingAddresses = ({ visit, one, isManager }: { visit: Visit; one: json.CaseJson; isManager: boolean }) =>
  one.addresses.map(({ id, customer, address, response, at }) => (
    <div class="notice warn stack tight" role="note">
      <p>
        <strong>
          <bdi>{address}</bdi>
        </strong>{' '}
        {one.kind === 'strategic' && (
          <>
            of <bdi>{customer}</bdi>{' '}
          </>
        )}
        {response ? (
          <>
            was given by <a href={`/w/${visit.workspace}/responses/${response}`}>a later response</a>
          </>
        ) : (
          'was entered with the case'
        )}
        , <Moment at={at} visit={visit} />. Anybody may claim to be this customer, so no mail goes there yet.
      </p>
      {isManager ? (
        <div class="row">
          {(['yes', 'no'] as const).map((accept) => (
            <Form
              action={`/w/${visit.workspace}/cases/${one.id}/addresses`}
              hidden={{ address: String(id), accept }}
              label={`${accept === 'yes' ? 'Accept' : 'Refuse'} ${address}`}
              plain
              button={accept === 'yes' ? 'Accept the address' : 'Refuse'}
            />
          ))}
        </div>
      ) : (
        <p class="muted">A case manager decides.</p>
      )}
    </div>
  ));
