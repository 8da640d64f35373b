import { suggestKnownNames } from '#domain/base/nearest.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import type { SettingsFile } from '#domain/templates/settings.ts';
import type { FollowUpSurvey } from '#domain/templates/survey.ts';
import type { CaseTemplate } from '#domain/templates/template.ts';
import { checkWording, invitationPlaceholders } from '../basics/render-wording.ts';
import { checkSurvey } from './check-survey.ts';
import { checkTemplate } from './check-template.ts';
import type { Complain } from './file-problem.ts';

export interface Read<Value> {
  file: SettingsFile;
  value: Value;
}

/** Checks names that one file uses and another must define. */
export function checkNamesAcrossFiles(
  { file, value: workspace }: Read<WorkspaceSettings>,
  templates: Map<string, Read<CaseTemplate>>,
  surveys: Map<string, Read<FollowUpSurvey>>,
  complain: Complain,
): void {
  const report = (path: PropertyKey[], message: string) => complain(file, path, message);
  const checkSurveyReference = (
    from: SettingsFile,
    path: PropertyKey[],
    name: string,
    kind: FollowUpSurvey['kind'],
  ) => {
    const survey = surveys.get(name)?.value;
    if (!survey) complain(from, path, `names no survey: ${name}; ${suggestKnownNames(name, [...surveys.keys()])}`);
    else if (survey.kind !== kind)
      complain(from, path, `names a ${survey.kind} survey, but a ${kind} survey is needed`);
  };
  const policy = workspace['follow-up'];
  checkSurveyReference(file, ['follow-up', 'survey'], policy.survey, 'customer');
  checkSurveyReference(file, ['follow-up', 'closer-survey'], policy['closer-survey'], 'closer');
  // Older workspaces have no explanations: their declined closings wait for a decision.
  if (surveys.has(policy['explained-survey']) || policy['explained-survey'] !== 'explained')
    checkSurveyReference(file, ['follow-up', 'explained-survey'], policy['explained-survey'], 'customer');
  for (const name of Object.keys(workspace.templates)) {
    const template = templates.get(name);
    if (!template) {
      const choice = suggestKnownNames(name, [...templates.keys()]);
      report(['templates', name], `names no case template: ${name}; ${choice}`);
      continue;
    }
    const { file: own, value } = template;
    checkTemplate(workspace, value, (path, message) => complain(own, path, message));
    if (value['follow-up']) checkSurveyReference(own, ['follow-up'], value['follow-up'], 'customer');
  }
  for (const [name, { link, subject, text, button }] of Object.entries(workspace.invitations)) {
    for (const [field, wording] of Object.entries({ link, subject, text, button })) {
      const problem = checkWording(wording, invitationPlaceholders);
      if (problem) report(['invitations', name, field], problem);
    }
  }
  for (const { file: own, value } of surveys.values())
    checkSurvey(workspace, value, (path, message) => complain(own, path, message));
}
