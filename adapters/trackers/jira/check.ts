import { findAssignableUsers } from 'jira.js/cloud';
import { checkVendorClock, createFailedCheckFinding } from '#adapters/outcomes.ts';
import { note, stop } from '#adapters/tracker-parts.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { IssueReader, SetUpCheck, SetUpFinding } from '#domain/integrations/tracker.ts';
import { checkCreateScreens } from './check-screens.ts';
import type { Reading } from './read.ts';
import { assignableUsersSchema } from './schema.ts';
import type { ScreenCache } from './screen.ts';
import type { JiraSite } from './site.ts';

/** Required permissions of the project role, and what fails without them. */
const needed: Record<string, { blocking: boolean; name: string }> = {
  BROWSE_PROJECTS: { blocking: true, name: 'Browse projects' },
  CREATE_ISSUES: { blocking: true, name: 'Create issues' },
  EDIT_ISSUES: { blocking: true, name: 'Edit issues' },
  ADD_COMMENTS: { blocking: true, name: 'Add comments' },
  TRANSITION_ISSUES: { blocking: true, name: 'Transition issues' },
  ASSIGN_ISSUES: { blocking: false, name: 'Assign issues' },
  LINK_ISSUES: { blocking: false, name: 'Link issues' },
  SCHEDULE_ISSUES: { blocking: false, name: 'Schedule issues' },
  RESOLVE_ISSUES: { blocking: false, name: 'Resolve issues' },
};

/** Checks the project, and finds where a missing issue is. */
export function createJiraSetUpCheck(
  site: JiraSite,
  screens: ScreenCache,
  reading: Pick<Reading, 'find' | 'snapshot'>,
): SetUpCheck & Pick<IssueReader, 'findWhyUnreadable'> {
  const { read, settings } = site;
  const { project } = settings;

  async function isAssignable(accountId: string): Promise<boolean> {
    const users = await read('jira assignable users', assignableUsersSchema, (client) =>
      findAssignableUsers(client, { project, accountId }),
    );
    return users.some((user) => user.accountId === accountId);
  }

  return {
    async visibility() {
      try {
        // Only Jira knows who may read unsigned, so the project is requested as a stranger.
        const status = await site.anonymously(`${await site.home()}/rest/api/3/project/${project}`);
        if (status === 200) return 'public';
        return [401, 403, 404].includes(status) ? 'private' : 'unknown';
      } catch {
        return 'unknown';
      }
    },

    async findWhyUnreadable(id) {
      const issue = await reading.find(id);
      if (issue) {
        const { url } = await reading.snapshot(issue);
        return { kind: issue.key.startsWith(`${project}-`) ? 'here' : 'moved', url };
      }
      // Jira answers 404 for deleted and for hidden issues; without permission to browse the project both are hidden.
      const lacked = await site.findLackedPermissions(['BROWSE_PROJECTS']).catch((error: unknown) => {
        if (error instanceof IntegrationError && error.status === 404) return ['BROWSE_PROJECTS'];
        throw error;
      });
      return { kind: lacked.includes('BROWSE_PROJECTS') ? 'hidden' : 'missing', url: null };
    },

    async check({ accounts, now, options }) {
      const findings: SetUpFinding[] = [];
      try {
        await site.account();
      } catch (error) {
        return [createFailedCheckFinding(error, 'the scopes read:jira-work, write:jira-work and read:jira-user')];
      }
      findings.push(...checkVendorClock(site.vendorTimeMs(), now));
      let lacked: string[];
      try {
        lacked = await site.findLackedPermissions(Object.keys(needed));
      } catch (error) {
        if (!(error instanceof IntegrationError) || error.status !== 404) throw error;
        const remedy = 'check the key, and give the account a role in the project';
        return [stop('place', `the project ${project} is not to be seen by ${settings.email}`, remedy)];
      }
      for (const name of lacked) {
        const permission = needed[name];
        if (!permission) continue;
        const message = `${settings.email} lacks “${permission.name}” in ${project}`;
        const remedy = 'give the account a project role that has it, under Project settings, People';
        findings.push((permission.blocking ? stop : note)('permissions', message, remedy));
      }
      screens.forget();
      findings.push(...(await checkCreateScreens(site, screens, options ?? [])));
      for (const account of accounts) {
        if (await isAssignable(account)) continue;
        const remedy = 'correct the person’s jira account in the workspace file, or give it a role in the project';
        findings.push(note('people', `${account} cannot be assigned in ${project}`, remedy));
      }
      return findings;
    },
  };
}
