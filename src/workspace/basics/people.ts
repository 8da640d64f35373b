import type { Core } from '../core.ts';

export function personName(core: Core, person: string | null): string | null {
  return person === null ? null : (core.settings.workspace.people[person]?.name ?? person);
}

export function roleName(core: Core, who: string | null): string | null {
  const { people } = core.settings.workspace;
  if (who === null) return null;
  return Object.hasOwn(people, who) ? (people[who]?.name ?? who) : `team ${who}`;
}

/** A person's account in a tracker; null without one in the workspace file. */
export function accountOf(core: Core, person: string | null, tracker: string): string | null {
  if (person === null) return null;
  const kind = core.settings.workspace.trackers[tracker]?.kind;
  return core.settings.workspace.people[person]?.accounts[kind ?? ''] ?? null;
}

/** The person of an account; null for an unknown account. */
export function personOf(core: Core, account: string | null, tracker: string): string | null {
  if (account === null) return null;
  const kind = core.settings.workspace.trackers[tracker]?.kind;
  const wanted = account.toLowerCase();
  const found = Object.entries(core.settings.workspace.people).find(
    ([, settings]) => settings.accounts[kind ?? '']?.toLowerCase() === wanted,
  );
  return found?.[0] ?? null;
}

export function accountName(core: Core, account: string | null, tracker: string): string {
  if (account === null) return 'somebody in the tracker';
  return personOf(core, account, tracker) ?? `${account} (no person of the workspace)`;
}

/** Recipients that a `notify` entry names: a role of the team or the case, a team, or one person. */
export function audience(
  core: Core,
  names: string[],
  teamName: string,
  found?: { assignee: string | null; loopOwner: string | null },
): { person: string; address: string }[] {
  const { people, teams } = core.settings.workspace;
  const heard = new Map<string, string>();
  const add = (person: string) => {
    const address = Object.hasOwn(people, person) ? people[person]?.email : undefined;
    if (address) heard.set(person, address);
  };
  const addTeam = (name: string, roles: string[]) => {
    const team = teams[name];
    if (!team) return;
    if (roles.includes('managers')) team.managers.forEach(add);
    if (roles.includes('members')) team.members.forEach(add);
    if (roles.includes('watchers')) for (const address of team.watchers) heard.set(address, address);
  };
  for (const name of names) {
    if (name === 'team') addTeam(teamName, ['managers', 'members', 'watchers']);
    else if (name === 'managers' || name === 'members' || name === 'watchers') addTeam(teamName, [name]);
    else if (name === 'assignee') add(found?.assignee ?? '');
    else if (name === 'loop-owner') add(found?.loopOwner ?? '');
    else if (Object.hasOwn(teams, name)) addTeam(name, ['managers', 'members', 'watchers']);
    else add(name);
  }
  return [...heard].map(([person, address]) => ({ person, address }));
}
