import {
  bulkFetchIssues,
  getBulkChangelogs,
  getComments,
  getIssue,
  searchAndReconsileIssuesUsingJqlPost,
} from 'jira.js/cloud';
import { IntegrationError } from '#domain/base/errors.ts';
import type { IssueSearch, IssueSnapshot } from '#domain/integrations/issue.ts';
import type { IssueReader, IssueRelations, IssueWriter } from '#domain/integrations/tracker.ts';
import { minuteMs } from '#domain/time/units.ts';
import {
  type Change,
  caseProperty,
  changePage,
  commentTotal,
  type IssueLink,
  issueBatch,
  issueFields,
  issueLinks,
  type JiraIssue,
  jiraIssue,
  searchPage,
  seenBatch,
} from './schema.ts';
import { type JiraSite, pathPart } from './site.ts';
import { isDone, mayRepeat, searchLabel, snapshotOf } from './snapshot.ts';

const overlapMs = 10 * minuteMs;
const perCall = 100;
const mostKeys = 500;
const mostPages = 100;

const shown = { fields: issueFields, properties: [caseProperty] };

/** The reading half, as the writing half uses it. */
export interface Reading {
  find(id: string): Promise<JiraIssue | null>;
  /** As `find`, for an issue that must exist. */
  demand(id: string): Promise<JiraIssue>;
  snapshot(issue: JiraIssue): Promise<IssueSnapshot>;
  linksOf(issueIdOrKey: string): Promise<IssueLink[]>;
}

export function jiraReader(
  site: JiraSite,
): Reading &
  Omit<IssueReader, 'findWhereabouts'> &
  Pick<IssueWriter, 'floor' | 'findIssue'> &
  Pick<IssueRelations, 'findDuplicateIssues'> {
  const { read } = site;
  const { inProject, search, findMarkedAboveKey, findByLabel } = jiraSearch(site);

  async function find(id: string): Promise<JiraIssue | null> {
    const issueIdOrKey = pathPart(id, 'jira read issue');
    try {
      return await read('jira read issue', jiraIssue, (client) => getIssue(client, { issueIdOrKey, ...shown }));
    } catch (error) {
      if (!(error instanceof IntegrationError) || error.status !== 404) throw error;
      // Jira also answers 404 without a valid sign-in; an expired token must not look like deleted issues.
      await site.account();
      return null;
    }
  }

  async function demand(id: string): Promise<JiraIssue> {
    const issue = await find(id);
    if (!issue) throw new IntegrationError('rejected', 'jira read issue', { status: 404 });
    return issue;
  }

  async function snapshot(issue: JiraIssue): Promise<IssueSnapshot> {
    const changes = isDone(issue) ? await changesOf(issue.id) : [];
    const original = isDone(issue) && mayRepeat(issue) ? await originalOf(issue.id) : null;
    const place = { site: await site.home(), project: site.settings.project };
    return snapshotOf(issue, place, changes, await countComments(issue.id), original);
  }

  /** Requested separately, because the issue's own field would include the comments. */
  async function countComments(issueIdOrKey: string): Promise<number> {
    const { total } = await read('jira count comments', commentTotal, (client) =>
      getComments(client, { issueIdOrKey, maxResults: 1 }),
    );
    return total;
  }

  async function linksOf(issueIdOrKey: string): Promise<IssueLink[]> {
    const { fields } = await read('jira read links', issueLinks, (client) =>
      getIssue(client, { issueIdOrKey, fields: ['issuelinks'] }),
    );
    return fields.issuelinks;
  }

  /** Among several linked issues the newest link counts. */
  async function originalOf(id: string): Promise<string | null> {
    const links = await linksOf(id);
    const repeated = links.flatMap(({ type, outwardIssue }) =>
      type.name === 'Duplicate' && outwardIssue ? [outwardIssue.id] : [],
    );
    return repeated.at(-1) ?? null;
  }

  async function changesOf(id: string): Promise<Change[]> {
    const changes: Change[] = [];
    let nextPageToken: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await read('jira read changes', changePage, (client) =>
        getBulkChangelogs(client, {
          issueIdsOrKeys: [id],
          fieldIds: ['status', 'resolution'],
          ...(nextPageToken ? { nextPageToken } : {}),
        }),
      );
      changes.push(...answer.issueChangeLogs.flatMap(({ changeHistories }) => changeHistories));
      nextPageToken = answer.nextPageToken ?? undefined;
      if (!nextPageToken) break;
    }
    return changes.sort((a, b) => a.created - b.created);
  }

  return {
    find,
    demand,
    snapshot,
    linksOf,

    async floor() {
      const { issues } = await search(`${inProject} ORDER BY key DESC`, 1);
      return /-(\d+)$/.exec(issues[0]?.key ?? '')?.[1] ?? '0';
    },

    async findIssue({ marker, floor }: IssueSearch) {
      // By key first, because the search index may lag behind the newest issues.
      const result =
        (await findMarkedAboveKey(marker, Number.parseInt(floor, 10) || 0)) ?? (await findByLabel(marker))[0];
      return result ? snapshot(result) : null;
    },

    async findDuplicateIssues({ marker }) {
      const duplicateIssues: IssueSnapshot[] = [];
      for (const issue of await findByLabel(marker)) duplicateIssues.push(await snapshot(issue));
      return duplicateIssues;
    },

    async readIssue(id) {
      const issue = await find(id);
      return issue && snapshot(issue);
    },

    async readBatch(ids) {
      const issueIdsOrKeys = ids.map((id) => pathPart(id, 'jira read issues'));
      if (!issueIdsOrKeys.length) return [];
      const { issues } = await read('jira read issues', seenBatch, (client) =>
        bulkFetchIssues(client, { issueIdsOrKeys, fields: ['updated'] }),
      );
      return issues.map(({ id, fields }) => ({ id, updatedAt: fields.updated }));
    },

    listChanges: (cursor, now) => listChanges(site, cursor, now),
  };
}

