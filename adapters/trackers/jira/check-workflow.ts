import { getAllStatuses, getEditIssueMeta, searchAndReconsileIssuesUsingJqlPost } from 'jira.js/cloud';
import { isRefused, note, stop } from '#adapters/tracker-parts.ts';
import type { SetUpFinding } from '#domain/integrations/tracker.ts';
import {
  editScreenSchema,
  type SampleIssue,
  sampleIssuePageSchema,
  type Transition,
  typeStatusesSchema,
} from './schema.ts';
import type { JiraSite } from './site.ts';
import { chooseClosing, listFieldsWithoutValue, listOpenings, readTransitions } from './transitions.ts';

/** Fields that edits write. Labels stand in for the due date and the priority. */
const editedFields = ['summary', 'description', 'labels', 'assignee', 'duedate', 'priority'];
const replacedByLabels = ['duedate', 'priority'];

/** Checks what Caselite will do with issues of a type: edits, closings and reopenings, by the newest that exist. */
export async function checkWorkflow(site: JiraSite, issueType: string): Promise<SetUpFinding[]> {
  const { project } = site.settings;
  const { issues } = await site.read('jira search', sampleIssuePageSchema, (client) =>
    searchAndReconsileIssuesUsingJqlPost(client, {
      jql: `project = "${project}" ORDER BY key DESC`,
      fields: ['status', 'issuetype'],
      maxResults: 100,
    }),
  );
  const ofType = issues.filter(({ fields }) => isType(fields.issuetype, issueType));
  const isDone = ({ fields }: SampleIssue) => fields.status.statusCategory.key === 'done';
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
  const types = await read('jira statuses', typeStatusesSchema, (client) =>
    getAllStatuses(client, { projectIdOrKey: project }),
  );
  const own = types.find((each) => isType(each, type));
  if (!own || own.statuses.some(({ statusCategory }) => statusCategory.key === 'done')) return [];
  const remedy = 'add a status of the category Done to the workflow, and a transition to it';
  return [stop('workflow', `the workflow of ${type} in ${project} has no status that closes an issue`, remedy)];
}

async function checkOpenIssue(site: JiraSite, { key, fields: { status } }: SampleIssue): Promise<SetUpFinding[]> {
  const { fields } = await site.read('jira edit screen', editScreenSchema, (client) =>
    getEditIssueMeta(client, { issueIdOrKey: key }),
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

async function checkClosedIssue(site: JiraSite, { key, fields: { status } }: SampleIssue): Promise<SetUpFinding[]> {
  const [opening] = listOpenings(await readTransitions(site, key));
  if (opening) return checkDemands(site, opening);
  const remedy = 'add a transition that reopens to the workflow, for Caselite’s account as well';
  return [stop('workflow', `no transition leads from ${status.name} of ${key} to an open status`, remedy)];
}

const checkDemands = (site: JiraSite, transition: Transition): SetUpFinding[] =>
  listFieldsWithoutValue(site, transition).map(({ fieldId, name }) =>
    stop(
      'workflow',
      `the transition to ${transition.to.name} demands ${name} (${fieldId}), and no value is set for it`,
      'give it a value under fields: of the tracker, or make it optional in the workflow',
    ),
  );
