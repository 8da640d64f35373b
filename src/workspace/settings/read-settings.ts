import type * as z from 'zod';
import { InvalidInputError, type Problem } from '#domain/base/errors.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import { placeTemplate } from '#domain/templates/placement.ts';
import type { Settings, SettingsFile } from '#domain/templates/settings.ts';
import { FollowUpSurvey } from '#domain/templates/survey.ts';
import { type CaseTemplate, CaseTemplateFile } from '#domain/templates/template.ts';
import { checkNamesAcrossFiles, type Read } from './cross-check.ts';
import { type Complaint, toFileProblem } from './file-problem.ts';
import { readYaml } from './read-yaml.ts';

/**
 * Reads a workspace's files into settings.
 *
 * @param wasAcceptedBefore whether the files were accepted before, perhaps by an older version with fewer checks
 * @throws InvalidInputError with every problem: file, field, line and remedy
 */
export function readSettings(
  files: SettingsFile[],
  version: number,
  schema: z.ZodType<WorkspaceSettings>,
  wasAcceptedBefore = false,
): Settings {
  const complaints: Complaint[] = [];
  const lines = new Map<SettingsFile, (path: PropertyKey[]) => number | undefined>();
  const complain = (file: SettingsFile, path: PropertyKey[], message: string) =>
    complaints.push({ file, path, message });
  const read = <Value>(file: SettingsFile, schema: z.ZodType<Value>): Read<Value> | null => {
    const result = readYaml(file, schema);
    complaints.push(...result.complaints);
    lines.set(file, result.lineOf);
    return result.value === null ? null : { file, value: result.value };
  };
  const named = <Value>(kind: SettingsFile['kind'], schema: z.ZodType<Value>): Map<string, Read<Value>> =>
    new Map(
      files
        .filter((settingsFile) => settingsFile.kind === kind)
        .flatMap((file) => {
          const answer = read(file, schema);
          return answer ? [[file.name, answer]] : [];
        }),
    );
  const [workspaceText] = files.filter(({ kind }) => kind === 'workspace');
  if (!workspaceText) throw new InvalidInputError('There is no workspace file among the files.', []);
  const workspace = read(workspaceText, schema);
  const templates = new Map<string, Read<CaseTemplate>>();
  for (const [name, { file, value }] of named('case-template', CaseTemplateFile)) {
    if (!workspace) break;
    const { template, problems } = placeTemplate(name, value, workspace.value);
    templates.set(name, { file, value: template });
    if (Object.hasOwn(workspace.value.templates, name))
      for (const { path, message } of problems) complain(file, path, message);
  }
  const surveys = named('survey', FollowUpSurvey);
  if (complaints.length === 0 && workspace && !wasAcceptedBefore)
    checkNamesAcrossFiles(workspace, templates, surveys, complain);
  if (complaints.length > 0 || !workspace) {
    const problems = complaints.map((complaint) => {
      const line = complaint.line ?? lines.get(complaint.file)?.(complaint.path);
      return toFileProblem(line === undefined ? complaint : { ...complaint, line });
    });
    throw new InvalidInputError(summary(problems), problems);
  }
  return {
    version,
    workspace: workspace.value,
    templates: new Map(
      Object.keys(workspace.value.templates).flatMap((name) => {
        const template = templates.get(name)?.value;
        return template ? [[name, template]] : [];
      }),
    ),
    surveys: new Map([...surveys].map(([name, { value }]) => [name, value])),
  };
}

function summary(problems: Problem[]): string {
  return problems.map(({ field, line, message }) => `${field}${line ? ` (line ${line})` : ''}: ${message}`).join('\n');
}
