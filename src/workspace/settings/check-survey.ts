import { checkKnown, type Report } from '#domain/base/nearest.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import { checkTranslations, type FollowUpSurvey } from '#domain/templates/survey.ts';
import { checkWording, surveyPlaceholders } from '../basics/render-wording.ts';

/**
 * Checks that a survey begins with the deciding question, that its wordings can be filled in, and that its names exist.
 */
export function checkSurvey(workspace: WorkspaceSettings, survey: FollowUpSurvey, report: Report): void {
  const deciding = survey.kind === 'customer' ? 'resolved' : 'closed';
  if (survey.questions[0]?.id !== deciding)
    report(['questions'], `must begin with the question that decides the verdict, with the id "${deciding}"`);
  for (const { field, message } of checkTranslations(survey)) report(field.split('.'), message);
  const wordings = (path: PropertyKey[], texts: Record<string, string>) => {
    for (const [field, wording] of Object.entries(texts)) {
      const problem = checkWording(wording, surveyPlaceholders[survey.kind]);
      if (problem) report([...path, field], problem);
    }
  };
  wordings(['mail'], survey.mail);
  wordings(['page'], survey.page);
  for (const [language, { mail, page }] of Object.entries(survey.languages)) {
    wordings(['languages', language, 'mail'], mail);
    wordings(['languages', language, 'page'], page);
  }
  checkOwnSurveyTool(workspace, survey, report);
}

function checkOwnSurveyTool({ sources }: WorkspaceSettings, { via, questions }: FollowUpSurvey, report: Report): void {
  if (!via) return;
  const problem = checkWording(via.link, ['token']);
  if (problem) report(['via', 'link'], problem);
  const asking = Object.hasOwn(sources, via.source) ? sources[via.source] : undefined;
  checkKnown(report, ['via', 'source'], via.source, Object.keys(sources), 'is not under sources');
  const ids = questions.map(({ id }) => id);
  for (const [question, alias] of Object.entries(via.answers)) {
    const path = ['via', 'answers', question];
    checkKnown(report, path, question, ids, 'is no question of this survey');
    if (asking)
      checkKnown(report, path, alias, Object.keys(asking.questions), `is not under questions of source ${via.source}`);
  }
  const [first] = questions;
  if (first && !Object.hasOwn(via.answers, first.id))
    report(['via', 'answers'], `must name the alias that answers "${first.id}"`);
}
