import type * as z from 'zod';
import { checkVendorClock, createFailedCheckFinding } from '#adapters/outcomes.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { IssueReader, SetUpCheck, SetUpFinding } from '#domain/integrations/tracker.ts';
import { isForbidden, isGone } from './client.ts';
import type { Octokit } from './credentials.ts';
import { pageSize, parseIssueNumber, type Repository } from './repository.ts';
import { anySchema, issueSchema, labelsSchema, repositorySchema } from './schema.ts';

/** Checks the repository, and finds where a missing issue is. */
export function createGithubSetUpCheck(
  octokit: Octokit,
  hub: Repository,
  repository: string,
): SetUpCheck & Pick<IssueReader, 'findWhyUnreadable'> {
  const { place, read, isOurs } = hub;
  const { rest } = octokit;

  const fetchRepository = () => read('read repository', repositorySchema, () => rest.repos.get(place));

  /** Follows one redirect of a transferred issue; null when its new place is hidden. */
  async function findMovedIssueUrl(location: string): Promise<string | null> {
    if (!location) return null;
    const issue = await read('read moved issue', issueSchema, () => octokit.request(`GET ${location}`)).catch(
      () => null,
    );
    return issue?.html_url ?? null;
  }

  return {
    async visibility() {
      try {
        const { visibility, private: isPrivate } = await fetchRepository();
        if (visibility === 'public' || visibility === 'private') return visibility;
        return isPrivate ? 'private' : 'unknown';
      } catch {
        return 'unknown';
      }
    },

    async findWhyUnreadable(id) {
      let location = '';
      try {
        const issue = await read('read issue', issueSchema, async () => {
          const answer = await rest.issues.get({ ...place, issue_number: parseIssueNumber(id) });
          location = String(answer.headers.location ?? '');
          return answer;
        });
        return { kind: isOurs(issue) ? 'here' : 'moved', url: issue.html_url };
      } catch (error) {
        if (!isGone(error) || !(error instanceof IntegrationError)) throw error;
        if (error.status === 410) return { kind: 'deleted', url: null };
        if (error.status !== 404) return { kind: 'moved', url: await findMovedIssueUrl(location) };
        // GitHub answers 404 for deleted and for hidden issues; reading the repository tells which.
        const hasIssuesEnabled = await fetchRepository().then(
          ({ has_issues }) => has_issues,
          (failed: unknown) => {
            if (isGone(failed) || isForbidden(failed)) return false;
            throw failed;
          },
        );
        return { kind: hasIssuesEnabled ? 'missing' : 'hidden', url: null };
      }
    },

    check: checkOf(octokit, hub, repository),
  };
}

function checkOf({ rest }: Octokit, hub: Repository, repository: string): SetUpCheck['check'] {
  const { place, read, fields } = hub;

  async function isAssignable(assignee: string): Promise<boolean> {
    try {
      await read('check assignee', anySchema, () => rest.issues.checkUserCanBeAssigned({ ...place, assignee }));
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }

  async function findMissingLabels(names: string[]): Promise<string[]> {
    const result = await read('list labels', labelsSchema, () =>
      rest.issues.listLabelsForRepo({ ...place, per_page: pageSize }),
    );
    const present = new Set(result.map(({ name }) => name.toLowerCase()));
    return names.filter((name) => !present.has(name.toLowerCase()));
  }

  return async ({ accounts, labels, now }) => {
    const findings: SetUpFinding[] = [];
    const result = (finding: SetUpFinding) => findings.push(finding);
    let vendorTimeMs = Number.NaN;
    let facts: z.output<typeof repositorySchema>;
    try {
      facts = await read('read repository', repositorySchema, async () => {
        const answer = await rest.repos.get(place);
        vendorTimeMs = Date.parse(answer.headers.date ?? '');
        return answer;
      });
    } catch (error) {
      if (!isGone(error)) return [createFailedCheckFinding(error, 'Issues: read and write, and Metadata: read')];
      return [
        {
          about: 'place',
          blocking: true,
          message: `the repository ${repository} is not to be seen with this token`,
          remedy: 'check the name, and give the token or the App access to the repository',
        },
      ];
    }
    findings.push(...checkVendorClock(vendorTimeMs, now));
    if (facts.archived) {
      result({
        about: 'place',
        blocking: true,
        message: `the repository ${repository} is archived`,
        remedy: 'unarchive it, or name another repository in the workspace file',
      });
    }
    if (!facts.has_issues) {
      result({
        about: 'place',
        blocking: true,
        message: `issues are switched off in ${repository}`,
        remedy: 'switch them on under Settings, Features',
      });
    }
    const canLabel = facts.permissions?.push !== false || facts.permissions?.triage === true;
    if (!canLabel) {
      result({
        about: 'permissions',
        blocking: false,
        message: 'GitHub drops labels and assignees that this token sets',
        remedy: 'give its account the role Triage or Write in the repository',
      });
      const missing = await findMissingLabels(labels.map(({ name }) => name));
      if (missing.length > 0) {
        result({
          about: 'labels',
          blocking: false,
          message: `labels are missing and cannot be made: ${missing.join(', ')}`,
          remedy: 'make them under Issues, Labels, or let the token write',
        });
      }
    }
    const { date, priority } = await fields.get();
    if (date === null || priority === null) {
      result({
        about: 'fields',
        blocking: false,
        message: `the organisation shows no issue field for ${[date === null ? 'the due date' : '', priority === null ? 'priority' : ''].filter(Boolean).join(' and ')}; labels and the text tell instead`,
        remedy: 'add the fields Target date and Priority, and let the token read them (Issue fields: read)',
      });
    }
    for (const account of accounts) {
      if (await isAssignable(account)) continue;
      result({
        about: 'people',
        blocking: false,
        message: `${account} cannot be assigned in ${repository}`,
        remedy: 'correct the person’s github account in the workspace file, or give it access',
      });
    }
    return findings;
  };
}
