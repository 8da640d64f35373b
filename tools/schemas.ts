import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { ConditionJsonSchema } from '#domain/responses/condition.ts';
import { createWorkspaceFileSchema } from '#domain/settings/workspace-schema.ts';
import { FollowUpSurvey } from '#domain/templates/survey.ts';
import { CaseTemplateFile } from '#domain/templates/template.ts';
import { projectRoot, readLibrary } from '#src/cli/workspace-files.ts';
import type { Endpoint } from '#src/routes/api/endpoint.ts';
import { endpoints } from '#src/routes/api/table.ts';
import type { SettingField, SettingsPart } from '#src/settings-parts.ts';
import { registry } from '#src/wiring.ts';
import { createSchemaSql, schemaSqlPath } from './schema-sql.ts';

export const apiPagePath = join(projectRoot, 'docs', 'api.md');

function listFieldNames(type: z.ZodType | undefined): string[] {
  if (!type) return [];
  const schema = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' });
  const variants = [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const names = new Set(variants.flatMap(({ properties }) => Object.keys(properties ?? {})));
  const isRequiredField = (name: string) =>
    variants.every(({ properties, required }) => !properties || required?.includes(name));
  return [...names].map((name) => (isRequiredField(name) ? name : `${name}?`));
}

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

export const libraryPath = join(projectRoot, 'src', 'library.json');

/** The starter library as the worker holds it. */
export const createLibraryText = (): string => `${JSON.stringify(readLibrary(), null, 2)}\n`;

export const settingsPartsPath = join(projectRoot, 'templates', 'settings-parts.json');

const longestLine = 500;

function chooseInput({ type, enum: options, anyOf, items, maxLength = 0 }: Json): SettingField['input'] {
  if (options || type === 'boolean') return 'choice';
  if (type === 'number' || type === 'integer') return 'number';
  const areTexts = (schemas: unknown[]) => schemas.every((schema) => (schema as Json).type === 'string');
  if (type === 'array' && items && areTexts([items])) return 'list';
  if (type === 'string' && maxLength > longestLine) return 'text';
  return type === 'string' || (anyOf && areTexts(anyOf)) ? 'line' : 'yaml';
}

const listFields = ({ properties = {}, required = [] }: Json): SettingField[] =>
  Object.entries(properties as Record<string, Json>).map(([name, property]) => ({
    name,
    meaning: property.description ?? '',
    example: String(property.examples?.[0] ?? ''),
    input: chooseInput(property),
    isRequired: required.includes(name),
    ...(property.enum || property.type === 'boolean'
      ? { options: (property.enum ?? ['true', 'false']).map(String) }
      : {}),
  }));

/** Parts of the workspace file with their settings, as the pages ask for them. Settings of no part are general. */
export function createSettingsPartsText(): string {
  const schema = createJsonSchemas().workspace ?? {};
  const properties = Object.entries(schema.properties as Record<string, Json>).filter(([name]) => name !== 'workspace');
  const parts = properties.flatMap(([name, property]): [string, SettingsPart][] => {
    const entry = property.additionalProperties as Json | undefined;
    const fields = listFields(entry?.properties ? entry : property);
    const [meaning, example] = [property.description ?? '', String(property.examples?.[0] ?? '')];
    return fields.length > 0 ? [[name, { meaning, example, hasEntries: entry?.properties !== undefined, fields }]] : [];
  });
  const isGeneral = (name: string) => !parts.some(([part]) => part === name);
  const fields = listFields(schema).filter(({ name }) => name !== 'workspace' && isGeneral(name));
  const general: SettingsPart = {
    meaning: 'What holds for the whole workspace',
    example: '',
    hasEntries: false,
    fields,
  };
  const template = listFields(createJsonSchemas()['case-template'] ?? {}).filter(({ name }) => name !== 'when');
  return `${JSON.stringify({ workspace: { general, ...Object.fromEntries(parts) }, template }, null, 2)}\n`;
}

export const settingsPagePath = join(projectRoot, 'docs', 'settings.md');

const titles: Record<string, string> = {
  workspace: 'Workspace file',
  'case-template': 'Case template',
  survey: 'Survey',
};

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (value: unknown) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
};

function describeDefault({ default: value }: Json): string {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return value === undefined || value === '' || isEmpty ? '' : code(value);
}

/** The values of a choice that its description does not name. */
function describeChoices({ description = '', enum: own, items, anyOf = [], oneOf = [] }: Json): string {
  const schemas = [{ enum: own }, items, ...anyOf, ...oneOf].filter((schema) => typeof schema === 'object') as Json[];
  const values = [...new Set(schemas.flatMap((schema) => schema.enum ?? []))].map(String);
  if (values.length === 0 || values.every((value) => description.includes(value))) return description;
  const listed = values.map(code).join(', ');
  return `${description}${/[.:]$/.test(description) ? '' : ':'} ${listed}`;
}

