import type { CaseJson } from '#domain/json/case-json.ts';
import type { MailJson } from '#domain/json/loop-json.ts';
import { readable } from './case-display.ts';
import { Field, FoldedForm, Form, PlainButton, TextField } from './forms.tsx';
import { Moment, MutedMoment, Pill, Section } from './parts.tsx';
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

export function MailList({ visit, mails }: { visit: Visit; mails: MailJson[] }) {
  if (mails.length === 0) return <p class="muted">No mails yet.</p>;
  return (
    <ul class="stack tight">
      {mails.map(({ kind, fate, state, at, why }) => {
        const { tone, words } = fate ? fates[fate] : states[state];
        return (
          <li class="row">
            <span>{readable(kind)}</span>
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

interface ContactProps {
  visit: Visit;
  one: CaseJson;
  mails: MailJson[];
  /** Whether the person decides for the case. */
  isManager: boolean;
}

export function Contact({ visit, one, mails, isManager }: ContactProps) {
  return (
    <Section id="contact" title="Mail to the customer">
      <WaitingAddresses visit={visit} one={one} isManager={isManager} />
      <MailList visit={visit} mails={mails} />
      {one.kind === 'tactical' && (
        <FoldedForm
          name="Write to the customer"
          action={`/w/${visit.workspace}/cases/${one.id}/messages`}
          button="Send"
        >
          <Field label="Subject" id="message-subject" name="subject" required maxlength={150} />
          <TextField label="Text" id="message-text" name="text" rows={8} required maxlength={10000} />
          <p class="muted">
            Replies go to the loop owner. The message counts as a contact and never appears in the issue.
          </p>
        </FoldedForm>
      )}
    </Section>
  );
}

/** Addresses from sources that prove nothing, with the forms by which a case manager decides. */
function WaitingAddresses({ visit, one, isManager }: Omit<ContactProps, 'mails'>) {
  return one.addresses.map(({ id, customer, address, response, at }) => (
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
            <form method="post" action={`/w/${visit.workspace}/cases/${one.id}/addresses`}>
              <input type="hidden" name="address" value={String(id)} />
              <input type="hidden" name="accept" value={accept} />
              <PlainButton label={`${accept === 'yes' ? 'Accept' : 'Refuse'} ${address}`}>
                {accept === 'yes' ? 'Accept the address' : 'Refuse'}
              </PlainButton>
            </form>
          ))}
        </div>
      ) : (
        <p class="muted">A case manager decides.</p>
      )}
    </div>
  ));
}
