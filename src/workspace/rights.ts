import { AppError } from '#domain/base/errors.ts';
import type { Case } from '#domain/cases/case-record.ts';
import {
  type Access,
  determineAccess,
  type LinkPurpose,
  maySeeCustomers,
  roleOf,
  type Viewer,
} from './basics/roles.ts';
import type { Core } from './core.ts';
import { findCase } from './store/cases.ts';
import { listLadderSteps } from './store/ladder.ts';
import { planOf } from './store/plan.ts';

/** The parties that may run an operation. Everybody else is refused. */
export interface Right {
  /** The least access of a person; `sees customer` and `has a part` are asked of the case that the operation is about. */
  person: Access | 'sees customer' | 'has a part' | null;
  program: boolean;
  /** The link whose subject the operation is about. */
  link: LinkPurpose | null;
  /** The refusal of a person: some things don't show that they exist. */
  refusal: 'forbidden' | 'not-found';
}

export const members: Right = { person: 'member', program: true, link: null, refusal: 'forbidden' };
/** People of the case's team, on its plan or notified by its ladder; and case managers of any team. */
export const participants: Right = { ...members, person: 'has a part' };
export const managers: Right = { ...members, person: 'manager' };
export const admins: Right = { ...members, person: 'admin' };
export const programs: Right = { ...members, person: null };
export const holdersOf = (purpose: LinkPurpose): Right => ({ ...programs, program: false, link: purpose });
export const hidden = (right: Right): Right => ({ ...right, refusal: 'not-found' });

/** Operations of the object that need more than its core: settings of the deployment, or a call to a tracker. */
export const rightsBeyondCore = { push: programs, validate: programs, check: managers, backtest: managers };

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
  if (right.person === 'sees customer' || right.person === 'has a part') {
    const caseRecord = findCase(core.sql, String(values[0]));
    const isAllowed = right.person === 'has a part' ? hasPart : maySeeCustomers;
    if (caseRecord && isAllowed(core, viewer, caseRecord)) return;
    if (!caseRecord) throw new AppError('not-found', 'There is no such case.');
  } else if (right.person && rank[determineAccess(workspace, viewer.person)] >= rank[right.person]) return;
  if (right.refusal === 'not-found') throw new AppError('not-found', 'There is nothing at this address.');
  const least =
    right.person === 'manager'
      ? 'case managers'
      : right.person === 'admin'
        ? 'admins'
        : right.person === 'has a part'
          ? 'case managers and people who work on the case'
          : 'programs';
  throw new AppError('forbidden', `Only ${least} may do this.`);
}

function hasPart(core: Core, { person }: { person: string }, caseRecord: Case): boolean {
  const { workspace } = core.settings;
  if (determineAccess(workspace, person) !== 'member' || roleOf(core, caseRecord, person) !== null) return true;
  const onPlan = planOf(core.sql, caseRecord.id).flatMap(({ who }) => {
    const team = who !== null && Object.hasOwn(workspace.teams, who) ? workspace.teams[who] : undefined;
    return team ? [...team.managers, ...team.members] : [who];
  });
  const notified = listLadderSteps(core.sql, caseRecord.id, caseRecord.ladder).flatMap((step) => step.notified);
  return onPlan.includes(person) || notified.includes(person);
}
