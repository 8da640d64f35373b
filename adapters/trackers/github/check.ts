import * as kit from '../../kit.ts';
import { isForbidden, isGone, type Octokit, pageSize, readRedirect } from './client.ts';
import { parseIssueNumber, type Repository } from './repository.ts';
import { anySchema, issueSchema, labelsSchema, repositorySchema } from './schema.ts';
import { type GitHubSettings, readIssueOptions } from './settings.ts';

/** Checks the repository, and finds where a missing issue is. */
export function createGithubSetUpCheck(octokit: Octokit, hub: Repository, settings: GitHubSettings) {
  const { place, read, isOurs } = hub;
  const { rest } = octokit;

  const fetchRepository = () => read('read repository', repositorySchema, () => rest.repos.get(place));

  return {
    async visibility() {
      const { visibility, private: isPrivate } = await fetchRepository();
      return visibility === 'public' ? visibility : isPrivate ? 'private' : 'unknown';
    },

    async findWhyUnreadable(id) {
      let path: string | null = null;
      try {
        const issue = await read('read issue', issueSchema, async () => {
          const answer = await rest.issues.get({ ...place, issue_number: parseIssueNumber(id) });
          path = readRedirect(octokit, answer);
          return answer;
        });
        return { kind: isOurs(issue) ? 'here' : 'moved', url: issue.html_url };
      } catch (error) {
        if (!isGone(error)) throw error;
        if (error.status === 410 && !error.isPlaceClosed) return { kind: 'deleted', url: null };
        if (error.status < 400) {
          const moved = read('read moved issue', issueSchema, () => octokit.request(`GET ${path}`));
          return { kind: 'moved', url: (await moved.catch(() => null))?.html_url ?? null };
        }
        // GitHub answers 404 for deleted and for hidden issues, and 410 where issues are switched off.
        const isHidden = (failed: unknown) => isGone(failed) || isForbidden(failed);
        const repository = await kit.recover(fetchRepository(), isHidden, null);
        return { kind: repository?.has_issues ? 'missing' : 'hidden', url: null };
      }
    },

    check: checkOf(octokit, hub, settings),
  } satisfies Partial<kit.Tracker>;
}

function checkOf(octokit: Octokit, hub: Repository, settings: GitHubSettings): kit.SetUpCheck['check'] {
  const { place, ask, read, fields } = hub;
  const { rest } = octokit;
  const { repository } = settings;

  const isAssignable = (assignee: string) =>
    exists(read('check assignee', anySchema, () => rest.issues.checkUserCanBeAssigned({ ...place, assignee })));

  const hasMilestone = (milestone_number: number) =>
    exists(read('read milestone', anySchema, () => rest.issues.getMilestone({ ...place, milestone_number })));

  async function checkLabels(names: string[]) {
    const labels = await read('list labels', labelsSchema, () =>
      rest.issues.listLabelsForRepo({ ...place, per_page: pageSize }),
    );
    const present = new Set(labels.map(({ name }) => name.toLowerCase()));
    const missing = names.filter((name) => !present.has(name.toLowerCase()));
    const dropped = 'GitHub drops labels, assignees, types and milestones that this token sets';
    const message = `labels are missing and cannot be made: ${missing.join(', ')}`;
    return [
      kit.note('permissions', dropped, 'give its account the role Triage or Write in the repository'),
      missing.length > 0 && kit.note('labels', message, 'make them under Issues, Labels, or let the token write'),
    ];
  }

  async function checkFields() {
    fields.forget();
    const { date, priority } = await fields.get();
    const missing = [date === null && 'the due date', priority === null && 'priority'].filter(Boolean);
    const message = `the organisation shows no issue field for ${missing.join(' and ')}; labels and the text tell instead`;
    const remedy = 'add the fields Target date and Priority, and let the token read them (Issue fields: read)';
    return missing.length > 0 && kit.note('fields', message, remedy);
  }

  async function findOptionProblems(options: unknown): Promise<(string | false)[]> {
    const { 'issue-type': type, milestone } = readIssueOptions(settings, options);
    const org = { org: place.owner };
    const listTypes = () =>
      read('list issue types', labelsSchema, () => octokit.request('GET /orgs/{org}/issue-types', org));
    const names = type ? (await kit.recover(listTypes(), isGone, [])).map(({ name }) => name) : [];
    const hasType = !type || names.some((name) => name.toLowerCase() === type.toLowerCase());
    return [
      !hasType && `the organisation has no issue type ${type}; it has ${names.join(', ') || 'none'}`,
      milestone !== undefined && !(await hasMilestone(milestone)) && `${repository} has no milestone ${milestone}`,
    ];
  }

  async function checkOptions(options: unknown) {
    const remedy = 'correct it in the workspace file or under issue of the template, or make it in GitHub';
    const problems = await findOptionProblems(options).catch((error: unknown) => {
      if (kit.isRefused(error)) return [error.message];
      throw error;
    });
    return problems.map((message) => message && kit.stop('fields', message, remedy));
  }

  return async ({ accounts, labels, options = [], now }) => {
    const found = await ask('read repository', repositorySchema, () => rest.repos.get(place)).catch(
      (error: unknown) => {
        if (!isGone(error)) return kit.createFailedCheckFinding(error, 'Issues: read and write, and Metadata: read');
        const moved = error.status === 301 ? `: ${error.message}` : '';
        const message = `the repository ${repository} is not to be seen with this token${moved}`;
        return kit.stop('place', message, 'check the name, and give the token or the App access to the repository');
      },
    );
    if ('about' in found) return [found];
    const { data: facts, headers } = found;
    const name = `${place.owner}/${place.repo}`;
    const isRenamed = name.toLowerCase() !== repository.toLowerCase();
    const other = 'unarchive it, or name another repository in the workspace file';
    const rename = 'write its new name into the workspace file';
    const feature = 'switch them on under Settings, Features';
    const canLabel = facts.permissions?.push !== false || facts.permissions?.triage === true;
    return kit.gatherFindings(
      kit.checkVendorClock(Date.parse(headers.get('date') ?? ''), now),
      facts.archived && kit.stop('place', `the repository ${repository} is archived`, other),
      isRenamed && kit.note('place', `the repository ${repository} is ${name} now`, rename),
      !facts.has_issues && kit.stop('place', `issues are switched off in ${repository}`, feature),
      !canLabel && (await checkLabels(labels.map((label) => label.name))),
      await checkFields(),
      await Array.fromAsync([undefined, ...options], checkOptions),
      await kit.checkPeople(
        accounts,
        isAssignable,
        `cannot be assigned in ${repository}`,
        'correct the person’s github account in the workspace file, or give it access',
      ),
    );
  };
}

const exists = (read: Promise<unknown>): Promise<boolean> =>
  kit.recover(
    read.then(() => true),
    isGone,
    false,
  );
