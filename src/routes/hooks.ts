import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isProofHeader } from '#domain/survey-source.ts';
import { type AppContext, findWorkspace } from './context.ts';

const mostBytes = 1024 * 1024;

const kept = new Set(['content-type', 'user-agent']);

const isKept = (name: string) => kept.has(name) || isProofHeader(name);

/**
 * Where survey tools deliver. An unknown workspace, an unknown source and a wrong signature get one and the same
 * answer: tools switch a webhook off for good when they see 404 or 410.
 */
export const hooks = new Hono<AppContext>()
  .on(['GET', 'HEAD'], '/:workspace/:source', (c) => c.text('Caselite receives deliveries here.'))
  .post(
    '/:workspace/:source',
    bodyLimit({
      maxSize: mostBytes,
      onError: (c) => c.json({ error: 'The delivery is larger than 1 MiB.' }, 413),
    }),
    async (c) => {
      const { workspace, source } = c.req.param();
      const found = await findWorkspace(c, workspace);
      const refused = () => c.json({ error: 'The delivery could not be verified.' }, 401);
      if (!found) return refused();
      const body = new Uint8Array(await c.req.arrayBuffer());
      const headers = Object.fromEntries([...c.req.raw.headers].filter(([name]) => isKept(name)));
      // A plain object: one without a prototype does not cross into the workspace's object.
      const query = { ...c.req.query() };
      try {
        const received = await found.receive(source, { body, headers, query, receivedAt: 0 });
        return received.ok ? c.json({ delivery: received.value.id }, 202) : refused();
      } catch {
        return c.json({ error: 'The delivery could not be stored; send it again.' }, 503, {
          'retry-after': '30',
        });
      }
    },
  );
