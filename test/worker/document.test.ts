import { exports } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { routes } from '#src/routes/routes.ts';
import { addressOf, publishedDocument } from './published.ts';

interface Described {
  operationId: string;
  parameters?: { in: string; name: string }[];
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
  requestBody?: { content: Record<string, { schema: { additionalProperties?: boolean } }> };
}

test('the published document describes every endpoint of the API, and nothing else', async () => {
  const { document } = await publishedDocument();
  const paths = document.paths as Record<string, Record<string, Described>>;
  expect(document.openapi).toMatch(/^3\.1/);
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const endpoints = routes.filter(({ endpoint }) => endpoint !== null);
  expect(described.sort()).toEqual(endpoints.map(({ method, path }) => `${method} ${addressOf(path)}`).sort());
  const all = Object.values(paths).flatMap((operations) => Object.values(operations));
  expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
  const messages = paths['/api/v1/workspaces/{workspace}/cases/{id}/messages']?.post;
  expect(messages?.parameters?.map(({ name }) => name)).toEqual(['workspace', 'id']);
  expect(messages?.requestBody?.content['application/json']?.schema).toMatchObject({
    required: ['subject', 'text'],
    additionalProperties: false,
  });
});

test('every address below /api has the schema of its answer in the document', async () => {
  const { document } = await publishedDocument();
  const paths = document.paths as Record<string, Record<string, Described>>;
  const below = routes.filter(({ door, operation, path }) => path.startsWith('/api') && (door !== 'api' || operation));
  expect(below.length).toBeGreaterThan(70);
  const without = below.filter(({ method, path }) => {
    const { responses = {} } = paths[addressOf(path)]?.[method.toLowerCase()] ?? {};
    const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
    return Object.keys(success?.content?.['application/json']?.schema ?? {}).length === 0;
  });
  expect(without.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

test('lists that attributes narrow name the parameter customer.NAME', async () => {
  const { document } = await publishedDocument();
  const paths = document.paths as Record<string, Record<string, Described>>;
  for (const list of ['cases', 'customers']) {
    const { parameters = [] } = paths[`/api/v1/workspaces/{workspace}/${list}`]?.get ?? {};
    expect(parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name)).toContain('customer.NAME');
  }
});

test('the reference shows every endpoint and its answer without a script', async () => {
  const page = await (await exports.default.fetch('https://caselite.test/docs')).text();
  expect(page).not.toContain('<script');
  expect(page).toContain('/api/v1/workspaces/{workspace}/cases/{id}/actions/severity');
  const [, ...sections] = page.split('<section');
  expect(sections.length).toBe(routes.filter(({ endpoint }) => endpoint !== null).length);
  const shape = '</h3><pre class="raw" tabindex="0">';
  const shown = new RegExp(`Status 20\\d, application/json${shape}(<a href="#|{)`);
  expect(sections.filter((section) => !shown.test(section))).toEqual([]);
  const replay = sections.find((section) => section.includes('/deliveries/replay<'));
  expect(replay).toContain(`Status 202, application/json${shape}{\n  replayed: integer\n}`);
  expect(page).toContain('id="Case"><h3>Case</h3><pre class="raw" tabindex="0">{\n  id: string\n');
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(links.filter((id) => !page.includes(`id="${id}"`))).toEqual([]);
});
