import { beforeWrite } from '#adapters/outcomes.ts';
import type { IssueComments } from '#domain/integrations/tracker.ts';
import { isoText } from '#domain/time/units.ts';
import type { LinearClient } from './client.ts';
import type { Lookups } from './lookups.ts';
import { commentById, issueComments } from './schema.ts';
import { afterWrite, allPages, isConflict, orNull } from './steps.ts';

/** Comments on issues of a team. Caselite chooses the ids, so a repeated create shows as a conflict. */
export function linearComments(
  { read, write }: Pick<LinearClient, 'read' | 'write'>,
  lookups: Pick<Lookups, 'profiles'>,
): IssueComments {
  async function hasComment(issueId: string, commentId: string) {
    const result = await orNull(read(commentById, { id: commentId }));
    return result?.comment.issue?.id === issueId;
  }

  return {
    // The key may belong to a person. Text that begins like a command is the person's, because Caselite's never does.
    async listComments(id, since) {
      const comments = await allPages('linear issueComments', async (after) => {
        const { viewer, issue } = await read(issueComments, { id, since: isoText(since), after });
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
      const profiles = await beforeWrite(lookups.profiles(draft.mention));
      const body = [draft.body, profiles.join(' ')].filter(Boolean).join('\n\n');
      const input = { id: draft.uuid, issueId: id, body };
      try {
        await write('linear createComment', (sdk) => sdk.createComment(input));
      } catch (error) {
        if (!isConflict(error) || !(await afterWrite(hasComment(id, draft.uuid)))) throw error;
      }
    },

    findComment: (id, draft) => hasComment(id, draft.uuid),
  };
}
