import { exports } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { signWebhook } from '#adapters/signature.ts';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';
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
  const { name, deliver, settle, cases, call, visit } = await newWorkspace((yaml) =>
    yaml
      .replace('delay: 1 day', 'delay: 0 seconds')
      .replace('every: 2 minutes, settle: 10 minutes', 'every: 30 seconds, settle: 10 minutes')
      .replace('key: RESEND_KEY', 'key: RESEND_KEY, webhook-secret: RESEND_WEBHOOK'),
  );
  await deliver({ token: 'bounced', completed: false, ease: 9 });
  await settle();
  await hosts.jira.close((await cases())[0]?.issue?.key ?? '', '5b10ac8d82e05b22cc7d4ef1');
  for (let polls = 0; polls < 20 && (await cases())[0]?.loop === 'working'; polls += 1) {
    await call('POST', 'poll');
    await settle();
  }
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

  // A team member neither sees the customer nor unblocks the address; a case manager does both, with a reason.
  const { items: customers } = (await (await call('GET', 'customers')).json()) as { items: { id: number }[] };
  const page = `/customers/${customers[0]?.id}`;
  const mette = await visit('mette');
  const masked = await (await mette(page)).text();
  for (const secret of ['bounced@customer.example', 'cust-bounced', 'Contacts']) expect(masked).not.toContain(secret);
  expect((await mette(`${page}/mail-again`, { reason: 'I say so' })).status).toBe(403);
  const dana = await visit('dana');
  expect(await (await dana(page)).text()).toContain('No more is sent');
  expect((await dana(`${page}/mail-again`, { reason: ' ' })).status).toBe(422);
  expect((await dana(`${page}/mail-again`, { reason: 'the mailbox was full' })).status).toBe(303);
  expect(await (await dana(page)).text()).not.toContain('No more is sent');
  const again = await call('POST', 'people-data/mail-again', { person: 'cust-bounced', reason: 'once more' });
  expect(again.status).toBe(409);
  await settle();
  expect((await cases())[0]).toMatchObject({ loop: 'asked' });
});

test('people of the case describe the solution on the page and through the API', async () => {
  network.use(...emulatedHosts().handlers);
  const { deliver, settle, cases, call, visit } = await newWorkspace();
  await deliver({ token: 'told', completed: false, ease: 9 });
  await settle();
  const id = (await cases())[0]?.id ?? '';
  const text = 'The installer signs its driver now.';
  expect((await call('POST', `cases/${id}/what-changed`, { text: ' ' })).status).toBe(422);
  const said = await call('POST', `cases/${id}/what-changed`, { text });
  expect(await said.json()).toMatchObject({ id, whatChanged: text });
  const [dana, mette] = [await visit('dana'), await visit('mette')];
  expect((await mette(`/cases/${id}/what-changed`, { text: 'Mine.' })).status).toBe(403);
  expect((await dana(`/cases/${id}/what-changed`, { text: 'It starts again.' })).status).toBe(303);
  expect(await (await dana(`/cases/${id}`)).text()).toContain('It starts again.');
});

test('without a secret every event is refused', async () => {
  const { name } = await newWorkspace();
  expect((await post(name, { email_id: 'm-1', to: ['x@y.example'] }, secrets.RESEND_WEBHOOK)).status).toBe(401);
});
