import * as z from 'zod';
import { IntegrationError } from '#domain/base/errors.ts';
import type { MailDefinition, MailMessage } from '#domain/integrations/mailer.ts';
import { SecretName } from '#domain/settings/workspace-file.ts';
import { senderDomain } from '../../sender.ts';

const settings = z
  .strictObject({
    kind: z.literal('smtp'),
    from: z.string().min(3).describe('The sender, such as "Acme feedback <feedback@acme.example>"'),
    user: SecretName.optional().describe('Name of the secret with the user name'),
    password: SecretName.optional().describe('Name of the secret with the password'),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    message: 'goes together with user: name both secrets, or none',
  });

export type SmtpSettings = z.infer<typeof settings>;

const operation = 'send mail';
// Together below the deadline of a call.
const stepMs = 5_000;
const silenceMs = 8_000;

/**
 * Mail over SMTP, one connection a mail. SMTP knows no idempotency key, so a mail whose end was not heard is never
 * sent again; and no bounce comes back by it. STARTTLS is demanded but on loopback, and no password leaves without it.
 */
export const smtp: MailDefinition<SmtpSettings> = {
  kind: 'smtp',
  title: 'SMTP',
  settings,
  baseUrl: { variable: 'SMTP_URL', fallback: 'smtp://127.0.0.1:25' },
  idempotencyMs: 0,
  secrets: ({ user, password }) => [user, password].filter((name) => name !== undefined),

  async create({ user, password }, { baseUrl, secret }) {
    const server = serverOf(baseUrl);
    const auth = user && password ? { user: secret(user), pass: secret(password) } : null;
    const { default: SmtpConnection } = await import('nodemailer/lib/smtp-connection');
    const { default: MailComposer } = await import('nodemailer/lib/mail-composer');

    /** Opens a session, works in it, and closes it whatever happens. */
    async function session<Result>(
      work: (connection: InstanceType<typeof SmtpConnection>) => Promise<Result>,
    ): Promise<Result> {
      const connection = new SmtpConnection({
        ...server,
        connectionTimeout: stepMs,
        greetingTimeout: stepMs,
        socketTimeout: silenceMs,
      });
      // Before the message is on its way, whatever fails had no effect.
      const opening = (step: (done: (error?: Error | null) => void) => void) =>
        new Promise<void>((resolve, reject) => {
          connection.once('error', (error: Error) => reject(refusal(error)));
          connection.once('end', () => reject(refusal(new Error('the connection was closed'))));
          step((error) => (error ? reject(refusal(error)) : resolve()));
        });
      try {
        await opening((done) => connection.connect(done));
        if (auth) await opening((done) => connection.login({ credentials: auth }, done));
        return await work(connection);
      } finally {
        connection.close();
      }
    }

    return {
      async send(message) {
        const id = messageId(message);
        const { to, from } = message;
        const composer = new MailComposer({
          from,
          to,
          ...(message.replyTo === null ? {} : { replyTo: message.replyTo }),
          subject: message.subject,
          text: message.text,
          html: message.html,
          headers: message.headers,
          messageId: id,
        });
        const compiled = composer.compile();
        const bytes = await compiled.build();
        const envelope = compiled.getEnvelope();
        await session(
          (connection) =>
            new Promise<void>((resolve, reject) => {
              const lost = () => reject(new IntegrationError('unknown', operation, { detail: 'no answer' }));
              connection.removeAllListeners('error').once('error', lost);
              connection.removeAllListeners('end').once('end', lost);
              connection.send(envelope, bytes, (error) => {
                if (!error) resolve();
                else if (codeOf(error) === null) lost();
                else reject(refusal(error));
              });
            }),
        );
        return { id };
      },
      async check() {
        try {
          await session(async () => {});
          return [];
        } catch (error) {
          if (!(error instanceof IntegrationError)) throw error;
          return [
            error.code === 'auth'
              ? {
                  blocking: true,
                  message: 'the server refuses the user name or the password',
                  remedy: 'set both secrets anew',
                }
              : {
                  blocking: true,
                  message: `no session with the server comes about (${error.message})`,
                  remedy: 'look at SMTP_URL, and whether the server takes STARTTLS from here',
                },
          ];
        }
      },
    };
  },
};

/** Where the server is, and how the way to it is kept secret. */
function serverOf(url: string): { host: string; port: number; secure: boolean; requireTLS: boolean } {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'smtp:' && protocol !== 'smtps:')
    throw new IntegrationError('rejected', 'set up mail', {
      detail: 'SMTP_URL must begin with smtp:// or smtps://',
    });
  const secure = protocol === 'smtps:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const isLocal = host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
  const usual = secure ? 465 : 587;
  return { host, port: Number(port) || usual, secure, requireTLS: !secure && !isLocal };
}

/** The same mail carries the same id, whoever may ask for it later. */
const messageId = ({ key, from }: MailMessage): string => `<${key}@${senderDomain(from)}>`;

const codeOf = (error: unknown): number | null => {
  const { responseCode } = error as { responseCode?: unknown };
  return typeof responseCode === 'number' ? responseCode : null;
};

/** RFC 5321 §4.2.1: 4yz may work later, 5yz will not; 530 to 538 are about credentials. Either way nothing was taken. */
function refusal(error: Error): IntegrationError {
  const status = codeOf(error) ?? 0;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EAUTH' || (status >= 530 && status <= 538))
    return new IntegrationError('auth', operation, { status, detail: 'user name or password refused' });
  if (status >= 500) return new IntegrationError('rejected', operation, { status });
  return new IntegrationError('unavailable', operation, {
    status,
    detail: status === 0 ? (code ?? 'no connection') : 'try later',
  });
}
