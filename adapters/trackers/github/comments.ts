import type { CommentDraft } from '#domain/integrations/issue.ts';
import type { IssueCommenter, IssueRelations } from '#domain/integrations/tracker.ts';
import { unreadable } from './client.ts';
import type { Octokit } from './credentials.ts';
import { parseIssueNumber, type Repository } from './repository.ts';
import { commentSchema } from './schema.ts';
import { operationHtmlCommentStart, toOperationHtmlComment } from './text.ts';
import { floorToSecond, toIsoSeconds } from './time.ts';

/** Comments, and links between issues, which GitHub makes of numbers in comments. */
export function createGithubCommenter(
  { rest }: Octokit,
  { place, write, isOwn, whoAmI, comments, requireIssue }: Repository,
): IssueCommenter & Pick<IssueRelations, 'linkIssues'> {
  async function addComment(id: string, draft: CommentDraft): Promise<void> {
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

  async function hasComment(id: string, draft: Pick<CommentDraft, 'ref'>): Promise<boolean> {
    const own = await whoAmI();
    for await (const { body, user } of comments(id)) {
      if (body?.includes(toOperationHtmlComment(draft)) && isOwn(user, own)) return true;
    }
    return false;
  }

  return {
    addComment,
    hasComment: hasComment,

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
  };
}
