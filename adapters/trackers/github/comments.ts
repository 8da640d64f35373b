import type { CommentDraft } from '#domain/integrations/issue.ts';
import type { IssueComments, IssueRelations } from '#domain/integrations/tracker.ts';
import { unreadable } from './client.ts';
import type { Octokit } from './credentials.ts';
import { numberOf, type Repository } from './repository.ts';
import { commentSchema } from './schema.ts';
import { operationComment, operationStart } from './text.ts';
import { secondsIso, wholeSecond } from './time.ts';

/** Comments, and links between issues, which GitHub makes of numbers in comments. */
export function githubComments(
  { rest }: Octokit,
  { place, write, isOwn, whoAmI, comments, needIssue }: Repository,
): IssueComments & Pick<IssueRelations, 'linkIssues'> {
  async function addComment(id: string, draft: CommentDraft): Promise<void> {
    const operation = 'add comment';
    const mentions = draft.mention.map((login) => `@${login}`).join(' ');
    const comment = await write(operation, commentSchema, () =>
      rest.issues.createComment({
        ...place,
        issue_number: numberOf(id),
        body: [mentions, draft.body, operationComment(draft)].filter(Boolean).join('\n\n'),
      }),
    );
    if (!comment.body?.includes(operationComment(draft))) throw unreadable(operation);
  }

  async function findComment(id: string, draft: Pick<CommentDraft, 'ref'>): Promise<boolean> {
    const own = await whoAmI();
    for await (const { body, user } of comments(id)) {
      if (body?.includes(operationComment(draft)) && isOwn(user, own)) return true;
    }
    return false;
  }

  return {
    addComment,
    findComment,

    async listComments(id, since) {
      const own = await whoAmI();
      const found = [];
      for await (const { id: number, body, user, created_at } of comments(id, secondsIso(since))) {
        const at = Date.parse(created_at);
        const text = body ?? '';
        // Creation times are whole seconds, so the second of `since` is read completely.
        if (at < wholeSecond(since) || (text.includes(operationStart) && isOwn(user, own))) continue;
        found.push({ id: String(number), author: user?.login ?? null, text, at });
      }
      return found;
    },

    async linkIssues(id, other) {
      const { number } = await needIssue(other, 'link issues');
      // GitHub has no plain relation; a number in a comment appears on both issues.
      const draft = { ref: `link-${number}`, uuid: '', body: `Related to #${number}.`, mention: [] };
      if (!(await findComment(id, draft))) await addComment(id, draft);
    },
  };
}
