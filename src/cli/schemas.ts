import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { mails, surveys, trackers } from '#adapters/index.ts';
import { FollowUpSurvey } from '#domain/survey.ts';
import { CaseTemplate } from '#domain/template.ts';
import { workspaceFile } from '#domain/workspace-file.ts';
import { projectRoot } from './workspace-files.ts';

const anyOf = (definitions: { settings: z.ZodType }[]) =>
  z.union(definitions.map(({ settings }) => settings));

const shapes = {
  workspace: workspaceFile({ source: anyOf(surveys), tracker: anyOf(trackers), mail: anyOf(mails) }),
  'case-template': CaseTemplate,
  survey: FollowUpSurvey,
};

/** The published JSON Schemas, by which editors complete and check the YAML files. */
export function schemaTexts(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const schema = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any', target: 'draft-7' });
      return [`${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`];
    }),
  );
}

export const schemaFolder = join(projectRoot, 'templates', 'schema');

if (process.argv[1] === import.meta.filename) {
  mkdirSync(schemaFolder, { recursive: true });
  for (const [file, text] of Object.entries(schemaTexts())) writeFileSync(join(schemaFolder, file), text);
  console.log(`Written: ${Object.keys(schemaTexts()).join(', ')}`);
}
