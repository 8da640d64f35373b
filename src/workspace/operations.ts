import type { CaseJson } from '#domain/json/case-json.ts';
import type { MailJson } from '#domain/json/loop-json.ts';
import type { StrategicCaseJson } from '#domain/json/strategic-json.ts';
import { endBackup, listLinesOfBackup, startBackup } from './backup/backup.ts';
import { determineAccess, type Viewer } from './basics/roles.ts';
import { acknowledge, acknowledgeByLink, buildAcknowledgePage, snooze } from './cases/acknowledge.ts';
import { changeGoal, pauseClock, resumeClock } from './cases/case-clock.ts';
import { linkRelatedCase, type RequestedLink } from './cases/case-links.ts';
import { buildContributorPage, contribute, invite, revokeContributorInvitation } from './cases/contributors.ts';
import { elevateByHand } from './cases/elevate.ts';
import { markContacted } from './cases/first-contact.ts';
import { openByHand } from './cases/open-by-hand.ts';
import { tickPlan } from './cases/plan.ts';
import { decide, measure, nameDecisionOwner } from './cases/strategic.ts';
import type { Core } from './core.ts';
import { checkFile } from './intake/check-file.ts';
import { decideHeld, listHeldMatches } from './intake/decide-held.ts';
import { importFile } from './intake/import-file.ts';
import { replay, requestBackFill, storeCustomerList } from './intake/operator-actions.ts';
import { actOnCase, findActionsForPerson } from './issues/act-on-case.ts';
import { pollAllTrackersNow } from './issues/poll.ts';
import { decideClosing } from './loop/after-closing.ts';
import { answerAsk, unsubscribe } from './loop/answer.ts';
import { decideAddress } from './loop/decide-address.ts';
import { endGateWaitByPerson } from './loop/gates.ts';
import { allowMailToBounced } from './loop/mail-again.ts';
import { setWhatChanged } from './loop/what-changed.ts';
import { writeToCustomer } from './loop/write-to-customer.ts';
import {
  hideMailsOfCase,
  maskCaseForViewer,
  maskCustomerForViewer,
  maskDeliveryForViewer,
  maskFollowUps,
  maskListForViewer,
  maskResponseForViewer,
  maskResponsesOfCase,
  maskStrategicCaseForViewer,
} from './masks.ts';
import { erasePerson } from './privacy/erase-person.ts';
import { exportPerson, readCustomerDetail } from './queries/customer.ts';
import { readHealth } from './queries/health.ts';
import { listSourcesJson, readDeliveryDetail, readSourceDetail } from './queries/intake.ts';
import {
  about,
  buildSurveyPage,
  buildUnsubscribePage,
  list,
  listMailsOfCase,
  listNewestResponsesOfCase,
  readCaseJson,
  readResponseJson,
} from './queries/lists.ts';
import { buildLoopReport, findClosureWarningsOfCase, ledger, listFollowUpRows } from './queries/loop.ts';
import { buildPeopleJson } from './queries/people.ts';
import {
  listTemplatesJson,
  readCurrentFiles,
  readFilesOfVersion,
  readTemplateText,
  versions,
} from './queries/settings.ts';
import { listStrategicCaseSummaries, readCaseLinks, readStrategicCaseJson } from './queries/strategic.ts';
import { readTrackerStates } from './queries/tracker-states.ts';
import {
  admins,
  hidden,
  holdersOf,
  managers,
  members,
  participants,
  programs,
  type Right,
  rightsBeyondCore,
} from './rights.ts';
import { buildSignInPage, createSignInLink, mailSignInLink, requestSignInLink } from './sign-in/links.ts';
import { endSession, listSessions, signIn } from './sign-in/sessions.ts';
import { sumRevenueAtRisk } from './store/case-responses.ts';
import { findCustomer } from './store/customers.ts';
import { retryRefusedEverywhere } from './tracker-requests/refusals.ts';

/** An operation with the right to it, and the part of its result that a viewer may see; without a mask, all of it. */
const operation = <Values extends unknown[], Result>(
  right: Right,
  run: (core: Core, ...values: Values) => Result,
  mask?: (core: Core, viewer: Viewer, result: Result, ...values: Values) => Result,
) => ({ right, run, mask });

function onCase<Values extends unknown[]>(
  right: Right,
  change: (core: Core, caseId: string, ...values: Values) => void,
) {
  const run = (core: Core, caseId: string, ...values: Values): CaseJson => {
    change(core, caseId, ...values);
    return readCaseJson(core, caseId);
  };
  return { right, run, mask: maskCaseForViewer };
}

function onStrategicCase<Input>(right: Right, change: (core: Core, caseId: string, input: Input) => void) {
  const run = (core: Core, caseId: string, input: Input): StrategicCaseJson => {
    change(core, caseId, input);
    return readStrategicCaseJson(core, caseId);
  };
  return { right, run, mask: maskStrategicCaseForViewer };
}

/**
 * The operations of a workspace by name, reads and changes alike, which `call.ts` runs. Errors that a caller can correct
 * are `AppError`s. Rights on one case, such as to close it, come on top: the same functions carry out commands in
 * comments, and ask for the role of the person on that case.
 */
