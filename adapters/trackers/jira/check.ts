import * as jira from 'jira.js/cloud';
import * as kit from '../../kit.ts';
import { findField, listMissingFields, type Screen, type ScreenCache, toJiraLabel } from './fields.ts';
import type { Reading } from './read.ts';
import * as schema from './schema.ts';
import { type JiraSettings, readIssueOptions } from './settings.ts';
import type { JiraSite } from './site.ts';
import { chooseClosing, listFieldsWithoutValue, listOpenings, readTransitions, unlessRefused } from './transitions.ts';

const needed = ['BROWSE_PROJECTS', 'CREATE_ISSUES', 'EDIT_ISSUES', 'ADD_COMMENTS', 'TRANSITION_ISSUES'];
const useful = ['ASSIGN_ISSUES', 'LINK_ISSUES', 'SCHEDULE_ISSUES', 'RESOLVE_ISSUES'];

/** Checks the project, and finds where a missing issue is. */
export function createJiraSetUpCheck(site: JiraSite, screens: ScreenCache, reading: Reading) {
  const { read, settings } = site;
  const { project } = settings;

  async function isAssignable(accountId: string): Promise<boolean> {
    const asked = { project, accountId };
    const users = await read('jira assignable users', schema.assignableUsersSchema, jira.findAssignableUsers, asked);
    return users.some((user) => user.accountId === accountId);
  }

  return {
    async visibility() {
      // Only Jira knows who may read unsigned, so the project is requested as a stranger.
      const status = await site.anonymously('jira visibility', `${await site.home()}/rest/api/3/project/${project}`);
      if (status === 200) return 'public';
      return [401, 403, 404].includes(status) ? 'private' : 'unknown';
    },

    async findWhyUnreadable(id) {
      const issue = await reading.find(id);
      if (issue) {
        const { url } = await reading.snapshot(issue);
        return { kind: issue.key.startsWith(`${project}-`) ? 'here' : 'moved', url };
      }
      // Jira answers 404 for deleted and for hidden issues; without permission to browse the project both are hidden.
      const asked = site.findLackedPermissions(['BROWSE_PROJECTS']);
      const lacked = await kit.recover(asked, isUnknownProject, ['BROWSE_PROJECTS']);
      return { kind: lacked.length > 0 ? 'hidden' : 'missing', url: null };
    },

    async check({ accounts, now, options = [] }) {
      try {
        await site.account();
      } catch (error) {
        return [kit.createFailedCheckFinding(error, 'the scopes read:jira-work, write:jira-work and read:jira-user')];
      }
      const clock = kit.checkVendorClock(site.vendorTimeMs(), now);
      const lacked = await kit.recover(site.findLackedPermissions([...needed, ...useful]), isUnknownProject, null);
      if (!lacked) {
        const remedy = 'check the key, and give the account a role in the project';
        return [kit.stop('place', `the project ${project} is not to be seen by ${settings.email}`, remedy)];
      }
      screens.forget();
      const role = 'give the account a project role that has it, under Project settings, People';
      return kit.gatherFindings(
        clock,
        lacked.map((permission) => {
          const name = `${permission.charAt(0)}${permission.slice(1).toLowerCase().replace('_', ' ')}`;
          const finding = needed.includes(permission) ? kit.stop : kit.note;
          return finding('permissions', `${settings.email} lacks “${name}” in ${project}`, role);
        }),
        await Array.fromAsync([{}, ...options], (given) => checkNewIssues(site, screens, given)),
        await kit.checkPeople(
          accounts,
          isAssignable,
          `cannot be assigned in ${project}`,
          'correct the person’s jira account in the workspace file, or give it a role in the project',
        ),
      );
    },
  } satisfies Partial<kit.Tracker>;
}

const isUnknownProject = (error: unknown): boolean => kit.hasStatus(error, 404);

/** Checks what the tracker, or one template with its own settings, asks of new issues. */
async function checkNewIssues(site: JiraSite, screens: ScreenCache, given: unknown) {
  const { 'issue-type': type = site.settings['issue-type'], fields: own } = readIssueOptions(given);
  const screen = await kit.recover(screens.get(type), kit.isRefused, null);
  return [checkCreateScreen(site.settings, type, screen, own), await checkWorkflow(site, type)];
}

