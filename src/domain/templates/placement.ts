import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import type { CaseTemplate, CaseTemplateFile } from './template.ts';

type Problem = { path: string[]; message: string };

/** A template with its sources, tracker and team: its own, else the workspace file's, else the only ones. */
export function placeTemplate(
  name: string,
  template: CaseTemplateFile,
  { sources, trackers, teams, templates }: Pick<WorkspaceSettings, 'sources' | 'trackers' | 'teams' | 'templates'>,
): { template: CaseTemplate; problems: Problem[] } {
  const place = Object.hasOwn(templates, name) ? templates[name] : undefined;
  const problems: Problem[] = [];
  const choose = (path: string[], group: string, known: object, named: string | undefined): string => {
    const names = Object.keys(known);
    const [only, ...more] = names;
    if (named !== undefined) return named;
    if (only !== undefined && more.length === 0) return only;
    const places = `${path.join('.')} in the case template, or templates.${name}.${path.at(-1)} in the workspace file`;
    const message = more.length === 0 ? `there are no ${group}` : `there are the ${group} ${names.join(', ')}`;
    problems.push({ path, message: `is missing, and ${message}; set ${places}` });
    return '';
  };
  const tracker = choose(['tracker'], 'trackers', trackers, template.tracker ?? place?.tracker);
  const team = choose(['team'], 'teams', teams, template.team ?? place?.team);
  const source = template.when.source ?? place?.source ?? [choose(['when', 'source'], 'sources', sources, undefined)];
  return { template: { ...template, tracker, team, when: { ...template.when, source } }, problems };
}