export const operations = {
  about: operation(members, about, (_core, viewer, result) => ({
    ...result,
    person: viewer.kind === 'person' ? viewer.person : null,
  })),
  requestSignInLink: operation(programs, requestSignInLink),
  createSignInLink: operation(programs, createSignInLink),
  mailSignInLink: operation(managers, mailSignInLink),
  signInPage: operation(holdersOf('sign-in'), buildSignInPage),
  signIn: operation(holdersOf('sign-in'), signIn),
  sessions: operation(members, listSessions, (core, viewer, sessions) =>
    viewer.kind === 'person' && determineAccess(core.settings.workspace, viewer.person) !== 'admin'
      ? sessions.filter(({ person }) => person === viewer.person)
      : sessions,
  ),
  endSession: operation(members, endSession),
  list: operation(members, list, maskListForViewer),
  case: operation(members, readCaseJson, maskCaseForViewer),
  response: operation(members, readResponseJson, maskResponseForViewer),
  responsesOfCase: operation(members, listNewestResponsesOfCase, maskResponsesOfCase),
  surveyPage: operation(holdersOf('survey'), buildSurveyPage),

  delivery: operation(members, readDeliveryDetail, maskDeliveryForViewer),
  replay: operation(managers, replay),
  sources: operation(members, listSourcesJson),
  source: operation(members, readSourceDetail),
  backFill: operation(managers, requestBackFill),
  heldMatches: operation(members, listHeldMatches),
  decideHeld: operation(managers, decideHeld),
  putCustomers: operation(managers, storeCustomerList),
  importFile: operation(programs, importFile),
  checkFile: operation(managers, checkFile),
  customer: operation(members, readCustomerDetail, maskCustomerForViewer),

  openByHand: operation(
    members,
    (core: Core, ...input: Rest<typeof openByHand>) => readCaseJson(core, openByHand(core, ...input).id),
    maskCaseForViewer,
  ),
  changeGoal: onCase(programs, changeGoal),
  changeClock: onCase(
    programs,
    (core, id, { paused, who, reason }: { paused: boolean; who: string; reason: string }) =>
      paused ? pauseClock(core, id, who, reason) : resumeClock(core, id, who, reason),
  ),
  acknowledge: onCase(participants, acknowledge),
  acknowledgePage: operation(holdersOf('acknowledge'), buildAcknowledgePage),
  acknowledgeByLink: operation(holdersOf('acknowledge'), acknowledgeByLink),
  snooze: onCase(programs, snooze),
  markContacted: onCase(participants, markContacted),
  act: onCase(members, actOnCase),
  actionsFor: operation(members, findActionsForPerson),
  tickPlan: onCase(participants, tickPlan),
  invite: onCase(members, invite),
  revokeInvitation: onCase(members, revokeContributorInvitation),
  contributorPage: operation(holdersOf('contribute'), buildContributorPage),
  contribute: operation(holdersOf('contribute'), contribute),
  people: operation(members, buildPeopleJson),
  pollNow: operation(programs, pollAllTrackersNow),
  retryRefused: operation(programs, retryRefusedEverywhere),

  strategicList: operation(members, listStrategicCaseSummaries),
  strategicCase: operation(members, readStrategicCaseJson, maskStrategicCaseForViewer),
  links: operation(members, readCaseLinks),
  atRisk: operation(members, ({ sql }: Core) => sumRevenueAtRisk(sql)),
  link: operation(
    members,
    (core: Core, caseId: string, { kind, ...link }: RequestedLink & { kind: 'related' | 'elevated-to' }) => {
      if (kind === 'related') linkRelatedCase(core, caseId, link);
      else elevateByHand(core, caseId, link);
      return readCaseLinks(core, caseId);
    },
  ),
  decide: onStrategicCase(members, decide),
  measure: onStrategicCase(members, measure),
  nameDecisionOwner: onStrategicCase(members, nameDecisionOwner),

  answer: operation(holdersOf('survey'), answerAsk),
  closureWarningsOfCase: operation(members, findClosureWarningsOfCase),
  /** Null for those who don't see the customer. */
  mailsOfCase: operation(
    members,
    (core: Core, id: string): MailJson[] | null => listMailsOfCase(core, id),
    hideMailsOfCase,
  ),
  writeToCustomer: onCase(hidden({ ...members, person: 'sees customer' }), writeToCustomer),
  decideClosing: onCase(members, decideClosing),
  decideAddress: onCase(managers, decideAddress),
  setWhatChanged: onCase(members, setWhatChanged),
  endWaiting: onCase(members, endGateWaitByPerson),
  followUpList: operation(members, listFollowUpRows, maskFollowUps),
  ledger: operation(managers, ledger),
  mailAgain: operation(managers, (core: Core, ...input: Rest<typeof allowMailToBounced>) => {
    allowMailToBounced(core, ...input);
    return findCustomer(core.sql, input[0]) ? ledger(core, input[0]) : null;
  }),
  exportPerson: operation(hidden(managers), exportPerson),
  erasePerson: operation(hidden(admins), erasePerson),
  loopReport: operation(members, buildLoopReport),
  unsubscribe: operation(holdersOf('unsubscribe'), unsubscribe),
  unsubscribePage: operation(holdersOf('unsubscribe'), buildUnsubscribePage),

  startBackup: operation(admins, startBackup),
  backupLines: operation(admins, listLinesOfBackup),
  endBackup: operation(admins, endBackup),

  health: operation(managers, readHealth),
  pull: operation(programs, readCurrentFiles),
  versions: operation(members, versions),
  trackerStates: operation(members, readTrackerStates),
  settingsAt: operation(programs, readFilesOfVersion),
  templates: operation(members, listTemplatesJson),
  templateText: operation(members, readTemplateText),
};

export type Operations = { [Name in keyof typeof operations]: (typeof operations)[Name]['run'] };
export type OperationBeyondCore = keyof typeof rightsBeyondCore;
export type OperationName = keyof Operations | OperationBeyondCore;

export type Rest<Operation> = Operation extends (core: Core, ...values: infer Values) => unknown ? Values : never;

const rightsOfOperations = Object.entries(operations).map(([name, { right }]) => [name, right]);
export const rights: Record<OperationName, Right> = { ...Object.fromEntries(rightsOfOperations), ...rightsBeyondCore };
