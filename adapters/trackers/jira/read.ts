import * as jira from 'jira.js/cloud';
import * as kit from '../../kit.ts';
import { findRankOfPriority, type ScreenCache } from './fields.ts';
import * as schema from './schema.ts';
import { type JiraSite, readByTotal } from './site.ts';
import { isDone, isDuplicateName, isMarked, mayBeDuplicate, toSearchLabel, toSnapshot } from './snapshot.ts';
import { addMentions, toAdfDocument, toPlainText } from './text.ts';

const overlapMs = 10 * kit.minuteMs;
const issuesPerCall = 100;
const maxKeysSearched = 500;
const maxPages = 100;

const shown = { fields: schema.requestedIssueFields, properties: [schema.markerPropertyKey] };

export type Reading = ReturnType<typeof createJiraReader>['reading'];

export function createJiraReader(site: JiraSite, screens: ScreenCache) {
  const { read } = site;
  const { projectJql, search, findOwnIssueAboveKey, findOwnIssuesByLabel, listChanges } = jiraSearch(site);

  async function find(id: string): Promise<schema.JiraIssue | null> {
    const asked = read('jira read issue', schema.jiraIssueSchema, jira.getIssue, { issueIdOrKey: id, ...shown });
    const issue = await kit.recover(asked, (error) => kit.hasStatus(error, 404), null);
    // Jira also answers 404 without a valid sign-in; an expired token must not look like deleted issues.
    if (!issue) await site.account();
    return issue;
  }

  /** As `find`, for an issue that must exist. */
  async function demand(id: string): Promise<schema.JiraIssue> {
    const issue = await find(id);
    if (!issue) throw new kit.IntegrationError('rejected', 'jira read issue', { status: 404 });
    return issue;
  }

  async function snapshot(issue: schema.JiraIssue): Promise<kit.IssueSnapshot> {
    const changes = isDone(issue) ? await readStatusChanges(issue.id) : [];
    const original = isDone(issue) && mayBeDuplicate(issue) ? await findOriginalOfDuplicate(issue.id) : null;
    const place = { site: await site.home(), project: site.settings.project };
    const severity = await readRank(site, screens, issue.fields.priority?.name ?? null);
    return toSnapshot(issue, place, changes, await countComments(issue.id), { original, severity });
  }

  /** Requested separately, because the issue's own field would include the comments. */
  async function countComments(issueIdOrKey: string): Promise<number> {
    const asked = { issueIdOrKey, maxResults: 1 };
    return (await read('jira count comments', schema.commentTotalSchema, jira.getComments, asked)).total;
  }

  async function readIssueLinks(issueIdOrKey: string): Promise<schema.IssueLink[]> {
    const asked = { issueIdOrKey, fields: ['issuelinks'] };
    return (await read('jira read links', schema.issueLinksSchema, jira.getIssue, asked)).fields.issuelinks;
  }

  async function findOriginalOfDuplicate(id: string): Promise<string | null> {
    const links = await readIssueLinks(id);
    const repeated = links.flatMap(({ type, outwardIssue }) =>
      isDuplicateName(type.name) && outwardIssue ? [outwardIssue.id] : [],
    );
    return repeated.at(-1) ?? null;
  }

  async function readStatusChanges(id: string): Promise<schema.Change[]> {
    const wanted = { issueIdsOrKeys: [id], fieldIds: ['status', 'resolution'] };
    const asked = kit.listPages(maxPages, async (nextPageToken: string | null) => {
      const page = { ...wanted, ...(nextPageToken && { nextPageToken }) };
      const answer = await read('jira read changes', schema.changePageSchema, jira.getBulkChangelogs, page);
      const rows = answer.issueChangeLogs.flatMap(({ changeHistories }) => changeHistories);
      return { rows, next: answer.nextPageToken ?? null };
    });
    // Not every host has the list of several issues.
    const ofAll = await kit.recover(Array.fromAsync(asked), (error) => kit.hasStatus(error, 404), null);
    const changes =
      ofAll ??
      (await read('jira read changes', schema.issueChangesSchema, jira.getChangeLogs, { issueIdOrKey: id })).values;
    return changes.sort((a, b) => a.created - b.created);
  }

  const port = {
    async floor() {
      const { issues } = await search(`${projectJql} ORDER BY key DESC`, 1);
      return /-(\d+)$/.exec(issues[0]?.key ?? '')?.[1] ?? '0';
    },

    async findCreatedIssue({ marker, floor }) {
      // By key first, because the search index may lag behind the newest issues.
      const result =
        (await findOwnIssueAboveKey(marker, Number.parseInt(floor, 10) || 0)) ??
        (await findOwnIssuesByLabel(marker))[0];
      return result ? snapshot(result) : null;
    },

    listOwnIssuesWithMarker: async ({ marker }) => Array.fromAsync(await findOwnIssuesByLabel(marker), snapshot),

    async readIssue(id) {
      const issue = await find(id);
      return issue && snapshot(issue);
    },

    async readUpdateTimes(ids) {
      if (ids.length === 0) return [];
      const asked = { issueIdsOrKeys: ids, fields: ['updated'] };
      const { issues } = await read('jira read issues', schema.issueUpdateTimesSchema, jira.bulkFetchIssues, asked);
      return issues.map(({ id, fields }) => ({ id, updatedAt: fields.updated }));
    },

    listChanges,
  } satisfies Partial<kit.Tracker>;
  return { reading: { find, demand, snapshot, readIssueLinks }, port };
}

