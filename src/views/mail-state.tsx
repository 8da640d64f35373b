import type { CaseJson } from '#domain/json/case-json.ts';
import type { MailJson } from '#domain/json/loop-json.ts';
import { readable } from './case-display.ts';
import { Field, FoldedForm, Form, TextField } from './forms.tsx';
import { MutedMoment, Pill, Section } from './parts.tsx';
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

export function Contact({ visit, one, mails }: { visit: Visit; one: CaseJson; mails: MailJson[] }) {
  return (
    <Section id="contact" title="Mail to the customer">
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
