import * as z from 'zod';
import { networkOutcome, statusOutcome } from '#adapters/outcomes.ts';
import { OutsideError } from '#domain/errors.ts';
import type { MailDefinition } from '#domain/mailer.ts';
import { SecretName } from '#domain/workspace-file.ts';

const settings = z.strictObject({
  kind: z.literal('resend'),
  from: z.string().min(3).describe('The sender, such as "Acme feedback <feedback@acme.example>"'),
  key: SecretName.describe('Name of the secret with the API key'),
});

export type ResendSettings = z.infer<typeof settings>;

const accepted = z.object({ id: z.string().min(1) });
const refusal = z.object({ name: z.string() });
const operation = 'send mail';

/** Mail over Resend's HTTP API. A repeated key is answered with the first mail for a day. */
export const resend: MailDefinition<ResendSettings> = {
  kind: 'resend',
  title: 'Resend',
  settings,
  baseUrl: { variable: 'RESEND_API_URL', fallback: 'https://api.resend.com' },
  idempotencyMs: 24 * 60 * 60 * 1000,
  secrets: ({ key }) => [key],

  async create({ key }, { fetch, baseUrl, secret }) {
    const address = `${baseUrl.replace(/\/$/, '')}/emails`;
    const token = secret(key);
    return {
      async send(message) {
        const answer = await fetch(address, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'idempotency-key': message.key,
          },
          body: JSON.stringify({
            from: message.from,
            to: [message.to],
            ...(message.replyTo === null ? {} : { reply_to: message.replyTo }),
            subject: message.subject,
            text: message.text,
            html: message.html,
            headers: message.headers,
          }),
        }).catch((error: unknown) => {
          throw networkOutcome(operation, error);
        });
        const body: unknown = await answer.json().catch(() => null);
        if (!answer.ok) throw refused(answer, body);
        const { data } = accepted.safeParse(body);
        if (!data) throw new OutsideError('unknown', operation, { status: answer.status });
        return { id: data.id };
      },
    };
  },
};

function refused(answer: Response, body: unknown): OutsideError {
  const { status, headers } = answer;
  // Other bytes under a used key never become a mail; a running twin of this very request may.
  if (status === 409 && refusal.safeParse(body).data?.name === 'invalid_idempotent_request') {
    return new OutsideError('rejected', operation, { status, detail: 'key used with another mail' });
  }
  return statusOutcome(operation, status, headers, { write: true });
}
