import { exports } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import type { Page } from '#domain/base/page.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import type { DeliveryDetail, DeliveryJson, SourceDetail } from '#domain/json/intake-json.ts';
import type { CustomerJson } from '#domain/json/people-json.ts';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';
import { secrets } from './variables.ts';

useNetwork();
beforeEach(() => network.use(...emulatedHosts().handlers));

test('deliveries set aside can be searched, read and replayed with the API token, and not without it', async () => {
  const { name, call, settle, visit: visitAs } = await newWorkspace();
  const body = new TextEncoder().encode('<script>no json</script>');
  const { headers } = await createSignedDelivery(typeform, body, secrets.TYPEFORM_SECRET, {
    id: 'x',
    now: Date.now(),
  });
  const hook = `https://caselite.test/hooks/${name}/upgrade-survey`;
  expect((await exports.default.fetch(hook, { method: 'POST', body, headers })).status).toBe(202);
  await settle();
  const search = 'deliveries?outcome=set-aside&source=upgrade-survey&after=2026-01-01';
  const { items } = (await (await call('GET', search)).json()) as Page<DeliveryJson>;
  expect(items).toMatchObject([
    { outcome: 'set-aside', error: expect.stringMatching(/^The body is not JSON; let the tool /), pending: false },
  ]);
  expect(((await (await call('GET', 'deliveries?error=no-such-words')).json()) as Page<DeliveryJson>).items).toEqual(
    [],
  );
  const wrong = await call('GET', 'deliveries?after=yesterday');
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('after: must be an instant')]);

  const id = items[0]?.id ?? '';
  const detail = (await (await call('GET', `deliveries/${id}`)).json()) as DeliveryDetail;
  expect(detail).toMatchObject({ text: '<script>no json</script>', tries: 1, replays: 0 });
  expect(await (await call('POST', `deliveries/${id}/replay`)).json()).toEqual({ replayed: 1 });
  await settle();
  expect(await (await call('POST', 'deliveries/replay', { error: 'not json' })).json()).toEqual({
    replayed: 1,
  });
  await settle();
  expect((await call('POST', 'deliveries/replay', { outcome: 'stored' })).status).toBe(422);
  expect((await call('POST', 'deliveries/d_none/replay')).status).toBe(404);
  expect(((await (await call('GET', `deliveries/${id}`)).json()) as DeliveryDetail).replays).toBe(2);

  const visit = await visitAs('dana');
  expect((await visit('/deliveries/replay', { id: 'd_none' })).status).toBe(404);
  const shown = await visit('/deliveries/replay', { id });
  expect(shown.headers.get('location')).toContain(`id=${id}`);
  await settle();
  const again = await visit(`/deliveries/${id}/replay`, {});
  const page = await visit((again.headers.get('location') ?? '').replace(/^\/w\/[^/]+/, ''));
  expect(await page.text()).toMatch(/role="status"[^>]*>1 delivery is replayed/);
  await settle();

  for (const [method, path] of [
    ['POST', 'deliveries/replay'],
    ['GET', `deliveries/${id}`],
    ['GET', 'sources'],
    ['GET', 'customers'],
    ['PUT', 'customers'],
    ['POST', 'sources/upgrade-survey/back-fill'],
  ] as const) {
    const stranger = await exports.default.fetch(`https://caselite.test/api/v1/workspaces/${name}/${path}`, {
      method,
    });
    expect(stranger.status, path).toBe(401);
  }
});

test('a customer list is imported, and takes precedence over responses', async () => {
  const { call, deliver, settle, cases } = await newWorkspace();
  const customers = [{ key: 'cust-one', tier: 'silver', renewal: '2027-03-31' }];
  expect(await (await call('PUT', 'customers', { customers })).json()).toEqual({ customers: 1 });
  await deliver({ token: 'one', completed: false, ease: 9 });
  await settle();
  expect((await cases()).map(({ customer }) => customer.tier)).toEqual(['silver']);
  const { items } = (await (await call('GET', 'customers?search=CUST-ONE')).json()) as Page<CustomerJson>;
  expect(items).toMatchObject([{ tier: 'silver', renewal: '2027-03-31', from: { tier: 'list', name: 'response' } }]);
  const wrong = await call('PUT', 'customers', { customers: [{ key: 'k', revenue: 'much' }] });
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('customers.0.revenue')]);
  const large = await call('PUT', 'customers', { customers: [{ key: 'k'.repeat(9 * 1024 * 1024) }] });
  expect(large.status).toBe(413);
});

test('a source shows its questions, and says when it cannot be asked', async () => {
  const { call, deliver, settle } = await newWorkspace();
  await deliver({ token: 'one', completed: false, ease: 9 });
  await settle();
  const source = (await (await call('GET', 'sources/upgrade-survey')).json()) as SourceDetail;
  expect(source).toMatchObject({
    state: 'in use',
    setAside: 0,
    canBackFill: false,
    withoutBackFill: expect.stringContaining('Enter a token for this source'),
  });
  expect(source.forms[0]?.questions.map(({ alias }) => alias)).toEqual(['completed', 'ease']);
  expect((await call('GET', 'sources/constructor')).status).toBe(404);
  const since = '2026-11-01T00:00:00Z';
  expect((await call('POST', 'sources/upgrade-survey/back-fill', { since })).status).toBe(409);
  expect((await call('POST', 'sources/upgrade-survey/back-fill', {})).status).toBe(422);
});
