import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isProofHeader } from '#domain/integrations/survey-source.ts';
import { type AppContext, findWorkspace } from './context.ts';

const mostBytes = 1024 * 1024;

const kept = new Set(['content-type', 'user-agent', 'svix-id']);

/** Where the mail provider tells of bounces and complaints; no source may be called so. */
const mailEvents = 'mail';

const isKept = (name: string) => kept.has(name) || isProofHeader(name);

const refused = (c: Context<AppContext>) => c.json({ error: 'The delivery could not be verified.' }, 401);

const comeBack = (c: Context<AppContext>) =>
  c.json({ error: 'The delivery could not be stored; send it again.' }, 503, { 'retry-after': '30' });

const limit = bodyLimit({
  maxSize: mostBytes,
  onError: (c) => c.json({ error: 'The delivery is larger than 1 MiB.' }, 413),
});

/**
 * Where survey tools and trackers deliver. An unknown workspace, an unknown source or tracker and a wrong signature
 * get one and the same answer: tools switch a webhook off for good when they see 404 or 410. Whatever is no POST is a tool that looks
 * whether the address is there.
 */
export const hooks = new Hono<AppContext>()
  .on('POST', ['/:workspace/:source', '/:workspace/:source/'], limit, receive)
  .on('POST', ['/:workspace/trackers/:tracker', '/:workspace/trackers/:tracker/'], limit, hint)
  .post('*', refused)
  .all('*', (c) => c.text('Caselite receives deliveries here.'));

async function receive(c: Context<AppContext>): Promise<Response> {
  try {
    const calls = await findWorkspace(c, c.req.param('workspace') ?? '');
    if (!calls) return refused(c);
    const body = new Uint8Array(await c.req.arrayBuffer());
    const headers = Object.fromEntries([...c.req.raw.headers].filter(([name]) => isKept(name)));
    // A plain object: one without a prototype does not cross into the workspace's object.
    const query = { ...c.req.query() };
    const raw = { body, headers, query, receivedAt: 0 };
    if (c.req.param('source') === mailEvents) {
      const told = await calls.receiveMailEvents(raw);
      return told.ok ? c.json(told.value, 202) : refused(c);
    }
    const received = await calls.receive(c.req.param('source') ?? '', raw);
    if (received.ok) return c.json({ delivery: received.value.id }, 202);
    return received.code === 'invalid-signature' ? refused(c) : comeBack(c);
  } catch {
    return comeBack(c);
  }
}

/** A tracker says that something changed. */
async function hint(c: Context<AppContext>): Promise<Response> {
  try {
    const calls = await findWorkspace(c, c.req.param('workspace') ?? '');
    if (!calls) return refused(c);
    const body = new Uint8Array(await c.req.arrayBuffer());
    const taken = await calls.hint(c.req.param('tracker') ?? '', { body, headers: { ...c.req.header() } });
    return taken.ok ? c.json({ news: taken.value.news }, 202) : refused(c);
  } catch {
    return c.json({ error: 'The delivery could not be taken; send it again.' }, 503, {
      'retry-after': '30',
    });
  }
}
