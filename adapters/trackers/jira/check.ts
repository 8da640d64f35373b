import * as jira from 'jira.js/cloud';
import { checkVendorClock, createFailedCheckFinding, note, stop } from '#adapters/outcomes.ts';
import { isRefused } from '#adapters/tracker-parts.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { IssueReader, SetUpCheck, SetUpFinding } from '#domain/integrations/tracker.ts';
import { findField, listMissingFields, type ScreenCache, toJiraLabel } from './fields.ts';
import type { Reading } from './read.ts';
import * as schema from './schema.ts';
import { readIssueOptions } from './settings.ts';
import type { JiraSite } from './site.ts';
import { chooseClosing, listFieldsWithoutValue, listOpenings, readTransitions } from './transitions.ts';

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
    const users = await read('jira assignable users', schema.assignableUsersSchema, (client) =>
      jira.findAssignableUsers(client, { project, accountId }),
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

async function checkCreateScreens(
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

/** Fields that edits write. Labels stand in for the due date and the priority. */
const editedFields = ['summary', 'description', 'labels', 'assignee', 'duedate', 'priority'];
const replacedByLabels = ['duedate', 'priority'];

async function checkWorkflow(site: JiraSite, issueType: string): Promise<SetUpFinding[]> {
  const { project } = site.settings;
  const { issues } = await site.read('jira search', schema.sampleIssuePageSchema, (client) =>
    jira.searchAndReconsileIssuesUsingJqlPost(client, {
      jql: `project = "${project}" ORDER BY key DESC`,
      fields: ['status', 'issuetype'],
      maxResults: 100,
    }),
  );
  const ofType = issues.filter(({ fields }) => isType(fields.issuetype, issueType));
  const isDone = ({ fields }: schema.SampleIssue) => fields.status.statusCategory.key === 'done';
  const [open, closed] = [ofType.find((issue) => !isDone(issue)), ofType.find(isDone)];
  return [
    ...(await checkDoneStatus(site, issueType)),
    ...(open ? await unlessGone(checkOpenIssue(site, open)) : []),
    ...(closed ? await unlessGone(checkClosedIssue(site, closed)) : []),
  ];
}

const isType = ({ id, name }: { id: string; name: string }, wanted: string): boolean =>
  id === wanted || name.toLowerCase() === wanted.toLowerCase();

/** The index may show an issue that is gone. */
const unlessGone = (findings: Promise<SetUpFinding[]>): Promise<SetUpFinding[]> =>
  findings.catch((error: unknown) => {
    if (!isRefused(error)) throw error;
    return [];
  });

async function checkDoneStatus({ read, settings: { project } }: JiraSite, type: string): Promise<SetUpFinding[]> {
  const types = await read('jira statuses', schema.typeStatusesSchema, (client) =>
    jira.getAllStatuses(client, { projectIdOrKey: project }),
  );
  const own = types.find((each) => isType(each, type));
  if (!own || own.statuses.some(({ statusCategory }) => statusCategory.key === 'done')) return [];
  const remedy = 'add a status of the category Done to the workflow, and a transition to it';
  return [stop('workflow', `the workflow of ${type} in ${project} has no status that closes an issue`, remedy)];
}

async function checkOpenIssue(
  site: JiraSite,
  { key, fields: { status } }: schema.SampleIssue,
): Promise<SetUpFinding[]> {
  const { fields } = await site.read('jira edit screen', schema.editScreenSchema, (client) =>
    jira.getEditIssueMeta(client, { issueIdOrKey: key }),
  );
  // An empty screen means that the permission to edit is missing.
  const off = Object.keys(fields).length === 0 ? [] : editedFields.filter((field) => !(field in fields));
  const transitions = await readTransitions(site, key);
  const ways = (['completed', 'not-planned', 'duplicate'] as const).flatMap(
    (kind) => chooseClosing(transitions, kind) ?? [],
  );
  const leads = 'add a transition towards a closing to the workflow, for Caselite’s account as well';
  return [
    ...off.map((field) =>
      (replacedByLabels.includes(field) ? note : stop)(
        'fields',
        `the edit screen of ${key} does not take ${field}, so later changes of it are refused`,
        'add the field to the edit screen, under Project settings, Screens',
      ),
    ),
    ...(ways.length === 0
      ? [stop('workflow', `no transition leads from ${status.name} of ${key} to a closing`, leads)]
      : []),
    ...(ways.some(({ isStep }) => isStep)
      ? [note('workflow', `${key} is closed in several steps, from ${status.name}`, 'nothing has to be done')]
      : []),
    ...ways.flatMap(({ transition }) => checkDemands(site, transition)),
  ];
}

async function checkClosedIssue(
  site: JiraSite,
  { key, fields: { status } }: schema.SampleIssue,
): Promise<SetUpFinding[]> {
  const [opening] = listOpenings(await readTransitions(site, key));
  if (opening) return checkDemands(site, opening);
  const remedy = 'add a transition that reopens to the workflow, for Caselite’s account as well';
  return [stop('workflow', `no transition leads from ${status.name} of ${key} to an open status`, remedy)];
}

const checkDemands = (site: JiraSite, transition: schema.Transition): SetUpFinding[] =>
  listFieldsWithoutValue(site, transition).map(({ fieldId, name }) =>
    stop(
      'workflow',
      `the transition to ${transition.to.name} demands ${name} (${fieldId}), and no value is set for it`,
      'give it a value under fields: of the tracker, or make it optional in the workflow',
    ),
  );
