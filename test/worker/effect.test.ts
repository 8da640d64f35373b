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
  const { name, call, visit, settle } = await newWorkspace();
  await settle();
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

test('outcomes come in over the API and the page, stand in the report, and each figure leads to its list', async () => {
  const { name, call, visit, deliver, settle } = await newWorkspace();
  await deliver({ token: 'one', completed: false, ease: 5 });
  await settle();
  const day = new Date().toLocaleDateString('sv', { timeZone: 'Europe/Berlin' });
  const rows = [{ customer: 'cust-one', outcome: 'left', day, value: 1200 }];
  expect(await (await call('POST', 'reported/outcomes', { rows })).json()).toEqual({ taken: 1 });
  expect((await upload(name, call, 'outcomes', `customer,outcome,day\nc-2,renewed,${day}\n`)).status).toBe(303);
  const { items } = (await (await call('GET', 'outcomes?outcome=left')).json()) as { items: object[] };
  expect(items).toMatchObject([{ customer: 'cust-one', outcome: 'left', value: 1200, handling: 'not handled' }]);
  const dana = await visit('dana');
  const report = await (await dana('/reports')).text();
  expect(report).toContain('no proof of a cause');
  const list = /href="([^"]*outcomes\?handling=not[^"]*)"/.exec(report)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const page = await (await dana(list.replace(`/w/${name}`, ''))).text();
  expect(page).toContain('Ada');
  expect(page).not.toContain('c-2');
  expect(await (await dana('/outcomes?format=csv')).text()).toContain('cust-one');
  const sam = await visit('sam');
  expect(await (await sam('/outcomes')).text()).not.toMatch(/Ada|cust-one/);
  expect((await dana('/outcomes?verdic=x')).status).toBe(422);
  const odd = await call('GET', 'outcomes?from=soon');
  expect([odd.status, await odd.text()]).toEqual([422, expect.stringContaining('from')]);
});

test('a customer whose renewal is near while a case is open is at risk, on the page and by the API', async () => {
  const { call, visit, deliver, settle } = await newWorkspace((yaml) =>
    yaml.replace('    questions:\n', '    scores: { nps: ease }\n    questions:\n'),
  );
  const renewal = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await call('PUT', 'customers', { customers: [{ key: 'cust-one', renewal }] });
  await deliver({ token: 'one', completed: false, ease: 9 });
  await settle();
  const { items } = (await (await call('GET', 'at-risk')).json()) as { items: { reasons: { reason: string }[] }[] };
  expect(items.map(({ reasons }) => reasons.map(({ reason }) => reason))).toEqual([['renewal-near']]);
  const dana = await visit('dana');
  const page = await (await dana('/at-risk')).text();
  for (const text of ['Ada', 'and C-1 is open', `Renewal on ${renewal}`]) expect(page).toContain(text);
  const sam = await visit('sam');
  const masked = await (await sam('/at-risk')).text();
  expect(masked).not.toMatch(new RegExp(`Ada|cust-one|${renewal}`));
  expect(masked.match(/the renewal is near/g)).toHaveLength(1);
  const cases = (await (await call('GET', 'cases')).json()) as { items: { id: string; kind: string }[] };
  const id = cases.items.find(({ kind }) => kind === 'tactical')?.id;
  expect(await (await dana(`/cases/${id}`)).text()).toContain(renewal);
});

test('a measure is a series with a target: entered, uploaded and posted, and plotted with the table beside', async () => {
  const { name, call, visit, deliver, settle } = await newWorkspace();
  await deliver({ token: 'one', completed: true, ease: 3 });
  await settle();
  const cases = (await (await call('GET', 'cases')).json()) as { items: { id: string; kind: string }[] };
  const at = `cases/${cases.items.find(({ kind }) => kind === 'strategic')?.id}`;
  const dana = await visit('dana');
  expect((await dana(`/${at}/measure/values`, { values: '2026-11-02, 40' })).status).toBe(409);
  const measure = { name: 'Support calls', source: 'manual', unit: 'a week', before: '40', target: '12' };
  expect((await dana(`/${at}/measure`, measure)).status).toBe(303);
  expect((await dana(`/${at}/measure/values`, { values: '2026-11-02, 40\n2026-11-09, 31.5' })).status).toBe(303);
  expect((await dana(`/${at}/measure/values`, { values: 'soon, 40' })).status).toBe(422);
  const body = new FormData();
  body.set('file', new File(['Day;Value\n2026-11-16;25\n'], 'calls.csv', { type: 'text/csv' }));
  const cookie = await signInAs(call, 'dana');
  const uploaded = await exports.default.fetch(`https://caselite.test/w/${name}/${at}/measure/values`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
    body,
  });
  expect(uploaded.status).toBe(303);
  const posted = await call('POST', `${at}/measure/values`, {
    values: [{ day: '2026-11-23', value: 14 }],
    who: 'dana',
  });
  expect(await posted.json()).toMatchObject({
    measure: {
      target: 12,
      values: [{ value: 40 }, { value: 31.5 }, { value: 25 }, { day: '2026-11-23', value: 14, who: 'dana' }],
    },
  });
  const page = await (await dana(`/${at}`)).text();
  expect(page).toContain('target 12');
  expect([...page.matchAll(/data-value="([\d.]+)"/g)].map(([, value]) => value)).toEqual(['40', '31.5', '25', '14']);
  for (const text of ['Mon 9 Nov', '31.5', 'Mon 23 Nov']) expect(page).toContain(text);
});

test('the figure of a score leads to the responses that gave it', async () => {
  const { name, visit, deliver, settle } = await newWorkspace((yaml) =>
    yaml.replace('    questions:\n', '    scores: { nps: ease, csat: wish }\n    questions:\n'),
  );
  await deliver({ token: 'one', completed: true, ease: 9 });
  await settle();
  const dana = await visit('dana');
  const read = async (path: string) => (await dana(path)).text();
  const [, list = ''] = /href="\/w\/[^/]+(\/responses\?scored=nps[^"]*)"/.exec(await read('/reports')) ?? [];
  const response = `href="/w/${name}/responses/r_`;
  expect(await read(list.replaceAll('&amp;', '&'))).toContain(response);
  expect(await read('/responses?scored=csat')).not.toContain(response);
});

test('every figure of the report leads to a page', async () => {
  const { name, visit, deliver, settle } = await newWorkspace();
  await deliver({ token: 'one', completed: false, ease: 5 });
  await settle();
  const dana = await visit('dana');
  const followed = new Set<string>();
  for (const query of ['', '?by=respondents', '?by=source', '?by=customer.tier&customer.tier=gold']) {
    const page = await (await dana(`/reports${query}`)).text();
    const main = page.slice(page.indexOf('<main'));
    for (const [, link = ''] of main.matchAll(/href="([^"#]+)"/g)) {
      const path = link.replaceAll('&amp;', '&').replace(`/w/${name}`, '');
      if (!path.startsWith('/') || path.includes('format=csv') || followed.has(path)) continue;
      followed.add(path);
      const answer = await dana(path);
      expect([path, answer.status]).toEqual([path, 200]);
    }
  }
  const lists = [...followed];
  for (const wanted of ['verdict=confirmed', 'respondents=customers', 'acted=yes', 'fact=contact'])
    expect(
      lists.some((path) => path.includes(wanted)),
      wanted,
    ).toBe(true);
});
