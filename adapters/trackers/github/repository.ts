import * as kit from '../../kit.ts';
import { type Calls, createGithubCaller, isForbidden, isGone, type Octokit, readRedirect } from './client.ts';
import * as schema from './schema.ts';
import { findMarkers } from './text.ts';

const maxCommentPages = 50;
const maxLabelPages = 10;

const closureKindByReason: Record<string, kit.IssueClosure['kind']> = {
  completed: 'completed',
  not_planned: 'not-planned',
  duplicate: 'duplicate',
};

const insiders = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

/** One repository, shared by the parts of the tracker. */
export function createRepositoryAccess(octokit: Octokit, repository: string, retryMs: number) {
  const { issues, users } = octokit.rest;
  const [owner = '', repo = ''] = repository.split('/');
  const place = { owner, repo };
  const calls = createGithubCaller(retryMs, createRenameFollower(octokit, place, createGithubCaller(retryMs)));
  const { read } = calls;
  const fields = createOrgFieldsReader(octokit, calls, owner);
  const { comments, findOriginalOfDuplicate, pastOf } = issueHistory(issues, place, calls);

  /** Caselite's own account; null login where the token may not ask, as an App's. */
  const { get: whoAmI } = kit.once(async () => {
    const asked = read('read own account', schema.userSchema, () => users.getAuthenticated());
    const self = await kit.recover(asked, (error) => isGone(error) || isForbidden(error), null);
    return self?.login ?? null;
  });

  function isOwn(user: schema.Issue['user'], own: string | null): boolean {
    return own === null ? user?.type !== 'User' : user?.login.toLowerCase() === own.toLowerCase();
  }

  function isOurs(issue: Pick<schema.Issue, 'pull_request' | 'repository_url'>): boolean {
    const path = `/repos/${place.owner}/${place.repo}`.toLowerCase();
    return issue.pull_request == null && issue.repository_url.toLowerCase().endsWith(path);
  }

  async function getIssue(number: number): Promise<schema.Issue | null> {
    const asked = read('read issue', schema.issueSchema, () => issues.get({ ...place, issue_number: number }));
    const issue = await kit.recover(asked, isGone, null);
    return issue && isOurs(issue) ? issue : null;
  }

  async function requireIssue(id: string, operation: string): Promise<schema.Issue> {
    const issue = await getIssue(parseIssueNumber(id));
    if (!issue) throw new kit.IntegrationError('rejected', operation, { status: 404 });
    return issue;
  }

  async function snapshot(issue: schema.Issue): Promise<kit.IssueSnapshot> {
    const key = String(issue.number);
    const { severity, date } = fields.readFrom(await fields.get(), issue);
    const labels = kit.readLabelNames(issue.labels);
    // Converting an issue into a discussion closes and locks it; only its events show that.
    const mayBeConverted = issue.state === 'closed' && (issue.locked === true || !issue.closed_by);
    const past = mayBeConverted ? await pastOf(issue.number) : { closer: null, isConverted: false };
    return {
      id: key,
      key,
      url: issue.html_url,
      title: issue.title,
      state: issue.state,
      status: { name: issue.state === 'open' ? 'open' : (issue.state_reason ?? 'closed'), class: issue.state },
      closure: issue.state === 'closed' ? await closed(issue, past) : null,
      labels,
      assignee: (issue.assignees?.[0] ?? issue.assignee)?.login ?? null,
      dueDate: date ?? readDueDateLabel(labels),
      severity,
      commentCount: issue.comments,
      ownershipMarks: { markers: findMarkers(issue.body ?? ''), links: kit.findLinkedUrls(issue.body ?? '') },
      condition: past.isConverted ? 'converted' : issue.locked ? 'locked' : null,
      updatedAt: Date.parse(issue.updated_at),
    };
  }

  async function closed(issue: schema.Issue, { closer, isConverted }: Past): Promise<kit.IssueClosure> {
    const native = isConverted ? 'converted to a discussion' : (issue.state_reason ?? null);
    const kind = closureKindByReason[native ?? 'completed'] ?? 'other';
    return {
      kind,
      native,
      at: issue.closed_at ? Date.parse(issue.closed_at) : null,
      by: issue.closed_by?.login ?? closer,
      ...(kind === 'duplicate' && (await findOriginalOfDuplicate(issue.number))),
    };
  }

  return {
    ...calls,
    place,
    fields,
    whoAmI,
    isOwn,
    isOurs,
    getIssue,
    requireIssue,
    snapshot,
    ensureLabels: labelMaker(issues, place, calls),
    comments,
  };
}

