import { Hono } from 'hono';
import { dayMs, toIsoText } from '#domain/time/units.ts';

export interface AcceptedMail {
  id: string;
  key: string;
  to: string;
  replyTo: string | null;
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
  app.get('/emails', (c) => {
    if (c.req.header('authorization') !== `Bearer ${options.key}`) return c.json({ name: 'invalid_api_key' }, 401);
    if (options.isKeyless) return c.json({ name: 'restricted_api_key' }, 401);
    const after = c.req.query('after');
    const newestFirst = accepted.toReversed();
    const from = after ? newestFirst.findIndex(({ id }) => id === after) + 1 : 0;
    const limit = Number(c.req.query('limit') ?? 20);
    const data = newestFirst.slice(from, from + limit).map(({ id, to, subject, at }) => {
      return { id, to: [to], subject, created_at: toIsoText(at).replace('T', ' ').replace('Z', '+00') };
    });
    return c.json({ object: 'list', has_more: from + limit < accepted.length, data });
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
    const { to, reply_to: replyTo = null, subject, text, html, headers } = mail;
    const id = `mail-${accepted.length + 1}`;
    accepted.push({
      id,
      key,
      to: [to].flat()[0],
      replyTo,
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
