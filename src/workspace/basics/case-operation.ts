import { AppError, demandFound, InvalidInputError } from '#domain/base/errors.ts';
import type { TokenPurpose } from '#domain/base/key.ts';
import { suggestKnownNames } from '#domain/base/nearest.ts';
import { type TimelineEventName, toCaseEventType } from '#domain/cases/timeline.ts';
import type { PersonSettings, TeamSettings, WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import { type Case, type Core, isBlank, isOpenLoop, type json, templating, timing } from '../core.ts';
import * as store from '../store/index.ts';
import { queueCaseEvents } from './case-events.ts';

/** @throws AppError `not-found` for an unknown case */
export const demandCase = (core: Core, id: string): Case =>
  demandFound(store.findCase(core.sql, id), 'There is no such case.');

/** @throws AppError `not-found` for an unknown response */
export const demandResponse = (core: Core, id: string): store.StoredResponse =>
  demandFound(store.findResponse(core.sql, id), 'There is no such response.');

/** @throws AppError `not-found` for an unknown case, `forbidden` for people who do not manage it */
export function demandManagedCase(core: Core, id: string, who: string): Case {
  const caseRecord = demandCase(core, id);
  if (mayManageCase(core, caseRecord, who)) return caseRecord;
  throw new AppError('forbidden', 'Only a case manager of the case may do that.');
}

/** An open case; AppError `not-found` for an unknown case, `conflict` for a closed one, which has no `has`. */
export function demandWorkingCase(core: Core, id: string, has: string): Case {
  const caseRecord = demandCase(core, id);
  if (isOpenLoop(caseRecord.loop)) return caseRecord;
  throw new AppError('conflict', `This case is ${caseRecord.loop}: only an open case has ${has}.`);
}

/** A person's text in a field, trimmed; InvalidInputError when it is empty or too long. */
export function wording(field: string, text: string, remedy: string, longest = 4000): string {
  const given = text.trim();
  if (isBlank(given)) refuseField(field, `is empty; ${remedy}`);
  if (given.length > longest) refuseField(field, `is longer than ${longest} characters`);
  return given;
}

/** Refuses a field. `message` continues a sentence that starts with the field's name. */
export function refuseField(field: string, message: string): never {
  throw new InvalidInputError(`${field}: ${message}`, [{ field, message }]);
}

/** Adds an entry to a case's timeline, in its current generation unless another is given. */
export const record = (
  core: Core,
  caseId: string,
  what: TimelineEventName,
  why: string,
  facts: { who?: string; evidence?: string; generation?: number } = {},
): void => {
  store.timeline.insert(core.sql, {
    caseId,
    at: core.clock.now(),
    what,
    who: facts.who ?? 'Caselite',
    why,
    evidence: facts.evidence ?? null,
    generation: facts.generation ?? store.getCase(core.sql, caseId).generation,
  });
  queueCaseEvents(core, toCaseEventType(what));
};

/** Adds an entry to the timeline of each case of a person. */
export function recordOnCasesOf(core: Core, keys: string[], what: TimelineEventName, why: string, who: string): void {
  for (const id of store.caseIdsOfCustomer(core.sql, keys)) record(core, id, what, why, { who });
}

const ownOf = <Value>(record: Record<string, Value>, key: string | null): Value | undefined =>
  key !== null && Object.hasOwn(record, key) ? record[key] : undefined;

/** A person of the workspace file; undefined for everybody else. */
export const findPerson = ({ settings }: Pick<Core, 'settings'>, person: string | null): PersonSettings | undefined =>
  ownOf(settings.workspace.people, person);

export const findTeam = ({ settings }: Pick<Core, 'settings'>, team: string | null): TeamSettings | undefined =>
  ownOf(settings.workspace.teams, team);

/** The workspace's settings with the case options of a case's team. */
export const findSettingsOfCase = (core: Core, { team }: Pick<Case, 'team'>): WorkspaceSettings =>
  templating.applyTeamCaseOptions(core.settings.workspace, team);

/** @throws InvalidInputError for somebody whom the workspace file does not name */
export function demandKnownPerson(core: Core, person: string, field = 'person'): PersonSettings {
  const found = findPerson(core, person);
  if (found) return found;
  const known = suggestKnownNames(person, Object.keys(core.settings.workspace.people));
  return refuseField(field, `is not under people of the workspace file: ${person}; ${known}`);
}

export const findPersonName = (core: Core, person: string | null): string | null =>
  findPerson(core, person)?.name ?? person;

export const findPersonOrTeamName = (core: Core, who: string | null): string | null =>
  who === null ? null : (findPerson(core, who)?.name ?? `team ${who}`);

/** People with an e-mail address, whatever its case. */
export function listPeopleByAddress(core: Core, email: string): string[] {
  const address = email.trim().toLowerCase();
  return Object.entries(core.settings.workspace.people).flatMap(([person, settings]) =>
    settings.email.toLowerCase() === address ? [person] : [],
  );
}

/** A person's account in a tracker; null without one in the workspace file. */
export const findAccount = (core: Pick<Core, 'settings'>, person: string | null, tracker: string): string | null =>
  findPerson(core, person)?.accounts[core.settings.workspace.trackers[tracker]?.kind ?? ''] ?? null;

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

/** Recipients of a `notify` entry: a role, a team or one person; `isForMember` filters those named by a team. */
export function audience(
  core: Core,
  names: string[],
  teamName: string,
  result?: { assignee: string | null; loopOwner: string | null },
  isForMember: (person: string) => boolean = () => true,
): { person: string; address: string }[] {
  const recipients = new Map<string, string>();
  const add = (person: string) => {
    const address = findPerson(core, person)?.email;
    if (address) recipients.set(person, address);
  };
  const addTeam = (name: string, roles: string[]) => {
    const { managers = [], members = [], watchers = [] } = findTeam(core, name) ?? {};
    if (roles.includes('managers')) managers.filter(isForMember).forEach(add);
    if (roles.includes('members')) members.filter(isForMember).forEach(add);
    if (roles.includes('watchers')) for (const address of watchers) recipients.set(address, address);
  };
  const roles = ['managers', 'members', 'watchers'];
  for (const name of names) {
    if (roles.includes(name)) addTeam(teamName, [name]);
    else if (name === 'assignee') add(result?.assignee ?? '');
    else if (name === 'loop-owner') add(result?.loopOwner ?? '');
    else if (name === 'team' || findTeam(core, name)) addTeam(name === 'team' ? teamName : name, roles);
    else add(name);
  }
  const list = [...recipients].map(([person, address]) => ({ person, address }));
  // A watcher's address may be that of a person, who hears of it as one.
  const mailboxes = list.flatMap(({ person, address }) => (person === address ? [] : address.toLowerCase()));
  return list.filter(({ person, address }) => person !== address || !mailboxes.includes(address.toLowerCase()));
}

type Role = 'manager' | 'member';

/** A person's role in a case; admins manage every case, and viewers have none even where a tracker assigns them. */
export function roleOf(core: Core, caseRecord: Case, person: string | null): Role | null {
  const { admins, viewers } = core.settings.workspace;
  if (person === null || viewers.includes(person)) return null;
  const team = findTeam(core, caseRecord.team);
  if (admins.includes(person) || team?.managers.includes(person)) return 'manager';
  if (team?.members.includes(person) || team?.fallback === person) return 'member';
  return caseRecord.assignee === person || caseRecord.loopOwner === person ? 'member' : null;
}

/** Only case managers may close; everybody on the case may work on it. */
export const mayClose = (core: Core, caseRecord: Case, person: string | null): boolean =>
  roleOf(core, caseRecord, person) === 'manager';

const accesses = ['viewer', 'member', 'manager', 'admin'] as const;
export type Access = (typeof accesses)[number];

export function determineAccess({ admins, teams, viewers }: WorkspaceSettings, person: string): Access {
  if (viewers.includes(person)) return 'viewer';
  const manages = Object.values(teams).some(({ managers }) => managers.includes(person));
  if (admins.includes(person) || (admins.length === 0 && manages)) return 'admin';
  return manages ? 'manager' : 'member';
}

export const hasAccess = ({ settings }: Pick<Core, 'settings'>, person: string, least: Access): boolean =>
  accesses.indexOf(determineAccess(settings.workspace, person)) >= accesses.indexOf(least);

/** Whether somebody decides for the case: its managers, and programs. */
export const mayManageCase = (core: Core, caseRecord: Case, who: string): boolean =>
  !findPerson(core, who) || mayClose(core, caseRecord, who);

/** The party that asks something of a workspace. Without `scopes` it is not limited to any. */
export type Caller =
  | { kind: 'person'; person: string; scopes?: readonly json.TokenScope[] }
  | { kind: 'session'; id: string }
  | { kind: 'token'; token: string }
  /** A program; without a name the holder of the deployment's API token. */
  | { kind: 'program'; name?: string; scopes?: readonly json.TokenScope[] }
  | { kind: 'link'; purpose: LinkPurpose; subject: string };

export type LinkPurpose = Exclude<TokenPurpose, 'own-survey' | 'session'>;

type OnCase = { assignee: string | null; loopOwner: string | null };

/** Whether a caller sees who customers are: programs, managers, and members on their own cases. */
export function maySeeCustomers(core: Core, caller: Caller, ...own: OnCase[]): boolean {
  if (caller.kind !== 'person' && caller.kind !== 'program') return false;
  if (caller.scopes && !caller.scopes.includes('personal-data')) return false;
  if (caller.kind === 'program') return true;
  const { person } = caller;
  const isOwn = own.some(({ assignee, loopOwner }) => assignee === person || loopOwner === person);
  return hasAccess(core, person, isOwn ? 'member' : 'manager');
}

/** An instant on the workspace's wall clock, for mails, issues and the timeline. */
export const formatTime = (core: Core, at: number): string =>
  timing.formatInstant(at, core.settings.workspace['time-zone'], core.clock.now());
