import type { CaseJson } from '#domain/json/case-json.ts';
import type { MailJson } from '#domain/json/loop-json.ts';
import { Field, FoldedForm, TextField } from './forms.tsx';
import { MailList } from './mail-state.tsx';
import { Section } from './parts.tsx';
import type { Visit } from './visit.ts';

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
