import { Hono } from 'hono';
import { dayMs } from '#domain/time/units.ts';

export interface AcceptedMail {
  id: string;
  key: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
  at: number;
}

/** A mail provider that honours idempotency keys for 24 hours, or has none; its outbox is the reference for tests. */
export function createMailHost(options: { now(): number; key: string; isKeyless?: boolean; domain?: string }): {
  app: Hono;
  accepted: AcceptedMail[];
} {
  const accepted: AcceptedMail[] = [];
  const app = new Hono();
  app.get('/domains', (c) => {
    if (c.req.header('authorization') !== `Bearer ${options.key}`) return c.json({ name: 'invalid_api_key' }, 401);
    return c.json({ data: [{ id: 'domain-1', name: 'acme.example', status: options.domain ?? 'verified' }] });
  });
  app.post('/emails', async (c) => {
    if (c.req.header('authorization') !== `Bearer ${options.key}`) return c.json({ name: 'invalid_api_key' }, 401);
    const mail = await c.req.json();
    const key = c.req.header('idempotency-key') ?? '';
    const before = options.isKeyless
      ? undefined
      : accepted.find((acceptedMail) => acceptedMail.key === key && options.now() - acceptedMail.at < dayMs);
    if (before && before.text !== mail.text) return c.json({ name: 'invalid_idempotent_request' }, 409);
    if (before) return c.json({ id: before.id });
    const { to, subject, text, html, headers } = mail;
    const id = `mail-${accepted.length + 1}`;
    accepted.push({
      id,
      key,
      to: [to].flat()[0],
      subject,
      text,
      html,
      headers: headers ?? {},
      at: options.now(),
    });
    return c.json({ id });
  });
  return { app, accepted };
}
