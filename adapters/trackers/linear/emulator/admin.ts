import { type Admin, nothing, type Permission } from '#adapters/emulators/admin.ts';
import { toIsoText } from '#domain/time/units.ts';
import { addTeam, type LinearState } from './state.ts';

const mutations: Record<Permission, string> = {
  create: 'issueCreate',
  edit: 'issueUpdate',
  close: 'issueUpdate',
  comment: 'commentCreate',
};

export function linearAdmin(state: LinearState, now: () => number): Admin {
  const find = (wanted: string) => {
    const issue = state.issues.find(
      ({ identifier, previousIdentifiers }) => identifier === wanted || previousIdentifiers.includes(wanted),
    );
    if (!issue) throw new Error(`no issue ${wanted}`);
    return issue;
  };
  const at = () => toIsoText(now());
  const change = (key: string, values: Partial<ReturnType<typeof find>>) =>
    void Object.assign(find(key), { updatedAt: at(), ...values });
  /** Moves the issue to another team, in a state of the same type. */
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
    forbid: (what) => void Object.assign(state, { forbidden: what ? [mutations[what]] : [] }),
    isThere: (id) =>
      !state.isHidden &&
      state.issues.some(
        (linearIssueRow) => linearIssueRow.id === id && !linearIssueRow.isHidden && !linearIssueRow.trashed,
      ),
  };
}
