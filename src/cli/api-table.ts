import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Endpoint } from '../routes/api/endpoint.ts';
import { endpoints } from '../routes/api/table.ts';
import { projectRoot } from './workspace-files.ts';

export const apiPagePath = join(projectRoot, 'docs', 'api.md');

/** Names of a type's fields; those with `?` may be left out. */
function listFieldNames(type: z.ZodType | undefined): string[] {
  if (!type) return [];
  const schema = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
  const variants = [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const names = new Set(variants.flatMap(({ properties }) => Object.keys(properties ?? {})));
  const isRequiredField = (name: string) =>
    variants.every(({ properties, required }) => !properties || required?.includes(name));
  return [...names].map((name) => (isRequiredField(name) ? name : `${name}?`));
}

/** The table of the API for readers, in Markdown. Actions on a case share one line. */
function createApiTable(): string {
  const lines = new Map<string, { summary: string; fields: string[] }>();
  for (const [address, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const [, action] = /\/actions\/(.+)$/.exec(address) ?? [];
    const key = address
      .replace(/\/actions\/.+$/, '/actions/:action')
      .replace(/:(\w+)/g, (_, name) => name.toUpperCase());
    const known = lines.get(key);
    const own = listFieldNames(endpoint.body).map((name) => (name === `${action}?` ? 'ACTION?' : name));
    const csv = endpoint.csv ? ['text/csv'] : [];
    const summary = known && action ? `${known.summary}, ${action}` : endpoint.summary;
    lines.set(key, { summary, fields: known?.fields ?? [...listFieldNames(endpoint.query), ...own, ...csv] });
  }
  const rows = [...lines].map(
    ([key, { summary, fields }]) => `| \`${key}\` | ${summary} | ${fields.map((name) => `\`${name}\``).join(', ')} |`,
  );
  return ['| Address | Effect | Fields |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The documents' page of the API with its present table. */
export function createApiPage(): string {
  const [start, end] = ['<!-- api: written by npm run schemas -->\n', '\n<!-- /api -->'];
  const [before, rest = ''] = readFileSync(apiPagePath, 'utf8').split(start);
  return `${before}${start}${createApiTable()}${rest.slice(rest.indexOf(end))}`;
}
