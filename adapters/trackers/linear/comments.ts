import { relabelErrorBeforeWrite } from '#adapters/outcomes.ts';
import type { IssueCommenter } from '#domain/integrations/tracker.ts';
import { toIsoText } from '#domain/time/units.ts';
import type { LinearClient } from './client.ts';
import type { LinearIdCache } from './id-cache.ts';
import { isInsertConflict, orNull, readAllPages, relabelErrorAfterWrite } from './request-outcomes.ts';
import { commentByIdQuery, issueCommentsQuery } from './schema.ts';

/** Comments on issues of a team. Caselite chooses the ids, so a repeated create shows as a conflict. */
export function createLinearCommenter(
  { read, write }: Pick<LinearClient, 'read' | 'write'>,
  idCache: Pick<LinearIdCache, 'profiles'>,
): IssueCommenter {
  async function hasComment(issueId: string, commentId: string) {
    const result = await orNull(read(commentByIdQuery, { id: commentId }));
    return result?.comment.issue?.id === issueId;
  }

  return {
    // The key may belong to a person. Text that begins like a command is the person's, because Caselite's never does.
    async listComments(id, since) {
      const comments = await readAllPages('linear issueComments', async (after) => {
        const { viewer, issue } = await read(issueCommentsQuery, { id, since: toIsoText(since), after });
        const isOurs = ({ user, body }: { user: { email: string } | null; body: string }) =>
          user?.email === viewer.email && !/^\s*[/!]/m.test(body);
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
      const profiles = await relabelErrorBeforeWrite(idCache.profiles(draft.mention));
      const body = [draft.body, profiles.join(' ')].filter(Boolean).join('\n\n');
      const input = { id: draft.uuid, issueId: id, body };
      try {
        await write('linear createComment', (sdk) => sdk.createComment(input));
      } catch (error) {
        if (!isInsertConflict(error) || !(await relabelErrorAfterWrite(hasComment(id, draft.uuid)))) throw error;
      }
    },

    hasComment: (id, draft) => hasComment(id, draft.uuid),
  };
}
