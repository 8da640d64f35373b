import { AppError } from '#domain/base/errors.ts';
import { type Access, determineAccess, type LinkPurpose, maySeeCustomers, type Viewer } from './basics/roles.ts';
import type { Core } from './core.ts';
import { findCase } from './store/cases.ts';

/** The parties that may run an operation. Everybody else is refused. */
export interface Right {
  /** The least access of a person; `sees customer` asks it for the case that the operation is about. */
  person: Access | 'sees customer' | null;
  program: boolean;
  /** The link whose subject the operation is about. */
  link: LinkPurpose | null;
  /** The refusal of a person: some things don't show that they exist. */
  refusal: 'forbidden' | 'not-found';
}

export const members: Right = { person: 'member', program: true, link: null, refusal: 'forbidden' };
export const managers: Right = { ...members, person: 'manager' };
export const programs: Right = { ...members, person: null };
export const holdersOf = (purpose: LinkPurpose): Right => ({ ...programs, program: false, link: purpose });
export const hidden = (right: Right): Right => ({ ...right, refusal: 'not-found' });

/** Operations of the object that need more than its core: settings of the deployment, or a call to a tracker. */
export const rightsBeyondCore = { push: programs, validate: programs, check: members, backtest: members };

const rank: Record<Access, number> = { member: 1, manager: 2, admin: 3 };

/**
 * Refuses viewers without the right to an operation.
 *
 * @param values of the operation; a link's or a case's id comes first
 * @throws AppError `auth` for people and links of no standing here, else the refusal of the right
 */
export function demandRight(core: Core, viewer: Viewer, right: Right, values: unknown[]): void {
  if (viewer.kind === 'program' && right.program) return;
  if (viewer.kind === 'link' && right.link === viewer.purpose && values[0] === viewer.subject) return;
  const { workspace } = core.settings;
  if (viewer.kind !== 'person' || !Object.hasOwn(workspace.people, viewer.person))
    throw new AppError('auth', 'This needs a person of the workspace who is signed in.');
  if (right.person === 'sees customer') {
    const caseRecord = findCase(core.sql, String(values[0]));
    if (caseRecord && maySeeCustomers(core, viewer, caseRecord)) return;
  } else if (right.person && rank[determineAccess(workspace, viewer.person)] >= rank[right.person]) return;
  if (right.refusal === 'not-found') throw new AppError('not-found', 'There is nothing at this address.');
  const least = right.person === 'manager' ? 'case managers' : right.person === 'admin' ? 'admins' : 'programs';
  throw new AppError('forbidden', `Only ${least} may do this.`);
}
