import { env, exports } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import type { Page } from '#domain/base/page.ts';
import { createSignedDelivery } from '#domain/integrations/survey-source.ts';
import type { CaseJson } from '#domain/json/case-json.ts';
import type { DeliveryJson, ResponseJson } from '#domain/json/intake-json.ts';
import { answer as answerRequest } from '#src/app.ts';
import { newWorkspace } from './harness.ts';
import { emulatedHosts, network, useNetwork } from './network.ts';
import { secrets } from './variables.ts';

useNetwork();
beforeEach(() => network.use(...emulatedHosts().handlers));

const encoder = new TextEncoder();
const bytes = (value: unknown): Uint8Array<ArrayBuffer> =>
  value instanceof Uint8Array
    ? new Uint8Array(value)
    : encoder.encode(typeof value === 'string' ? value : JSON.stringify(value));

const filled = (change: Record<string, unknown>, form: Record<string, unknown> = {}) => ({
  event_id: 'e',
  event_type: 'form_response',
  form_response: {
    form_id: 'upgrade',
    token: 'hostile',
    submitted_at: '2026-11-20T08:01:13Z',
    hidden: {},
    answers: [],
    ...form,
  },
  ...change,
});
const answer = (id: string, text: string) => ({ type: 'text', text, field: { id, type: 'short_text' } });
/** Each delivery has its own response. */
const named = (value: unknown, token: string) =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replace('"hostile"', JSON.stringify(token));
const nested = (depth: number) => ['{"a":'.repeat(depth), '}'.repeat(depth)].join('1');
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, index]));
const text = JSON.stringify(filled({}));

/** Each defect, and whether its delivery is still usable. */
const corpus: [string, unknown, 'stored' | 'set-aside'][] = [
  ['an empty body', '', 'set-aside'],
  ['no JSON', 'hello', 'set-aside'],
  ['cut JSON', text.slice(0, -5), 'set-aside'],
  ['null', 'null', 'set-aside'],
  ['a list', '[]', 'set-aside'],
  ['a number', '7', 'set-aside'],
  ['bytes that are no UTF-8', Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d]), 'set-aside'],
  ['UTF-16', new Uint8Array(new Uint16Array([...text].map((letter) => letter.charCodeAt(0))).buffer), 'set-aside'],
  ['a byte order mark', Buffer.concat([Uint8Array.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]), 'stored'],
  [
    'nothing but gzip',
    Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    'set-aside',
  ],
  ['depth 64', `${text.slice(0, -1)},"deep":${nested(63)}}`, 'stored'],
  ['depth 65', `${text.slice(0, -1)},"deep":${nested(64)}}`, 'set-aside'],
  ['depth 100,000', nested(100_000), 'set-aside'],
  ['open brackets alone', '['.repeat(500_000), 'set-aside'],
  ['9,900 keys', filled({ more: keys(9_900) }), 'stored'],
  ['10,001 keys', filled({ more: keys(10_001) }), 'set-aside'],
  [
    '1,000 answers',
    filled({}, { answers: Array.from({ length: 1000 }, (_, index) => answer(`q${index}`, 'x')) }),
    'stored',
  ],
  [
    '1,001 answers',
    filled({}, { answers: Array.from({ length: 1001 }, (_, index) => answer(`q${index}`, 'x')) }),
    'set-aside',
  ],
  ['an answer of 900 kB', filled({}, { answers: [answer('q', 'x'.repeat(900_000))] }), 'stored'],
  [
    'names of prototypes',
    text.replace('"hidden":{}', '"hidden":{"__proto__":"p","constructor":"c","toString":"t","customer_id":"fair"}'),
    'stored',
  ],
  ['a prototype as an id', filled({}, { token: '__proto__', form_id: 'constructor' }), 'stored'],
  ['keys that come twice', text.replace('"token":"hostile"', '"token":"first","token":"second"'), 'stored'],
  ['an id that is a number', text.replace('"token":"hostile"', '"token":9007199254740993'), 'stored'],
  ['a small id that is a number', text.replace('"token":"hostile"', '"token":12'), 'set-aside'],
  ['an id of nothing', filled({}, { token: '' }), 'set-aside'],
  ['an id of 100,000 letters', filled({}, { token: 'x'.repeat(100_000) }), 'set-aside'],
  ['a lone surrogate', text.replace('"token":"hostile"', '"token":"\\ud800"'), 'stored'],
  ['NUL and controls', text.replace('"token":"hostile"', '"token":"a\\u0000\\u001b[2J"'), 'stored'],
  ['a time that never was', filled({}, { submitted_at: '2026-13-45T99:99:99Z' }), 'stored'],
  ['a time in the year 99999', filled({}, { submitted_at: '+099999-01-01T00:00:00Z' }), 'stored'],
  ['an event that is not read', filled({ event_type: 'form_deleted' }), 'set-aside'],
  ['values of other types', filled({}, { answers: { q: 1 } }), 'set-aside'],
];