/** Only names that are not Jira's own need the project's list of priorities. */
async function readRank(
  { settings }: JiraSite,
  screens: ScreenCache,
  priority: string | null,
): Promise<kit.IssueSnapshot['severity']> {
  if (priority === null) return null;
  const configured = settings['priority-names'];
  const rank = findRankOfPriority(priority, { configured, known: [] });
  if (rank !== null || configured) return rank;
  const screen = await screens.get().catch(() => null);
  return findRankOfPriority(priority, { configured, known: screen?.priorities ?? [] });
}

function jiraSearch(site: JiraSite) {
  const { read } = site;
  const projectJql = `project = "${site.settings.project}"`;

  function search(jql: string, maxResults: number, nextPageToken?: string) {
    return read('jira search', schema.searchPageSchema, jira.searchAndReconsileIssuesUsingJqlPost, {
      jql,
      fields: ['updated'],
      maxResults,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
  }

  async function fetchIssues(issueIdsOrKeys: string[]): Promise<schema.JiraIssue[]> {
    if (!issueIdsOrKeys.length) return [];
    const asked = { issueIdsOrKeys, ...shown };
    return (await read('jira read issues', schema.issueBatchSchema, jira.bulkFetchIssues, asked)).issues;
  }

  /** Caselite's issues by marker and creator: anybody who may edit an issue can copy a marker onto it. */
  async function filterOwnIssuesByMarker(issues: schema.JiraIssue[], marker: string): Promise<schema.JiraIssue[]> {
    const marked = issues.filter((issue) => isMarked(issue, marker));
    if (!marked.length) return [];
    const account = await site.account();
    return marked.filter(({ fields }) => fields.creator?.accountId === account);
  }

  async function findOwnIssueAboveKey(marker: string, floor: number): Promise<schema.JiraIssue | undefined> {
    for (let above = floor; above < floor + maxKeysSearched; above += issuesPerCall) {
      const keys = Array.from({ length: issuesPerCall }, (_, index) => `${site.settings.project}-${above + index + 1}`);
      const issues = await fetchIssues(keys);
      const [found] = await filterOwnIssuesByMarker(issues, marker);
      if (found || !issues.length) return found;
    }
    return undefined;
  }

  async function findOwnIssuesByLabel(marker: string): Promise<schema.JiraIssue[]> {
    const jql = `${projectJql} AND labels = "${toSearchLabel(marker)}" ORDER BY key ASC`;
    const { issues } = await search(jql, issuesPerCall);
    return filterOwnIssuesByMarker(await fetchIssues(issues.map(({ id }) => id)), marker);
  }

  /** The cursor is an instant of our clock; bounds are relative, because Jira reads times in the account's time zone. */
  async function listChanges(cursor: string | null, now: number) {
    if (cursor === null) return { changed: [], cursor: String(now) };
    let minutes = Math.ceil((Math.max(0, now - Number(cursor)) + overlapMs) / kit.minuteMs);
    const changed = new Map<string, number>();
    let nextPageToken: string | undefined;
    let reached = 0;
    let isListComplete = false;
    // Pages shift while issues change, so a full page moves the bound to the minute of its last row; the next page is
    // read only where that makes no progress.
    for (let request = 0; request < maxPages && !isListComplete; request += 1) {
      const jql = `${projectJql} AND updated >= -${minutes}m ORDER BY updated ASC, key ASC`;
      const answer = await search(jql, issuesPerCall, nextPageToken);
      for (const { id, fields } of answer.issues) changed.set(id, fields.updated);
      nextPageToken = answer.nextPageToken ?? undefined;
      reached = Math.max(reached, ...answer.issues.map(({ fields }) => fields.updated));
      isListComplete = !nextPageToken;
      const narrower = Math.max(1, Math.ceil(((site.vendorTimeMs() || now) - reached) / kit.minuteMs) + 1);
      if (isListComplete || narrower >= minutes) continue;
      minutes = narrower;
      nextPageToken = undefined;
    }
    return {
      changed: [...changed].map(([id, updatedAt]) => ({ id, updatedAt })),
      cursor: String(isListComplete ? now : now - minutes * kit.minuteMs + overlapMs),
    };
  }

  return { projectJql, search, findOwnIssueAboveKey, findOwnIssuesByLabel, listChanges };
}

const commentsPerCall = 100;
type Shown = schema.CommentPage['comments'][number];

/** Comments on issues of a project. */
export function createJiraCommenter(site: JiraSite): kit.IssueCommenter {
  const { read, write } = site;

  async function listRecent(issueIdOrKey: string, since: number): Promise<Shown[]> {
    const list = { issueIdOrKey, orderBy: '-created', maxResults: commentsPerCall };
    const newestFirst = await readByTotal(
      async (startAt) => {
        const page = await read('jira read comments', schema.commentPageSchema, jira.getComments, { ...list, startAt });
        return { rows: page.comments, total: page.total };
      },
      (rows) => rows.some(({ created }) => created < since),
    );
    const recent = newestFirst.filter(({ created }) => created >= since);
    // A comment of the meantime shifts pages, so that one may come twice.
    return [...new Map(recent.map((comment) => [comment.id, comment])).values()];
  }

  async function findOwnCommentRefs(comments: Shown[]): Promise<Map<string, unknown>> {
    const refs = new Map<string, unknown>();
    for (let start = 0; start < comments.length; start += commentsPerCall) {
      const some = comments.slice(start, start + commentsPerCall);
      const ids = some.map(({ id }) => Number(id));
      // The issue's own list may leave out properties; this one, which not every host has, includes them.
      const asked = read('jira read comments', schema.commentsByIdSchema, jira.getCommentsByIds, {
        ids,
        expand: 'properties',
      });
      const { values } = await kit.recover(asked, (error) => kit.hasStatus(error, 404), { values: some });
      for (const { id, properties } of values) {
        const own = properties.find(({ key }) => key === schema.commentRefPropertyKey);
        if (own) refs.set(id, own.value.ref);
      }
    }
    return refs;
  }

  return {
    async listComments(id, since) {
      const comments = await listRecent(id, since);
      // Recognised by property, because the token may belong to a person who also writes comments.
      const own = await findOwnCommentRefs(comments);
      return comments
        .filter((comment) => !own.has(comment.id))
        .map(({ id: commentId, author, body, created: at }) => {
          return { id: commentId, author: author?.accountId ?? null, text: toPlainText(body), at };
        })
        .sort((a, b) => a.at - b.at || Number(a.id) - Number(b.id));
    },

    async addComment(issueIdOrKey, draft) {
      await site.withPermission('ADD_COMMENTS', () =>
        write('jira add comment', schema.createdCommentSchema, jira.addComment, {
          issueIdOrKey,
          body: addMentions(toAdfDocument(draft.body), draft.mention),
          properties: [
            { key: schema.commentRefPropertyKey, value: { ref: draft.ref } },
            // In a service project, customers read every comment without it; elsewhere it has no effect.
            { key: 'sd.public.comment', value: { internal: true } },
          ],
        }),
      );
    },

    async hasComment(id, draft) {
      const own = await findOwnCommentRefs(await listRecent(id, 0));
      return [...own.values()].includes(draft.ref);
    },
  };
}
