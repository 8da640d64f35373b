import { toIsoText } from '#domain/time/units.ts';

/** The emulator's state as plain JSON, with times as ISO text. */
export interface LinearState {
  counter: number;
  token: string;
  /** Mutations that the bot may not run. */
  forbidden?: string[];
  /** Fields of issues whose values are refused, with the value in the message. */
  refusedFields?: string[];
  /** Fields of issues that the bot may not read, such as `assignee`. */
  forbiddenFields?: string[];
  /** Whether the bot has lost all its teams. */
  isHidden?: boolean;
  teams: LinearTeamRow[];
  states: LinearStateRow[];
  users: LinearUserRow[];
  labels: LinearLabelRow[];
  issues: LinearIssueRow[];
  history: LinearHistoryRow[];
  comments: LinearCommentRow[];
  attachments: LinearAttachmentRow[];
  relations: (Row & { issueId: string; relatedIssueId: string; type: string })[];
  /** An OAuth application; a new token ends the earlier one. */
  client: { id: string; secret: string; token: string | null; until: number } | null;
  projects?: LinearProjectRow[];
}

interface Row {
  id: string;
  createdAt: string;
  updatedAt: string;
  archivedAt: string | null;
}

export interface LinearTeamRow extends Row {
  key: string;
  name: string;
  lastNumber: number;
  /** Whether new issues without a state wait in the triage of the team. */
  triageEnabled?: boolean;
  /** Since when the team takes no new issues. */
  retiredAt?: string;
}

type LinearProjectRow = Row & { name: string; teamIds: string[] };

interface LinearStateRow extends Row {
  teamId: string;
  name: string;
  type: string;
  position: number;
}

export interface LinearUserRow extends Row {
  email: string;
  name: string;
  bot: boolean;
}

export interface LinearLabelRow extends Row {
  teamId: string | null;
  name: string;
  color: string;
  description: string | null;
  /** Whether it only groups other labels; of those an issue may have one. */
  isGroup?: boolean;
  /** The group of the label. */
  parentId?: string | null;
}

export interface LinearIssueRow extends Row {
  teamId: string;
  number: number;
  identifier: string;
  previousIdentifiers: string[];
  title: string;
  description: string | null;
  priority: number;
  dueDate: string | null;
  stateId: string;
  assigneeId: string | null;
  creatorId: string;
  labelIds: string[];
  completedAt: string | null;
  canceledAt: string | null;
  autoClosedAt: string | null;
  trashed: boolean | null;
  /** Whether the issue is in a team that no account here belongs to. */
  isHidden?: boolean;
  parentId: string | null;
  projectId?: string | null;
}

interface LinearHistoryRow extends Row {
  issueId: string;
  actorId: string | null;
  fromStateId: string;
  toStateId: string;
}

interface LinearCommentRow extends Row {
  issueId: string;
  userId: string;
  /** Set where an integration wrote through this account. */
  botType: string | null;
  body: string;
}

interface LinearAttachmentRow extends Row {
  issueId: string;
  creatorId: string;
  title: string;
  subtitle: string | null;
  url: string;
  metadata: Record<string, unknown>;
}

export interface LinearSeed {
  team: { key: string; name: string };
  people: { account: string; name: string }[];
  bot: { token: string; name: string };
}

/** A row's common fields, with the next id or one from the client. */
export function newRow(state: LinearState, now: number, id?: string | null): Row {
  state.counter += 1;
  const counted = `00000000-0000-4000-8000-${state.counter.toString(16).padStart(12, '0')}`;
  const at = toIsoText(now);
  return { id: id ?? counted, createdAt: at, updatedAt: at, archivedAt: null };
}

const workflow = [
  ['Backlog', 'backlog'],
  ['Todo', 'unstarted'],
  ['In Progress', 'started'],
  ['Done', 'completed'],
  ['Canceled', 'canceled'],
  ['Duplicate', 'duplicate'],
] as const;

/** Adds a team with the usual workflow. */
export function addTeam(state: LinearState, now: number, team: LinearSeed['team']): LinearTeamRow {
  const row = { ...newRow(state, now), ...team, lastNumber: 0 };
  state.teams.push(row);
  for (const [position, [name, type]] of workflow.entries())
    state.states.push({ ...newRow(state, now), teamId: row.id, name, type, position });
  return row;
}

/** Gives a team another key, which renames its issues. */
export function renameTeam(state: LinearState, key: string, renamed: string): void {
  const team = state.teams.find((row) => row.key === key);
  if (!team) throw new Error(`no team ${key}`);
  team.key = renamed;
  for (const issue of state.issues.filter(({ teamId }) => teamId === team.id)) {
    issue.previousIdentifiers.push(issue.identifier);
    issue.identifier = `${renamed}-${issue.number}`;
  }
}

/** Lets new issues of a team wait in triage. */
export function enableTriage(state: LinearState, now: number, team: LinearTeamRow): void {
  team.triageEnabled = true;
  state.states.push({ ...newRow(state, now), teamId: team.id, name: 'Triage', type: 'triage', position: -1 });
}

export function seedState(seed: LinearSeed, now: number): LinearState {
  const state: LinearState = {
    counter: 0,
    token: seed.bot.token,
    teams: [],
    states: [],
    users: [],
    labels: [],
    issues: [],
    history: [],
    comments: [],
    attachments: [],
    relations: [],
    client: null,
  };
  addTeam(state, now, seed.team);
  const bot = { email: 'bot@linear.invalid', name: seed.bot.name, bot: true };
  const people = seed.people.map(({ account, name }) => ({ email: account, name, bot: false }));
  for (const user of [bot, ...people]) state.users.push({ ...newRow(state, now), ...user });
  return state;
}
