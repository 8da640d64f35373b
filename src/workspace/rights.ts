import { AppError } from '#domain/base/errors.ts';
import type { Case } from '#domain/cases/case-record.ts';
import type { TokenScope } from '#domain/json/settings-json.ts';
import {
  type Access,
  hasAccess,
  type LinkPurpose,
  maySeeCustomers,
  refuseField,
  roleOf,
  type Viewer,
} from './basics/case-operation.ts';
import type { Core } from './core.ts';
import { findCase } from './store/cases.ts';
import { listLadderSteps } from './store/ladder.ts';
import { planOf } from './store/plan.ts';

/** Parts in the case that an operation is about, with the words of a refusal. */
const caseParts = {
  'sees customer': '',
  'has a part': 'case managers and people who work on the case',
  'is on the case': 'people of the case’s team',
  'manages the case': 'case managers of the case',
} as const;
type CasePart = keyof typeof caseParts;

/** The parties that may run an operation. Everybody else is refused. */
export interface Right {
  /** The least access or the part in the case that a person needs; null for no person. */
  person: Access | CasePart | null;
  program: boolean;
  /** The link whose subject the operation is about. */
  link: LinkPurpose | null;
  /** The scope that a token needs; null for sessions and the deployment's token only. */
  scope: TokenScope | 'any' | null;
  /** The refusal of a person: some things don't show that they exist. */
  refusal: 'forbidden' | 'not-found';
}

const allow = (person: Right['person'], scope: Right['scope'], more: Partial<Right> = {}): Right => ({
  person,
  scope,
  program: true,
  link: null,
  refusal: 'forbidden',
  ...more,
});
const allowHolder = (link: LinkPurpose): Right => allow(null, null, { program: false, link });
const hidden = { refusal: 'not-found' } as const;

/**
 * Who may run each operation of a workspace: people by access or part in the case, tokens by scope. A person whom a
 * program names acts with their own rights.
 */
