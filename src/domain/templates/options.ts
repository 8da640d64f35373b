import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import type { FollowUpSurvey } from './survey.ts';

export function applyTeamCaseOptions(settings: WorkspaceSettings, teamName: string): WorkspaceSettings {
  const own = Object.hasOwn(settings.teams, teamName) ? settings.teams[teamName]?.['case-options'] : undefined;
  if (!own) return settings;
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...settings, 'case-options': { ...settings['case-options'], ...given } };
}

/** Rank of a severity, 1 the most severe: by the workspace's mapping, else by its position in the list. */
export function findSeverityRank(settings: WorkspaceSettings, severity: string): 1 | 2 | 3 | 4 {
  const { priorities, severities } = settings['case-options'];
  const mapped = Object.hasOwn(priorities, severity) ? priorities[severity] : undefined;
  const index = severities.indexOf(severity);
  return mapped ?? ((index < 0 ? 3 : Math.min(index + 1, 4)) as 1 | 2 | 3 | 4);
}

/** Colour of a severity or category in the workspace file, as six hex digits; null without one. */
export function findLabelColour(settings: WorkspaceSettings, name: string): string | null {
  const { colours } = settings['case-options'];
  return Object.hasOwn(colours, name) ? (colours[name] ?? null) : null;
}

/** The next higher severity; unchanged for the highest and for unlisted ones. */
export const findNextHigherSeverity = (severities: string[], severity: string): string =>
  severities[severities.indexOf(severity) - 1] ?? severity;

/** Questions of surveys whose answers are a list of the case options. */
export const optionOfQuestion = new Map<string, 'blockers' | 'root-causes'>([
  ['blocker', 'blockers'],
  ['root-cause', 'root-causes'],
]);

/** A survey with a team's case options filled in. Questions without choices are left out. */
export function fillSurveyOptions(survey: FollowUpSurvey, settings: WorkspaceSettings, team: string): FollowUpSurvey {
  const options = applyTeamCaseOptions(settings, team)['case-options'];
  const questions = survey.questions.flatMap((question) => {
    const option = optionOfQuestion.get(question.id);
    if (!option) return [question];
    const list = options[option];
    return list.length === 0 ? [] : [{ ...question, options: list.map((value) => ({ value, label: value })) }];
  });
  return { ...survey, questions };
}
