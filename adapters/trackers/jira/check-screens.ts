import { IntegrationError } from '#domain/base/errors.ts';
import type { SetUpFinding } from '#domain/integrations/tracker.ts';
import { findField, listMissingFields } from './fields.ts';
import type { ScreenCache } from './screen.ts';
import { readIssueOptions } from './settings.ts';
import type { JiraSite } from './site.ts';

async function checkCreateScreen(
  { settings }: JiraSite,
  screens: ScreenCache,
  { issueType, own }: { issueType: string; own: Record<string, unknown> },
): Promise<SetUpFinding[]> {
  const { project } = settings;
  try {
    const { allows, fields } = await screens.get(issueType);
    const wanted = { ...settings.fields, ...own };
    const missing = listMissingFields(fields, wanted).map(({ fieldId, name }) => ({
      about: 'fields' as const,
      blocking: true,
      message: `${issueType} in ${project} requires the field ${name} (${fieldId}), and no value is set for it`,
      remedy: `give it a value under fields: of the tracker or the template, or make it optional`,
    }));
    const unknown = Object.keys(wanted).filter((field) => field !== 'labels' && !findField(fields, field));
    const off = ['duedate', 'priority', 'labels'].filter((field) => !allows(field));
    return [
      ...missing,
      ...unknown.map((field) => ({
        about: 'fields' as const,
        blocking: false,
        message: `the create screen of ${issueType} in ${project} has no field ${field}`,
        remedy: 'correct its name under fields:, or add it to the screen',
      })),
      ...off.map((field) => ({
        about: 'fields' as const,
        blocking: field === 'labels',
        message: `the create screen of ${project} does not take ${field}`,
        remedy: `add the field to the screen of ${issueType}, under Project settings, Screens`,
      })),
    ];
  } catch (error) {
    if (!(error instanceof IntegrationError) || error.code !== 'rejected') throw error;
    return [
      {
        about: 'fields',
        blocking: true,
        message: `the project ${project} has no issue type ${issueType}`,
        remedy: 'name one of its issue types as issue-type in the workspace file',
      },
    ];
  }
}

/** Checks the create screens of the tracker's issue type and of those that templates name. */
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
  }
  return [...new Map(findings.map((finding) => [finding.message, finding])).values()];
}
