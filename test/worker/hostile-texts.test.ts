import { exports } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import type { Page } from '#domain/base/page.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import type { ResponseJson } from '#domain/json/intake-json.ts';
import { newWorkspace, signInAs } from './harness.ts';
import { emulatedHosts, network } from './network.ts';
import { secrets } from './variables.ts';

/* Texts of respondents as pages and the API show them (`hostile.md` 9). */

let workspace: Awaited<ReturnType<typeof newWorkspace>>;

beforeAll(async () => {
  network.use(...emulatedHosts().handlers);
  workspace = await newWorkspace();
}, 60_000);

const family = '👨‍👩‍👧‍👦 می‌خواهم';
const odd = `a\\u202eb\\ud800c\\u001b[31m d\\u200be${'\\u0336'.repeat(480)} ${family}`;

it('hostile 9: pages show nothing invisible or overdrawing, the API is well-formed, and the original is kept', async () => {
  const body = new TextEncoder().encode(
    `{"event_id":"e","event_type":"form_response","form_response":{"form_id":"f","token":"odd","submitted_at":"2026-11-20T08:01:13Z","hidden":{"customer_id":"k\\u202e1","name":"${odd}"},"answers":[{"type":"text","text":"${odd}","field":{"id":"q","type":"short_text"}}]}}`,
  );
  const { headers } = await createSignedDelivery(typeform, body, secrets.TYPEFORM_SECRET, { id: 'x', now: Date.now() });
  const url = `https://caselite.test/hooks/${workspace.name}/upgrade-survey`;
  expect((await exports.default.fetch(url, { method: 'POST', body, headers })).status).toBe(202);
  await workspace.settle();

  const text = await (await workspace.call('GET', 'responses')).text();
  const [response] = (JSON.parse(text) as Page<ResponseJson>).items;
  const value = String(response?.answers[0]?.value);
  expect(value.isWellFormed()).toBe(true);
  expect(value).toContain('a\u202eb\ufffdc\u001b[31m');
  expect(value).toContain(family);

  const cookie = await signInAs(workspace.call, 'dana');
  for (const path of ['responses', `responses/${response?.id}`, 'customers', 'deliveries']) {
    const page = await exports.default.fetch(`https://caselite.test/w/${workspace.name}/${path}`, {
      headers: { cookie },
    });
    const html = await page.text();
    expect(page.status, path).toBe(200);
    expect(html.replace(/[\n\t]/g, ''), path).not.toMatch(
      /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b]|\u0336{5}/u,
    );
    if (path.startsWith('responses/')) expect(html).toContain(family);
  }
});
