import * as kit from '../../kit.ts';
import type { LinearClient } from './client.ts';
import { isInsertConflict, orNull, readAllPages } from './errors.ts';
import type { LinearIdCache, TeamFinder } from './id-cache.ts';
import * as schema from './schema.ts';
import { mayBeDuplicate, toSnapshot } from './snapshot.ts';

const overlapMs = 10 * kit.minuteMs;

/** Reads issues of one team, for the port itself and around writes. */
export function createLinearReader({ read, vendorTimeMs }: LinearClient, team: TeamFinder) {
  async function readIssue(id: string) {
    const result = await orNull(read(schema.issueByIdQuery, { id }));
    return result && !result.issue.trashed ? shown(result.issue) : null;
  }

  async function shown(issue: schema.LinearIssue) {
    return toSnapshot(issue, await team.id(), mayBeDuplicate(issue) ? await findOriginalOfDuplicate(issue.id) : null);
  }

  async function findOriginalOfDuplicate(id: string): Promise<string | null> {
    const { issue } = await read(schema.issueRelationsQuery, { id });
    const repeated = issue.relations.nodes.filter(({ type }) => type === 'duplicate');
    return repeated.toSorted((a, b) => a.createdAt - b.createdAt).at(-1)?.relatedIssue.id ?? null;
  }

  async function readIssueIfMarked(id: string, marker: string) {
    const result = await orNull(read(schema.issueMarkersQuery, { id }));
    if (!result) return null;
    const { attachments, ...issue } = result.issue;
    const attached = attachments.nodes.some(({ metadata }) => metadata.marker === marker);
    return attached || issue.description?.includes(marker) ? issue : null;
  }

  /** A change has worked even when this read fails. */
  async function readIssueAfterChange(id: string) {
    const issue = await readIssue(id).catch(kit.throwAsUnknown);
    if (issue) return issue;
    throw new kit.IntegrationError('unknown', 'linear issueById', { detail: 'not to be seen after the change' });
  }

  async function context(id: string): Promise<schema.IssueReadBeforeWrite> {
    const { issue } = await read(schema.issueBeforeWriteQuery, { id });
    if (!issue.trashed) return issue;
    throw new kit.IntegrationError('rejected', 'linear issueContext', { detail: 'in the trash' });
  }

  const port = {
    readIssue,

    async findCreatedIssue({ uuid, marker }) {
      const issue = await readIssueIfMarked(uuid, marker);
      return issue && !issue.trashed ? shown(issue) : null;
    },

    async listOwnIssuesWithMarker({ marker }) {
      const { viewer, issues } = await read(schema.issuesWithMarkerQuery, { marker });
      const own = issues.nodes.filter(({ creator, trashed }) => creator?.id === viewer.id && !trashed);
      const oldestFirst = own.toSorted((eachA, eachB) => eachA.createdAt - eachB.createdAt);
      const found = await Array.fromAsync(oldestFirst, ({ id }) => readIssue(id));
      return found.filter((issue) => issue !== null);
    },

    async readUpdateTimes(ids) {
      if (ids.length === 0) return [];
      const { issues } = await read(schema.issueUpdateTimesQuery, { ids });
      return issues.nodes.flatMap(({ id, updatedAt, trashed }) => (trashed ? [] : [{ id, updatedAt }]));
    },

    async listChanges(cursor, now) {
      // Linear's own time, because the local clock may be wrong by an hour.
      const reached = (id: string) => [vendorTimeMs() || now, id, team.named].join(' ');
      if (cursor === null) return { changed: [], cursor: reached((await team.renew()).id) };
      const since = kit.toIsoText(Number(cursor.split(' ')[0]) - overlapMs);
      const list = (id: string) =>
        readAllPages('linear issueChanges', async (after) => {
          return (await read(schema.changedIssuesQuery, { team: id, place: id, since, after })).issues;
        });
      const id = await team.id();
      // A team that is not to be seen may be another one under the key of the settings by now.
      const issues = (await orNull(list(id))) ?? (await list((await team.renew()).id));
      const newest = new Map(issues.toReversed().map((issue) => [issue.id, issue]));
      return { changed: [...newest.values()], cursor: reached(await team.id()) };
    },
  } satisfies Partial<kit.Tracker>;
  return { port, readIssueIfMarked, readIssueAfterChange, context };
}

export type LinearReader = ReturnType<typeof createLinearReader>;

/** Comments on issues of a team. Caselite chooses the ids, so a repeated create shows as a conflict. */
export function createLinearCommenter(
  { read, write }: Pick<LinearClient, 'read' | 'write'>,
  idCache: Pick<LinearIdCache, 'profiles'>,
): kit.IssueCommenter {
  async function hasComment(issueId: string, commentId: string) {
    const result = await orNull(read(schema.commentByIdQuery, { id: commentId }));
    return result?.comment.issue?.id === issueId;
  }

  return {
    // The key may belong to a person. Text that begins like a command is the person's, because Caselite's never does.
    async listComments(id, since) {
      const comments = await readAllPages('linear issueComments', async (after) => {
        const { viewer, issue } = await read(schema.issueCommentsQuery, { id, since: kit.toIsoText(since), after });
        const isOurs = ({ user, body }: { user: { email: string } | null; body: string }) =>
          user?.email === viewer.email && !/^[ \t]*[/!]/m.test(body);
        return { ...issue.comments, nodes: issue.comments.nodes.filter((comment) => !isOurs(comment)) };
      });
      return comments
        .map(({ id: commentId, body, createdAt, user, botActor }) => ({
          id: commentId,
          author: botActor ? null : (user?.email ?? null),
          text: body,
          at: createdAt,
        }))
        .toSorted((a, b) => a.at - b.at);
    },

    async addComment(id, draft) {
      const profiles = await idCache.profiles(draft.mention);
      const body = [draft.body, profiles.join(' ')].filter(Boolean).join('\n\n');
      const input = { id: draft.uuid, issueId: id, body };
      try {
        await write('createComment', { input });
      } catch (error) {
        if (!isInsertConflict(error) || !(await hasComment(id, draft.uuid).catch(kit.throwAsUnknown))) throw error;
      }
    },

    hasComment: (id, draft) => hasComment(id, draft.uuid),
  };
}
