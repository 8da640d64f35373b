import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { receiveHint } from '#src/routes/hooks.ts';
import type { HonoEnvironment } from '#src/routes/workspace-access.ts';

it('answers a tracker’s webhook with 200, because Linear counts any other status as a failure', async () => {
  const workspace = { hint: async () => ({ ok: true, value: { news: true } }) };
  const directory = { list: async () => ({ ok: true, value: ['acme'] }) };
  const objects = (stub: object) => ({ idFromName: (name: string) => name, get: () => stub });
  const env = { DIRECTORY: objects(directory), WORKSPACES: objects(workspace) };
  const app = new Hono<HonoEnvironment>().post('/hooks/:workspace/trackers/:tracker', receiveHint);
  const answer = await app.request('/hooks/acme/trackers/growth', { method: 'POST', body: '{}' }, env);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ news: true });
});
