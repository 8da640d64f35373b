import type { MailShape } from '#domain/loop-shape.ts';
import { Pill } from './parts.tsx';

const states = {
  intent: { tone: 'info', words: 'on its way' },
  sent: { tone: 'good', words: 'sent' },
  refused: { tone: 'bad', words: 'not sent' },
  unknown: { tone: 'warn', words: 'nobody knows whether it arrived' },
} as const;

const fates = {
  delivered: { tone: 'good', words: 'delivered' },
  bounced: { tone: 'bad', words: 'could not be delivered' },
  complained: { tone: 'bad', words: 'reported as unwanted' },
} as const;

/** How a mail ended, as far as is known. */
export function MailState({ mail }: { mail: MailShape }) {
  const { tone, words } = mail.fate ? fates[mail.fate] : states[mail.state];
  return <Pill tone={tone}>{words}</Pill>;
}

/** Mail to an address came back, and what to do once it would arrive again. */
export const MailAgain = ({ action }: { action: string }) => (
  <div class="notice warn stack tight">
    <p>Mail to this address came back for good. No more of it leaves.</p>
    <form class="stack tight" method="post" action={action}>
      <label class="stack tight">
        Why mail will arrive now
        <input name="reason" required maxlength={300} />
      </label>
      <button class="plain" type="submit">
        Let mail go again
      </button>
    </form>
  </div>
);
