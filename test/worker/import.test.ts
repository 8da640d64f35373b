import { exports } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { Page } from '#domain/base/page.ts';
import type { DeliveryJson, ResponseJson } from '#domain/json/intake-json.ts';
import type { CustomerJson } from '#domain/json/people-json.ts';
import { newWorkspace, signInAs } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';
import { secrets } from './variables.ts';

useNetwork();
beforeEach(() => network.use(...emulatedHosts().handlers));

const source = `sources:
  export:
    kind: csv
    secret: TYPEFORM_SECRET
    columns: { id: id, submitted-at: at }
    respondent: { key: hidden.customer }
`;
const withFiles = (yaml: string) => yaml.replace('sources:\n', source);
const rows = 'id;at;customer;words\r\nr-1;2026-11-23 08:00;c-1;"one\r\n""two"""\r\n';

const ofCsv = (name: string, method: string, path: string, body: BodyInit) =>
  exports.default.fetch(`https://caselite.test/api/v1/workspaces/${name}/${path}`, {
    method,
    headers: { authorization: `Bearer ${secrets.API_TOKEN}`, 'content-type': 'text/csv; charset=utf-8' },
    body,
  });

test('a file of responses comes in over the API and over the address of its source, and makes each response once', async () => {
  const { name, call, settle } = await newWorkspace(withFiles);
  const imported = await ofCsv(name, 'POST', 'sources/export/import', rows);
  expect([imported.status, await imported.json()]).toEqual([202, { delivery: expect.stringMatching(/^d_/), rows: 1 }]);
  const hook = (secret: string) =>
    exports.default.fetch(`https://caselite.test/hooks/${name}/export`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'x-caselite-secret': secret },
      body: rows,
    });
  expect((await hook('guessed')).status).toBe(401);
  expect((await hook(secrets.TYPEFORM_SECRET)).status).toBe(202);
  await settle();
  const { items } = (await (await call('GET', 'responses')).json()) as Page<ResponseJson>;
  expect(items).toMatchObject([
    { source: 'export', submittedAt: '2026-11-23T08:00:00.000Z', customer: { key: 'c-1' } },
  ]);
  expect(items[0]?.answers).toMatchObject([{ question: 'words', value: 'one\n"two"' }]);
  const log = (await (await call('GET', 'deliveries')).json()) as Page<DeliveryJson>;
  expect(log.items.map(({ via, outcome }) => `${via} ${outcome}`).sort()).toEqual([
    'import stored',
    'import stored',
    'push duplicate',
  ]);
});

test('a file that is wrong is refused with line and column, and one that is too large before it is read', async () => {
  const { name, call } = await newWorkspace(withFiles);
  const wrong = await ofCsv(name, 'POST', 'sources/export/import', 'id,at\nr-1,soon\n');
  expect(wrong.status).toBe(422);
  expect(await wrong.json()).toMatchObject({ problems: [{ field: 'line 2, column 2 (at)', line: 2 }] });
  const large = await ofCsv(name, 'POST', 'sources/export/import', 'x'.repeat(1024 * 1024 + 1));
  expect([large.status, ((await large.json()) as { detail: string }).detail]).toEqual([
    413,
    'body: is larger than 1 MiB; import the file in parts',
  ]);
  const { items } = (await (await call('GET', 'deliveries')).json()) as Page<DeliveryJson>;
  expect(items).toEqual([]);
});

test('a customer list comes in as CSV', async () => {
  const { name, call } = await newWorkspace();
  const put = (body: BodyInit) => ofCsv(name, 'PUT', 'customers', body);
  expect(await (await put('\ufeffkey;tier;revenue\nc-1;Gold;12000\n')).json()).toEqual({ customers: 1 });
  const wrong = await put('key;revenue\nc-1;12.000,00\n');
  expect([wrong.status, await wrong.json()]).toMatchObject([
    422,
    { problems: [{ field: 'line 2, column 2 (revenue)' }] },
  ]);
  const { items } = (await (await call('GET', 'customers')).json()) as Page<CustomerJson>;
  expect(items).toMatchObject([{ key: 'c-1', tier: 'gold', revenue: 12_000, isListed: true }]);
});

test('a person takes over a customer list on the page, and sees what is wrong with one', async () => {
  const { name, call } = await newWorkspace();
  const cookie = await signInAs(call, 'dana');
  const page = `https://caselite.test/w/${name}/settings/imports`;
  const upload = (text: string, site = 'same-origin') => {
    const body = new FormData();
    body.set('file', new File([text], 'customers.csv', { type: 'text/csv' }));
    return exports.default.fetch(page, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'sec-fetch-site': site },
      body,
    });
  };
  const taken = await upload('key,name\nc-1,Ines\n');
  expect([taken.status, taken.headers.get('location')]).toEqual([303, `/w/${name}/customers?listed=1`]);
  const wrong = await upload('key,tier,colour\nc-1,gold,red\n');
  expect(wrong.status).toBe(422);
  expect(await wrong.text()).toContain('line 1, column 3 (colour)');
  expect((await upload('key\nc-2\n', 'cross-site')).status).toBe(403);
  expect((await upload('')).status).toBe(422);
});

test('a member, who does not see addresses of customers, does not set them either', async () => {
  const { visit, call } = await newWorkspace();
  const page = await visit('sam');
  expect(await (await page('/settings/imports')).text()).not.toContain('>Import</button>');
  const refused = await page('/settings/imports', { file: 'key,email\nc-1,sam@acme.example\n' });
  expect([refused.status, await refused.text()]).toEqual([
    403,
    expect.stringContaining('Only case managers may do this.'),
  ]);
  const manager = await visit('dana');
  expect(await (await manager('/settings/imports')).text()).toContain('>Import</button>');
  expect((await manager('/settings/imports', { file: 'no file' })).status).toBe(422);
  expect(((await (await call('GET', 'customers')).json()) as Page<CustomerJson>).items).toEqual([]);
});
