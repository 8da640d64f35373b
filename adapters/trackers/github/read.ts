import * as kit from '../../kit.ts';
import { hasNextPage, isGone, type Octokit, pageSize, unreadable } from './client.ts';
import { parseIssueNumber, type Repository } from './repository.ts';
import { changesSchema, commentSchema, type Issue, issueSchema, issuesSchema } from './schema.ts';
import { floorToSecond, hasMarker, operationHtmlCommentStart, toIsoSeconds, toOperationHtmlComment } from './text.ts';

const overlapMs = 10 * kit.minuteMs;
const maxIssueNumbersReadBack = 200;
const maxPagesReadBack = 20;
const maxRequestsPerPoll = 100;

/** Changes in a repository, and lookups of creates with an unknown outcome. */
export function createGithubReader({ rest }: Octokit, hub: Repository) {
  const { issues } = rest;
  const { place, read, list, isOurs, isOwn, whoAmI, snapshot } = hub;

  async function listIssuesWithMarker({ marker, startedAt }: kit.ReadBackSearch): Promise<Issue[]> {
    const own = await whoAmI();
    const match: Issue[] = [];
    const query = { state: 'all', sort: 'created', direction: 'desc' } as const;
    const newestFirst = list(maxPagesReadBack, 'list issues', issuesSchema, (page) =>
      issues.listForRepo({ ...place, ...query, ...page }),
    );
    for await (const issue of newestFirst) {
      if (Date.parse(issue.created_at) < startedAt - overlapMs) break;
      if (isOurIssueWithMarker(issue, marker, own)) match.push(issue);
    }
    return match.toSorted((a, b) => a.number - b.number);
  }

  const isOurIssueWithMarker = (issue: Issue, marker: string, own: string | null) =>
    isOurs(issue) && hasMarker(issue, marker) && isOwn(issue.user, own);

  return {
    async floor() {
      const [newest] = await read('read newest issue', changesSchema, () =>
        issues.listForRepo({ ...place, state: 'all', sort: 'created', direction: 'desc', per_page: 1 }),
      );
      return String(newest?.number ?? 0);
    },

    async findCreatedIssue(search) {
      const { marker, floor } = search;
      const own = await whoAmI();
      const first = parseIssueNumber(floor) + 1;
      for (let number = first; number < first + maxIssueNumbersReadBack; number += 1) {
        try {
          const issue = await read('read issue', issueSchema, () => issues.get({ ...place, issue_number: number }));
          if (isOurIssueWithMarker(issue, marker, own)) return await snapshot(issue);
        } catch (error) {
          if (!isGone(error) || error.isPlaceClosed) throw error;
          if (error.status === 404) break;
        }
      }

      const [found] = await listIssuesWithMarker(search);
      return found ? snapshot(found) : null;
    },

    listOwnIssuesWithMarker: async (search) => Array.fromAsync(await listIssuesWithMarker(search), snapshot),

    async readIssue(id) {
      const issue = await hub.getIssue(parseIssueNumber(id));
      return issue && snapshot(issue);
    },

    /* GitHub has no call for several issues by number, so each costs one. */
    async readUpdateTimes(ids) {
      const seen = await Array.fromAsync(ids, (id) => hub.getIssue(parseIssueNumber(id)));
      return seen.flatMap((issue) =>
        issue ? { id: String(issue.number), updatedAt: Date.parse(issue.updated_at) } : [],
      );
    },

    listChanges: changesReader(rest.issues, hub),
  } satisfies Partial<kit.Tracker>;
}

