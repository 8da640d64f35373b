import type { TokenPurpose } from '#domain/base/token.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import type { Core } from '../core.ts';

/** Role of a person in a case: managers close, members contribute. */
export type Role = 'manager' | 'member';

/**
 * A person's role in a case, through its team, as assignee or as loop owner. Admins are managers of every case. Null
 * for people without a part in it.
 */
export function roleOf(core: Core, caseRecord: Case, person: string | null): Role | null {
  if (person === null) return null;
  const { teams, admins } = core.settings.workspace;
  const team = Object.hasOwn(teams, caseRecord.team) ? teams[caseRecord.team] : undefined;
  if (admins.includes(person) || team?.managers.includes(person)) return 'manager';
  if (team?.members.includes(person) || team?.fallback === person) return 'member';
  return caseRecord.assignee === person || caseRecord.loopOwner === person ? 'member' : null;
}

/** Only case managers may close; everybody on the case may work on it. */
export const mayClose = (core: Core, caseRecord: Case, person: string | null): boolean =>
  roleOf(core, caseRecord, person) === 'manager';

/** Rights of a person in the whole workspace. */
export type Access = 'admin' | 'manager' | 'member';

export function determineAccess({ admins, teams }: WorkspaceSettings, person: string): Access {
  const manages = Object.values(teams).some(({ managers }) => managers.includes(person));
  if (admins.includes(person) || (admins.length === 0 && manages)) return 'admin';
  return manages ? 'manager' : 'member';
}

/** Whether somebody decides for the case: its managers, and programs with the workspace's API token. */
export const mayManageCase = (core: Core, caseRecord: Case, who: string): boolean =>
  !Object.hasOwn(core.settings.workspace.people, who) || mayClose(core, caseRecord, who);

/** The party that asks something of a workspace. */
export type Viewer =
  | { kind: 'person'; person: string }
  /** The holder of a session's cookie, until the session's row names the person. */
  | { kind: 'session'; id: string }
  /** A program with the workspace's API token. */
  | { kind: 'program' }
  /** The holder of a signed link of a mail: a customer, a closer, a colleague or a contributor. */
  | { kind: 'link'; purpose: LinkPurpose; subject: string };

export type LinkPurpose = Exclude<TokenPurpose, 'own-survey' | 'session'>;

interface OnCase {
  assignee: string | null;
  loopOwner: string | null;
}

/** Whether a viewer sees who customers are: programs and managers do, and on their own cases all people. */
export function maySeeCustomers({ settings }: Core, viewer: Viewer, ...own: OnCase[]): boolean {
  if (viewer.kind !== 'person') return viewer.kind === 'program';
  const { person } = viewer;
  return (
    determineAccess(settings.workspace, person) !== 'member' ||
    own.some(({ assignee, loopOwner }) => assignee === person || loopOwner === person)
  );
}
