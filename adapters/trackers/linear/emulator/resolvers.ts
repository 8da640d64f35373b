import { forbidden, notFound } from './errors.ts';
import { type ListArgs, page, type View } from './filter.ts';
import { createMutations, type IssueInput } from './mutations.ts';
import type { LinearState, LinearUserRow } from './state.ts';
import { createViews } from './views.ts';

type Mutations = ReturnType<typeof createMutations>;

/** Root fields of queries and mutations for one request. */
export function createRoot(state: LinearState, now: number, baseUrl: string, me: LinearUserRow) {
  const views = createViews(state, baseUrl, me);
  const change = createMutations(state, now, me);
  const isBlind = state.isHidden === true && me.bot;

  const done = (values: View) => {
    state.counter += 1;
    return { ...values, lastSyncId: state.counter, success: true };
  };
  const some = (entity: string, view: View | null) => {
    if (view) return view;
    throw notFound(entity);
  };
  const archived = (issue: ReturnType<Mutations['archiveIssue']>) => done({ entity: views.issue(issue) });

  const root = {
    viewer: () => views.user(me.id),
    team: ({ id }: { id: string }) => some('Team', isBlind ? null : views.team(id)),
    teams: (args: ListArgs) =>
      page(
        (isBlind ? [] : state.teams).map((row) => views.team(row.id)).filter((view) => view !== null),
        args,
      ),
    users: (args: ListArgs) =>
      page(
        state.users.map((row) => views.user(row.id)).filter((view) => view !== null),
        args,
      ),
    issue: ({ id }: { id: string }) => views.issue(change.issueRow(id)),
    issues: (args: ListArgs) =>
      page(isBlind ? [] : state.issues.filter(({ isHidden }) => !isHidden).map(views.issue), args),
    issueLabels: (args: ListArgs) => page(state.labels.map(views.label), args),
    comment: ({ id }: { id: string }) => some('Comment', views.comment(id)),
    attachmentsForURL: (args: ListArgs & { url: string }) => {
      const rows = state.attachments.filter((row) => row.url === args.url);
      return page(
        rows.map((row) => views.attachment(row.id)).filter((view) => view !== null),
        args,
      );
    },

    issueCreate: ({ input }: { input: IssueInput }) => done({ issue: views.issue(change.createIssue(input)) }),
    issueUpdate: ({ id, input }: { id: string; input: IssueInput }) =>
      done({ issue: views.issue(change.updateIssue(id, input)) }),
    issueArchive: ({ id, trash }: { id: string; trash?: boolean }) =>
      archived(change.archiveIssue(id, true, trash === true)),
    issueUnarchive: ({ id }: { id: string }) => archived(change.archiveIssue(id, false, false)),
    issueDelete: ({ id, permanentlyDelete }: { id: string; permanentlyDelete?: boolean }) => {
      if (!permanentlyDelete) return archived(change.archiveIssue(id, true, true));
      change.removeIssue(id);
      return done({ entity: null });
    },
    commentCreate: ({ input }: { input: Parameters<Mutations['createComment']>[0] }) =>
      done({ comment: views.comment(change.createComment(input)) }),
    issueLabelCreate: ({ input }: { input: Parameters<Mutations['createLabel']>[0] }) =>
      done({ issueLabel: views.label(change.createLabel(input)) }),
    issueRelationCreate: ({ input }: { input: Parameters<Mutations['createRelation']>[0] }) => {
      const row = change.createRelation(input);
      const [from, to] = [views.issue(change.issueRow(row.issueId)), views.issue(change.issueRow(row.relatedIssueId))];
      return done({ issueRelation: { ...row, issue: from, relatedIssue: to } });
    },
    attachmentCreate: ({ input }: { input: Parameters<Mutations['createAttachment']>[0] }) =>
      done({ attachment: views.attachment(change.createAttachment(input)) }),
  };
  const refused = (state.forbidden ?? []).map((name) => [
    name,
    () => {
      throw forbidden();
    },
  ]);
  return me.bot ? { ...root, ...Object.fromEntries(refused) } : root;
}
