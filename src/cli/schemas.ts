import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ConditionJsonSchema } from '#domain/responses/condition.ts';
import { createWorkspaceFileSchema } from '#domain/settings/workspace-schema.ts';
import { FollowUpSurvey } from '#domain/templates/survey.ts';
import { CaseTemplateFile } from '#domain/templates/template.ts';
import { registry } from '../wiring.ts';
import { apiPagePath, createApiPage } from './api-table.ts';
import { describeProperties, type Json } from './describe-settings.ts';
import { createSchemaSql, schemaSqlPath } from './schema-sql.ts';
import { createSettingsPage, settingsPagePath } from './settings-page.ts';
import { projectRoot } from './workspace-files.ts';

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

/** The published JSON Schemas, by which editors complete and check YAML files. */
export const createJsonSchemaTexts = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(createJsonSchemas()).map(([name, schema]) => [
      `${name}.schema.json`,
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  );

/** As `createJsonSchemaTexts`, as objects by name. */
export function createJsonSchemas(): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, definition]) => {
      const schema = addConditionSchema(toJson(definition));
      for (const group of [schema.properties?.sources, schema.properties?.trackers])
        if (typeof group === 'object' && typeof group.additionalProperties === 'object')
          group.additionalProperties = mergeAlternatives(group.additionalProperties);
      return [name, describeProperties(schema, name)];
    }),
  );
}

const toJson = (definition: z.ZodType) =>
  z.toJSONSchema(definition, { io: 'input', unrepresentable: 'any', target: 'draft-7' });

/**
 * One schema with the properties of all alternatives, and what each takes of them: editors complete and explain it
 * better than one alternative for each kind.
 */
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
    const description =
      remarks.size === 1
        ? [...remarks][0]
        : given
            .flatMap(({ kind, schema }) => (schema.description ? [`${kind}: ${schema.description}`] : []))
            .join('. ');
    return [
      name,
      { ...(more.length > 0 ? { anyOf: [first ?? {}, ...more] } : first), ...(description && { description }) },
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

function withoutRemarks({ description: _, default: __, ...schema }: Json): Json {
  return schema;
}

/**
 * Adds the schema of conditions: templates read theirs by hand, for better errors, and editors should still complete
 * operators. The sources of a template stand beside its condition.
 */
function addConditionSchema(schema: Json): Json {
  const when = schema.properties?.when;
  if (typeof when !== 'object') return schema;
  const { definitions } = toJson(ConditionJsonSchema) as { definitions?: Record<string, Json> };
  const merged = mergeAlternatives(definitions?.condition ?? {});
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
  writeFileSync(apiPagePath, createApiPage());
  writeFileSync(settingsPagePath, createSettingsPage(createJsonSchemas()));
  console.log(
    `Written: ${Object.keys(createJsonSchemaTexts()).join(', ')}, docs/schema.sql, docs/api.md, docs/settings.md`,
  );
}
