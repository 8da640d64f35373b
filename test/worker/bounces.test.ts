import { exports } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { signWebhook } from '#adapters/webhook-signature.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';
import { newWorkspace } from './rig.ts';
import { secrets } from './variables.ts';

useNetwork();

async function post(workspace: string, data: object, secret: string): Promise<Response> {
  const body = new TextEncoder().encode(JSON.stringify({ type: 'email.bounced', data }));
  const signed = await signWebhook(body, secret, { id: 'msg_1', now: Date.now() });
  const headers = Object.fromEntries(
    Object.entries(signed).map(([name, value]) => [name.replace('webhook-', 'svix-'), value]),
  );
  return exports.default.fetch(`https://caselite.test/hooks/${workspace}/mail`, {
    method: 'POST',
    body,
    headers,
  });
}

test("a bounce that Resend signed ends the customer's follow-up; a forged one is refused", async () => {
  const hosts = emulatedHosts();
  network.use(...hosts.handlers);
  const { name, deliver, settle, cases, call } = await newWorkspace((yaml) =>
    yaml
      .replace('delay: 1 day', 'delay: 0 seconds')
      .replace('every: 2 minutes, settle: 10 minutes', 'every: 30 seconds, settle: 10 minutes')
      .replace('key: RESEND_KEY', 'key: RESEND_KEY, webhook-secret: RESEND_WEBHOOK'),
  );
  await deliver({ token: 'bounced', completed: false, ease: 9 });
  await settle();
  await hosts.jira.close('SUP-1', '5b10ac8d82e05b22cc7d4ef1');
  await call('POST', 'poll');
  await settle();
  expect((await cases())[0]?.loop).toBe('asked');
  const { items } = (await (await call('GET', 'mails')).json()) as {
    items: { kind: string; provider: string; fate: string | null }[];
  };
  const asked = items.find(({ kind }) => kind === 'follow-up');
  const event = {
    email_id: asked?.provider,
    to: ['bounced@customer.example'],
    bounce: { type: 'Permanent' },
  };

  expect((await post(name, event, 'whsec_Z3Vlc3NlZA==')).status).toBe(401);
  expect((await cases())[0]?.loop).toBe('asked');
  const taken = await post(name, event, secrets.RESEND_WEBHOOK);
  expect(taken.status).toBe(202);
  expect(await taken.json()).toEqual({ events: 1 });
  expect((await cases())[0]).toMatchObject({ loop: 'unverified' });
});

test('without a secret for it nobody is believed', async () => {
  const { name } = await newWorkspace();
  expect((await post(name, { email_id: 'm-1', to: ['x@y.example'] }, secrets.RESEND_WEBHOOK)).status).toBe(
    401,
  );
});