function createRow(path: string[], property: Json): string {
  const [example] = property.examples ?? [];
  const cells = [code(path.join('.')), describeChoices(property), code(example ?? ''), describeDefault(property)];
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** The page of all settings. Names in capitals and repeated parts are left out of the paths. */
export function createSettingsPage(schemas: Record<string, Json>): string {
  const parts = Object.entries(schemas).map(([name, schema]) => {
    const rows = new Map<string, string>();
    visitProperties(schema, [], (path, property) => {
      const key = path.join('.');
      if (!rows.has(key)) rows.set(key, createRow(path, property));
    });
    const table = ['| Setting | Meaning | Example | Default |', '| --- | --- | --- | --- |', ...rows.values()];
    return `## ${titles[name]}\n\n${table.join('\n')}\n`;
  });
  return `# Settings

Written by \`npm run schemas\`. A dot joins a setting to the one it belongs to, so \`tiers.closure-goal\` is the closure goal of each tier:
\`tiers: { gold: { closure-goal: 24 hours } }\`. \`condition\` is any condition of a case template. YAML's anchors and merge keys (\`<<\`) may be used.

${parts.join('\n')}`;
}

type Json = z.core.JSONSchema.JSONSchema;

const Entry = z.union([
  z.tuple([z.string(), z.unknown()]).transform(([description, example]) => ({ description, example })),
  z.strictObject({ example: z.unknown() }).transform(({ example }) => ({ description: undefined, example })),
]);

const descriptionsPath = join(projectRoot, 'docs', 'settings.yaml');

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

function describeProperties(schema: Json, name: string): Json {
  const known = readDescriptions();
  visitProperties(schema, [name], (path, property) => {
    const ends = path.map((_, index) => path.slice(index).join('.'));
    const entry = known.get(ends.find((end) => known.has(end)) ?? '');
    if (entry?.description) property.description ??= entry.description;
    if (entry) property.examples = [entry.example];
  });
  return schema;
}

const anyOf = (definitions: { settings: z.ZodType }[]) => z.union(definitions.map(({ settings }) => settings));

const schemas = {
  workspace: createWorkspaceFileSchema({
    source: anyOf(registry.surveys),
    tracker: anyOf(registry.trackers),
    mail: anyOf(registry.mails).optional(),
    channel: anyOf(registry.channels),
    accounts: registry.trackers.map(({ kind }) => kind),
  }),
  'case-template': CaseTemplateFile,
  survey: FollowUpSurvey,
};

/** Properties that stand alike in several places of a schema, by the name under which a published schema has them once. */
const shared: Record<string, Record<string, (schema: Json) => unknown[]>> = {
  workspace: {
    'case-options': ({ properties }) => [
      entryOf(properties?.teams)?.properties?.['case-options'],
      properties?.['case-options'],
    ],
    goals: ({ properties }) => {
      const tier = entryOf(properties?.tiers);
      return [entryOf(tier?.properties?.categories), tier];
    },
  },
  'case-template': {
    test: ({ definitions }) => {
      const { condition } = definitions as Record<string, Json>;
      return [condition, condition?.properties?.repeat];
    },
  },
  survey: {
    'question-texts': ({ properties }) => [
      entryOf(entryOf(properties?.languages)?.properties?.questions),
      (properties?.questions as Json | undefined)?.items,
    ],
    'mail-texts': ({ properties }) => [entryOf(properties?.languages)?.properties?.mail, properties?.mail],
    'page-texts': ({ properties }) => [entryOf(properties?.languages)?.properties?.page, properties?.page],
  },
};

const entryOf = (group: unknown) => (group as Json | undefined)?.additionalProperties as Json | undefined;

/** Moves properties that several objects have alike into a definition to which each refers. */
function shareProperties(schema: Json, name: string, objects: Json[]): void {
  const [first, ...others] = objects;
  const isAlike = ([property, own]: [string, unknown]) =>
    others.every(
      ({ properties }) =>
        JSON.stringify(withoutRemarks(properties?.[property] as Json)) === JSON.stringify(withoutRemarks(own as Json)),
    );
  const alike = new Map(Object.entries(first?.properties ?? {}).filter(isAlike));
  schema.definitions = {
    ...(schema.definitions as object | undefined),
    [name]: { properties: Object.fromEntries(alike) },
  };
  for (const object of objects) {
    const names = Object.keys(object.properties ?? {});
    object.propertyNames = { enum: names };
    object.allOf = [{ $ref: `#/definitions/${name}` }];
    object.properties = Object.fromEntries(Object.entries(object.properties ?? {}).filter(([own]) => !alike.has(own)));
    delete object.additionalProperties;
  }
}

/** The published JSON Schemas, by which editors complete and check YAML files. */
export const createJsonSchemaTexts = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(createJsonSchemas()).map(([name, schema]) => {
      for (const [part, find] of Object.entries(shared[name] ?? {}))
        shareProperties(schema, part, find(schema) as Json[]);
      return [`${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`];
    }),
  );