export const rights = {
  about: allow('viewer', 'any'),
  list: allow('viewer', 'read'),
  caseRows: allow('viewer', 'read'),
  home: allow('viewer', 'read'),
  case: allow('viewer', 'read'),
  response: allow('viewer', 'read'),
  responsesOfCase: allow('viewer', 'read'),
  responseContext: allow('viewer', 'read'),
  messagesOfCase: allow('viewer', 'read'),
  closureWarningsOfCase: allow('viewer', 'read'),
  links: allow('viewer', 'read'),
  actionsFor: allow('viewer', 'read'),
  atRisk: allow('viewer', 'read'),
  strategicList: allow('viewer', 'read'),
  strategicCase: allow('viewer', 'read'),
  followUpList: allow('viewer', 'read'),
  loopReport: allow('viewer', 'read'),
  people: allow('viewer', 'read'),
  customer: allow('viewer', 'read'),
  delivery: allow('viewer', 'read'),
  sources: allow('viewer', 'read'),
  source: allow('viewer', 'read'),
  trackerStates: allow('viewer', 'read'),
  templates: allow('viewer', 'read'),
  templateText: allow('viewer', 'read'),
  versions: allow('viewer', 'read'),
  heldMatches: allow('viewer', 'read'),
  health: allow('manager', 'read'),
  backtest: allow('manager', 'read'),

  acknowledge: allow('has a part', 'act'),
  markContacted: allow('has a part', 'act'),
  tickPlan: allow('has a part', 'act'),
  act: allow('is on the case', 'act'),
  undo: allow('is on the case', 'act'),
  changeGoal: allow('is on the case', 'act'),
  changeClock: allow('is on the case', 'act'),
  snooze: allow('is on the case', 'act'),
  setWhatChanged: allow('is on the case', 'act'),
  endWaiting: allow('is on the case', 'act'),
  writeToCustomer: allow('sees customer', 'act', hidden),
  decideClosing: allow('manages the case', 'act'),
  decideAddress: allow('manages the case', 'act'),
  invite: allow('manages the case', 'act'),
  revokeInvitation: allow('manages the case', 'act'),
  link: allow('manages the case', 'act'),
  decide: allow('manages the case', 'act'),
  measure: allow('manages the case', 'act'),
  nameDecisionOwner: allow('manages the case', 'act'),
  saveView: allow('member', 'act'),
  /** An address that a member enters waits for a case manager. */
  openByHand: allow('member', 'act'),
  openFromResponse: allow('member', 'act'),
  decideHeld: allow('manager', 'act'),
  replay: allow('manager', 'act'),
  backFill: allow('manager', 'act'),
  importFile: allow('manager', 'act'),
  checkFile: allow('manager', 'act'),
  check: allow('manager', 'act'),
  pollNow: allow('manager', 'act'),
  retryRefused: allow('manager', 'act'),
  mailSignInLink: allow('manager', 'act'),

  ledger: allow('manager', 'personal-data'),
  putCustomers: allow('manager', 'personal-data'),
  mailAgain: allow('manager', 'personal-data'),
  linkedCustomers: allow('manager', 'personal-data', hidden),
  mergeKeys: allow('manager', 'personal-data', hidden),
  partKey: allow('manager', 'personal-data', hidden),
  exportPerson: allow('manager', 'personal-data', hidden),
  erasePerson: allow('admin', 'personal-data', hidden),
  startBackup: allow('admin', 'personal-data'),
  backupLines: allow('admin', 'personal-data'),
  endBackup: allow('admin', 'personal-data'),
  hold: allow('admin', 'read'),
  releaseHold: allow('admin', 'act'),
  restore: allow(null, null),

  pull: allow('manager', 'settings'),
  settingsAt: allow('manager', 'settings'),
  validate: allow('manager', 'settings'),
  renameQuestion: allow('manager', 'settings'),
  push: allow('admin', 'settings'),

  tokens: allow('viewer', 'settings'),
  revokeToken: allow('viewer', 'settings'),
  createToken: allow('member', null),
  audit: allow('admin', 'settings'),
  sessions: allow('viewer', null),
  endSession: allow('viewer', null),
  requestSignInLink: allow(null, null),
  signInByIdentity: allow(null, null),
  countRefusalAtDoor: allow(null, null),
  createSignInLink: allow(null, null),

  signInPage: allowHolder('sign-in'),
  signIn: allowHolder('sign-in'),
  surveyPage: allowHolder('survey'),
  answer: allowHolder('survey'),
  unsubscribePage: allowHolder('unsubscribe'),
  unsubscribe: allowHolder('unsubscribe'),
  acknowledgePage: allowHolder('acknowledge'),
  acknowledgeByLink: allowHolder('acknowledge'),
  contributorPage: allowHolder('contribute'),
  contribute: allowHolder('contribute'),
} satisfies Record<string, Right>;

export type OperationName = keyof typeof rights;
/** Operations of the object that need more than its core: settings of the deployment, a call to a tracker, or time. */
export const operationsBeyondCore = [
  ...(['push', 'renameQuestion', 'validate', 'check', 'backtest', 'putCustomers', 'restore'] as const),
];
export type OperationBeyondCore = (typeof operationsBeyondCore)[number];

const isCasePart = (person: string | null): person is CasePart => person !== null && Object.hasOwn(caseParts, person);

/**
 * Why a viewer may not run an operation: `auth` for people and links of no standing here, else the refusal of the right.
 * Null for those who may.
 *
 * @param values of the operation; a link's or a case's id comes first. Null before they are known: a part in a case is
 * not asked for then
 */
