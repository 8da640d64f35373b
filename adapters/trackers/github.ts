import * as z from 'zod';
import { OutsideError } from '#domain/errors.ts';
import type {
  CommentDraft,
  IssueClosure,
  IssueSnapshot,
  Tracker,
  TrackerDefinition,
} from '#domain/tracker.ts';
import { SecretName } from '#domain/workspace-file.ts';
import {
  anyShape,
  commentShape,
  type Issue,
  isGone,
  issueShape,
  issuesShape,
  unreadable,
} from './github/api.ts';
import { createRepository, numberOf, pageSize, type Rest } from './github/repository.ts';

const settings = z.strictObject({
  kind: z.literal('github'),
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'write it as owner/name')
    .describe('The repository, owner/name'),
  token: SecretName.describe('Name of the secret with the access token'),
});

export type GitHubSettings = z.infer<typeof settings>;

const overlapMs = 10 * 60 * 1000;
const readBackNumbers = 200;
const readBackPages = 20;
const changeRequests = 100;
const apiVersion = '2026-03-10';

const operationStart = '<!-- caselite-op:';

/** `stale` is for GitHub a kind of not planned. */
const stateReasons: Record<IssueClosure['kind'], 'completed' | 'not_planned' | 'duplicate'> = {
  completed: 'completed',
  'not-planned': 'not_planned',
  duplicate: 'duplicate',
  stale: 'not_planned',
  other: 'not_planned',
};

/** Issues of one GitHub repository. `id` and `key` are the issue's number. */
export const github: TrackerDefinition<GitHubSettings> = {
  kind: 'github',
  title: 'GitHub',
  settings,
  baseUrl: { variable: 'GITHUB_API_URL', fallback: 'https://api.github.com' },
  secrets: ({ token }) => [token],

  async create({ repository, token }, { fetch, baseUrl, retryMs, secret }) {
    const { Octokit } = await import('@octokit/rest');
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const octokit = new Octokit({
      auth: secret(token),
      baseUrl: baseUrl.replace(/\/$/, ''),
      request: { fetch, log },
      log,
    });
    octokit.hook.before('request', (options) => {
      options.headers['x-github-api-version'] = apiVersion;
    });
    return createTracker(octokit.rest, repository, retryMs);
  },
};