/** The same by name, with each setting at every place where it may stand. */
export const createJsonSchemas = (): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, definition]) => {
      const schema = addConditionSchema(toJson(definition));
      for (const group of [schema.properties?.sources, schema.properties?.trackers, schema.properties?.channels])
        if (typeof group === 'object' && typeof group.additionalProperties === 'object')
          group.additionalProperties = mergeAlternatives(group.additionalProperties);
      return [name, describeProperties(schema, name)];
    }),
  );

const toJson = (definition: z.ZodType) =>
  z.toJSONSchema(definition, { io: 'input', unrepresentable: 'any', target: 'draft-7' });

/** One schema with the properties of all alternatives, which editors complete and explain better than several. */
function mergeAlternatives({ anyOf = [] }: Json): Json {
  const alternatives = anyOf
    .filter((schema) => typeof schema === 'object')
    .map(({ properties: { kind, ...own } = {}, required = [] }) => ({
      kind: typeof kind === 'object' ? String(kind.const) : null,
      own: new Map(Object.entries(own)),
      required,
    }));
  const kinds = alternatives.flatMap(({ kind }) => kind ?? []);
  const names = [...new Set(alternatives.flatMap(({ own }) => [...own.keys()]))];
  const properties = names.map((name): [string, Json] => {
    const given = alternatives.flatMap(({ kind, own }) =>
      own.has(name) ? [{ kind, schema: own.get(name) as Json }] : [],
    );
    const schemas = new Map(given.map(({ schema }) => [JSON.stringify(withoutRemarks(schema)), schema]));
    const [first, ...more] = [...schemas.values()].map(withoutRemarks);
    const remarks = new Set(given.map(({ schema }) => schema.description));
    const defaults = new Set(given.map(({ schema }) => JSON.stringify(schema.default)));
    const description =
      remarks.size === 1
        ? [...remarks][0]
        : given
            .flatMap(({ kind, schema }) => (schema.description ? [`${kind}: ${schema.description}`] : []))
            .join('. ');
    return [
      name,
      {
        ...(more.length > 0 ? { anyOf: [first ?? {}, ...more] } : first),
        ...(description && { description }),
        ...(defaults.size === 1 && { default: given[0]?.schema.default }),
      },
    ];
  });
  const rules = Map.groupBy(alternatives, ({ own, required }) => JSON.stringify([[...own.keys()], required]));
  return {
    type: 'object',
    properties: { ...(kinds.length > 0 && { kind: { enum: kinds } }), ...Object.fromEntries(properties) },
    additionalProperties: false,
    anyOf: [...rules.values()].map((alike) => {
      const { own, required } = alike[0] ?? { own: new Map(), required: [] };
      if (kinds.length === 0) return { propertyNames: { enum: [...own.keys()] }, required };
      return {
        properties: { kind: { enum: alike.flatMap(({ kind }) => kind ?? []) } },
        propertyNames: { enum: ['kind', ...own.keys()] },
        required,
      };
    }),
  };
}

const withoutRemarks = ({ description: _, default: __, examples: ___, ...schema }: Json = {}): Json => schema;

/** The schema of conditions beside the sources of a template, which reads them by hand for better errors. */
function addConditionSchema(schema: Json): Json {
  const when = schema.properties?.when;
  if (typeof when !== 'object') return schema;
  const { definitions } = toJson(ConditionJsonSchema) as { definitions?: Record<string, Json> };
  const merged = mergeAlternatives(definitions?.condition ?? {});
  // A repeated test is one of a question, for which the schema of conditions takes days too.
  const repeated = (merged.properties?.repeat as Json | undefined)?.properties ?? {};
  for (const name of Object.keys(repeated)) repeated[name] = merged.properties?.[name] ?? repeated[name] ?? {};
  const condition = { $ref: '#/definitions/condition' };
  const alone = { type: 'object' as const, properties: when.properties ?? {}, additionalProperties: false };
  return {
    ...schema,
    properties: { ...schema.properties, when: { anyOf: [alone, condition] } },
    definitions: { condition: merged },
  };
}

export const schemaFolder = join(projectRoot, 'templates', 'schema');

if (process.argv[1] === import.meta.filename) {
  mkdirSync(schemaFolder, { recursive: true });
  for (const [file, text] of Object.entries(createJsonSchemaTexts())) writeFileSync(join(schemaFolder, file), text);
  writeFileSync(schemaSqlPath, createSchemaSql());
  writeFileSync(libraryPath, createLibraryText());
  writeFileSync(settingsPartsPath, createSettingsPartsText());
  writeFileSync(apiPagePath, createApiPage());
  writeFileSync(settingsPagePath, createSettingsPage(createJsonSchemas()));
  console.log(
    `Written: ${Object.keys(createJsonSchemaTexts()).join(', ')}, docs/schema.sql, docs/api.md, docs/settings.md, settings-parts.json, src/library.json`,
  );
}
