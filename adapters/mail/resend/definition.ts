import * as z from 'zod';
import * as kit from '../../kit.ts';

const settings = z.strictObject({
  kind: z.literal('resend'),
  from: kit.Sender,
  key: kit.SecretName.describe('Name of the secret with the API key'),
  'webhook-secret': kit.SecretName.optional().describe(
    'Name of the secret with which Resend signs what it posts to /hooks/WORKSPACE/mail: bounces and complaints',
  ),
});

export type ResendSettings = z.infer<typeof settings>;

const accepted = z.object({ id: z.string().min(1) });
const refusal = z.object({ name: z.string() });
const operation = 'send mail';

/** Mail over Resend's HTTP API, which honours an idempotency key for a day. */
export const resend: kit.MailDefinition<ResendSettings> = {
  kind: 'resend',
  title: 'Resend',
  settings,
  baseUrl: { variable: 'RESEND_API_URL', fallback: 'https://api.resend.com' },
  idempotencyKeyLifetimeMs: kit.dayMs,
  dkimSelector: 'resend',
  secrets: ({ key, 'webhook-secret': webhook }) => (webhook ? [key, webhook] : [key]),
  events: { headers: ['svix-id'], secret: (given) => given['webhook-secret'] ?? null, read: readVerifiedMailEvents },

  async create({ key, from }, { fetch, baseUrl, secret }) {
    const authorization = `Bearer ${secret(key)}`;
    const ask = async (what: string, path: string, headers: Record<string, string> = {}, body?: object) => {
      const request = { method: body ? 'POST' : 'GET', headers: { authorization, ...headers }, body };
      const sent = kit.sendJson(fetch, baseUrl.replace(/\/$/, '') + path, request);
      const answer = await sent.catch(kit.throwNetworkError(what));
      return { answer, body: (await answer.json().catch(() => null)) as unknown };
    };
    return {
      async send({ key: idempotencyKey, from: sender, to, replyTo, ...message }) {
        const content = { from: sender, to: [to], ...(replyTo === null ? {} : { reply_to: replyTo }), ...message };
        const { answer, body } = await ask(operation, '/emails', { 'idempotency-key': idempotencyKey }, content);
        if (!answer.ok) throw refused(answer, body);
        const { data } = accepted.safeParse(body);
        if (!data) throw new kit.IntegrationError('unknown', operation, { status: answer.status });
        return { id: data.id };
      },
      async listSent(since) {
        const sent: kit.SentMail[] = [];
        for (let after = ''; ; ) {
          const { answer, body } = await ask('list mails', `/emails?limit=100${after && `&after=${after}`}`);
          const { status, headers } = answer;
          if (refusal.safeParse(body).data?.name === 'restricted_api_key') return null;
          const { data: page } = SentMails.safeParse(body);
          if (status !== 200) throw kit.classifyFailedHttpAnswer('list mails', status, headers, { write: false });
          if (!page) throw new kit.IntegrationError('unavailable', 'list mails', { status });
          const rows = page.data;
          sent.push(...rows.filter(({ at }) => at >= since));
          const last = rows.at(-1);
          if (!page.has_more || !last || last.at < since) return sent;
          after = last.id;
        }
      },
      async check() {
        const { answer, body } = await ask('check mail', '/domains');
        return listSenderDomainFindings(answer.status, body, kit.readSenderDomain(from));
      },
    };
  },
};

/** Resend writes `2023-04-03 22:13:42.674981+00`, and in some answers ISO 8601. */
const toInstant = (text: string): number => Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));

/** Source: https://resend.com/docs/api-reference/emails/list-emails, newest first. */
const SentMails = z.object({
  has_more: z.boolean().default(false),
  data: z.array(
    z
      .object({ id: z.string(), to: z.array(z.string()), subject: z.string(), created_at: z.string() })
      .transform(({ to, created_at, ...rest }) => ({ ...rest, to: to[0] ?? '', at: toInstant(created_at) })),
  ),
});

const Domains = z.object({ data: z.array(z.object({ name: z.string(), status: z.string() })) });

/** Source: https://resend.com/docs/api-reference/domains/list-domains. A key that may only send is refused with 401. */
function listSenderDomainFindings(status: number, body: unknown, domain: string): kit.MailCheckFinding[] {
  const found = (message: string, remedy: string, blocking = true) => [{ blocking, message, remedy }];
  if (refusal.safeParse(body).data?.name === 'restricted_api_key') {
    const message = 'the key may only send, so that nobody can see here whether the domain is verified';
    return found(message, `check ${domain} under Domains in Resend`, false);
  }
  if (status === 401 || status === 403)
    return found('the key is refused', 'make a new one in Resend and set its secret');
  const { data } = Domains.safeParse(body);
  if (status !== 200 || !data) return found(`Resend answered ${status}`, 'try again later', false);
  const result = data.data.find((entry) => domain === entry.name || domain.endsWith(`.${entry.name}`));
  const add = 'add it under Domains in Resend, with the SPF and DKIM records that it shows';
  if (!result) return found(`${domain} is no domain of this account`, add);
  if (result.status === 'verified') return [];
  const set = 'set the SPF and DKIM records that Resend shows for it, and a DMARC record of your own';
  return found(`${result.name} is not verified: ${result.status}`, set);
}

function refused(answer: Response, body: unknown): kit.IntegrationError {
  const { status, headers } = answer;
  // Different bytes under a used key never become a mail; a parallel request with the same bytes may.
  if (status === 409 && refusal.safeParse(body).data?.name === 'invalid_idempotent_request')
    return new kit.IntegrationError('rejected', operation, { status, detail: 'key used with another mail' });
  return kit.classifyFailedHttpAnswer(operation, status, headers, { write: true });
}

const mailEventSchema = z.object({
  type: z.string(),
  data: z.object({
    email_id: z.string().min(1),
    to: z.union([z.array(z.string()), z.string().transform((value) => [value])]),
    bounce: z.object({ type: z.string(), subType: z.string().optional() }).partial().optional(),
  }),
});

/** Resend signs by Standard Webhooks with `svix-` headers; bounces of type Transient or Undetermined are skipped. */
async function readVerifiedMailEvents(
  delivery: kit.RawDelivery,
  secrets: string[],
  now: number,
): Promise<kit.MailEvent[] | null> {
  if (!(await kit.verifyWebhook(delivery, secrets, now))) return null;
  const { data: event } = mailEventSchema.safeParse(kit.jsonOrNull(delivery.body));
  const address = event?.data.to[0];
  if (!event || !address) return [];
  const about = { provider: event.data.email_id, address };
  switch (event.type) {
    case 'email.delivered':
      return [{ ...about, what: 'delivered', why: 'delivered' }];
    case 'email.complained':
      return [{ ...about, what: 'complained', why: 'reported as unwanted' }];
    case 'email.bounced': {
      if (/^(?:transient|undetermined)$/i.test(event.data.bounce?.type ?? '')) return [];
      const kind = /^[A-Za-z]{1,30}$/.test(event.data.bounce?.subType ?? '') ? ` (${event.data.bounce?.subType})` : '';
      return [{ ...about, what: 'bounced', why: `the address bounced for good${kind}` }];
    }
    default:
      return [];
  }
}
