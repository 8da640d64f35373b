import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DefinitionNode, Kind, parse, print, visit } from 'graphql';
import { githubOperations, jiraOperations, linearRoots } from './vendor-operations.ts';

/*
 * Reduces the vendors' API descriptions to the parts in use: `node test/contracts/cut-vendor.ts FOLDER`, with the full
 * descriptions in FOLDER. Prose is removed; everything that a machine checks stays unchanged.
 */

type Json = null | boolean | number | string | Json[] | JsonObject;
type JsonObject = { [name: string]: Json };

const [source = ''] = process.argv.slice(2);
const target = join(import.meta.dirname, '../../adapters/trackers');
const forPeople = new Set(['description', 'example', 'examples', 'externalDocs', 'summary', 'tags', 'title']);
const namedMaps = new Set(['properties', 'headers', 'responses', 'content', 'schemas', 'parameters']);

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** Removes prose. Inside a map of names, every name stays. */
function bare(value: Json, isMap = false): Json {
  if (Array.isArray(value)) return value.map((item) => bare(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => isMap || !(forPeople.has(name) || name.startsWith('x-')));
  return Object.fromEntries(kept.map(([name, inner]) => [name, bare(inner, !isMap && namedMaps.has(name))]));
}

function refsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  return Object.entries(objectOf(value)).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  );
}

function cutOpenApi(full: JsonObject, wanted: readonly string[]): JsonObject {
  const paths: JsonObject = {};
  for (const operation of wanted) {
    const [method = '', path = ''] = operation.split(' ');
    const item = objectOf(objectOf(full.paths)[path]);
    const described = item[method];
    if (described === undefined) throw new Error(`not described: ${operation}`);
    paths[path] = {
      ...objectOf(paths[path]),
      ...('parameters' in item && { parameters: bare(item.parameters ?? []) }),
      [method]: bare(described),
    };
  }
  const components: { [section: string]: JsonObject } = {};
  const queue = refsIn(paths);
  for (const ref of queue) {
    const [, , section = '', name = ''] = ref.split('/');
    const parts = components[section] ?? {};
    components[section] = parts;
    if (name in parts) continue;
    const part = bare(objectOf(objectOf(full.components)[section])[name] ?? null);
    parts[name] = part;
    queue.push(...refsIn(part));
  }
  return { openapi: full.openapi ?? '', 'x-source': full['x-source'] ?? '', paths, components };
}

function nameOf(definition: DefinitionNode): string {
  return 'name' in definition ? (definition.name?.value ?? '') : '';
}

function cutGraphql(text: string): string {
  const document = visit(parse(text), {
    enter(node) {
      if ('description' in node && node.description) return { ...node, description: undefined };
      return undefined;
    },
    ObjectTypeDefinition(node) {
      const roots = linearRoots[node.name.value];
      if (!roots) return { ...node, description: undefined };
      const fields = node.fields?.filter((field) => roots.includes(field.name.value)) ?? [];
      if (fields.length !== roots.length) throw new Error(`not described: some of ${roots.join(', ')}`);
      return { ...node, description: undefined, fields };
    },
  });
  const byName = new Map(document.definitions.map((definition) => [nameOf(definition), definition]));
  const reached = new Set(['Query', 'Mutation']);
  for (const name of reached) {
    const definition = byName.get(name);
    if (!definition) continue;
    visit(definition, {
      NamedType(node) {
        reached.add(node.name.value);
      },
    });
  }
  const kept = document.definitions.filter(
    (definition) => definition.kind === Kind.DIRECTIVE_DEFINITION || reached.has(nameOf(definition)),
  );
  return print({ ...document, definitions: kept });
}

function cutFile(from: string, to: string, cut: (text: string) => string): void {
  writeFileSync(join(target, to), `${cut(readFileSync(join(source, from), 'utf8'))}\n`);
}

const openApi = (wanted: readonly string[]) => (text: string) =>
  JSON.stringify(cutOpenApi(objectOf(JSON.parse(text)), wanted));

cutFile('github-issues.openapi.json', 'github/emulator/github.openapi.json', openApi(githubOperations));
cutFile('jira-cloud-v3-issues.openapi.json', 'jira/emulator/jira.openapi.json', openApi(jiraOperations));
// A module, because tests in workerd cannot read files.
const asModule = (text: string) => `export default ${JSON.stringify(text)};`;
cutFile('linear.schema.graphql', 'linear/emulator/schema.ts', (text) => asModule(cutGraphql(text)));
cutFile('linear.schema.sdk98-additions.graphql', 'linear/emulator/schema-additions.ts', asModule);
