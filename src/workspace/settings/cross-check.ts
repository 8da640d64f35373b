import { checkKnown, type Report } from '#domain/base/nearest.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import type { FollowUpSurvey } from '#domain/templates/survey.ts';
import type { CaseTemplate } from '#domain/templates/template.ts';
import { checkWording, invitationPlaceholders } from '../basics/render-wording.ts';
import { checkSurvey } from './check-survey.ts';
import { checkTemplate } from './check-template.ts';
import type { Read } from './read-yaml.ts';

/** Checks names that one file uses and another must define. */
export function checkNamesAcrossFiles(
  { value: workspace, report }: Read<WorkspaceSettings>,
  templates: Map<string, Read<CaseTemplate>>,
  surveys: Map<string, Read<FollowUpSurvey>>,
): void {
  const checkSurveyName = (
    from: Report,
    path: PropertyKey[],
    name: string | undefined,
    kind: FollowUpSurvey['kind'],
  ) => {
    checkKnown(from, path, name, [...surveys.keys()], 'names no survey');
    const given = surveys.get(name ?? '')?.value.kind ?? kind;
    if (given !== kind) from(path, `names a ${given} survey, but a ${kind} survey is needed`);
  };
  const policy = workspace['follow-up'];
  checkSurveyName(report, ['follow-up', 'survey'], policy.survey, 'customer');
  checkSurveyName(report, ['follow-up', 'closer-survey'], policy['closer-survey'], 'closer');
  // Older workspaces have no explanations: their declined closings wait for a decision.
  if (surveys.has(policy['explained-survey']) || policy['explained-survey'] !== 'explained')
    checkSurveyName(report, ['follow-up', 'explained-survey'], policy['explained-survey'], 'customer');
  for (const name of Object.keys(workspace.templates)) {
    checkKnown(report, ['templates', name], name, [...templates.keys()], 'names no case template');
    const template = templates.get(name);
    if (!template) continue;
    checkTemplate(workspace, template.value, template.report);
    checkSurveyName(template.report, ['follow-up'], template.value['follow-up'], 'customer');
  }
  for (const [name, { link, subject, text, button }] of Object.entries(workspace.invitations)) {
    for (const [field, wording] of Object.entries({ link, subject, text, button })) {
      const problem = checkWording(wording, invitationPlaceholders);
      if (problem) report(['invitations', name, field], problem);
    }
  }
  for (const survey of surveys.values()) checkSurvey(workspace, survey.value, survey.report);
}
