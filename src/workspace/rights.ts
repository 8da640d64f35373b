import { each } from '#domain/base/api-object.ts';
import { AppError, basics, type Case, type Core, type json, store } from './kit.ts';

/** Parts in the case that an operation is about, with the words of a refusal. */
const caseParts = {
  'sees customer': '',
  'has a part': 'case managers and people who work on the case',
  'is on the case': 'people of the case’s team',
  'manages the case': 'case managers of the case',
} as const;
type CasePart = keyof typeof caseParts;
const leastTexts = { ...caseParts, viewer: 'viewers', member: 'members', manager: 'case managers', admin: 'admins' };

export interface Right {
  /** The least access or the part in the case that a person needs; null for no person. */
  person: basics.Access | CasePart | null;
  program: boolean;
  link: basics.LinkPurpose | null;
  /** The scope that a token needs; null for sessions and the deployment's token only. */
  scope: json.TokenScope | 'any' | null;
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
const allowHolder = (link: basics.LinkPurpose): Right => allow(null, null, { program: false, link });
const hidden = { refusal: 'not-found' } as const;

/** Who may run each operation: people by access or part in the case, tokens by scope. */
export const rights = {
  about: allow('viewer', 'any'),
  ...each(['list', 'triage', 'caseRows', 'home', 'case', 'response', 'responsesOfCase'], allow('viewer', 'read')),
  ...each(['responseContext', 'messagesOfCase', 'closureWarningsOfCase', 'links'], allow('viewer', 'read')),
  ...each(['actionsFor', 'strategicList', 'strategicCase', 'followUpList'], allow('viewer', 'read')),
  ...each(['risks', 'outcomes'], allow('viewer', 'read')),
  ...each(['loopReport', 'report', 'people', 'customer', 'delivery', 'sources', 'source'], allow('viewer', 'read')),
  ...each(['trackerStates', 'templates', 'templateText', 'versions', 'heldMatches'], allow('viewer', 'read')),
  ...each(['health', 'backtest', 'draftTemplate', 'eventChannels', 'eventAttempts'], allow('manager', 'read')),
  ...each(['words', 'risingTerms', 'huddle'], allow('viewer', 'read')),
  ...each(['acknowledge', 'markContacted', 'tickPlan'], allow('has a part', 'act')),
  ...each(['act', 'undo', 'setWhatChanged', 'endWaiting'], allow('is on the case', 'act')),
  writeToCustomer: allow('sees customer', 'act', hidden),
  ...each(['decideClosing', 'decideAddress', 'nameCustomer', 'invite'], allow('manages the case', 'act')),
  ...each(['revokeInvitation', 'link', 'decide', 'measure'], allow('manages the case', 'act')),
  ...each(['takeMeasureValues', 'nameDecisionOwner'], allow('manages the case', 'act')),
  takeReported: allow('manager', 'act'),
  ...each(['saveView', 'openByHand', 'openFromResponse', 'decideTriage'], allow('member', 'act')),
  ...each(['decideHeld', 'replay', 'backFill', 'importFile', 'checkFile', 'check', 'pollNow'], allow('manager', 'act')),
  ...each(['retryRefused', 'replayEvents', 'mailSignInLink', 'holdStoredMatches'], allow('manager', 'act')),
  ...each(['ledger', 'putCustomers', 'mailAgain', 'stopMail'], allow('manager', 'personal-data')),
  ...each(['mergeKeys', 'partKey', 'exportPerson'], allow('manager', 'personal-data', hidden)),
  erasePerson: allow('admin', 'personal-data', hidden),
  ...each(['startBackup', 'backupLines', 'endBackup'], allow('admin', 'personal-data')),
  hold: allow('admin', 'read'),
  releaseHold: allow('admin', 'act'),
  ...each(['restore', 'requestSignInLink', 'signInByIdentity', 'countRefusalAtDoor'], allow(null, null)),
  createSignInLink: allow(null, null),
  ...each(['pull', 'settingsAt', 'validate', 'renameQuestion'], allow('manager', 'settings')),
  ...each(['push', 'audit', 'secrets'], allow('admin', 'settings')),
  ...each(['enterSecret', 'changeSettings', 'connectTracker', 'setUp'], allow('admin', null)),
  ...each(['makeTestIssue', 'registerHook', 'listForms', 'beginWorkspace'], allow('admin', null)),
  ...each(['tokens', 'revokeToken'], allow('viewer', 'settings')),
  createToken: allow('member', null),
  ...each(['sessions', 'endSession'], allow('viewer', null)),
  ...each(['signInPage', 'signIn'], allowHolder('sign-in')),
  ...each(['surveyPage', 'answer'], allowHolder('survey')),
  ...each(['unsubscribePage', 'unsubscribe'], allowHolder('unsubscribe')),
  ...each(['acknowledgePage', 'acknowledgeByLink'], allowHolder('acknowledge')),
  feedbackPage: allowHolder('feedback'),
  ...each(['contributorPage', 'contribute'], allowHolder('contribute')),
};

export type OperationName = keyof typeof rights;

const isCasePart = (person: string | null): person is CasePart => person !== null && Object.hasOwn(caseParts, person);

/** Refusal of a caller, `auth` for those of no standing; null for none. `values` are null before they are known. */
function findRefusal(core: Core, caller: basics.Caller, right: Right, values: unknown[] | null): AppError | null {
  if (caller.kind === 'link' && values && right.link === caller.purpose && values[0] === caller.subject) return null;
  if (caller.kind === 'person' || caller.kind === 'program') {
    const { scopes } = caller;
    if (scopes && right.scope === null) return new AppError('forbidden', 'No API token of a workspace may do this.');
    if (scopes && right.scope && right.scope !== 'any' && !scopes.includes(right.scope))
      return new AppError('forbidden', `This needs an API token with the scope ${right.scope}.`);
  }
  if (caller.kind === 'program' && right.program) return null;
  if (caller.kind !== 'person' || !basics.findPerson(core, caller.person))
    return new AppError('auth', 'This needs a person of the workspace who is signed in.');
  if (isCasePart(right.person)) {
    if (values === null) return null;
    const caseRecord = store.findCase(core.sql, String(values[0]));
    if (!caseRecord) return new AppError('not-found', 'There is no such case.');
    if (hasCasePart(core, caller, caseRecord, right.person)) return null;
  } else if (right.person && basics.hasAccess(core, caller.person, right.person)) return null;
  if (right.refusal === 'not-found') return new AppError('not-found', 'There is nothing at this address.');
  const least = right.person === null ? 'programs with the API token of the deployment' : leastTexts[right.person];
  return new AppError('forbidden', `Only ${least} may do this.`);
}

/** @throws AppError for callers without the right to an operation */
export function demandRight(core: Core, caller: basics.Caller, right: Right, values: unknown[] | null): void {
  const refusal = findRefusal(core, caller, right, values);
  if (refusal) throw refusal;
}

function hasCasePart(core: Core, caller: basics.Caller & { kind: 'person' }, caseRecord: Case, part: CasePart) {
  if (part === 'sees customer') return basics.maySeeCustomers(core, caller, caseRecord);
  const role = basics.roleOf(core, caseRecord, caller.person);
  if (part === 'manages the case') return role === 'manager';
  return role !== null || (part === 'has a part' && takesPart(core, caller.person, caseRecord));
}

function takesPart(core: Core, person: string, caseRecord: Case): boolean {
  if (basics.hasAccess(core, person, 'manager')) return true;
  if (!basics.hasAccess(core, person, 'member')) return false;
  const onPlan = store.planSteps.list(core.sql, { caseId: caseRecord.id }).flatMap(({ who }) => {
    const team = basics.findTeam(core, who);
    return team ? [...team.managers, ...team.members] : [who];
  });
  const notified = store.ladderSteps
    .list(core.sql, { caseId: caseRecord.id, ladder: caseRecord.ladder })
    .flatMap((step) => step.notified);
  return onPlan.includes(person) || notified.includes(person);
}

/** Operations that a person may run, of a case or of the workspace, so that pages show no refused form. */
export function listPermittedOperations(core: Core, caller: basics.Caller, caseId: string | null): string[] {
  const isPermitted = (right: Right) =>
    isCasePart(right.person) === (caseId !== null) && findRefusal(core, caller, right, [caseId]) === null;
  return Object.entries<Right>(rights).flatMap(([name, right]) => (isPermitted(right) ? [name] : []));
}

/** The name under which a caller acts: their own, or the person whom a program names. */
export function chooseActor(core: Core, caller: basics.Caller, right: Right, values: unknown[], given?: string) {
  if (caller.kind !== 'person' && caller.kind !== 'program') return '';
  const own = caller.kind === 'person' ? caller.person : (caller.name ?? 'the API');
  if (given === undefined || given === own) return own;
  if (caller.kind === 'person') basics.refuseField('who', `is ${given}, but this is done by ${own}; leave it out`);
  if (caller.scopes && !caller.scopes.includes('act-as'))
    basics.refuseField('who', `is ${given}, but the token of ${own} has no scope act-as; leave it out`);
  basics.demandKnownPerson(core, given, 'who');
  demandRight(core, { kind: 'person', person: given }, right, values);
  return given;
}
