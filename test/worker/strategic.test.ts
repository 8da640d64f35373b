import { expect, test } from 'vitest';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';

useNetwork();

test('strategic cases are worked on through the API, and by managers on their page', async () => {
  network.use(...emulatedHosts().handlers);
  const { deliver, settle, call, cases, visit } = await newWorkspace((yaml) =>
    yaml.replace(/^people:\n/m, 'people:\n  hedda: { name: Hedda Head, email: hedda@acme.example }\n'),
  );
  await deliver({ token: 'one', completed: false, ease: 4 });
  await deliver({ token: 'two', completed: true, ease: 3 });
  await settle();
  const opened = await cases();
  const strategic = opened.find(({ kind }) => kind === 'strategic');
  const tactical = opened.find(({ kind }) => kind === 'tactical');
  const json = async (method: string, path: string, body?: unknown) => {
    const response = await call(method, path, body);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  expect((await json('GET', 'strategic')).body).toMatchObject({
    items: [{ handle: strategic?.handle, customers: 2, revenueAtRisk: 2000, isDecided: false }],
    atRisk: { customers: 2, revenue: 2000 },
  });
  const at = `cases/${strategic?.id}`;
  expect(await json('POST', `${at}/decision`, { text: 'Sign the driver.', who: 'sam' })).toMatchObject({
    status: 403,
    body: { detail: 'Only case managers of the case may do this.' },
  });
  expect((await json('POST', `${at}/decision`, { text: 'Sign the driver.', who: 'dana' })).body).toMatchObject({
    decision: { text: 'Sign the driver.', who: 'dana' },
  });
  expect(await json('POST', `${at}/what-changed`, { text: ' ' })).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining('text: is empty') },
  });
  expect(
    (await json('POST', `cases/${strategic?.id}/links`, { kind: 'elevated-to', to: 'x', reason: 'y' })).status,
  ).toBe(409);
  expect((await json('GET', `cases/${tactical?.id}/strategic`)).status).toBe(404);
  const wish = { kind: 'elevated-to', to: strategic?.id, reason: 'the same installer', who: 'dana' };
  expect((await json('POST', `cases/${tactical?.id}/links`, wish)).body).toMatchObject({
    links: [{ handle: strategic?.handle, kind: 'elevated-to', isIncoming: false }],
  });
  expect((await json('GET', `${at}/links`)).body).toMatchObject({
    links: [{ handle: tactical?.handle, kind: 'elevated-to', isIncoming: true }],
  });

  const dana = await visit('dana');
  const posted = await dana(`/${at}/measure`, { name: 'Support calls', source: 'manual', before: '40,5' });
  expect(posted.status).toBe(303);
  const page = await (await dana(`/${at}`)).text();
  const plan = strategic?.plan ?? [];
  expect(plan.length).toBeGreaterThan(0);
  for (const { task } of plan) expect(page).toContain(task);
  for (const text of ['decides.', 'Sign the driver.', 'Support calls', '40.5', 'cust-one'])
    expect(page).toContain(text);
  const found = await (await dana(`/${at}?find=CUST-ONE&sort=newest`)).text();
  expect(found).toContain('cust-one');
  expect(found.slice(found.indexOf('id="members"'))).not.toContain('cust-two');
  const responses = await (await dana(`/responses?case=${strategic?.id}`)).text();
  expect(responses.match(/href="[^"]*\/responses\/r_/g)).toHaveLength(2);
  const response = await (await dana(`/responses/${/\/responses\/(r_\w+)/.exec(responses)?.[1]}`)).text();
  expect(response).toMatch(/href="[^"]*\/customers\/\d+"/);
  expect(page).toMatch(/href="[^"]*\/templates\/upgrade-hard-to-install"/);
  expect(page).toMatch(/href="[^"]*\/cases\?show=open&amp;person=dana"/);
  const mail = { everybody: 'yes', to: '', subject: 'News', text: 'We work on it.' };
  expect((await dana(`/${at}/messages`, mail)).status).toBe(303);
  expect((await dana(`/${at}/messages`, { ...mail, to: 'nobody' })).status).toBe(422);
  expect((await dana(`/${at}/messages`, { ...mail, everybody: '', to: 'all' })).status).toBe(422);
  const toAll = { everybody: true, subject: 'More news', text: 'It is done.', who: 'dana' };
  expect((await json('POST', `${at}/messages`, toAll)).status).toBe(202);
  expect((await dana(`/${at}/measure`, { name: 'Calls', before: 'many' })).status).toBe(422);
  expect(await (await dana('/strategic')).text()).toContain(`${strategic?.handle}`);

  for (const [path, column] of [
    ['/people', 'memberOf'],
    ['/settings/audit', 'what'],
    ['/strategic', 'trend.recent'],
  ] as const) {
    const file = await dana(`${path}?format=csv`);
    expect(file.headers.get('content-type')).toContain('text/csv');
    expect((await file.text()).split('\r\n')[0]).toContain(column);
  }

  // Somebody without a team has no cases of their own: home shows what comes of the feedback.
  const hedda = await visit('hedda');
  const figures = await (await hedda('')).text();
  for (const text of ['id="figures"', 'id="trend-', 'No case is yours.']) expect(figures).toContain(text);
  const work = await (await dana('')).text();
  expect(work).not.toContain('id="figures"');

  // A team member sees the number of affected customers, and not who they are.
  const mette = await visit('mette');
  const masked = await (await mette(`/${at}`)).text();
  expect(masked).toContain('Affected customers');
  expect(masked).not.toContain('cust-one');
  expect(masked).not.toContain('Save the decision');
  expect((await mette(`/${at}/decision`, { text: 'Mine.' })).status).toBe(403);
  await settle();
});
