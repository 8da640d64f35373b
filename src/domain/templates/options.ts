import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import type { FollowUpSurvey } from './survey.ts';

/** The settings as one team sees them: its own case options lie over the workspace's. */
export function settingsFor(settings: WorkspaceSettings, teamName: string): WorkspaceSettings {
  const own = Object.hasOwn(settings.teams, teamName)
    ? settings.teams[teamName]?.['case-options']
    : undefined;
  if (!own) return settings;
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...settings, 'case-options': { ...settings['case-options'], ...given } };
}

/** 1 is the most severe: as the workspace maps it to a tracker's four priorities, else by its place in the list. */
export function severityRank(settings: WorkspaceSettings, severity: string): 1 | 2 | 3 | 4 {
  const { priorities, severities } = settings['case-options'];
  const mapped = Object.hasOwn(priorities, severity) ? priorities[severity] : undefined;
  return mapped ?? rankOf(severities, severity);
}

/** 1 is the most severe of the workspace's list. */
export function rankOf(severities: string[], severity: string): 1 | 2 | 3 | 4 {
  const index = severities.indexOf(severity);
  return (index < 0 ? 3 : Math.min(index + 1, 4)) as 1 | 2 | 3 | 4;
}

/** The colour that a workspace gives a severity or a category: six hex digits, or null. */
export function colourOf(settings: WorkspaceSettings, name: string): string | null {
  const { colours } = settings['case-options'];
  return Object.hasOwn(colours, name) ? (colours[name] ?? null) : null;
}

/** The severity one place higher in the list; the same for the highest, and for one that is not listed. */
export function oneHigher(severities: string[], severity: string): string {
  const index = severities.indexOf(severity);
  return index > 0 ? (severities[index - 1] ?? severity) : severity;
}

/**
 * A survey as a team's case options fill it: `blocker` and `root-cause` offer the lists, and a question without
 * anything to choose is left out.
 */
export function surveyFor(survey: FollowUpSurvey, settings: WorkspaceSettings, team: string): FollowUpSurvey {
  const options = settingsFor(settings, team)['case-options'];
  const lists = new Map([
    ['blocker', options.blockers],
    ['root-cause', options['root-causes']],
  ]);
  const questions = survey.questions.flatMap((question) => {
    const list = lists.get(question.id);
    if (!list) return [question];
    return list.length === 0
      ? []
      : [{ ...question, options: list.map((value) => ({ value, label: value })) }];
  });
  return { ...survey, questions };
}
