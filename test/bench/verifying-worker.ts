import { Buffer } from 'node:buffer';
import { Hono } from 'hono';

/* What any receiver on this runtime has to do: a route that answers, and one that also reads, verifies and parses. */

const encoder = new TextEncoder();
let key: Promise<CryptoKey> | null = null;

const app = new Hono<{ Bindings: { SECRET: string } }>();

app.post('/bare', (c) => c.json({ delivery: 'none' }, 202));

app.post('/verify', async (c) => {
  const body = await c.req.arrayBuffer();
  const [scheme, signature = ''] = (c.req.header('typeform-signature') ?? '').split('=', 2);
  key ??= crypto.subtle.importKey('raw', encoder.encode(c.env.SECRET), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'verify',
  ]);
  const mac = Buffer.from(signature, 'base64');
  if (scheme !== 'sha256' || !(await crypto.subtle.verify('HMAC', await key, mac, body))) return c.text('refused', 401);
  const { event_id } = JSON.parse(new TextDecoder().decode(body)) as { event_id: string };
  return c.json({ delivery: event_id }, 202);
});

export default app;
