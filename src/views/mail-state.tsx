import type { MailJson } from '#domain/json/loop-json.ts';
import { readable } from './case-facts.ts';
import { Moment, Pill } from './parts.tsx';
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

/** Outcome of a mail, as far as it is known. */
function MailState({ mail }: { mail: MailJson }) {
  const { tone, words } = mail.fate ? fates[mail.fate] : states[mail.state];
  return <Pill tone={tone}>{words}</Pill>;
}

export function MailList({ visit, mails }: { visit: Visit; mails: MailJson[] }) {
  if (mails.length === 0) return <p class="muted">No mails yet.</p>;
  return (
    <ul class="stack tight">
      {mails.map((mail) => (
        <li class="row">
          <span>{readable(mail.kind)}</span>
          <MailState mail={mail} />
          <span class="muted">
            <Moment at={mail.at} visit={visit} />
          </span>
          {mail.why && <span class="muted">{mail.why}</span>}
        </li>
      ))}
    </ul>
  );
}

/** Form that allows mail to a bounced address again. */
export const AllowMailForm = ({ action }: { action: string }) => (
  <div class="notice warn stack tight">
    <p>Mail to this address bounced. No more is sent.</p>
    <form class="stack tight" method="post" action={action}>
      <label class="stack tight">
        Why mail will arrive now
        <input name="reason" required maxlength={300} />
      </label>
      <button class="plain" type="submit">
        Allow mail again
      </button>
    </form>
  </div>
);
