import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';

useNetwork();

const channels =
  'channels: { crm: { kind: webhook, url: CRM_URL, secret: CRM_SECRET, events: [case.opened, case.assigned] } }\n';

test('the page of events shows every try, and replays one event or all since a day', async () => {
  const taken: string[] = [];
  let status = 204;
  const receiver = http.post('https://crm.test/events', ({ request }) => {
    taken.push(request.headers.get('webhook-id') ?? '');
    return new HttpResponse(null, { status });
  });
  network.use(...emulatedHosts().handlers, receiver);
  const { deliver, settle, visit } = await newWorkspace((yaml) => `${yaml}${channels}`);
  const dana = await visit('dana');
  expect(await (await dana('/settings/events')).text()).toContain('Nothing was posted yet.');
  await deliver({ token: 'one', completed: false, ease: 9 });
  await settle();
  const shown = await (await dana('/settings/events')).text();
  expect(shown).toMatch(/case\.assigned[\s\S]*taken[\s\S]*case\.opened[\s\S]*taken/);

  const [newest] = /(?<=name="sequence" value=")\d+/.exec(shown) ?? [''];
  const replay = (form: Record<string, string>) => dana('/settings/events/crm', form);
  const one = await replay({ sequence: newest });
  expect(one.headers.get('location')).toContain('posted=1');
  await settle();
  expect(taken.at(-1)).toBe(taken.at(-2));
  status = 500;
  const all = await replay({ since: '2026-01-01' });
  expect(await (await dana(all.headers.get('location')?.replace(/^\/w\/[^/]+/, '') ?? '')).text()).toMatch(
    /\d+ events are posted again/,
  );
  await settle();
  const failed = await (await dana('/settings/events')).text();
  expect(failed).toContain('has a problem');
  expect(failed).toMatch(/failed[\s\S]*500/);
  const refused = await replay({ since: 'soon' });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('is no day');
  const csv = await dana('/settings/events?channel=crm&format=csv');
  expect(csv.headers.get('content-type')).toContain('text/csv');
});