/** Repeats calls under a repository's new name, within the same owner only: another may show issues to others. */
function createRenameFollower(octokit: Octokit, place: Place, { read }: Calls) {
  async function findNewName(): Promise<string | null> {
    const path = await read('read repository', schema.redirectSchema, async () => {
      const answer = await octokit.rest.repos.get(place);
      return { ...answer, status: 200, data: readRedirect(octokit, answer) };
    });
    const asked = () => octokit.request(`GET ${path}`);
    return path && (await read('read renamed repository', schema.repositoryNameSchema, asked)).full_name;
  }

  return async <Result>(call: () => Promise<Result>): Promise<Result> => {
    try {
      return await call();
    } catch (error) {
      const name = isRedirect(error) ? await findNewName().catch(() => null) : null;
      if (!name || !isRedirect(error)) throw error;
      const [owner = '', repo = ''] = name.split('/');
      const detail = `the repository is ${name} now; write its new name into the workspace file`;
      if (owner.toLowerCase() !== place.owner.toLowerCase()) throw kit.refusal(error.operation, detail, 301);
      place.repo = repo;
      return call();
    }
  };
}

const isRedirect = (error: unknown): error is kit.IntegrationError => kit.hasStatus(error, 301, 302, 307, 308);

/** The number of an id; 0, which no issue has, for anything else. */
export function parseIssueNumber(id: string): number {
  const number = Number(id);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

function readDueDateLabel(labels: string[]): string | null {
  const dates = labels.flatMap((label) => /^due:(\d{4}-\d{2}-\d{2})$/.exec(label)?.[1] ?? []);
  return dates.sort()[0] ?? null;
}

type Past = { closer: string | null; isConverted: boolean };

export type Repository = ReturnType<typeof createRepositoryAccess>;

type Issues = Octokit['rest']['issues'];
type Place = { owner: string; repo: string };

function issueHistory(issues: Issues, place: Place, { list }: Calls) {
  const comments = (id: string, since?: string) =>
    list(maxCommentPages, 'list comments', schema.commentsSchema, (page) =>
      issues.listComments({ ...place, issue_number: parseIssueNumber(id), ...page, ...(since && { since }) }),
    );

  /**
   * GitHub's answers do not name the original of a duplicate, so the last comment of an insider does. A private
   * membership shows as none, so that comments of others are claims, which the workspace's list of people decides.
   */
  async function findOriginalOfDuplicate(number: number): Promise<Pick<kit.IssueClosure, 'repeats' | 'claims'>> {
    let original: string | null = null;
    const claims: NonNullable<kit.IssueClosure['claims']> = [];
    for await (const { body, user, author_association: role } of comments(String(number))) {
      const named = /^[ \t]*duplicate of #(\d{1,9})\b/im.exec(body ?? '')?.[1];
      if (!named || named === String(number)) continue;
      if (insiders.has(role ?? '')) original = named;
      else if (user) claims.push({ by: user.login, repeats: named });
    }
    return { repeats: original, ...(claims.length > 0 && { claims }) };
  }

  async function pastOf(number: number): Promise<Past> {
    let closer: string | null = null;
    let isConverted = false;
    const events = list(maxCommentPages, 'list events', schema.eventsSchema, (page) =>
      issues.listEvents({ ...place, issue_number: number, ...page }),
    );
    for await (const { event, actor } of events) {
      if (event === 'closed') closer = actor?.login ?? null;
      if (event === 'converted_to_discussion') isConverted = true;
      if (event === 'reopened') isConverted = false;
    }
    return { closer, isConverted };
  }

  return { comments, findOriginalOfDuplicate, pastOf };
}

/** Creates missing labels. A label that cannot be created never stops an issue. */
function labelMaker(issues: Issues, place: Place, { list, write }: Calls) {
  const knownLabels = new Set<string>();
  let areLabelsListed = false;
  return async (labels: kit.LabelDraft[]): Promise<void> => {
    try {
      const all = list(areLabelsListed ? 0 : maxLabelPages, 'list labels', schema.labelsSchema, (page) =>
        issues.listLabelsForRepo({ ...place, ...page }),
      );
      for await (const { name } of all) knownLabels.add(name.toLowerCase());
      areLabelsListed = true;
      for (const { name, color, description } of labels) {
        if (knownLabels.has(name.toLowerCase())) continue;
        const made = write('create label', schema.anySchema, () =>
          issues.createLabel({ ...place, name, color, description: kit.cut(description, 100) }),
        );
        await kit.recover(made, (error) => kit.hasStatus(error, 422), null);
        knownLabels.add(name.toLowerCase());
      }
    } catch {
      // The issue's own call tells what is wrong, if it concerns the issue at all.
    }
  };
}

type Severity = kit.IssueDraft['severity'];

type OrganisationFields = { date: number | null; priority: { id: number; options: string[] } | null };

const dueDateFieldNames = ['due date', 'target date', 'due'];
const ranks = ['urgent', 'high', 'medium', 'low'];
const none: OrganisationFields = { date: null, priority: null };

/** Reads the organisation's issue fields, and keeps them until a check or a refusal. A user's repository has none. */
function createOrgFieldsReader(octokit: Octokit, { read }: Calls, org: string) {
  const known = kit.once(async (): Promise<OrganisationFields> => {
    const asked = read('list issue fields', schema.issueFieldsSchema, () =>
      octokit.request('GET /orgs/{org}/issue-fields', { org }),
    );
    const isPermanent = (error: unknown) =>
      error instanceof kit.IntegrationError && (error.code === 'auth' || error.code === 'rejected');
    const fields = await kit.recover(asked, isPermanent, []);
    const find = (type: string, name: string) =>
      fields.find((field) => field.data_type === type && field.name.toLowerCase() === name);
    const date = dueDateFieldNames.map((name) => find('date', name)).find(Boolean);
    const priority = find('single_select', 'priority');
    return {
      date: date?.id ?? null,
      priority: priority ? { id: priority.id, options: priority.options?.map(({ name }) => name) ?? [] } : null,
    };
  });

  function valuesOf(fields: OrganisationFields, change: Pick<kit.IssueEdit, 'dueDate' | 'severity'>) {
    const values: { field_id: number; value: string }[] = [];
    if (fields.date !== null && change.dueDate) values.push({ field_id: fields.date, value: change.dueDate });
    const option = change.severity && fields.priority && findPriorityOption(fields.priority.options, change.severity);
    if (fields.priority && option) values.push({ field_id: fields.priority.id, value: option });
    return values;
  }

  function readFrom(fields: OrganisationFields, { issue_field_values: values }: schema.Issue) {
    const given = (id: number | undefined | null) => values?.find((value) => value.issue_field_id === id);
    const priority = given(fields.priority?.id);
    // The value of a choice may be the number of its option.
    const option = String(priority?.single_select_option?.name ?? priority?.value ?? '');
    const date = given(fields.date)?.value;
    return {
      severity: kit.toRank(ranks.indexOf(option.toLowerCase()) + 1),
      date: typeof date === 'string' ? date.slice(0, 10) : null,
    };
  }

  return { get: () => known.get().catch(() => none), forget: known.forget, valuesOf, readFrom };
}

function findPriorityOption(options: string[], { name, rank }: Severity): string | undefined {
  const wanted = [name.toLowerCase(), ranks[rank - 1]];
  return options.find((option) => wanted.includes(option.toLowerCase()));
}
