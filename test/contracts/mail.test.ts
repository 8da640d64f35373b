import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, it } from 'vitest';
import { registry } from '#adapters/index.ts';
import { resend } from '#adapters/mail/resend/definition.ts';
import { createMailHost } from '#adapters/mail/resend/emulator/mail-host.ts';
import { smtp } from '#adapters/mail/smtp/definition.ts';
import { parseMail } from '#test/contracts/parse-mail.ts';
import { type ArrivedMail, describeMailer, type MailFault, sampleMail } from './mail.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

it('every mail provider holds the contract', () => {
  expect(registry.mails.map(({ kind }) => kind).sort()).toEqual(['resend', 'smtp']);
});

describeMailer('Resend', async () => {
  const host = createMailHost({ now: () => 0, key: 're_1' });
  const sent: ArrivedMail[] = [];
  let fault: MailFault | null = null;
  const settings = resend.settings.parse({
    kind: 'resend',
    from: 'feedback@acme.example',
    key: 'RESEND_KEY',
  });
  const mailer = await resend.create(settings, {
    baseUrl: 'http://mail.test',
    secret: () => (fault === 'refuses the login' ? 'another key' : 're_1'),
    async fetch(input, init) {
      const request = new Request(input, init);
      if (fault === 'is down')
        throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) });
      if (fault === 'refuses the mail') return Response.json({ name: 'validation_error' }, { status: 422 });
      if (fault === 'is busy') return Response.json({ name: 'rate_limit_exceeded' }, { status: 429 });
      if (fault === 'refuses the login') request.headers.set('authorization', 'Bearer of another');
      if (request.method === 'GET') return host.app.fetch(request);
      const body = await request.clone().json();
      const before = host.accepted.length;
      const answer = await host.app.fetch(request);
      if (host.accepted.length > before)
        sent.push({
          to: [body.to].flat().join(),
          from: body.from,
          replyTo: body.reply_to ?? null,
          subject: body.subject,
          text: body.text,
          html: body.html,
          headers: Object.fromEntries(
            Object.entries<string>(body.headers).map(([name, value]) => [name.toLowerCase(), value]),
          ),
        });
      if (fault === 'takes it and falls silent') throw new TypeError('fetch failed');
      return answer;
    },
  });
  return {
    mailer,
    idempotencyMs: resend.idempotencyKeyLifetimeMs,
    arrived: () => sent,
    fail: (next) => {
      fault = next;
    },
  };
});

describeMailer('SMTP', async () => {
  const sent: ArrivedMail[] = [];
  let fault: MailFault | null = null;
  const server = new SMTPServer({
    authOptional: false,
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    onAuth({ username, password }, _session, done) {
      const isRight = username === 'acme' && password === 'pass' && fault !== 'refuses the login';
      if (isRight) done(null, { user: username });
      else done(new Error('Invalid login'));
    },
    onRcptTo(_address, _session, done) {
      if (fault === 'refuses the mail') done(Object.assign(new Error('No such box'), { responseCode: 550 }));
      else if (fault === 'is busy') done(Object.assign(new Error('Try later'), { responseCode: 451 }));
      else done();
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', async () => {
        const to = session.envelope.rcptTo.map(({ address }) => address).join();
        sent.push({ ...(await parseMail(Buffer.concat(parts))), to });
        if (fault === 'takes it and falls silent') for (const connection of server.connections) connection.close();
        else done();
      });
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  closing.push(close);
  const settings = smtp.settings.parse({
    kind: 'smtp',
    from: 'feedback@acme.example',
    user: 'SMTP_USER',
    password: 'SMTP_PASSWORD',
  });
  const mailer = await smtp.create(settings, {
    baseUrl: `smtp://127.0.0.1:${port}`,
    secret: (name) => (name === 'SMTP_USER' ? 'acme' : 'pass'),
    fetch: () => Promise.reject(new Error('SMTP fetches nothing')),
  });
  return {
    mailer,
    idempotencyMs: smtp.idempotencyKeyLifetimeMs,
    arrived: () => sent,
    async fail(next) {
      fault = next;
      if (next === 'is down') await close();
    },
  };
});

it.each([
  [
    'greets with 554',
    { onConnect: (_: object, done: (error: Error) => void) => done(refusedWith(554)) },
    'unavailable',
  ],
  [
    'refuses the sender',
    { onMailFrom: (_: object, __: object, done: (error: Error) => void) => done(refusedWith(550)) },
    'auth',
  ],
])('a mail waits where an SMTP server %s', async (_, faults, code) => {
  const server = new SMTPServer({ authOptional: true, hideSTARTTLS: true, logger: false, ...faults });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const baseUrl = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const settings = smtp.settings.parse({ kind: 'smtp', from: 'feedback@acme.example' });
  const mailer = await smtp.create(settings, { baseUrl, secret: () => '', fetch: () => Promise.reject(new Error()) });
  await expect(mailer.send(sampleMail)).rejects.toMatchObject({ code });
});

const refusedWith = (responseCode: number) => Object.assign(new Error('No'), { responseCode });