function createTracker(rest: Rest, repository: string, retryMs: number): Tracker {
  const { issues } = rest;
  const hub = createRepository(rest, repository, retryMs);
  const { place, read, write, isOurs, isOwn, whoAmI, snapshot, needIssue, ensureLabels, comments } = hub;

  async function update(operation: string, number: number, change: object): Promise<IssueSnapshot> {
    const issue = await write(operation, issueShape, () =>
      issues.update({ ...place, issue_number: number, ...change }),
    );
    if (!isOurs(issue) || issue.number !== number) throw unreadable(operation);
    return snapshot(issue);
  }

  /** One page of changes, and GitHub's own time: ours may be wrong by an hour. */
  async function changesPage(
    since: number,
    page: number,
  ): Promise<{ rows: Issue[]; hostNow: number | null }> {
    let hostNow = Number.NaN;
    const query = { state: 'all', sort: 'updated', direction: 'asc', per_page: pageSize, page } as const;
    const rows = await read('list changes', issuesShape, async () => {
      const answer = await issues.listForRepo({ ...place, ...query, since: secondsIso(since) });
      hostNow = Date.parse(answer.headers.date ?? '');
      return answer;
    });
    return { rows, hostNow: Number.isNaN(hostNow) ? null : hostNow };
  }

  return {
    async floor() {
      const [newest] = await read('read newest issue', issuesShape, () =>
        issues.listForRepo({ ...place, state: 'all', sort: 'created', direction: 'desc', per_page: 1 }),
      );
      return String(newest?.number ?? 0);
    },

    async createIssue(draft) {
      const operation = 'create issue';
      await ensureLabels(draft.labels);
      const issue = await write(operation, issueShape, () =>
        issues.create({
          ...place,
          title: draft.title,
          body: `${draft.body}\n\n${markerComment(draft.marker)}`,
          labels: draft.labels.map((label) => label.name),
          ...(draft.assignee === null ? {} : { assignees: [draft.assignee] }),
        }),
      );
      if (!isOurs(issue) || !issue.body?.includes(markerComment(draft.marker))) throw unreadable(operation);
      return snapshot(issue);
    },

    async findIssue({ marker, floor, startedAt }) {
      const own = await whoAmI();
      const matches = (issue: Issue) =>
        isOurs(issue) && issue.body?.includes(markerComment(marker)) && isOwn(issue.user, own);

      const first = numberOf(floor) + 1;
      for (let number = first; number < first + readBackNumbers; number += 1) {
        try {
          const issue = await read('read issue', issueShape, () =>
            issues.get({ ...place, issue_number: number }),
          );
          if (matches(issue)) return await snapshot(issue);
        } catch (error) {
          if (!isGone(error)) throw error;
          if (error instanceof OutsideError && error.status === 404) break;
        }
      }

      // Oldest last, so that of twins the older one is found.
      let found: Issue | null = null;
      for (let page = 1; page <= readBackPages; page += 1) {
        const rows = await read('list issues', issuesShape, () =>
          issues.listForRepo({
            ...place,
            state: 'all',
            sort: 'created',
            direction: 'desc',
            per_page: pageSize,
            page,
          }),
        );
        found = rows.findLast(matches) ?? found;
        const oldest = rows.at(-1);
        if (rows.length < pageSize || !oldest || Date.parse(oldest.created_at) < startedAt - overlapMs) break;
      }
      return found && snapshot(found);
    },

    async readIssue(id) {
      const issue = await hub.getIssue(numberOf(id));
      return issue && snapshot(issue);
    },

    async listChanges(cursor, now) {
      if (cursor === null) {
        const { hostNow } = await changesPage(now, 1);
        return { changed: [], cursor: new Date(hostNow ?? now).toISOString() };
      }
      const changed = new Map<number, number>();
      const result = (reached: number) => ({
        changed: Array.from(changed, ([number, updatedAt]) => ({ id: String(number), updatedAt })),
        cursor: new Date(reached).toISOString(),
      });

      // Pages shift while issues change, so a full page moves `since` on, to a second before its last row;
      // only where that leads nowhere are pages walked.
      let since = wholeSecond(Date.parse(cursor) - overlapMs);
      let page = 1;
      let start: number | null = null;
      for (let request = 0; request < changeRequests; request += 1) {
        const { rows, hostNow } = await changesPage(since, page);
        start ??= hostNow ?? now;
        for (const row of rows) if (isOurs(row)) changed.set(row.number, Date.parse(row.updated_at));
        const last = rows.at(-1);
        if (!last || rows.length < pageSize) return result(start);
        const reached = wholeSecond(Date.parse(last.updated_at)) - 1000;
        page = reached > since ? 1 : page + 1;
        since = Math.max(since, reached);
      }
      return result(Math.min(start ?? now, since + overlapMs));
    },

    async listComments(id, since) {
      const own = await whoAmI();
      const found = [];
      for await (const { id: number, body, user, created_at } of comments(id, secondsIso(since))) {
        const at = Date.parse(created_at);
        const text = body ?? '';
        // Creation times are whole seconds, so the second in which `since` lies is read in full.
        if (at < wholeSecond(since) || (text.includes(operationStart) && isOwn(user, own))) continue;
        found.push({ id: String(number), author: user?.login ?? null, text, at });
      }
      return found;
    },

    async addComment(id, draft) {
      const operation = 'add comment';
      const mentions = draft.mention.map((login) => `@${login}`).join(' ');
      const comment = await write(operation, commentShape, () =>
        issues.createComment({
          ...place,
          issue_number: numberOf(id),
          body: [mentions, draft.body, operationComment(draft)].filter(Boolean).join('\n\n'),
        }),
      );
      if (!comment.body?.includes(operationComment(draft))) throw unreadable(operation);
    },

    async findComment(id, draft) {
      const own = await whoAmI();
      for await (const { body, user } of comments(id)) {
        if (body?.includes(operationComment(draft)) && isOwn(user, own)) return true;
      }
      return false;
    },

    async editIssue(id, edit) {
      const operation = 'edit issue';
      const before = await needIssue(id, operation);
      const number = before.number;
      const change = {
        ...(edit.title !== undefined && { title: edit.title }),
        ...(edit.body !== undefined && { body: keepMarker(edit.body, edit.marker, before.body ?? '') }),
        ...(edit.assignee !== undefined && { assignees: edit.assignee === null ? [] : [edit.assignee] }),
      };
      if (Object.keys(change).length > 0) await update(operation, number, change);

      const add = edit.addLabels ?? [];
      if (add.length > 0) {
        await ensureLabels(add);
        await write('add labels', anyShape, () =>
          issues.addLabels({ ...place, issue_number: number, labels: add.map((label) => label.name) }),
        );
      }
      const present = new Set((await snapshot(before)).labels);
      for (const name of edit.removeLabels ?? []) {
        if (!present.has(name)) continue;
        await write('remove label', anyShape, () =>
          issues.removeLabel({ ...place, issue_number: number, name }),
        ).catch((error: unknown) => {
          if (!isGone(error)) throw error;
        });
      }
      return snapshot(await needIssue(id, operation));
    },

    async reopenIssue(id) {
      const issue = await needIssue(id, 'reopen issue');
      if (issue.state === 'open') return snapshot(issue);
      return update('reopen issue', issue.number, { state: 'open', state_reason: 'reopened' });
    },

    async closeIssue(id, kind) {
      const issue = await needIssue(id, 'close issue');
      if (issue.state === 'closed') return snapshot(issue);
      return update('close issue', issue.number, { state: 'closed', state_reason: stateReasons[kind] });
    },
  };
}

function markerComment(marker: string): string {
  return `<!-- caselite:${marker} -->`;
}

function operationComment({ ref }: CommentDraft): string {
  return `${operationStart}${ref} -->`;
}

/** A new body with its marker, or else with the one that the old body holds. */
function keepMarker(body: string, given: string | undefined, before: string): string {
  const marker = given ? `<!-- caselite:${given} -->` : before.match(/<!-- caselite:[^\s>]+ -->/g)?.at(-1);
  return marker && !body.includes(marker) ? `${body}\n\n${marker}` : body;
}

/** GitHub's times have whole seconds. */
function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

function secondsIso(ms: number): string {
  return new Date(wholeSecond(ms)).toISOString().replace('.000Z', 'Z');
}
