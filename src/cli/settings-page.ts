import { join } from 'node:path';
import { type Json, visitProperties } from './describe-settings.ts';
import { projectRoot } from './workspace-files.ts';

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

function createRow(path: string[], property: Json): string {
  const [example] = property.examples ?? [];
  const cells = [code(path.join('.')), property.description ?? '', code(example ?? ''), describeDefault(property)];
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

Written by \`npm run schemas\`. A dot stands between a setting and the one it belongs to, so \`tiers.closure-goal\` is the closure goal of each tier:
\`tiers: { gold: { closure-goal: 24 hours } }\`. \`condition\` stands wherever a case template has a condition. YAML's anchors and merge keys (\`<<\`) may be used.

${parts.join('\n')}`;
}
