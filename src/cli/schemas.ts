import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ConditionJsonSchema } from '#domain/responses/condition.ts';
import { createWorkspaceFileSchema } from '#domain/settings/workspace-file.ts';
import { FollowUpSurvey } from '#domain/templates/survey.ts';
import { CaseTemplate } from '#domain/templates/template.ts';
import { registry } from '../wiring.ts';
import { createReadmeText, readmePath } from './api-table.ts';
import { createSchemaSql, schemaSqlPath } from './schema-sql.ts';
import { projectRoot } from './workspace-files.ts';

const anyOf = (definitions: { settings: z.ZodType }[]) => z.union(definitions.map(({ settings }) => settings));

const schemas = {
  workspace: createWorkspaceFileSchema({
    source: anyOf(registry.surveys),
    tracker: anyOf(registry.trackers),
    mail: anyOf(registry.mails),
    channel: anyOf(registry.channels),
    accounts: registry.trackers.map(({ kind }) => kind),
  }),
  'case-template': CaseTemplate,
  survey: FollowUpSurvey,
};

/** The published JSON Schemas, by which editors complete and check YAML files. */
export function createJsonSchemaTexts(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, definition]) => {
      const schema = z.toJSONSchema(definition, { io: 'input', unrepresentable: 'any', target: 'draft-7' });
      return [`${name}.schema.json`, `${JSON.stringify(addConditionSchema(schema), null, 2)}\n`];
    }),
  );
}

/**
 * Adds the schema of conditions: templates read theirs by hand, for better errors, and editors should still complete
 * operators.
 */
function addConditionSchema(schema: z.core.JSONSchema.JSONSchema): z.core.JSONSchema.JSONSchema {
  const when = schema.properties?.when;
  if (typeof when !== 'object') return schema;
  const { definitions } = z.toJSONSchema(ConditionJsonSchema, {
    io: 'input',
    unrepresentable: 'any',
    target: 'draft-7',
  }) as { definitions?: Record<string, z.core.JSONSchema.JSONSchema> };
  const condition = definitions?.condition;
  if (!condition) throw new Error('the condition has no definition of its own');
  const source = when.properties?.source;
  // Beside its source, `when` is one condition, so each kind of condition takes the source as well.
  const schemas = (condition.anyOf ?? []).flatMap((conditionVariant) =>
    typeof conditionVariant === 'object' && !conditionVariant.properties?.source && source
      ? [
          {
            ...conditionVariant,
            properties: { source, ...conditionVariant.properties },
            required: ['source', ...(conditionVariant.required ?? [])],
          },
        ]
      : [],
  );
  const alone = { type: 'object', properties: { source }, required: ['source'], additionalProperties: false };
  const anyOf = [alone, ...schemas] as z.core.JSONSchema.JSONSchema[];
  return { ...schema, properties: { ...schema.properties, when: { anyOf } }, definitions: { condition } };
}

export const schemaFolder = join(projectRoot, 'templates', 'schema');

if (process.argv[1] === import.meta.filename) {
  mkdirSync(schemaFolder, { recursive: true });
  for (const [file, text] of Object.entries(createJsonSchemaTexts())) writeFileSync(join(schemaFolder, file), text);
  writeFileSync(schemaSqlPath, createSchemaSql());
  writeFileSync(readmePath, createReadmeText());
  console.log(`Written: ${Object.keys(createJsonSchemaTexts()).join(', ')}, docs/schema.sql, README.md`);
}
