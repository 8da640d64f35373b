import { exports } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { routes } from '#src/routes/routes.ts';
import { addressOf, publishedDocument } from './published.ts';

interface Described {
  operationId: string;
  parameters?: { in: string; name: string }[];
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
  const goal = paths['/api/v1/workspaces/{workspace}/cases/{id}/goal']?.post;
  expect(goal?.parameters?.map(({ name }) => name)).toEqual(['workspace', 'id']);
  expect(goal?.requestBody?.content['application/json']?.schema).toMatchObject({
    required: ['goal', 'reason'],
    additionalProperties: false,
  });
});

test('the reference shows every endpoint without a script', async () => {
  const page = await (await exports.default.fetch('https://caselite.test/docs')).text();
  expect(page).not.toContain('<script');
  expect(page).toContain('/api/v1/workspaces/{workspace}/cases/{id}/actions/severity');
  expect(page.match(/<section/g)?.length).toBe(routes.filter(({ endpoint }) => endpoint !== null).length);
});
