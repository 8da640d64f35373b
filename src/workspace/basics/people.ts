import type { Core } from '../core.ts';

export function findPersonName(core: Core, person: string | null): string | null {
  return person === null ? null : (core.settings.workspace.people[person]?.name ?? person);
}

export function findPersonOrTeamName(core: Core, who: string | null): string | null {
  const { people } = core.settings.workspace;
  if (who === null) return null;
  return Object.hasOwn(people, who) ? (people[who]?.name ?? who) : `team ${who}`;
}

/** People with an e-mail address, whatever its case. */
export function listPeopleByAddress(core: Core, email: string): string[] {
  const address = email.trim().toLowerCase();
  return Object.entries(core.settings.workspace.people).flatMap(([person, settings]) =>
    settings.email.toLowerCase() === address ? [person] : [],
  );
}

/** A person's account in a tracker; null without one in the workspace file. */
export function findAccount(
  { settings }: Pick<Core, 'settings'>,
  person: string | null,
  tracker: string,
): string | null {
  if (person === null) return null;
  const kind = settings.workspace.trackers[tracker]?.kind;
  return settings.workspace.people[person]?.accounts[kind ?? ''] ?? null;
}

/** The person of an account; null for an unknown account. */
export function findPersonByAccount(core: Core, account: string | null, tracker: string): string | null {
  if (account === null) return null;
  const kind = core.settings.workspace.trackers[tracker]?.kind;
  const wanted = account.toLowerCase();
  const result = Object.entries(core.settings.workspace.people).find(
    ([, settings]) => settings.accounts[kind ?? '']?.toLowerCase() === wanted,
  );
  return result?.[0] ?? null;
}

export function describeAccountOwner(core: Core, account: string | null, tracker: string): string {
  if (account === null) return 'somebody in the tracker';
  return findPersonByAccount(core, account, tracker) ?? `${account} (no person of the workspace)`;
}

/**
 * Recipients that a `notify` entry names: a role of the team or the case, a team, or one person.
 *
 * @param isForMember whether somebody who is named through a team, and not in person, is a recipient
 */
export function audience(
  core: Core,
  names: string[],
  teamName: string,
  result?: { assignee: string | null; loopOwner: string | null },
  isForMember: (person: string) => boolean = () => true,
): { person: string; address: string }[] {
  const { people, teams } = core.settings.workspace;
  const recipients = new Map<string, string>();
  const add = (person: string) => {
    const address = Object.hasOwn(people, person) ? people[person]?.email : undefined;
    if (address) recipients.set(person, address);
  };
  const addTeamRecipients = (name: string, roles: string[]) => {
    const team = teams[name];
    if (!team) return;
    if (roles.includes('managers')) team.managers.filter(isForMember).forEach(add);
    if (roles.includes('members')) team.members.filter(isForMember).forEach(add);
    if (roles.includes('watchers')) for (const address of team.watchers) recipients.set(address, address);
  };
  for (const name of names) {
    if (name === 'team') addTeamRecipients(teamName, ['managers', 'members', 'watchers']);
    else if (name === 'managers' || name === 'members' || name === 'watchers') addTeamRecipients(teamName, [name]);
    else if (name === 'assignee') add(result?.assignee ?? '');
    else if (name === 'loop-owner') add(result?.loopOwner ?? '');
    else if (Object.hasOwn(teams, name)) addTeamRecipients(name, ['managers', 'members', 'watchers']);
    else add(name);
  }
  return [...recipients].map(([person, address]) => ({ person, address }));
}
