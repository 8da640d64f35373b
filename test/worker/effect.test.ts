import { exports } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { newWorkspace, signInAs } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';

/* What other tools and people tell of customers, as it comes in over the API and the pages, and what pages make of it. */

useNetwork();
beforeEach(() => network.use(...emulatedHosts().handlers));

type Caller = Awaited<ReturnType<typeof newWorkspace>>['call'];

/** Uploads a file on the page of imports. */
async function upload(name: string, call: Caller, list: string, text: string): Promise<Response> {
  const body = new FormData();
  body.set('list', list);
  body.set('file', new File([text], 'list.csv', { type: 'text/csv' }));
  return exports.default.fetch(`https://caselite.test/w/${name}/settings/reported`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: await signInAs(call, 'dana'), 'sec-fetch-site': 'same-origin' },
    body,
  });
}

test('surveys of other tools come in over the API and the page, and stand on the page of their customer', async () => {
  const { name, call, visit } = await newWorkspace();
  const at = new Date(Date.now() - 86_400_000).toISOString();
  const reported = await call('POST', 'reported/surveys', {
    rows: [{ customer: 'c-1', survey: 'relationship', at }],
    who: 'dana',
  });
  expect([reported.status, await reported.json()]).toEqual([200, { taken: 1 }]);
  const wrong = await call('POST', 'reported/surveys', { rows: [{ customer: 'c-1', survey: 'x', at: 'soon' }] });
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('rows.0.at')]);
  const taken = await upload(name, call, 'surveys', `email;survey;at\nC-2@customer.example;NPS;${at}\n`);
  expect([taken.status, taken.headers.get('location')]).toEqual([303, `/w/${name}/settings/imports?taken=1`]);
  const refused = await upload(name, call, 'surveys', 'customer,survey,at\nc-1,NPS,soon\n');
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('line 2, column 3 (at)')]);
  const dana = await visit('dana');
  expect(await (await dana('/settings/imports?taken=1')).text()).toContain('1 row was taken');
  const page = await (await dana('/customers/1')).text();
  expect(page).toContain('Surveys of other tools');
  expect(page).toContain('No first follow-up before');
});
