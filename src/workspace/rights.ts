import { AppError } from '#domain/base/errors.ts';
import { type Access, determineAccess } from './basics/roles.ts';
import { type LinkPurpose, maySeeCustomers, type Viewer } from './basics/viewer.ts';
import type { Core } from './core.ts';
import type { Operations } from './operations.ts';
import { findCase } from './store/cases.ts';

/** Operations of the object that need more than its core: settings of the deployment, or a call to a tracker. */
export type OperationBeyondCore = 'push' | 'validate' | 'check' | 'backtest';
export type OperationName = keyof Operations | OperationBeyondCore;

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

const members: Right = { person: 'member', program: true, link: null, refusal: 'forbidden' };
const managers: Right = { ...members, person: 'manager' };
const programs: Right = { ...members, person: null };
const link = (purpose: LinkPurpose): Right => ({ ...programs, program: false, link: purpose });
const hidden = (right: Right): Right => ({ ...right, refusal: 'not-found' });

/**
 * The rights on the workspace, operation by operation. Rights on one case, such as to close it, come on top: the
 * same functions carry out commands in comments, and ask for the role of the person on that case.
 */
export const rights: Record<OperationName, Right> = {
  about: members,
  list: members,
  case: members,
  response: members,
  responsesOfCase: members,
  delivery: members,
  replay: members,
  sources: members,
  source: members,
  backFill: members,
  putCustomers: managers,
  importFile: programs,
  customer: members,

  openByHand: members,
  changeGoal: programs,
  changeClock: programs,
  acknowledge: members,
  snooze: programs,
  markContacted: members,
  act: members,
  actionsFor: members,
  tickPlan: members,
  invite: members,
  revokeInvitation: members,
  people: members,
  pollNow: programs,

  strategicList: members,
  strategicCase: members,
  links: members,
  atRisk: members,
  link: members,
  decide: members,
  measure: members,
  nameDecisionOwner: members,

  closureWarningsOfCase: members,
  mailsOfCase: members,
  writeToCustomer: hidden({ ...members, person: 'sees customer' }),
  decideClosing: members,
  setWhatChanged: members,
  endWaiting: members,
  followUpList: members,
  ledger: managers,
  mailAgain: managers,
  exportPerson: hidden(managers),
  erasePerson: hidden({ ...managers, person: 'admin' }),
  loopReport: members,

  pull: programs,
  push: programs,
  validate: programs,
  versions: members,
  settingsAt: programs,
  trackerStates: members,
  check: members,
  templates: members,
  templateText: members,
  backtest: members,

  surveyPage: link('survey'),
  answer: link('survey'),
  unsubscribePage: link('unsubscribe'),
  unsubscribe: link('unsubscribe'),
  acknowledgePage: link('acknowledge'),
  acknowledgeByLink: link('acknowledge'),
  contributorPage: link('contribute'),
  contribute: link('contribute'),
};

/** Refuses a person at the door of an address, before its form is read. */
export function demandRightBeforeForm(core: Core, viewer: Viewer, name: unknown): void {
  if (typeof name !== 'string' || !Object.hasOwn(rights, name)) return;
  const operation = name as OperationName;
  if (rights[operation].person !== 'sees customer') demandRight(core, viewer, operation, []);
}

const rank: Record<Access, number> = { member: 1, manager: 2, admin: 3 };

/**
 * Refuses viewers without the right to an operation.
 *
 * @param values of the operation; a link's or a case's id comes first
 * @throws AppError `auth` for people and links of no standing here, else the refusal of the right
 */
export function demandRight(core: Core, viewer: Viewer, name: OperationName, values: unknown[]): void {
  const right = rights[name];
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
