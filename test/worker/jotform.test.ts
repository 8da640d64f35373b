import { runInDurableObject } from 'cloudflare:test';
import { exports } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { Page } from '#domain/base/page.ts';
import type { DeliveryJson } from '#domain/json/intake-json.ts';
import { createObjectSql } from '#src/workspace/object-sql.ts';
import { deliveries } from '#src/workspace/store/deliveries.ts';
import delivery from '../fixtures/survey/jotform/scores-text-and-files.multipart?raw';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';
import { secrets } from './variables.ts';

useNetwork();
beforeEach(() => network.use(...emulatedHosts().handlers));

const source = 'sources:\n  jot: { kind: jotform, secret: TYPEFORM_SECRET }\n';

test('a secret in the address lets a multipart delivery in, and is stored nowhere', async () => {
  const { name, stub, call, settle } = await newWorkspace((yaml) => yaml.replace('sources:\n', source));
  const secret = secrets.TYPEFORM_SECRET;
  const post = (query: string) =>
    exports.default.fetch(`https://caselite.test/hooks/${name}/jot${query}`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: delivery.replaceAll('a%20secret%20of%20these%20tests', secret),
    });
  for (const query of ['', '?secret=', '?secret=another', `?token=${secret}`])
    expect((await post(query)).status).toBe(401);
  expect((await post(`?secret=${secret}`)).status).toBe(202);
  await settle();
  const { items } = (await (await call('GET', 'deliveries')).json()) as Page<DeliveryJson>;
  expect(items).toMatchObject([{ source: 'jot', verified: true, outcome: 'stored' }]);
  await runInDurableObject(stub, async (_, state) => {
    const delivery = deliveries.find(createObjectSql(state.storage), { id: items[0]?.id ?? '' });
    const text = new TextDecoder().decode(delivery?.body);
    expect(text).toContain('6114090137116205381');
    expect(text + JSON.stringify(delivery?.headers)).not.toContain(secret);
  });
});
