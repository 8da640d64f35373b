import { isRefused, note, stop } from '#adapters/tracker-parts.ts';
import type { SetUpFinding } from '#domain/integrations/tracker.ts';
import { checkWorkflow } from './check-workflow.ts';
import { findField, listMissingFields, toJiraLabel } from './fields.ts';
import type { ScreenCache } from './screen.ts';
import { readIssueOptions } from './settings.ts';
import type { JiraSite } from './site.ts';

async function checkCreateScreen(
  site: JiraSite,
  screens: ScreenCache,
  { issueType, own }: { issueType: string; own: Record<string, unknown> },
): Promise<SetUpFinding[]> {
  const { settings } = site;
  const { project } = settings;
  try {
    const { allows, fields } = await screens.get(issueType);
    const wanted = { ...settings.fields, ...own };
    const place = `${issueType} in ${project}`;
    const give = 'give it a value under fields: of the tracker or the template, or make it optional';
    const screen = `add the field to the screen of ${issueType}, under Project settings, Screens`;
    const unknown = Object.keys(wanted).filter((field) => field !== 'labels' && !findField(fields, field));
    const changed = [wanted.labels ?? []].flat().filter((label) => toJiraLabel(label) !== label);
    const off = ['duedate', 'priority', 'labels'].filter((field) => !allows(field));
    return [
      ...listMissingFields(fields, wanted).map(({ fieldId, name }) =>
        stop('fields', `${place} requires the field ${name} (${fieldId}), and no value is set for it`, give),
      ),
      ...unknown.map((field) =>
        note('fields', `the create screen of ${place} has no field ${field}`, `correct its name, or ${screen}`),
      ),
      ...changed.map((label) =>
        note('fields', `the label ${label} has spaces and becomes ${toJiraLabel(label)}`, 'nothing has to be done'),
      ),
      ...off.map((field) =>
        (field === 'labels' ? stop : note)('fields', `the create screen of ${project} does not take ${field}`, screen),
      ),
    ];
  } catch (error) {
    if (!isRefused(error)) throw error;
    const remedy = 'name one of its issue types as issue-type in the workspace file';
    return [stop('fields', `the project ${project} has no issue type ${issueType}`, remedy)];
  }
}

/** Checks screens and workflow of the tracker's issue type and of those that templates name. */
export async function checkCreateScreens(
  site: JiraSite,
  screens: ScreenCache,
  options: Record<string, unknown>[],
): Promise<SetUpFinding[]> {
  const findings: SetUpFinding[] = [];
  for (const given of [{}, ...options]) {
    const own = readIssueOptions(given);
    const issueType = own['issue-type'] ?? site.settings['issue-type'];
    findings.push(...(await checkCreateScreen(site, screens, { issueType, own: own.fields ?? {} })));
    findings.push(...(await checkWorkflow(site, issueType)));
  }
  return [...new Map(findings.map((finding) => [finding.message, finding])).values()];
}