function checkCreateScreen(
  { project, fields: configured }: JiraSettings,
  issueType: string,
  screen: Screen | null,
  own: Record<string, unknown> = {},
) {
  const name = 'name one of its issue types as issue-type in the workspace file';
  if (!screen) return kit.stop('fields', `the project ${project} has no issue type ${issueType}`, name);
  const { allows, fields } = screen;
  const wanted = { ...configured, ...own };
  const place = `${issueType} in ${project}`;
  const give = 'give it a value under fields: of the tracker or the template, or make it optional';
  const add = `add the field to the screen of ${issueType}, under Project settings, Screens`;
  const unknown = Object.keys(wanted).filter((field) => field !== 'labels' && !findField(fields, field));
  const changed = [wanted.labels ?? []].flat().filter((label) => toJiraLabel(label) !== label);
  // Without a description of the screen, nothing is known to be off it.
  const off = fields.length === 0 ? [] : ['duedate', 'priority', 'labels'].filter((field) => !allows(field));
  return [
    listMissingFields(fields, wanted).map((field) =>
      kit.stop(
        'fields',
        `${place} requires the field ${field.name} (${field.fieldId}), and no value is set for it`,
        give,
      ),
    ),
    unknown.map((field) =>
      kit.note('fields', `the create screen of ${place} has no field ${field}`, `correct its name, or ${add}`),
    ),
    changed.map((label) =>
      kit.note('fields', `the label ${label} has spaces and becomes ${toJiraLabel(label)}`, 'nothing has to be done'),
    ),
    off.map((field) => {
      const finding = field === 'labels' ? kit.stop : kit.note;
      return finding('fields', `the create screen of ${project} does not take ${field}`, add);
    }),
  ];
}

async function checkWorkflow(site: JiraSite, issueType: string) {
  const { project } = site.settings;
  const isOfType = ({ id, name }: { id: string; name: string }) =>
    id === issueType || name.toLowerCase() === issueType.toLowerCase();
  const asked = { projectIdOrKey: project };
  const types = await site.read('jira statuses', schema.typeStatusesSchema, jira.getAllStatuses, asked);
  const canClose = types.find(isOfType)?.statuses.some(isDoneStatus) ?? true;
  const search = jira.searchAndReconsileIssuesUsingJqlPost;
  const newest = { jql: `project = "${project}" ORDER BY key DESC`, fields: ['status', 'issuetype'], maxResults: 100 };
  const { issues } = await site.read('jira search', schema.sampleIssuePageSchema, search, newest);
  const ofType = issues.filter(({ fields }) => isOfType(fields.issuetype));
  const open = ofType.find(({ fields }) => !isDoneStatus(fields.status));
  const closed = ofType.find(({ fields }) => isDoneStatus(fields.status));
  // The index may show an issue that is gone.
  return [
    !canClose &&
      kit.stop(
        'workflow',
        `the workflow of ${issueType} in ${project} has no status that closes an issue`,
        'add a status of the category Done to the workflow, and a transition to it',
      ),
    open && (await unlessRefused(checkOpenIssue(site, open))),
    closed && (await unlessRefused(checkClosedIssue(site, closed))),
  ];
}

const isDoneStatus = (status: schema.SampleIssue['fields']['status']): boolean => status.statusCategory.key === 'done';

const editedFields = ['summary', 'description', 'labels', 'assignee', 'duedate', 'priority'];
const replacedByLabels = ['duedate', 'priority'];

async function checkOpenIssue(site: JiraSite, { key, fields: { status } }: schema.SampleIssue) {
  const asked = { issueIdOrKey: key };
  const { fields } = await site.read('jira edit screen', schema.editScreenSchema, jira.getEditIssueMeta, asked);
  // An empty screen means that the permission to edit is missing.
  const off = Object.keys(fields).length === 0 ? [] : editedFields.filter((field) => !(field in fields));
  const transitions = await readTransitions(site, key);
  const kinds = ['completed', 'not-planned', 'duplicate'] as const;
  const ways = kinds.flatMap((kind) => chooseClosing(transitions, kind) ?? []);
  const add = 'add the field to the edit screen, under Project settings, Screens';
  const lead = 'add a transition towards a closing to the workflow, for Caselite’s account as well';
  return [
    off.map((field) => {
      const finding = replacedByLabels.includes(field) ? kit.note : kit.stop;
      return finding(
        'fields',
        `the edit screen of ${key} does not take ${field}, so later changes of it are refused`,
        add,
      );
    }),
    ways.length === 0 && kit.stop('workflow', `no transition leads from ${status.name} of ${key} to a closing`, lead),
    ways.some(({ isStep }) => isStep) &&
      kit.note('workflow', `${key} is closed in several steps, from ${status.name}`, 'nothing has to be done'),
    ways.map(({ transition }) => checkDemands(site, transition)),
  ];
}

async function checkClosedIssue(site: JiraSite, { key, fields: { status } }: schema.SampleIssue) {
  const [opening] = listOpenings(site, await readTransitions(site, key));
  if (opening) return checkDemands(site, opening);
  const remedy = 'add a transition that reopens to the workflow, for Caselite’s account as well';
  return kit.stop('workflow', `no transition leads from ${status.name} of ${key} to an open status`, remedy);
}

const checkDemands = (site: JiraSite, transition: schema.Transition): kit.SetUpFinding[] =>
  listFieldsWithoutValue(site, transition).map(({ fieldId, name }) =>
    kit.stop(
      'workflow',
      `the transition to ${transition.to.name} demands ${name} (${fieldId}), and no value is set for it`,
      'give it a value under fields: of the tracker, or make it optional in the workflow',
    ),
  );
