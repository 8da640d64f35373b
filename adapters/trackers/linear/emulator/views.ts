import { forbidden } from './errors.ts';
import { type ListArgs, page, type View } from './filter.ts';
import type { LinearIssueRow, LinearLabelRow, LinearState, LinearTeamRow, LinearUserRow } from './state.ts';

const refuseField = () => {
  throw forbidden();
};

const priorities = ['No priority', 'Urgent', 'High', 'Medium', 'Low'];

/** Rows as GraphQL objects, for one caller. */
export interface Views {
  user(id: string | null): View | null;
  team(id: string | null): View | null;
  label(row: LinearLabelRow): View;
  issue(row: LinearIssueRow): View;
  comment(id: string): View | null;
  attachment(id: string): View | null;
}

export function createViews(state: LinearState, baseUrl: string, me: LinearUserRow): Views {
  const find = <Row extends { id: string }>(rows: Row[], id: string | null) =>
    rows.find((row) => row.id === id) ?? null;

  const user = (id: string | null): View | null => {
    const row = find(state.users, id);
    if (!row) return null;
    const displayName = row.name.toLowerCase().replaceAll(' ', '');
    const url = `${baseUrl}/profiles/${encodeURIComponent(displayName)}`;
    return { ...row, displayName, url, active: true, app: row.bot, isMe: row.id === me.id };
  };

  const workflowState = (id: string): View | null => {
    const row = find(state.states, id);
    return row && { ...row, color: '#bec2c8', team: () => team(row.teamId) };
  };

  const statesOf = (row: LinearTeamRow) =>
    state.states
      .filter((linearStateRow) => linearStateRow.teamId === row.id)
      .map((linearStateRow) => workflowState(linearStateRow.id))
      .filter((view) => view !== null);

  const team = (id: string | null): View | null => {
    const row = find(state.teams, id);
    if (!row) return null;
    const projects = () => state.projects?.filter(({ teamIds }) => teamIds.includes(row.id)) ?? [];
    return {
      ...row,
      retiredAt: row.retiredAt ?? null,
      triageEnabled: row.triageEnabled ?? false,
      states: (args: ListArgs) => page(statesOf(row), args),
      projects: (args: ListArgs) =>
        page(
          projects().map((project) => ({ ...project })),
          args,
        ),
    };
  };

  const label = (row: LinearLabelRow): View => {
    const group = find(state.labels, row.parentId ?? null);
    return { ...row, isGroup: row.isGroup ?? false, team: () => team(row.teamId), parent: () => group && label(group) };
  };

  const comment = (id: string): View | null => {
    const row = find(state.comments, id);
    if (!row) return null;
    const parent = find(state.issues, row.issueId);
    return {
      ...row,
      url: `${baseUrl}/issue/${parent?.identifier}#comment-${row.id}`,
      user: () => (row.botType ? null : user(row.userId)),
      botActor: row.botType ? { type: row.botType, name: row.botType } : null,
      issue: () => parent && issue(parent),
    };
  };

  const attachment = (id: string): View | null => {
    const row = find(state.attachments, id);
    if (!row) return null;
    const parent = find(state.issues, row.issueId);
    return { ...row, creator: () => user(row.creatorId), issue: () => parent && issue(parent) };
  };

  const issue = (row: LinearIssueRow): View => {
    const own = <Child extends { id: string; issueId: string }>(rows: Child[]) =>
      rows.filter((child) => child.issueId === row.id);
    const hiddenFields = me.bot ? (state.forbiddenFields ?? []) : [];
    const view: View = {
      ...row,
      url: `${baseUrl}/issue/${row.identifier}`,
      priorityLabel: priorities[row.priority] ?? '',
      botActor: null,
      team: () => team(row.teamId),
      state: () => workflowState(row.stateId),
      assignee: () => user(row.assigneeId),
      creator: () => user(row.creatorId),
      labels: (args: ListArgs) =>
        page(state.labels.filter((linearLabelRow) => row.labelIds.includes(linearLabelRow.id)).map(label), args),
      comments: (args: ListArgs) =>
        page(
          own(state.comments)
            .map((linearCommentRow) => comment(linearCommentRow.id))
            .filter((view) => view !== null),
          args,
        ),
      attachments: (args: ListArgs) =>
        page(
          own(state.attachments)
            .map((linearAttachmentRow) => attachment(linearAttachmentRow.id))
            .filter((view) => view !== null),
          args,
        ),
      relations: (args: ListArgs) =>
        page(
          own(state.relations).flatMap((entry) => {
            const related = find(state.issues, entry.relatedIssueId);
            return related ? [{ ...entry, relatedIssue: () => issue(related) }] : [];
          }),
          args,
        ),
      history: (args: ListArgs) =>
        page(
          own(state.history).map((linearHistoryRow) => ({
            ...linearHistoryRow,
            actor: () => user(linearHistoryRow.actorId),
            botActor: null,
            fromState: () => workflowState(linearHistoryRow.fromStateId),
            toState: () => workflowState(linearHistoryRow.toStateId),
          })),
          args,
        ),
    };
    return { ...view, ...Object.fromEntries(hiddenFields.map((field) => [field, refuseField])) };
  };

  return { user, team, label, issue, comment, attachment };
}
