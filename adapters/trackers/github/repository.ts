import { findLinkedUrls } from '#adapters/linked-urls.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { IssueClosure, IssueSnapshot, LabelDraft } from '#domain/integrations/issue.ts';
import { createGithubCaller, isForbidden, isGone } from './client.ts';
import type { Octokit } from './credentials.ts';
import { createOrgFieldsReader } from './fields.ts';
import {
  anySchema,
  commentsSchema,
  eventsSchema,
  type Issue,
  issueSchema,
  labelsSchema,
  userSchema,
} from './schema.ts';
import { findMarkers } from './text.ts';

export const pageSize = 100;
const maxCommentPages = 50;
const maxLabelPages = 10;

const closureKindByReason = new Map<string, IssueClosure['kind']>([
  ['completed', 'completed'],
  ['not_planned', 'not-planned'],
  ['duplicate', 'duplicate'],
]);

/** Associations with the repository whose comments count. */
const insiders = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

/** One repository, shared by the parts of the tracker. */
export function createRepositoryAccess(octokit: Octokit, repository: string, retryMs: number) {
  const { issues, users } = octokit.rest;
  const [owner = '', repo = ''] = repository.split('/');
  const place = { owner, repo };
  const calls = createGithubCaller(retryMs);
  const { read } = calls;
  const fields = createOrgFieldsReader(octokit, calls, owner);
  const { comments, findOriginalOfDuplicate, pastOf } = issueHistory(issues, place, read);
  let self: { login: string | null } | null = null;

  /** Caselite's own account; null login where the token may not ask, as an App's. */
  async function whoAmI(): Promise<string | null> {
    if (self) return self.login;
    try {
      const user = await read('read own account', userSchema, () => users.getAuthenticated());
      self = { login: user.login };
    } catch (error) {
      if (!isGone(error) && !isForbidden(error)) throw error;
      self = { login: null };
    }
    return self.login;
  }

  function isOwn(user: Issue['user'], own: string | null): boolean {
    return own === null ? user?.type !== 'User' : user?.login.toLowerCase() === own.toLowerCase();
  }

  function isOurs(issue: Issue): boolean {
    const path = `/repos/${repository}`.toLowerCase();
    return issue.pull_request == null && issue.repository_url.toLowerCase().endsWith(path);
  }

  async function getIssue(number: number): Promise<Issue | null> {
    try {
      const issue = await read('read issue', issueSchema, () => issues.get({ ...place, issue_number: number }));
      return isOurs(issue) ? issue : null;
    } catch (error) {
      if (isGone(error)) return null;
      throw error;
    }
  }

  async function requireIssue(id: string, operation: string): Promise<Issue> {
    const issue = await getIssue(parseIssueNumber(id));
    if (!issue) throw new IntegrationError('rejected', operation, { status: 404 });
    return issue;
  }

  async function snapshot(issue: Issue): Promise<IssueSnapshot> {
    const key = String(issue.number);
    const { severity, date } = fields.readFrom(await fields.get(), issue);
    const labels = issue.labels.map((label) => (typeof label === 'string' ? label : label.name));
    // Converting an issue into a discussion closes and locks it; only its events show that.
    const mayBeConverted = issue.state === 'closed' && (issue.locked === true || !issue.closed_by);
    const past = mayBeConverted ? await pastOf(issue.number) : { closer: null, isConverted: false };
    return {
      id: key,
      key,
      url: issue.html_url,
      title: issue.title,
      state: issue.state,
      status: {
        name: issue.state === 'open' ? 'open' : (issue.state_reason ?? 'closed'),
        class: issue.state,
      },
      closure: issue.state === 'closed' ? await closed(issue, past) : null,
      labels,
      assignee: issue.assignees?.[0]?.login ?? null,
      dueDate: date ?? readDueDateLabel(labels),
      severity,
      commentCount: issue.comments,
      ownershipMarks: { markers: findMarkers(issue.body ?? ''), links: findLinkedUrls(issue.body ?? '') },
      condition: past.isConverted ? 'converted' : issue.locked ? 'locked' : null,
      updatedAt: Date.parse(issue.updated_at),
    };
  }

  async function closed(issue: Issue, past: Past): Promise<IssueClosure> {
    const closure = readClosure(issue, past);
    if (closure.kind !== 'duplicate') return closure;
    return { ...closure, repeats: await findOriginalOfDuplicate(issue.number) };
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

/** The number of an id; 0, which no issue has, for anything else. */
export function parseIssueNumber(id: string): number {
  const number = Number(id);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

function readDueDateLabel(labels: string[]): string | null {
  const dates = labels.flatMap((label) => /^due:(\d{4}-\d{2}-\d{2})$/.exec(label)?.[1] ?? []);
  return dates.sort()[0] ?? null;
}

interface Past {
  closer: string | null;
  isConverted: boolean;
}

function readClosure(issue: Issue, { closer, isConverted }: Past): IssueClosure {
  const native = isConverted ? 'converted to a discussion' : (issue.state_reason ?? null);
  return {
    kind: closureKindByReason.get(native ?? 'completed') ?? 'other',
    native,
    at: issue.closed_at ? Date.parse(issue.closed_at) : null,
    by: issue.closed_by?.login ?? closer,
  };
}

export type Repository = ReturnType<typeof createRepositoryAccess>;

type Issues = Octokit['rest']['issues'];
type Place = { owner: string; repo: string };
type Calls = ReturnType<typeof createGithubCaller>;

/** Reads what happened to an issue. */
function issueHistory(issues: Issues, place: Place, read: Calls['read']) {
  /** Every comment of an issue, oldest first. */
  async function* comments(id: string, since?: string) {
    for (let page = 1; page <= maxCommentPages; page += 1) {
      const answer = await read('list comments', commentsSchema, () =>
        issues.listComments({
          ...place,
          issue_number: parseIssueNumber(id),
          per_page: pageSize,
          page,
          ...(since && { since }),
        }),
      );
      yield* answer;
      if (answer.length < pageSize) return;
    }
  }

  /** GitHub's answers do not name the original of a duplicate, so the last comment of an insider does. */
  async function findOriginalOfDuplicate(number: number): Promise<string | null> {
    let original: string | null = null;
    for await (const { body, author_association: role } of comments(String(number))) {
      const named = /^\s*duplicate of #(\d{1,9})\b/im.exec(body ?? '')?.[1];
      if (named && named !== String(number) && insiders.has(role ?? '')) original = named;
    }
    return original;
  }

  /** The last closer of an issue, and whether it was converted into a discussion since its last opening. */
  async function pastOf(number: number): Promise<Past> {
    let closer: string | null = null;
    let isConverted = false;
    for (let page = 1; page <= maxCommentPages; page += 1) {
      const events = await read('list events', eventsSchema, () =>
        issues.listEvents({ ...place, issue_number: number, per_page: pageSize, page }),
      );
      for (const { event, actor } of events) {
        if (event === 'closed') closer = actor?.login ?? null;
        if (event === 'converted_to_discussion') isConverted = true;
        if (event === 'reopened') isConverted = false;
      }
      if (events.length < pageSize) break;
    }
    return { closer, isConverted };
  }

  return { comments, findOriginalOfDuplicate, pastOf };
}

/** Creates missing labels. A label that cannot be created never stops an issue. */
function labelMaker(issues: Issues, place: Place, { read, write }: Calls) {
  const knownLabels = new Set<string>();
  let areLabelsListed = false;
  return async (labels: LabelDraft[]): Promise<void> => {
    try {
      for (let page = 1; !areLabelsListed && page <= maxLabelPages; page += 1) {
        const answer = await read('list labels', labelsSchema, () =>
          issues.listLabelsForRepo({ ...place, per_page: pageSize, page }),
        );
        for (const { name } of answer) knownLabels.add(name.toLowerCase());
        areLabelsListed = answer.length < pageSize || page === maxLabelPages;
      }
      for (const { name, color, description } of labels) {
        if (knownLabels.has(name.toLowerCase())) continue;
        await write('create label', anySchema, () =>
          issues.createLabel({ ...place, name, color, description: description.slice(0, 100) }),
        ).catch((error: unknown) => {
          if (!(error instanceof IntegrationError) || error.status !== 422) throw error;
        });
        knownLabels.add(name.toLowerCase());
      }
    } catch {
      // The issue's own call tells what is wrong, if it concerns the issue at all.
    }
  };
}
