import { addComment, getComments, getCommentsByIds } from 'jira.js/cloud';
import type * as z from 'zod';
import * as kit from '../../kit.ts';
import { commentPageSchema, commentRefPropertyKey, commentsByIdSchema, createdCommentSchema } from './schema.ts';
import { checkIssueId, type JiraSite } from './site.ts';
import { addMentions, toAdfDocument, toPlainText } from './text.ts';

const commentsPerCall = 100;
const maxPages = 100;

type Shown = kit.IssueComment & Pick<z.infer<typeof commentPageSchema>['comments'][number], 'properties'>;

export function createJiraCommenter(site: JiraSite): kit.IssueCommenter {
  const { read, write } = site;

  /** Newest first, until one is older than `since`. */
  async function recent(id: string, since: number): Promise<Shown[]> {
    const issueIdOrKey = checkIssueId(id, 'jira read comments');
    const result = new Map<string, Shown>();
    let startAt = 0;
    for (let page = 0; page < maxPages; page += 1) {
      const { comments, total } = await read('jira read comments', commentPageSchema, getComments, {
        issueIdOrKey,
        orderBy: '-created',
        startAt,
        maxResults: commentsPerCall,
      });
      for (const { author, body, created: at, ...rest } of comments)
        result.set(rest.id, { ...rest, author: author?.accountId ?? null, text: toPlainText(body), at });
      startAt += comments.length;
      if (!comments.length || startAt >= total) break;
      if (comments.some(({ created }) => created < since)) break;
    }
    return [...result.values()].filter(({ at }) => at >= since);
  }

  async function findOwnCommentRefs(comments: Shown[]): Promise<Map<string, unknown>> {
    const refs = new Map<string, unknown>();
    for (let start = 0; start < comments.length; start += commentsPerCall) {
      const some = comments.slice(start, start + commentsPerCall);
      const ids = some.map(({ id }) => Number(id));
      // The issue's own list may leave out properties; this one, which not every host has, includes them.
      const asked = read('jira read comments', commentsByIdSchema, getCommentsByIds, { ids, expand: 'properties' });
      const { values } = await kit.recover(asked, (error) => kit.hasStatus(error, 404), { values: some });
      for (const { id, properties } of values) {
        const own = properties.find(({ key }) => key === commentRefPropertyKey);
        if (own) refs.set(id, own.value.ref);
      }
    }
    return refs;
  }

  return {
    async listComments(id, since) {
      const comments = await recent(id, since);
      // Recognised by property, because the token may belong to a person who also writes comments.
      const own = await findOwnCommentRefs(comments);
      return comments
        .filter((comment) => !own.has(comment.id))
        .sort((a, b) => a.at - b.at || Number(a.id) - Number(b.id))
        .map(({ properties: _, ...comment }) => comment);
    },

    async addComment(id, draft) {
      const issueIdOrKey = checkIssueId(id, 'jira add comment');
      await site.withPermission('ADD_COMMENTS', () =>
        write('jira add comment', createdCommentSchema, addComment, {
          issueIdOrKey,
          body: addMentions(toAdfDocument(draft.body), draft.mention),
          properties: [
            { key: commentRefPropertyKey, value: { ref: draft.ref } },
            // In a service project, customers read every comment without it; elsewhere it has no effect.
            { key: 'sd.public.comment', value: { internal: true } },
          ],
        }),
      );
    },

    async hasComment(id, draft) {
      const own = await findOwnCommentRefs(await recent(id, 0));
      return [...own.values()].includes(draft.ref);
    },
  };
}
