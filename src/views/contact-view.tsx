import type { CaseJson } from '#domain/json/case-json.ts';
import type { MailJson } from '#domain/json/loop-json.ts';
import { MailList } from './mail-state.tsx';
import type { Visit } from './visit.ts';

export function Contact({ visit, one, mails }: { visit: Visit; one: CaseJson; mails: MailJson[] }) {
  return (
    <section class="card stack" aria-labelledby="contact">
      <h2 id="contact">Mail to the customer</h2>
      <MailList visit={visit} mails={mails} />
      {one.kind === 'tactical' && (
        <details>
          <summary>Write to the customer</summary>
          <form class="stack tight" method="post" action={`/w/${visit.workspace}/cases/${one.id}/messages`}>
            <label for="message-subject">Subject</label>
            <input id="message-subject" name="subject" required maxlength={150} />
            <label for="message-text">Text</label>
            <textarea id="message-text" name="text" rows={8} required maxlength={10000} />
            <p class="muted">
              Replies go to the loop owner. The message counts as a contact and never appears in the issue.
            </p>
            <button type="submit">Send</button>
          </form>
        </details>
      )}
    </section>
  );
}
