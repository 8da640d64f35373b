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
