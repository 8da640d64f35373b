import type * as z from 'zod';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import { collectAttributes, describeProblems, InvalidInputError, type Problem, templating } from '../kit.ts';
import { checkNamesAcrossFiles } from './check-template.ts';
import { demandFairSize, type Read, readYaml } from './read-yaml.ts';

/**
 * Settings of a workspace's files; InvalidInputError with the first problems: file, field, line and remedy.
 * @param accepted files that were accepted before, whose patterns stay, and whose settings of earlier releases are left
 *   out; true where all were, as they stand
 */
export function readSettings(
  files: templating.SettingsFile[],
  version: number,
  schema: z.ZodType<WorkspaceSettings>,
  accepted: templating.SettingsFile[] | true = [],
): templating.Settings {
  if (accepted !== true) demandFairSize(files);
  const problems: Problem[] = [];
  const readAll = <Value>(kind: templating.SettingsFile['kind'], schema: z.ZodType<Value>): Map<string, Read<Value>> =>
    new Map(
      files.flatMap((file) => {
        if (file.kind !== kind) return [];
        const before = accepted === true ? file.text : findText(accepted, kind, file.name);
        const read = readYaml(file, schema, problems, { isNew: accepted !== true, accepted: before });
        return read ? [[file.name, read]] : [];
      }),
    );
  if (!files.some(({ kind }) => kind === 'workspace'))
    throw new InvalidInputError('There is no workspace file among the files.', []);
  const [workspace] = readAll('workspace', schema).values();
  const templates = new Map<string, Read<templating.CaseTemplate>>();
  for (const [name, { value, report }] of readAll('case-template', templating.CaseTemplateFile)) {
    if (!workspace) break;
    const placed = templating.placeTemplate(name, value, workspace.value);
    templates.set(name, { value: placed.template, report });
    if (Object.hasOwn(workspace.value.templates, name))
      for (const { path, message } of placed.problems) report(path, message);
  }
  const surveys = readAll('survey', templating.FollowUpSurvey);
  const isAccepted = (name: string) =>
    accepted === true || findText(accepted, 'case-template', name) === findText(files, 'case-template', name);
  if (problems.length === 0 && workspace && accepted !== true)
    checkNamesAcrossFiles(workspace, templates, surveys, isAccepted);
  if (problems.length > 0 || !workspace) throw new InvalidInputError(describeProblems(problems), problems);
  return {
    version,
    workspace: workspace.value,
    templates: new Map(
      Object.keys(workspace.value.templates).flatMap((name) => {
        const template = templates.get(name)?.value;
        return template ? [[name, addThemeValues(template, workspace.value)]] : [];
      }),
    ),
    surveys: new Map([...surveys].map(([name, { value }]) => [name, value])),
  };
}

const findText = (files: templating.SettingsFile[], kind: templating.SettingsFile['kind'], name: string) =>
  files.find((file) => file.kind === kind && file.name === name)?.text;

function addThemeValues(template: templating.CaseTemplate, workspace: WorkspaceSettings): templating.CaseTemplate {
  const { theme, values } = template.gather;
  if (values || !theme?.startsWith('customer.')) return template;
  const listed = collectAttributes(workspace).get(theme.slice('customer.'.length))?.values ?? [];
  return { ...template, gather: { ...template.gather, values: [...listed] } };
}
