import type { MiddlewareHandler } from 'hono';
import { isProofHeader } from '#domain/integrations/survey-source.ts';
import type { Stub } from '../objects.ts';
import type { Workspace } from '../workspace/workspace.ts';
import * as web from './kit.ts';

const kept = new Set(['content-type', 'user-agent', ...web.mailEventHeaderNames]);

/** Where the mail provider tells of bounces and complaints, and replies of customers come; no source may be called so. */
const mailEventsPath = 'mail';

const isKept = (name: string) => kept.has(name) || isProofHeader(name);

export const refuseDelivery = (c: web.HonoContext) => c.json({ error: 'The delivery could not be verified.' }, 401);

const askToSendAgain = (c: web.HonoContext) =>
  c.json({ error: 'The delivery could not be stored; send it again.' }, 503, { 'retry-after': '30' });

const answerFailure = (c: web.HonoContext, code: string) =>
  code === 'invalid-signature' ? refuseDelivery(c) : askToSendAgain(c);

/* Addresses for deliveries; all refusals are alike, because tools switch a webhook off for good at a 404 or 410. */

const probes = ['GET', 'HEAD', 'OPTIONS'];

/** Answers a tool that tests whether the address exists. A delivery by another method is not kept, and hears so. */
export const answerProbe = (c: web.HonoContext) =>
  probes.includes(c.req.method)
    ? c.text('Caselite receives deliveries here.')
    : c.json({ error: 'Send deliveries with POST; nothing was kept.' }, 405, { allow: 'GET, HEAD, OPTIONS, POST' });

export const receiveDelivery = hookOf(async (c, stub, body) => {
  const headers = Object.fromEntries([...c.req.raw.headers].filter(([name]) => isKept(name)));
  // A plain object: one without a prototype does not cross into the workspace's object.
  const query = { ...c.req.query() };
  const raw = { body, headers, query, receivedAt: 0 };
  if (c.req.param('source') === mailEventsPath && headers['content-type'] !== 'message/rfc822') {
    const result = await stub.receiveMailEvents(raw);
    return result.ok ? c.json(result.value, 202) : answerFailure(c, result.code);
  }
  const received = await stub.receive(c.req.param('source') ?? '', raw);
  return received.ok ? c.json({ delivery: received.value.id }, 202) : answerFailure(c, received.code);
});

/** Tells a source's people of a delivery that its door refused for its size, time or encoding. */
export const noteRefusal: MiddlewareHandler<web.HonoEnvironment> = async (c, next) => {
  await next();
  const source = c.req.param('source');
  if (!source || !(c.error instanceof web.AppError)) return;
  const workspace = await web.findWorkspace(c, c.req.param('workspace') ?? '', { kind: 'program' });
  if (workspace) await web.attempt(workspace.countRefusalAtDoor(source, c.error.code));
};

/** A tracker reports that something changed. Linear sends again, and switches off, what is not answered with 200. */
export const receiveHint = hookOf(async (c, stub, body) => {
  const taken = await stub.hint(c.req.param('tracker') ?? '', { body, headers: { ...c.req.header() } });
  return taken.ok ? c.json({ news: taken.value.news }) : answerFailure(c, taken.code);
});

function hookOf(take: (c: web.HonoContext, stub: Stub<Workspace>, body: Uint8Array<ArrayBuffer>) => Promise<Response>) {
  return async (c: web.HonoContext): Promise<Response> => {
    try {
      const stub = await web.findWorkspaceStub(c, c.req.param('workspace') ?? '');
      return stub ? await take(c, stub, new Uint8Array(await c.req.arrayBuffer())) : refuseDelivery(c);
    } catch {
      return askToSendAgain(c);
    }
  };
}
