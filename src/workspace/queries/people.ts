import { basics, type Core, casework, type json, store } from '../kit.ts';

/** People of the workspace: roles, accounts, absences, and numbers of open cases as assignee and loop owner. */
export function buildPeopleJson(core: Core): json.PeopleJson {
  const { people, teams, trackers, roles, 'time-zone': timeZone } = core.settings.workspace;
  const kinds = [...new Set(Object.values(trackers).map(({ kind }) => kind))].sort();
  const load = store.countOpenCasesByPerson(core.sql);
  const at = core.clock.now();
  const listTeamsOfPerson = (person: string, role: 'managers' | 'members') =>
    Object.keys(teams).filter((name) => teams[name]?.[role].includes(person));
  return {
    people: Object.entries(people).map(([key, settings]) => ({
      key,
      name: settings.name,
      access: basics.determineAccess(core.settings.workspace, key),
      manages: listTeamsOfPerson(key, 'managers'),
      memberOf: listTeamsOfPerson(key, 'members'),
      roles: Object.keys(roles).filter((role) => roles[role] === key),
      accounts: kinds.filter((kind) => Object.hasOwn(settings.accounts, kind)),
      away: settings.away,
      isUndeliverable: basics.isUndeliverable(core, settings.email),
      isAway: casework.hindrance({ people, at, timeZone, tracker: null }, key) !== null,
      worksOn: load.assigned.get(key) ?? 0,
      answersFor: load.owned.get(key) ?? 0,
    })),
    nobody: { works: load.assigned.get('') ?? 0, answers: load.owned.get('') ?? 0 },
  };
}
