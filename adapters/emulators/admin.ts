import type { GitHubState } from '../trackers/github/emulator/github.ts';
import type { JiraState } from '../trackers/jira/emulator/jira.ts';
import { touch } from '../trackers/jira/emulator/state.ts';
import { addTeam, type LinearState } from '../trackers/linear/emulator/state.ts';

/** What an administrator, or the vendor, does to issues: it goes past what people may do in one. */
export interface Admin {
  /** For good. */
  remove(key: string): void;
  /** No longer shown to anybody, without a word why. */
  hide(key: string): void;
  /** To another repository, project or team. */
  move(key: string): void;
  /** Locked, or archived, whichever there is. */
  lock(key: string): void;
  /** Into a discussion, or a sub-task. */
  convert(key: string): void;
  /** Into the trash, from where it can come back. */
  trash(key: string): void;
  /** Takes back what was done to an issue, unless it is gone for good. */
  restore(key: string): void;
  /** Our account may no longer see the place, or may again. */
  hidePlace(isHidden: boolean): void;
  /** Whether our account could read the issue, by its id. */
  isThere(id: string): boolean;
}

const nothing = () => {};

export function githubAdmin(state: GitHubState, now: () => number): Admin {
  const find = (key: string) => {
    const issue = state.issues.find(({ number }) => String(number) === key);
    if (!issue) throw new Error(`no issue ${key}`);
    return issue;
  };
  const change = (key: string, values: Partial<ReturnType<typeof find>>) =>
    void Object.assign(find(key), values);
  return {
    remove: (key) => change(key, { gone: 410 }),
    hide: (key) => change(key, { gone: 404 }),
    move: (key) => change(key, { gone: 301 }),
    lock: (key) => change(key, { locked: true, updated: now() }),
    convert(key) {
      const [actor = 'somebody'] = state.people;
      const { number } = find(key);
      change(key, {
        state: 'closed',
        reason: null,
        locked: true,
        closed: now(),
        closedBy: actor,
        updated: now(),
      });
      for (const event of ['converted_to_discussion', 'closed']) {
        state.lastId += 1;
        state.events.push({ id: state.lastId, issue: number, event, actor, at: now() });
      }
    },
    trash: nothing,
    restore(key) {
      const issue = find(key);
      if (issue.gone === 410) return;
      Object.assign(issue, { gone: null, updated: now() });
      // What was made a discussion is unlocked by nobody; it can be opened again.
      const isConverted = state.events.some(
        (entry) => entry.issue === issue.number && entry.event === 'converted_to_discussion',
      );
      if (isConverted && issue.state === 'closed') {
        state.lastId += 1;
        const [actor = 'somebody'] = state.people;
        state.events.push({ id: state.lastId, issue: issue.number, event: 'reopened', actor, at: now() });
        Object.assign(issue, { state: 'open', reason: 'reopened', closed: null, closedBy: null });
      }
      issue.locked = false;
    },
    hidePlace: (isHidden) => void Object.assign(state, { isHidden }),
    isThere: (id) =>
      !state.isHidden && state.issues.some(({ number, gone }) => String(number) === id && gone === null),
  };
}

export function jiraAdmin(state: JiraState, now: () => number): Admin {
  const find = (wanted: string) => {
    const issue = state.issues.find(({ key, formerKeys }) => key === wanted || formerKeys.includes(wanted));
    if (!issue) throw new Error(`no issue ${wanted}`);
    return issue;
  };
  const touched = (issue: ReturnType<typeof find>) =>
    touch({ now, state } as Parameters<typeof touch>[0], issue);
  const home = () => Object.keys(state.nextNumber)[0] ?? '';
  return {
    remove(key) {
      state.issues = state.issues.filter((issue) => issue !== find(key));
    },
    hide: (key) => void Object.assign(find(key), { isHidden: true }),
    move(key) {
      const issue = find(key);
      issue.formerKeys.push(issue.key);
      Object.assign(issue, { key: `OPS-${issue.id}`, project: 'OPS' });
      touched(issue);
    },
    lock: nothing,
    convert(key) {
      Object.assign(find(key), { issueType: 'Sub-task' });
      touched(find(key));
    },
    trash: nothing,
    restore(key) {
      const issue = find(key);
      issue.isHidden = false;
      if (issue.issueType === 'Sub-task') issue.issueType = 'Task';
      const former = issue.formerKeys.find((formerKey) => formerKey.startsWith(`${home()}-`));
      if (former && issue.project !== home()) Object.assign(issue, { key: former, project: home() });
      touched(issue);
    },
    hidePlace(isHidden) {
      state.lacks = isHidden ? ['BROWSE_PROJECTS'] : [];
    },
    isThere: (id) =>
      state.lacks.length === 0 && state.issues.some((entry) => entry.id === id && !entry.isHidden),
  };
}

export function linearAdmin(state: LinearState, now: () => number): Admin {
  const find = (wanted: string) => {
    const issue = state.issues.find(
      ({ identifier, previousIdentifiers }) => identifier === wanted || previousIdentifiers.includes(wanted),
    );
    if (!issue) throw new Error(`no issue ${wanted}`);
    return issue;
  };
  const at = () => new Date(now()).toISOString();
  const change = (key: string, values: Partial<ReturnType<typeof find>>) =>
    void Object.assign(find(key), { updatedAt: at(), ...values });
  /** Into another team, in a state of the same type. */
  function toTeam(key: string, team: LinearState['teams'][number], identifier: string): void {
    const issue = find(key);
    const typeOf = state.states.find(({ id }) => id === issue.stateId)?.type;
    const stateId = state.states.find(({ teamId, type }) => teamId === team.id && type === typeOf)?.id ?? '';
    issue.previousIdentifiers.push(issue.identifier);
    change(key, { teamId: team.id, identifier, stateId });
  }
  return {
    remove: (key) => void state.issues.splice(state.issues.indexOf(find(key)), 1),
    hide: (key) => change(key, { isHidden: true }),
    move(key) {
      const known = state.teams.find((team) => team.key === 'OPS');
      const team = known ?? addTeam(state, now(), { key: 'OPS', name: 'Operations' });
      team.lastNumber += 1;
      toTeam(key, team, `OPS-${team.lastNumber}`);
    },
    lock: (key) => change(key, { archivedAt: at() }),
    convert: nothing,
    trash: (key) => change(key, { archivedAt: at(), trashed: true }),
    restore(key) {
      const [home] = state.teams;
      change(key, { isHidden: false, archivedAt: null, trashed: null });
      const former = find(key).previousIdentifiers.find((previousIdentifier) =>
        previousIdentifier.startsWith(`${home?.key}-`),
      );
      if (home && former && find(key).teamId !== home.id) toTeam(key, home, former);
    },
    hidePlace: (isHidden) => void Object.assign(state, { isHidden }),
    isThere: (id) =>
      !state.isHidden &&
      state.issues.some(
        (linearIssueRow) => linearIssueRow.id === id && !linearIssueRow.isHidden && !linearIssueRow.trashed,
      ),
  };
}