function findRefusal(core: Core, viewer: Viewer, right: Right, values: unknown[] | null): AppError | null {
  if (viewer.kind === 'link' && values && right.link === viewer.purpose && values[0] === viewer.subject) return null;
  if (viewer.kind === 'person' || viewer.kind === 'program') {
    const { scopes } = viewer;
    if (scopes && right.scope === null) return new AppError('forbidden', 'No API token of a workspace may do this.');
    if (scopes && right.scope && right.scope !== 'any' && !scopes.includes(right.scope))
      return new AppError('forbidden', `This needs an API token with the scope ${right.scope}.`);
  }
  if (viewer.kind === 'program' && right.program) return null;
  if (viewer.kind !== 'person' || !Object.hasOwn(core.settings.workspace.people, viewer.person))
    return new AppError('auth', 'This needs a person of the workspace who is signed in.');
  if (isCasePart(right.person)) {
    if (values === null) return null;
    const caseRecord = findCase(core.sql, String(values[0]));
    if (!caseRecord) return new AppError('not-found', 'There is no such case.');
    if (hasCasePart(core, viewer, caseRecord, right.person)) return null;
  } else if (right.person && hasAccess(core, viewer.person, right.person)) return null;
  if (right.refusal === 'not-found') return new AppError('not-found', 'There is nothing at this address.');
  return new AppError('forbidden', `Only ${describeLeast(right.person)} may do this.`);
}

/** @throws AppError for viewers without the right to an operation */
export function demandRight(core: Core, viewer: Viewer, right: Right, values: unknown[] | null): void {
  const refusal = findRefusal(core, viewer, right, values);
  if (refusal) throw refusal;
}

function describeLeast(least: Right['person']): string {
  if (least === null) return 'programs with the API token of the deployment';
  return isCasePart(least) ? caseParts[least] : least === 'manager' ? 'case managers' : `${least}s`;
}

function hasCasePart(core: Core, viewer: Viewer & { kind: 'person' }, caseRecord: Case, part: CasePart): boolean {
  if (part === 'sees customer') return maySeeCustomers(core, viewer, caseRecord);
  const role = roleOf(core, caseRecord, viewer.person);
  if (part === 'manages the case') return role === 'manager';
  return role !== null || (part === 'has a part' && takesPart(core, viewer.person, caseRecord));
}

/** Whether a person is on the plan of a case, was notified by its ladder, or manages any team. */
function takesPart(core: Core, person: string, caseRecord: Case): boolean {
  if (hasAccess(core, person, 'manager')) return true;
  if (!hasAccess(core, person, 'member')) return false;
  const { teams } = core.settings.workspace;
  const onPlan = planOf(core.sql, caseRecord.id).flatMap(({ who }) => {
    const team = who !== null && Object.hasOwn(teams, who) ? teams[who] : undefined;
    return team ? [...team.managers, ...team.members] : [who];
  });
  const notified = listLadderSteps(core.sql, caseRecord.id, caseRecord.ladder).flatMap((step) => step.notified);
  return onPlan.includes(person) || notified.includes(person);
}

/**
 * Operations that a person may run, so that pages show no form which would be refused.
 *
 * @param caseId case whose operations are meant; null for operations of the workspace
 */
export function listPermittedOperations(core: Core, viewer: Viewer, caseId: string | null): string[] {
  const isPermitted = (right: Right) =>
    isCasePart(right.person) === (caseId !== null) && findRefusal(core, viewer, right, [caseId]) === null;
  return Object.entries<Right>(rights).flatMap(([name, right]) => (isPermitted(right) ? [name] : []));
}

/**
 * The name under which a viewer acts: their own, or the person whom a program names.
 *
 * @throws InvalidInputError for the name of somebody else; AppError for a person without the right
 */
export function chooseActor(core: Core, viewer: Viewer, right: Right, values: unknown[], given?: string): string {
  if (viewer.kind !== 'person' && viewer.kind !== 'program') return '';
  const own = viewer.kind === 'person' ? viewer.person : (viewer.name ?? 'the API');
  if (given === undefined || given === own) return own;
  if (viewer.kind === 'person') refuseField('who', `is ${given}, but this is done by ${own}; leave it out`);
  if (viewer.scopes && !viewer.scopes.includes('act-as'))
    refuseField('who', `is ${given}, but the token of ${own} has no scope act-as; leave it out`);
  if (!Object.hasOwn(core.settings.workspace.people, given))
    refuseField('who', `is not under people of the workspace file: ${given}`);
  demandRight(core, { kind: 'person', person: given }, right, values);
  return given;
}
