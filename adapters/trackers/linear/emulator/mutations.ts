import { minuteMs, toIsoText } from '#domain/time/units.ts';
import { conflict, invalid, notFound } from './errors.ts';
import { type LinearIssueRow, type LinearState, type LinearUserRow, newRow } from './state.ts';

export interface IssueInput {
  id?: string | null;
  teamId?: string | null;
  title?: string | null;
  description?: string | null;
  priority?: number | null;
  labelIds?: string[] | null;
  addedLabelIds?: string[] | null;
  removedLabelIds?: string[] | null;
  assigneeId?: string | null;
  dueDate?: string | null;
  stateId?: string | null;
  parentId?: string | null;
  projectId?: string | null;
}

const historyStartsAfter = 3 * minuteMs;

/** Changes to rows by one caller at one instant. */
export function createMutations(state: LinearState, now: number, me: LinearUserRow) {
  const at = toIsoText(now);

  function issueRow(id: string): LinearIssueRow {
    const linearIssueRow = state.issues.find((issue) => issue.id === id || issue.identifier === id);
    if (linearIssueRow && !linearIssueRow.isHidden && !(state.isHidden && me.bot)) return linearIssueRow;
    throw notFound('Issue');
  }

  function ownId(entity: string, id: string | null | undefined, rows: { id: string }[]) {
    if (!id) return;
    if (!/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))
      throw invalid('id must be a UUID.');
    if (rows.some((row) => row.id === id)) throw conflict(entity, id);
  }

  function stateOf(teamId: string, id: string | null | undefined, type = 'backlog') {
    const own = state.states.filter((row) => row.teamId === teamId);
    const linearStateRow = own.find((row) => (id ? row.id === id : row.type === type));
    if (linearStateRow) return linearStateRow;
    throw invalid('stateId must belong to the team of the issue.');
  }

  function fits(teamId: string, labelId: string): boolean {
    const label = state.labels.find((row) => row.id === labelId);
    return label !== undefined && (label.teamId === null || label.teamId === teamId);
  }

  /** A group itself is no label of an issue, and its labels exclude each other. */
  function checkLabels(teamId: string, ids: string[], kept: string[] = []) {
    if (ids.some((id) => !fits(teamId, id))) throw invalid('No such label in this team.');
    const rows = state.labels.filter(({ id }) => ids.includes(id) || kept.includes(id));
    if (rows.some(({ isGroup }) => isGroup)) throw invalid('labelIds must not contain a label group.');
    const groups = rows.flatMap(({ parentId }) => parentId ?? []);
    if (new Set(groups).size < groups.length) throw invalid('labelIds contain several labels of one group.');
  }

  function checkValues(input: IssueInput) {
    const given: Record<string, unknown> = { ...input };
    const refused = me.bot ? state.refusedFields?.find((name) => given[name]) : undefined;
    if (refused) throw invalid(`${refused} must not be ${String(given[refused])}.`);
    const project = state.projects?.find(({ id }) => id === input.projectId);
    if (input.projectId && !project) throw notFound('Project');
    if (input.assigneeId && !state.users.some((user) => user.id === input.assigneeId)) throw notFound('User');
    if (input.dueDate && !/^\d{4}-\d{2}-\d{2}$/.test(input.dueDate)) throw invalid('dueDate is no date.');
    if (input.priority && (input.priority < 0 || input.priority > 4)) throw invalid('priority is 0 to 4.');
  }

  function moveToState(issue: LinearIssueRow, stateId: string) {
    if (issue.stateId === stateId) return;
    const { type } = stateOf(issue.teamId, stateId);
    if (now - Date.parse(issue.createdAt) >= historyStartsAfter)
      state.history.push({
        ...newRow(state, now),
        issueId: issue.id,
        actorId: me.id,
        fromStateId: issue.stateId,
        toStateId: stateId,
      });
    issue.stateId = stateId;
    issue.completedAt = type === 'completed' ? at : null;
    issue.canceledAt = type === 'canceled' || type === 'duplicate' ? at : null;
  }

  function moveToTeam(issue: LinearIssueRow, teamId: string) {
    const team = state.teams.find((row) => row.id === teamId);
    if (!team) throw notFound('Team');
    const { type } = stateOf(issue.teamId, issue.stateId);
    issue.previousIdentifiers.push(issue.identifier);
    issue.teamId = teamId;
    issue.number = team.lastNumber += 1;
    issue.identifier = `${team.key}-${issue.number}`;
    issue.stateId = stateOf(teamId, null, type).id;
  }

  return {
    issueRow,

    createIssue(input: IssueInput): LinearIssueRow {
      const team = state.teams.find((row) => row.id === input.teamId);
      if (!team) throw notFound('Team');
      if (team.retiredAt) throw invalid('teamId is that of a retired team.');
      ownId('Issue', input.id, state.issues);
      checkValues(input);
      checkLabels(team.id, input.labelIds ?? []);
      if (!input.title) throw invalid('title must not be empty.');
      const stateId = stateOf(team.id, input.stateId, team.triageEnabled ? 'triage' : 'backlog').id;
      team.lastNumber += 1;
      const issue: LinearIssueRow = {
        ...newRow(state, now, input.id),
        teamId: team.id,
        number: team.lastNumber,
        identifier: `${team.key}-${team.lastNumber}`,
        previousIdentifiers: [],
        title: input.title,
        description: withoutHtmlComments(input.description ?? null),
        priority: input.priority ?? 0,
        dueDate: input.dueDate ?? null,
        stateId,
        assigneeId: input.assigneeId ?? null,
        creatorId: me.id,
        labelIds: input.labelIds ?? [],
        completedAt: null,
        canceledAt: null,
        autoClosedAt: null,
        trashed: null,
        parentId: input.parentId ? issueRow(input.parentId).id : null,
        projectId: input.projectId ?? null,
      };
      state.issues.push(issue);
      return issue;
    },

    updateIssue(id: string, input: IssueInput): LinearIssueRow {
      const issue = issueRow(id);
      checkValues(input);
      const removed = input.removedLabelIds ?? [];
      const labelIds = [...(input.labelIds ?? issue.labelIds), ...(input.addedLabelIds ?? [])];
      const teamId = input.teamId ?? issue.teamId;
      const kept = (input.labelIds ?? issue.labelIds).filter((labelId) => !removed.includes(labelId));
      checkLabels(teamId, [...(input.labelIds ?? []), ...(input.addedLabelIds ?? [])], kept);
      if (teamId !== issue.teamId) moveToTeam(issue, teamId);
      if (input.stateId) moveToState(issue, input.stateId);
      issue.labelIds = [...new Set(labelIds)].filter((value) => !removed.includes(value) && fits(teamId, value));
      if (input.title) issue.title = input.title;
      if (input.description !== undefined) issue.description = withoutHtmlComments(input.description);
      if (input.priority !== undefined) issue.priority = input.priority ?? 0;
      if (input.dueDate !== undefined) issue.dueDate = input.dueDate;
      if (input.assigneeId !== undefined) issue.assigneeId = input.assigneeId;
      if (input.projectId !== undefined) issue.projectId = input.projectId;
      issue.updatedAt = at;
      return issue;
    },

    archiveIssue(id: string, archived: boolean, trashed: boolean): LinearIssueRow {
      const issue = issueRow(id);
      issue.archivedAt = archived ? at : null;
      issue.trashed = trashed ? true : null;
      issue.updatedAt = at;
      return issue;
    },

    removeIssue(id: string): void {
      state.issues.splice(state.issues.indexOf(issueRow(id)), 1);
    },

    createComment(input: { id?: string | null; issueId?: string | null; body?: string | null }): string {
      const issue = issueRow(input.issueId ?? '');
      ownId('Comment', input.id, state.comments);
      if (!input.body) throw invalid('body must not be empty.');
      const row = { ...newRow(state, now, input.id), issueId: issue.id, userId: me.id, botType: null };
      state.comments.push({ ...row, body: withoutHtmlComments(input.body) ?? '' });
      issue.updatedAt = at;
      return row.id;
    },

    createRelation(input: { issueId: string; relatedIssueId: string; type: string }) {
      const issue = issueRow(input.issueId);
      const related = issueRow(input.relatedIssueId);
      const same = state.relations.find(
        (row) => row.issueId === issue.id && row.relatedIssueId === related.id && row.type === input.type,
      );
      if (same) throw conflict('IssueRelation', same.id);
      const row = { ...newRow(state, now), issueId: issue.id, relatedIssueId: related.id, type: input.type };
      state.relations.push(row);
      issue.updatedAt = at;
      return row;
    },

    createLabel(input: {
      id?: string | null;
      teamId?: string | null;
      name: string;
      color?: string | null;
      description?: string | null;
      isGroup?: boolean | null;
      parentId?: string | null;
    }) {
      const teamId = input.teamId ?? null;
      const taken = state.labels.some(
        (label) =>
          (label.teamId === null || teamId === null || label.teamId === teamId) &&
          label.name.toLowerCase() === input.name.toLowerCase(),
      );
      if (taken) throw invalid('A label of this name exists.');
      ownId('IssueLabel', input.id, state.labels);
      if (input.color && !/^#[0-9a-f]{6}$/i.test(input.color)) throw invalid('color is no colour.');
      const label = {
        ...newRow(state, now, input.id),
        teamId,
        name: input.name,
        color: input.color ?? '#bec2c8',
        description: input.description ?? null,
        isGroup: input.isGroup ?? false,
        parentId: input.parentId ?? null,
      };
      state.labels.push(label);
      return label;
    },

    createAttachment(input: {
      id?: string | null;
      issueId: string;
      title: string;
      subtitle?: string | null;
      url: string;
      metadata?: Record<string, unknown> | null;
    }): string {
      const issue = issueRow(input.issueId);
      const values = {
        title: input.title,
        subtitle: input.subtitle ?? null,
        metadata: input.metadata ?? {},
        updatedAt: at,
      };
      const same = state.attachments.find((row) => row.issueId === issue.id && row.url === input.url);
      if (same) return Object.assign(same, values).id;
      const row = { ...newRow(state, now, input.id), issueId: issue.id, creatorId: me.id, url: input.url };
      state.attachments.push({ ...row, ...values });
      return row.id;
    },
  };
}

/** Linear's editor keeps no HTML comments. */
function withoutHtmlComments(text: string | null): string | null {
  return text?.replace(/<!--[\s\S]*?-->/g, '') ?? null;
}