test('whatever a tool signs is kept and acked, and harms neither the next delivery nor a page', async () => {
  const { name, call, settle } = await newWorkspace();
  const url = `https://caselite.test/hooks/${name}/upgrade-survey`;
  const post = async (value: unknown, headers: Record<string, string> = {}) => {
    const body = bytes(value);
    const { headers: signed } = await createSignedDelivery(typeform, body, secrets.TYPEFORM_SECRET, {
      id: 'x',
      now: Date.now(),
    });
    return exports.default.fetch(url, { method: 'POST', body, headers: { ...signed, ...headers } });
  };
  const outcomes = new Map<string, string>();
  for (const [index, [what, value, wanted]] of corpus.entries()) {
    const acked = await post(value instanceof Uint8Array ? value : named(value, `hostile-${index}`));
    expect(acked.status, what).toBe(202);
    outcomes.set(((await acked.json()) as { delivery: string }).delivery, `${what}: ${wanted}`);
  }
  for (const type of ['text/plain', '', 'multipart/form-data', 'application/x-www-form-urlencoded; charset=utf-7'])
    expect((await post(filled({}, { token: `type ${type}` }), { 'content-type': type })).status).toBe(202);

  const last = await post(filled({}, { token: 'fair', answers: [answer('q', 'A fair answer')] }));
  expect(last.status).toBe(202);
  await settle();
  const log = (await (await call('GET', 'deliveries?limit=200')).json()) as Page<DeliveryJson>;
  const matchingItems = log.items.filter(({ id }) => outcomes.has(id));
  expect(
    matchingItems.map(({ id, outcome }) => outcomes.get(id)?.replace(/: [a-z-]+$/, `: ${outcome}`)).sort(),
  ).toEqual([...outcomes.values()].sort());
  for (const { outcome, error, id } of matchingItems)
    expect(outcome !== 'set-aside' || (error ?? '').length > 10, outcomes.get(id)).toBe(true);
  for (const { id } of matchingItems) expect((await call('GET', `deliveries/${id}`)).status).toBe(200);

  const responses = (await (await call('GET', 'responses?limit=200')).json()) as Page<ResponseJson>;
  expect(responses.items.find(({ answers }) => answers.some(({ value }) => value === 'A fair answer'))).toBeDefined();
  for (const { id } of responses.items) expect((await call('GET', `responses/${id}`)).status).toBe(200);
  expect(responses.items.some(({ customer }) => customer.key === 'fair')).toBe(true);
  const cases = (await (await call('GET', 'cases')).json()) as Page<CaseJson>;
  expect(cases.items).toEqual([]);
  expect(({} as Record<string, unknown>).p).toBeUndefined();
});

test('no address under /hooks answers a probe or a delivery with 404, 405 or 410; other methods get 405 (hostile 5)', async () => {
  const { name } = await newWorkspace();
  const paths = [
    `${name}/upgrade-survey`,
    `${name}/upgrade-survey/`,
    `${name}/upgrade-survey/more/of/it`,
    `${name}/nothing`,
    `${name}`,
    `${name}/`,
    '',
    'nobody/nothing',
    `${name}/__proto__`,
    `${name}/constructor`,
    'constructor/x',
    `${name}/..%2f..%2fapi`,
    `${name}/%00`,
    `${name}/%E0%A4`,
    `${name}/${'x'.repeat(3000)}`,
    `${name.toUpperCase()}/upgrade-survey`,
  ];
  for (const path of paths) {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'POST']) {
      const answer = await exports.default.fetch(`https://caselite.test/hooks/${path}`, { method });
      const wanted = method === 'POST' ? 401 : ['GET', 'HEAD', 'OPTIONS'].includes(method) ? 200 : 405;
      expect(answer.status, `${method} ${path}`).toBe(wanted);
    }
  }
});

test('an address with a slash too much takes deliveries like the one without', async () => {
  const { name } = await newWorkspace();
  const body = bytes(filled({}));
  const { headers } = await createSignedDelivery(typeform, body, secrets.TYPEFORM_SECRET, {
    id: 'x',
    now: Date.now(),
  });
  const url = `https://caselite.test/hooks/${name}/upgrade-survey/?utm=1`;
  expect((await exports.default.fetch(url, { method: 'POST', body, headers })).status).toBe(202);
});

test('trouble with storage is answered with 503 and when to come back, never as if the delivery were at fault', async () => {
  const { name } = await newWorkspace();
  const down = () => Promise.reject(new Error('storage is down'));
  const noDirectory = { ...env, DIRECTORY: { idFromName: () => 'd', get: () => ({ list: down }) } };
  const noObject = { ...env, WORKSPACES: { idFromName: () => 'w', get: () => ({ receive: down }) } };
  for (const [path, broken] of [
    ['never-heard-of/upgrade-survey', noDirectory],
    [`${name}/upgrade-survey`, noObject],
  ] as const) {
    const request = new Request(`https://caselite.test/hooks/${path}`, { method: 'POST', body: '{}' });
    const answer = await answerRequest(request, broken);
    expect([answer.status, answer.headers.get('retry-after')], path).toEqual([503, '30']);
    expect(await answer.text()).not.toContain('storage is down');
  }
});
