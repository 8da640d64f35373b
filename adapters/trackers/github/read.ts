import { IntegrationError } from '#domain/base/errors.ts';
import type { ChangedIssue, IssueSearch, IssueSnapshot } from '#domain/integrations/issue.ts';
import type { IssueReader, IssueRelations, IssueWriter } from '#domain/integrations/tracker.ts';
import { isoText, minuteMs, secondMs } from '#domain/time/units.ts';
import { isGone } from './client.ts';
import type { Octokit } from './credentials.ts';
import { numberOf, pageSize, type Repository } from './repository.ts';
import { type Issue, issueJson, issuesSchema } from './schema.ts';
import { carriesMarker } from './text.ts';
import { secondsIso, wholeSecond } from './time.ts';

const overlapMs = 10 * minuteMs;
const readBackNumbers = 200;
const readBackPages = 20;
const changeRequests = 100;

interface ChangesPage {
  rows: Issue[];
  /** GitHub's own time, because the local clock may be wrong by an hour. */
  hostNow: number | null;
  etag: string;
}

/** Changes in a repository, and lookups of creates with an unknown outcome. */
export function githubReader(
  { rest }: Octokit,
  hub: Repository,
): Pick<IssueWriter, 'floor' | 'findIssue'> &
  Omit<IssueReader, 'findWhereabouts'> &
  Pick<IssueRelations, 'findDuplicateIssues'> {
  const { issues } = rest;
  const { place, read, isOurs, isOwn, whoAmI, snapshot } = hub;

  /** Caselite's issues with this marker, created since shortly before an instant, oldest first. */
  async function listMarked({ marker, startedAt }: Pick<IssueSearch, 'marker' | 'startedAt'>): Promise<Issue[]> {
    const own = await whoAmI();
    const match: Issue[] = [];
    const query = { state: 'all', sort: 'created', direction: 'desc', per_page: pageSize } as const;
    for (let page = 1; page <= readBackPages; page += 1) {
      const rows = await read('list issues', issuesSchema, () => issues.listForRepo({ ...place, ...query, page }));
      match.push(...rows.filter((issue) => isMarked(issue, marker, own)));
      const oldest = rows.at(-1);
      if (rows.length < pageSize || !oldest || Date.parse(oldest.created_at) < startedAt - overlapMs) break;
    }
    return match.toSorted((a, b) => a.number - b.number);
  }

  const isMarked = (issue: Issue, marker: string, own: string | null) =>
    isOurs(issue) && carriesMarker(issue, marker) && isOwn(issue.user, own);

  return {
    async floor() {
      const [newest] = await read('read newest issue', issuesSchema, () =>
        issues.listForRepo({ ...place, state: 'all', sort: 'created', direction: 'desc', per_page: 1 }),
      );
      return String(newest?.number ?? 0);
    },

    async findIssue({ marker, floor, startedAt }) {
      const own = await whoAmI();
      const first = numberOf(floor) + 1;
      for (let number = first; number < first + readBackNumbers; number += 1) {
        try {
          const issue = await read('read issue', issueJson, () => issues.get({ ...place, issue_number: number }));
          if (isMarked(issue, marker, own)) return await snapshot(issue);
        } catch (error) {
          if (!isGone(error)) throw error;
          if (error instanceof IntegrationError && error.status === 404) break;
        }
      }

      const [found] = await listMarked({ marker, startedAt });
      return found ? snapshot(found) : null;
    },

    async findDuplicateIssues(search) {
      const duplicateIssues: IssueSnapshot[] = [];
      for (const issue of await listMarked(search)) duplicateIssues.push(await snapshot(issue));
      return duplicateIssues;
    },

    async readIssue(id) {
      const issue = await hub.getIssue(numberOf(id));
      return issue && snapshot(issue);
    },

    /* GitHub has no call for several issues by number, so each costs one. */
    async readBatch(ids) {
      const seen: ChangedIssue[] = [];
      for (const id of ids) {
        const issue = await hub.getIssue(numberOf(id));
        if (issue) seen.push({ id, updatedAt: Date.parse(issue.updated_at) });
      }
      return seen;
    },

    listChanges: changesReader(rest.issues, hub),
  };
}

/**
 * The cursor is an instant with the tag of its answer. `since` moves only with news, so that a quiet repository
 * answers the same question with 304, which is free.
 */
function changesReader(
  issues: Octokit['rest']['issues'],
  { place, read, isOurs }: Repository,
): IssueReader['listChanges'] {
  /** One page of changes; null when nothing changed since the answer with this tag. */
  async function changesPage(since: number, page: number, known = ''): Promise<ChangesPage | null> {
    let [date, etag]: unknown[] = [];
    const query = { state: 'all', sort: 'updated', direction: 'asc', per_page: pageSize, page } as const;
    const headers = known ? { headers: { 'if-none-match': known } } : {};
    try {
      const rows = await read('list changes', issuesSchema, async () => {
        const answer = await issues.listForRepo({ ...place, ...query, ...headers, since: secondsIso(since) });
        ({ date, etag } = answer.headers);
        return answer;
      });
      const hostNow = Date.parse(String(date));
      return { rows, hostNow: Number.isNaN(hostNow) ? null : hostNow, etag: String(etag ?? '') };
    } catch (error) {
      if (error instanceof IntegrationError && error.status === 304) return null;
      throw error;
    }
  }

  return async (cursor, now) => {
    if (cursor === null) {
      const page = await changesPage(now, 1);
      return { changed: [], cursor: isoText(page?.hostNow ?? now) };
    }
    const [instant = '', known = ''] = cursor.split(' ');
    const changed = new Map<number, number>();
    const result = (reached: string) => ({
      changed: Array.from(changed, ([number, updatedAt]) => ({ id: String(number), updatedAt })),
      cursor: reached,
    });

    // Pages shift while issues change, so a full page moves `since` to a second before its last row; pages are walked
    // only where that makes no progress.
    let since = wholeSecond(Date.parse(instant) - overlapMs);
    let page = 1;
    let start: number | null = null;
    for (let request = 0; request < changeRequests; request += 1) {
      const answer = await changesPage(since, page, request === 0 ? known : '');
      if (!answer) return result(cursor);
      const { rows, hostNow, etag } = answer;
      if (request === 0 && rows.length === 0) return result(`${instant} ${etag}`.trim());
      start ??= hostNow ?? now;
      for (const row of rows) if (isOurs(row)) changed.set(row.number, Date.parse(row.updated_at));
      const last = rows.at(-1);
      if (!last || rows.length < pageSize) return result(isoText(start));
      const reached = wholeSecond(Date.parse(last.updated_at)) - secondMs;
      page = reached > since ? 1 : page + 1;
      since = Math.max(since, reached);
    }
    return result(isoText(Math.min(start ?? now, since + overlapMs)));
  };
}