/** The cursor is an instant with its answer's tag; `since` moves only with news, so that quiet polls are free. */
function changesReader(
  issues: Octokit['rest']['issues'],
  { place, ask, isOurs }: Repository,
): kit.IssueReader['listChanges'] {
  async function readChangesPage(since: number, page: number, known = '') {
    const query = { state: 'all', sort: 'updated', direction: 'asc', per_page: pageSize, page } as const;
    const conditional = known ? { headers: { 'if-none-match': known } } : {};
    const asked = ask('list changes', changesSchema, () =>
      issues.listForRepo({ ...place, ...query, ...conditional, since: toIsoSeconds(since) }),
    );
    const answer = await kit.recover(asked, (error) => kit.hasStatus(error, 304), null);
    if (!answer) return null;
    const { data: rows, headers } = answer;
    // GitHub's own time, because the local clock may be wrong by an hour.
    const vendorTimeMs = Date.parse(headers.get('date') ?? '') || null;
    return { rows, vendorTimeMs, etag: headers.get('etag') ?? '', isLast: !hasNextPage(rows, headers) };
  }

  return async (cursor, now) => {
    if (cursor === null) {
      const page = await readChangesPage(now, 1);
      return { changed: [], cursor: kit.toIsoText(page?.vendorTimeMs ?? now) };
    }
    const [instant = '', known = ''] = cursor.split(' ');
    const changed = new Map<number, number>();
    const result = (reached: string) => ({
      changed: Array.from(changed, ([number, updatedAt]) => ({ id: String(number), updatedAt })),
      cursor: reached,
    });

    // Pages shift while issues change, so a full page moves `since` to a second before its last row; pages are walked
    // only where that makes no progress.
    let since = floorToSecond(Date.parse(instant) - overlapMs);
    let page = 1;
    let start: number | null = null;
    for (let request = 0; request < maxRequestsPerPoll; request += 1) {
      const answer = await readChangesPage(since, page, request === 0 ? known : '');
      if (!answer) return result(cursor);
      const { rows, vendorTimeMs, etag, isLast } = answer;
      if (request === 0 && rows.length === 0) return result(`${instant} ${etag}`.trim());
      start ??= vendorTimeMs ?? now;
      for (const row of rows) if (isOurs(row)) changed.set(row.number, Date.parse(row.updated_at));
      const last = rows.at(-1);
      if (!last || isLast) return result(kit.toIsoText(start));
      const reached = floorToSecond(Date.parse(last.updated_at)) - kit.secondMs;
      page = reached > since ? 1 : page + 1;
      since = Math.max(since, reached);
    }
    return result(kit.toIsoText(Math.min(start ?? now, since + overlapMs)));
  };
}

/** Comments, and links between issues, which GitHub makes of numbers in comments. */
export function createGithubCommenter(
  { rest }: Octokit,
  { place, write, isOwn, whoAmI, comments, requireIssue }: Repository,
) {
  async function addComment(id: string, draft: kit.CommentDraft): Promise<void> {
    const operation = 'add comment';
    const mentions = draft.mention.map((login) => `@${login}`).join(' ');
    const comment = await write(operation, commentSchema, () =>
      rest.issues.createComment({
        ...place,
        issue_number: parseIssueNumber(id),
        body: [mentions, draft.body, toOperationHtmlComment(draft)].filter(Boolean).join('\n\n'),
      }),
    );
    if (!comment.body?.includes(toOperationHtmlComment(draft))) throw unreadable(operation);
  }

  async function hasComment(id: string, draft: Pick<kit.CommentDraft, 'ref'>): Promise<boolean> {
    const own = await whoAmI();
    for await (const { body, user } of comments(id)) {
      if (body?.includes(toOperationHtmlComment(draft)) && isOwn(user, own)) return true;
    }
    return false;
  }

  return {
    addComment,
    hasComment,

    async listComments(id, since) {
      const own = await whoAmI();
      const result = [];
      for await (const { id: number, body, user, created_at } of comments(id, toIsoSeconds(since))) {
        const at = Date.parse(created_at);
        const text = body ?? '';
        // Creation times are whole seconds, so the second of `since` is read completely.
        if (at < floorToSecond(since) || (text.includes(operationHtmlCommentStart) && isOwn(user, own))) continue;
        result.push({ id: String(number), author: user?.login ?? null, text, at });
      }
      return result;
    },

    async linkIssues(id, other) {
      const { number } = await requireIssue(other, 'link issues');
      // GitHub has no plain relation; a number in a comment appears on both issues.
      const draft = { ref: `link-${number}`, uuid: '', body: `Related to #${number}.`, mention: [] };
      if (!(await hasComment(id, draft))) await addComment(id, draft);
    },
  } satisfies Partial<kit.Tracker>;
}
