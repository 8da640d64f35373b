import type { TokenPurpose } from '#domain/base/token.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { TokenScope } from '#domain/json/token-json.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import type { Core } from '../core.ts';

/** Role of a person in a case: managers close, members contribute. */
export type Role = 'manager' | 'member';

/**
 * A person's role in a case, through its team, as assignee or as loop owner. Admins are managers of every case. Null
 * for people without a part in it, and for viewers even where a tracker assigns them.
 */
export function roleOf(core: Core, caseRecord: Case, person: string | null): Role | null {
  const { teams, admins, viewers } = core.settings.workspace;
  if (person === null || viewers.includes(person)) return null;
  const team = Object.hasOwn(teams, caseRecord.team) ? teams[caseRecord.team] : undefined;
  if (admins.includes(person) || team?.managers.includes(person)) return 'manager';
  if (team?.members.includes(person) || team?.fallback === person) return 'member';
  return caseRecord.assignee === person || caseRecord.loopOwner === person ? 'member' : null;
}

/** Only case managers may close; everybody on the case may work on it. */
export const mayClose = (core: Core, caseRecord: Case, person: string | null): boolean =>
  roleOf(core, caseRecord, person) === 'manager';

const accesses = ['viewer', 'member', 'manager', 'admin'] as const;
/** Rights of a person in the whole workspace, each with those before it. */
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
  !Object.hasOwn(core.settings.workspace.people, who) || mayClose(core, caseRecord, who);

/** The party that asks something of a workspace. Without `scopes` it is not limited to any. */
export type Viewer =
  | { kind: 'person'; person: string; scopes?: readonly TokenScope[] }
  /** The holder of a session's cookie, until the session's row names the person. */
  | { kind: 'session'; id: string }
  /** The holder of an API token, until the token's row names the person or the program. */
  | { kind: 'token'; token: string }
  /** A program; without a name the holder of the deployment's API token. */
  | { kind: 'program'; name?: string; scopes?: readonly TokenScope[] }
  /** The holder of a signed link of a mail: a customer, a closer, a colleague or a contributor. */
  | { kind: 'link'; purpose: LinkPurpose; subject: string };

export type LinkPurpose = Exclude<TokenPurpose, 'own-survey' | 'session'>;

interface OnCase {
  assignee: string | null;
  loopOwner: string | null;
}

/**
 * Whether a viewer sees who customers are: programs and managers do, and on their own cases members. Tokens need the
 * scope for personal data as well.
 */
export function maySeeCustomers(core: Core, viewer: Viewer, ...own: OnCase[]): boolean {
  if (viewer.kind !== 'person' && viewer.kind !== 'program') return false;
  if (viewer.scopes && !viewer.scopes.includes('personal-data')) return false;
  if (viewer.kind === 'program') return true;
  const { person } = viewer;
  const isOwn = own.some(({ assignee, loopOwner }) => assignee === person || loopOwner === person);
  return hasAccess(core, person, isOwn ? 'member' : 'manager');
}