/** Searches in the project; markers count on issues by Caselite's account only. */
function jiraSearch(site: JiraSite) {
  const { read } = site;
  const inProject = `project = "${site.settings.project}"`;

  function search(jql: string, maxResults: number, nextPageToken?: string) {
    return read('jira search', searchPage, (client) =>
      searchAndReconsileIssuesUsingJqlPost(client, {
        jql,
        fields: ['updated'],
        maxResults,
        ...(nextPageToken ? { nextPageToken } : {}),
      }),
    );
  }

  async function fetchAll(issueIdsOrKeys: string[]): Promise<JiraIssue[]> {
    if (!issueIdsOrKeys.length) return [];
    const { issues } = await read('jira read issues', issueBatch, (client) =>
      bulkFetchIssues(client, { issueIdsOrKeys, ...shown }),
    );
    return issues;
  }

  /** Caselite's issues by marker and creator: anybody who may edit an issue can copy a marker onto it. */
  async function oursAmong(issues: JiraIssue[], marker: string): Promise<JiraIssue[]> {
    const marked = issues.filter(({ properties }) => properties[caseProperty]?.marker === marker);
    if (!marked.length) return [];
    const account = await site.account();
    return marked.filter(({ fields }) => fields.creator?.accountId === account);
  }

  async function findMarkedAboveKey(marker: string, floor: number): Promise<JiraIssue | undefined> {
    for (let above = floor; above < floor + mostKeys; above += perCall) {
      const keys = Array.from({ length: perCall }, (_, index) => `${site.settings.project}-${above + index + 1}`);
      const issues = await fetchAll(keys);
      const [found] = await oursAmong(issues, marker);
      if (found || !issues.length) return found;
    }
    return undefined;
  }

  async function findByLabel(marker: string): Promise<JiraIssue[]> {
    const jql = `${inProject} AND labels = "${searchLabel(marker)}" ORDER BY key ASC`;
    const { issues } = await search(jql, perCall);
    return oursAmong(await fetchAll(issues.map(({ id }) => id)), marker);
  }

  return { inProject, search, findMarkedAboveKey, findByLabel };
}

/**
 * The cursor is an instant of Caselite's clock. Bounds are relative, because an absolute time would be read in the
 * account's time zone; Jira then measures them by its own clock.
 */
async function listChanges(site: JiraSite, cursor: string | null, now: number) {
  const { inProject, search } = jiraSearch(site);
  if (cursor === null) return { changed: [], cursor: String(now) };
  let minutes = Math.max(1, Math.ceil((now - Number(cursor) + overlapMs) / minuteMs));
  const changed = new Map<string, number>();
  let nextPageToken: string | undefined;
  let reached = 0;
  let isWhole = false;
  // Pages shift while issues change, so a full page moves the bound to the minute of its last row; the next page is
  // read only where that makes no progress.
  for (let request = 0; request < mostPages && !isWhole; request += 1) {
    const jql = `${inProject} AND updated >= -${minutes}m ORDER BY updated ASC, key ASC`;
    const answer = await search(jql, perCall, nextPageToken);
    for (const { id, fields } of answer.issues) changed.set(id, fields.updated);
    nextPageToken = answer.nextPageToken ?? undefined;
    reached = Math.max(reached, ...answer.issues.map(({ fields }) => fields.updated));
    isWhole = !nextPageToken;
    const hostNow = Number.isNaN(site.hostNow()) ? now : site.hostNow();
    const narrower = Math.max(1, Math.ceil((hostNow - reached) / minuteMs) + 1);
    if (isWhole || narrower >= minutes) continue;
    minutes = narrower;
    nextPageToken = undefined;
  }
  return {
    changed: [...changed].map(([id, updatedAt]) => ({ id, updatedAt })),
    cursor: String(isWhole ? now : now - minutes * minuteMs + overlapMs),
  };
}
