import * as z from 'zod';
import * as kit from '../../kit.ts';

const settings = z
  .strictObject({
    kind: z.literal('smtp'),
    from: kit.Sender,
    user: kit.SecretName.optional().describe('Name of the secret with the user name'),
    password: kit.SecretName.optional().describe('Name of the secret with the password'),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    message: 'goes together with user: name both secrets, or none',
  });

export type SmtpSettings = z.infer<typeof settings>;

const operation = 'send mail';
// Together below the deadline of a call.
const stepMs = 5_000;
const socketTimeoutMs = 8_000;

/** Mail over SMTP, without idempotency: a mail of unknown outcome is never sent again. STARTTLS is required. */
export const smtp: kit.MailDefinition<SmtpSettings> = {
  kind: 'smtp',
  title: 'SMTP',
  settings,
  baseUrl: { variable: 'SMTP_URL', fallback: 'smtp://127.0.0.1:25' },
  idempotencyKeyLifetimeMs: 0,
  secrets: ({ user, password }) => [user, password].filter((name) => name !== undefined),

  async create({ user, password }, { baseUrl, secret }) {
    const server = parseServerUrl(baseUrl);
    const auth = user && password ? { user: secret(user), pass: secret(password) } : null;
    const { default: SmtpConnection } = await import('nodemailer/lib/smtp-connection');
    const { default: MailComposer } = await import('nodemailer/lib/mail-composer');

    async function session<Result>(
      work: (connection: InstanceType<typeof SmtpConnection>) => Promise<Result>,
    ): Promise<Result> {
      const connection = new SmtpConnection({
        ...server,
        connectionTimeout: stepMs,
        greetingTimeout: stepMs,
        socketTimeout: socketTimeoutMs,
      });
      // A failure before the message is under way had no effect.
      const opening = (step: (done: (error?: Error | null) => void) => void) =>
        new Promise<void>((resolve, reject) => {
          connection.once('error', (error: Error) => reject(refusal(error, true)));
          connection.once('end', () => reject(refusal(new Error('the connection was closed'))));
          step((error) => (error ? reject(refusal(error, true)) : resolve()));
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
        const id = deriveMessageId(message);
        const { key: _, replyTo, ...content } = message;
        const composer = new MailComposer({ ...content, ...(replyTo === null ? {} : { replyTo }), messageId: id });
        const compiled = composer.compile();
        const bytes = await compiled.build();
        const envelope = compiled.getEnvelope();
        await session(
          (connection) =>
            new Promise<void>((resolve, reject) => {
              const lost = () => reject(new kit.IntegrationError('unknown', operation, { detail: 'no answer' }));
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
          if (!(error instanceof kit.IntegrationError)) throw error;
          const blocked = (message: string, remedy: string) => [{ blocking: true, message, remedy }];
          if (error.code === 'auth')
            return blocked('the server refuses the user name or the password', 'set both secrets again');
          const remedy = 'check SMTP_URL, and whether the server accepts STARTTLS from here';
          return blocked(`no session with the server comes about (${error.message})`, remedy);
        }
      },
    };
  },
};

function parseServerUrl(url: string): { host: string; port: number; secure: boolean; requireTLS: boolean } {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'smtp:' && protocol !== 'smtps:')
    throw kit.refusal('set up mail', 'SMTP_URL must begin with smtp:// or smtps://');
  const secure = protocol === 'smtps:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const usual = secure ? 465 : 587;
  return { host, port: Number(port) || usual, secure, requireTLS: !secure && !kit.isLoopback(url) };
}

const deriveMessageId = ({ key, from }: kit.MailMessage): string => `<${key}@${kit.readSenderDomain(from)}>`;

const codeOf = (error: unknown): number | null => {
  const { responseCode } = error as { responseCode?: unknown };
  return typeof responseCode === 'number' ? responseCode : null;
};

/** RFC 5321 §4.2.1: 4yz may work later, 5yz will not; 530 to 538 concern credentials. A server that greets so refuses no mail. */
function refusal(error: Error, isOpening = false): kit.IntegrationError {
  const status = codeOf(error) ?? 0;
  const { code, command } = error as NodeJS.ErrnoException & { command?: string };
  if (code === 'EAUTH' || (status >= 530 && status <= 538))
    return new kit.IntegrationError('auth', operation, { status, detail: 'user name or password refused' });
  if (command === 'MAIL FROM' && status >= 500 && status !== 552)
    return new kit.IntegrationError('auth', operation, { status, detail: 'the sender is refused' });
  if (status >= 500 && !isOpening) return new kit.IntegrationError('rejected', operation, { status });
  return new kit.IntegrationError('unavailable', operation, {
    status,
    detail: status === 0 ? (code ?? 'no connection') : 'try later',
  });
}
