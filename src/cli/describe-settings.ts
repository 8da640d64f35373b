import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { projectRoot } from './workspace-files.ts';

export type Json = z.core.JSONSchema.JSONSchema;

const Entry = z.union([
  z.tuple([z.string(), z.unknown()]).transform(([description, example]) => ({ description, example })),
  z.strictObject({ example: z.unknown() }).transform(({ example }) => ({ description: undefined, example })),
]);

export const descriptionsPath = join(projectRoot, 'docs', 'settings.yaml');

/** What settings mean, by the settings above them. */
export const readDescriptions = () =>
  new Map(Object.entries(z.record(z.string(), Entry).parse(parse(readFileSync(descriptionsPath, 'utf8')))));

const innerSchemas = ({ additionalProperties, items, anyOf = [], oneOf = [] }: Json) =>
  [additionalProperties, items, anyOf, oneOf].flat().filter((inner) => typeof inner === 'object');

/** Calls `visit` for each property of a schema, with the names above it. */
export function visitProperties(schema: Json, above: string[], visit: (path: string[], property: Json) => void): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (typeof property !== 'object') continue;
    visit([...above, name], property);
    visitProperties(property, [...above, name], visit);
  }
  for (const inner of innerSchemas(schema)) visitProperties(inner, above, visit);
  for (const [name, definition] of Object.entries(schema.definitions ?? {}))
    if (typeof definition === 'object') visitProperties(definition, [name], visit);
}

/** Adds to each property what it means and an example, by the longest known end of its path. */
export function describeProperties(schema: Json, name: string): Json {
  const known = readDescriptions();
  visitProperties(schema, [name], (path, property) => {
    const ends = path.map((_, index) => path.slice(index).join('.'));
    const entry = known.get(ends.find((end) => known.has(end)) ?? '');
    if (entry?.description) property.description ??= entry.description;
    if (entry) property.examples = [entry.example];
  });
  return schema;
}
