import { addComment, getComments, getCommentsByIds } from 'jira.js/cloud';
import type { IssueComment } from '#domain/integrations/issue.ts';
import type { IssueComments } from '#domain/integrations/tracker.ts';
import { commentBatch, commentPage, createdComment, operationProperty } from './schema.ts';
import { type JiraSite, pathPart } from './site.ts';
import { plainText, withMentions } from './text.ts';

const perCall = 100;
const mostPages = 100;

export function jiraComments(site: JiraSite): IssueComments {
  const { read, write } = site;

  /** Newest first, until one is older than `since`. */
  async function recent(id: string, since: number): Promise<IssueComment[]> {
    const issueIdOrKey = pathPart(id, 'jira read comments');
    const found = new Map<string, IssueComment>();
    for (let page = 0; page < mostPages; page += 1) {
      const startAt = page * perCall;
      const { comments, total } = await read('jira read comments', commentPage, (client) =>
        getComments(client, { issueIdOrKey, orderBy: '-created', startAt, maxResults: perCall }),
      );
      for (const { id: comment, author, body, created } of comments) {
        const at = created;
        found.set(comment, { id: comment, author: author?.accountId ?? null, text: plainText(body), at });
      }
      if (!comments.length || startAt + comments.length >= total) break;
      if (comments.some(({ created }) => created < since)) break;
    }
    return [...found.values()].filter(({ at }) => at >= since);
  }

  /** Caselite's own comments among these, with the `ref` of each. */
  async function ownRefs(comments: IssueComment[]): Promise<Map<string, unknown>> {
    const ids = comments.map(({ id }) => Number(id));
    const refs = new Map<string, unknown>();
    for (let start = 0; start < ids.length; start += perCall) {
      // The issue's own list may leave out properties; this one includes them.
      const { values } = await read('jira read comments', commentBatch, (client) =>
        getCommentsByIds(client, { ids: ids.slice(start, start + perCall), expand: 'properties' }),
      );
      for (const { id, properties } of values) {
        const own = properties.find(({ key }) => key === operationProperty);
        if (own) refs.set(id, refOf(own.value));
      }
    }
    return refs;
  }

  return {
    async listComments(id, since) {
      const comments = await recent(id, since);
      // Recognised by property, because the token may belong to a person who also writes comments.
      const own = await ownRefs(comments);
      return comments
        .filter((comment) => !own.has(comment.id))
        .sort((a, b) => a.at - b.at || Number(a.id) - Number(b.id));
    },

    async addComment(id, draft) {
      const issueIdOrKey = pathPart(id, 'jira add comment');
      await write('jira add comment', createdComment, (client) =>
        addComment(client, {
          issueIdOrKey,
          body: withMentions(site.toDocument(draft.body), draft.mention),
          properties: [{ key: operationProperty, value: { ref: draft.ref } }],
        }),
      );
    },

    async findComment(id, draft) {
      const own = await ownRefs(await recent(id, 0));
      return [...own.values()].includes(draft.ref);
    },
  };
}

function refOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'ref' in value ? value.ref : null;
}
