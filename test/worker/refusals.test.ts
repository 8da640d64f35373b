import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import type { Page } from '#domain/base/page.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import type { SourceJson } from '#domain/json/intake-json.ts';
import { answer as answerRequest } from '#src/app.ts';
import { newWorkspace, signInAs } from './harness.ts';
import { emulatedHosts, network } from './network.ts';
import { secrets } from './variables.ts';

/* Refused requests: limited by client and door, and told to the admins of a source (`security.md` 12). */

let workspace: Awaited<ReturnType<typeof newWorkspace>>;

beforeAll(async () => {
  network.use(...emulatedHosts().handlers);
  workspace = await newWorkspace((yaml) => `${yaml}admins: [priya]\n`);
}, 60_000);

/** A request of a client at an address, as a deployment behind a proxy gets it. */
const from = (client: string, path: string, init: RequestInit = {}) =>
  answerRequest(
    new Request(`https://caselite.test${path}`, {
      redirect: 'manual',
      ...init,
      headers: { 'x-client': client, 'sec-fetch-site': 'same-origin', ...(init.headers as object) },
    }),
    { ...env, CLIENT_ADDRESS_HEADER: 'x-client' },
  );

async function statusesOf(count: number, ask: () => Response | Promise<Response>) {
  const counted = new Map<number, number>();
  let last: Response | null = null;
  for (let index = 0; index < count; index += 1) {
    last = await ask();
    await last.clone().arrayBuffer();
    counted.set(last.status, (counted.get(last.status) ?? 0) + 1);
  }
  return { counted: Object.fromEntries(counted), last };
}

const signed = async (token: string) => {
  const body = new TextEncoder().encode(
    JSON.stringify({
      event_id: token,
      event_type: 'form_response',
      form_response: { form_id: 'f', token, submitted_at: '2026-11-20T08:01:13Z', answers: [] },
    }),
  );
  const { headers } = await createSignedDelivery(typeform, body, secrets.TYPEFORM_SECRET, {
    id: token,
    now: Date.now(),
  });
  return { method: 'POST', body, headers };
};
const hook = () => `/hooks/${workspace.name}/upgrade-survey`;
const api = () => `/api/v1/workspaces/${workspace.name}/cases`;
const wrongToken = { headers: { authorization: 'Bearer wrong' } };

describe('security 12: refused requests beyond the rate hear 429 and when to come back', () => {
  it.each([
    ['wrong bearer tokens', () => api(), wrongToken, 401],
    ['guessed links', () => `/s/${workspace.name}.fake.${'0'.repeat(32)}`, {}, 404],
    ['guessed sign-in links', () => `/sign-in/${workspace.name}.fake.${'0'.repeat(32)}`, {}, 404],
    ['pages without a session', () => `/w/${workspace.name}/cases`, {}, 401],
    ['unverified deliveries', () => hook(), { method: 'POST', body: '{}' }, 401],
    ['deliveries to nowhere', () => '/hooks/nobody/nothing', { method: 'POST', body: '{}' }, 401],
  ])('%s', async (name, path, init, refusal) => {
    const { counted, last } = await statusesOf(150, () => from(name, path(), init));
    expect(Object.keys(counted)).toEqual([String(refusal), '429']);
    expect(counted[refusal]).toBeGreaterThanOrEqual(100);
    expect(counted[429]).toBeGreaterThan(20);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await from('another client', path(), init)).status).toBe(refusal);
  });

  it('by network, however an IPv6 address is written', async () => {
    const [ours, others] = [(index: number) => `2001:db8::${index}`, (index: number) => `[::ffff:192.0.2.${index}]`];
    let index = 0;
    const guess = (client: (index: number) => string) => () => from(client(index++), '/u/guess');
    expect((await statusesOf(150, guess(ours))).last?.status).toBe(429);
    expect((await from('2001:db8:0:0:a:b:c:d', '/u/guess')).status).toBe(429);
    expect((await from('2001:db8:1::1', '/u/guess')).status).toBe(404);
    expect((await statusesOf(150, guess(others))).last?.status).toBe(404);
  });

  it('requests for sign-in links, known address or not', async () => {
    const ask = (email: string) => () =>
      from('a mailer', '/sign-in', { method: 'POST', body: new URLSearchParams({ workspace: workspace.name, email }) });
    const { counted } = await statusesOf(25, ask('nobody@acme.example'));
    expect(counted).toEqual({ 200: 20, 429: 5 });
    expect((await ask('dana@acme.example')()).status).toBe(429);
  });

  it('but nobody who is let in, at the same address', async () => {
    const client = 'unverified deliveries';
    const forged = { method: 'POST', body: '{}' };
    expect((await statusesOf(150, () => from(client, hook(), forged))).last?.status).toBe(429);
    for (let index = 0; index < 5; index += 1)
      expect((await from(client, hook(), await signed(`kept-${index}`))).status).toBe(202);
    const right = { headers: { authorization: `Bearer ${secrets.API_TOKEN}` } };
    await statusesOf(150, () => from('a program', api(), wrongToken));
    expect((await from('a program', api(), wrongToken)).status).toBe(429);
    expect((await from('a program', api(), right)).status).toBe(200);
  });

  it('and nobody whose address is not known', async () => {
    const { counted } = await statusesOf(120, () => exports.default.fetch(`https://caselite.test${api()}`, wrongToken));
    expect(counted).toEqual({ 401: 120 });
  });
});

describe('issue 14, item 7: the last refusals of a source', () => {
  it('are shown to admins with why, and to nobody else', async () => {
    const url = `/hooks/${workspace.name}/upgrade-survey`;
    const answers = [
      await from('a', url, { method: 'POST', body: '{}' }),
      await from('a', url, { method: 'POST', body: '{}', headers: { 'x-signature': 'sha256=00' } }),
      await from('a', url, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) }),
      await from('a', url, { method: 'POST', body: 'x', headers: { 'content-encoding': 'gzip' } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 413, 415]);
    expect(await answers[0]?.text()).toBe(await answers[1]?.text());

    const sources = (await (await workspace.call('GET', 'sources')).json()) as Page<SourceJson>;
    const refused = new Map(
      sources.items.find(({ name }) => name === 'upgrade-survey')?.refused.map((row) => [row.reason, row]),
    );
    expect([...refused.keys()].map((reason) => reason.split(/[;,]/)[0]).sort()).toEqual([
      'compressed',
      'larger than 1 MiB',
      'no signature and no secret came with it',
      'signature or secret does not match',
    ]);
    for (const { count, firstAt, lastAt } of refused.values()) {
      expect(count).toBeGreaterThan(0);
      expect(Date.parse(lastAt)).toBeGreaterThanOrEqual(Date.parse(firstAt));
    }

    const page = async (person: string) => {
      const cookie = await signInAs(workspace.call, person);
      return (
        await exports.default.fetch(`https://caselite.test/w/${workspace.name}/sources/upgrade-survey`, {
          headers: { cookie },
        })
      ).text();
    };
    expect(await page('priya')).toContain('signature or secret does not match');
    expect(await page('priya')).toContain(`<code>https://caselite.test/hooks/${workspace.name}/upgrade-survey</code>`);
    for (const person of ['dana', 'sam']) expect(await page(person)).not.toContain('signature or secret');
  });
});
