import { describe, expect, it } from 'vitest';
import { resend } from '#adapters/mail/resend/definition.ts';
import type { MailMessage } from '#domain/integrations/mailer.ts';

const message: MailMessage = {
  key: 'follow-up-17',
  from: 'Acme feedback <feedback@acme.example>',
  to: 'ines@customer.example',
  replyTo: 'dana@acme.example',
  subject: 'Is it solved?',
  text: 'Hello',
  html: '<p>Hello</p>',
  headers: { 'List-Unsubscribe': '<https://caselite.example/u/1>' },
};
const settings = resend.settings.parse({ kind: 'resend', from: message.from, key: 'RESEND_KEY' });

async function mailer(answer: (request: Request) => Response | Promise<Response>) {
  const sent: Request[] = [];
  const { send, check } = await resend.create(settings, {
    async fetch(input, init) {
      const request = new Request(input, init);
      sent.push(request.clone());
      return answer(request);
    },
    baseUrl: 'https://resend.test/',
    secret: (name) => (name === 'RESEND_KEY' ? 're_1' : ''),
  });
  return { send, check, sent };
}

describe('Resend', () => {
  it('gets one request with everything in it', async () => {
    const { send, sent } = await mailer(() => Response.json({ id: 'm-1' }));
    expect(await send(message)).toEqual({ id: 'm-1' });
    const [request] = sent;
    expect(request?.url).toBe('https://resend.test/emails');
    expect(request?.headers.get('authorization')).toBe('Bearer re_1');
    expect(request?.headers.get('idempotency-key')).toBe('follow-up-17');
    expect(await request?.json()).toEqual({
      from: message.from,
      to: [message.to],
      reply_to: message.replyTo,
      subject: message.subject,
      text: message.text,
      html: message.html,
      headers: message.headers,
    });
  });

  it('gets the same bytes for the same mail', async () => {
    const { send, sent } = await mailer(() => Response.json({ id: 'm-1' }));
    await send(message);
    await send({ ...message });
    const [first, second] = await Promise.all(sent.map((request) => request.text()));
    expect(second).toBe(first);
  });

  it.each([
    [400, {}, 'rejected'],
    [401, {}, 'auth'],
    [403, {}, 'auth'],
    [409, { name: 'concurrent_idempotent_requests' }, 'unknown'],
    [409, { name: 'invalid_idempotent_request' }, 'rejected'],
    [422, { message: 'ines@customer.example is not valid' }, 'rejected'],
    [429, {}, 'rate-limited'],
    [500, {}, 'unknown'],
    [503, {}, 'unknown'],
  ])('answer %i %j: %s', async (status, body, code) => {
    const { send } = await mailer(() => Response.json(body, { status }));
    const error = await send(message).catch((reason) => reason);
    expect(error).toMatchObject({ code, status });
    expect(error.message).not.toContain('ines');
  });

  it.each([
    ['a page', () => new Response('<p>Sign in</p>')],
    ['nothing', () => new Response('')],
    ['another shape', () => Response.json({ ok: true })],
  ])('a success that holds %s is not known to be one', async (_, answer) => {
    const { send } = await mailer(answer);
    await expect(send(message)).rejects.toMatchObject({ code: 'unknown' });
  });

  it('a redirect is not followed', async () => {
    const { send } = await mailer(() => new Response(null, { status: 302, headers: { location: '/x' } }));
    await expect(send(message)).rejects.toMatchObject({ code: 'rejected' });
  });

  it.each([
    ['ECONNREFUSED', 'unavailable'],
    ['ENOTFOUND', 'unavailable'],
    ['CERT_HAS_EXPIRED', 'unavailable'],
    ['ECONNRESET', 'unknown'],
    ['UND_ERR_SOCKET', 'unknown'],
  ])('network error %s: %s', async (code, expected) => {
    const { send } = await mailer(() => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
    });
    await expect(send(message)).rejects.toMatchObject({ code: expected, status: 0 });
  });

  it('a deadline is no answer', async () => {
    const { send } = await mailer(() => {
      throw new DOMException('late', 'TimeoutError');
    });
    await expect(send(message)).rejects.toMatchObject({ code: 'unknown', status: 0 });
  });
});

describe('the sender’s domain at Resend', () => {
  const domains = (...all: [name: string, status: string][]) =>
    Response.json({ data: all.map(([name, status]) => ({ id: name, name, status })) });
  const refusal = (name: string) => Response.json({ name, message: 'no' }, { status: 401 });

  it.each<[string, () => Response, boolean | null, RegExp]>([
    ['is verified', () => domains(['other.example', 'pending'], ['acme.example', 'verified']), null, /^$/],
    ['is not verified', () => domains(['acme.example', 'pending']), true, /not verified: pending/],
    ['is unknown', () => domains(['notacme.example', 'verified']), true, /no domain of this account/],
    ['cannot be seen by the key', () => refusal('restricted_api_key'), false, /may only send/],
    ['is asked for with a wrong key', () => refusal('invalid_api_key'), true, /the key is refused/],
    ['cannot be asked for', () => new Response('', { status: 503 }), false, /answered 503/],
  ])('%s: the check says so', async (_, answer, blocking, message) => {
    const { check, sent } = await mailer(answer);
    const findings = await check();
    expect(findings.map((finding) => finding.blocking)).toEqual(blocking === null ? [] : [blocking]);
    expect(findings[0]?.message ?? '').toMatch(message);
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET https://resend.test/domains']);
  });
});
