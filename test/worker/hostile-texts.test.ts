import { exports } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import type { Page } from '#domain/base/page.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import type { ResponseJson } from '#domain/json/intake-json.ts';
import { judgePage, mark } from '#test/hostile/page-judge.ts';
import { hostileWords } from '#test/hostile/words.ts';
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

it('hostile 14: a parser of HTML finds the words of respondents as text on every page, and nothing else of them', async () => {
  const words = fc.sample(hostileWords, { numRuns: 48, seed: 20 });
  const typed = (index: number) => mark(words[index] ?? '', index);
  for (let first = 0; first < words.length; first += 12) {
    const fields = Array.from({ length: 12 }, (_, place) => first + place);
    const answers = fields.map((index) => ({
      type: 'text',
      text: typed(index),
      field: { id: `q${index}`, type: 'short_text' },
    }));
    const hidden = { customer_id: `cust-${first}`, name: typed(first), tier: typed(first + 1) };
    const submitted_at = '2026-11-20T08:01:13Z';
    const form_response = { form_id: 'f', token: `hostile-${first}`, submitted_at, hidden, answers };
    const body = new TextEncoder().encode(
      JSON.stringify({ event_id: `e${first}`, event_type: 'form_response', form_response }),
    );
    const { headers } = await createSignedDelivery(typeform, body, secrets.TYPEFORM_SECRET, {
      id: `x${first}`,
      now: Date.now(),
    });
    const url = `https://caselite.test/hooks/${workspace.name}/upgrade-survey`;
    expect((await exports.default.fetch(url, { method: 'POST', body, headers })).status).toBe(202);
  }
  await workspace.settle();
  const { items } = (await (await workspace.call('GET', 'responses')).json()) as Page<ResponseJson>;
  const own = items.filter(({ answers }) => answers.length === 12);
  expect(own).toHaveLength(4);
  const cookie = await signInAs(workspace.call, 'dana');
  const shown = new Set<number>();
  for (const path of [
    'responses',
    'customers',
    'deliveries',
    'cases',
    'reports',
    ...own.map(({ id }) => `responses/${id}`),
  ]) {
    const page = await exports.default.fetch(`https://caselite.test/w/${workspace.name}/${path}`, {
      headers: { cookie },
    });
    const { faults, whole } = judgePage(await page.text(), words);
    expect(faults, path).toEqual([]);
    if (path.startsWith('responses/')) for (const index of whole) shown.add(index);
  }
  expect(shown.size, JSON.stringify(words)).toBe(words.length);
});
