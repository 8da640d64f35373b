import { endBackup, listLinesOfBackup, readHold, releaseHold, startBackup } from './backup/backup.ts';
import { acknowledge, acknowledgeByLink, buildAcknowledgePage, markContacted } from './cases/acknowledge.ts';
import { buildContributorPage, contribute, invite, revokeContributorInvitation } from './cases/contributors.ts';
import { elevateByHand, linkRelatedCase, partFromStrategicCase, type RequestedLink } from './cases/elevate.ts';
import { nameCustomer, openByHand, openFromResponse } from './cases/open-by-hand.ts';
import { decide, measure, nameDecisionOwner, takeMeasureValues } from './cases/strategic.ts';
import { tickPlan } from './cases/sub-issues.ts';
import { decideHeld, holdStoredMatches, listHeldMatches } from './intake/decide-held.ts';
import { checkFile, importFile } from './intake/import-file.ts';
import { type CustomerList, replay, requestBackFill, storeCustomerList } from './intake/operator-actions.ts';
import { countRefusalAtDoor } from './intake/receive.ts';
import { takeReported } from './intake/take-reported.ts';
import { decideTriage } from './intake/triage.ts';
import { actOnCase, findActionsForPerson } from './issues/act-on-case.ts';
import { undoAction } from './issues/pending-changes.ts';
import { pollAllTrackersNow } from './issues/poll.ts';
import { basics, type Case, type Core, store } from './kit.ts';
import { type ClosingDecision, decideClosing } from './loop/after-closing.ts';
import { answerAsk, countCheckedAnswers, unsubscribe } from './loop/answer.ts';
import { askNow, endGateWaitByPerson } from './loop/gates.ts';
import { setWhatChanged } from './loop/notify-affected-customers.ts';
import { stopMail } from './loop/withdraw.ts';
import { allowMailToBounced, decideAddress, writeToCustomer } from './loop/write-to-customer.ts';
import * as masks from './masks.ts';
import { erasePerson, mergeKeys, partKey } from './privacy/erase-person.ts';
import { listCaseRows, readHome, saveView } from './queries/case-lists.ts';
import { exportPerson, readCustomerDetail } from './queries/customer.ts';
import * as customerPages from './queries/customer-pages.ts';
import { listOutcomesJson, listRisksJson } from './queries/effect.ts';
import * as connections from './queries/connections.ts';
import { readHuddle } from './queries/huddle.ts';
import { listSourcesJson, listTriageJson, readDeliveryDetail, readSourceDetail } from './queries/intake.ts';
import * as lists from './queries/lists.ts';
import { buildLoopReport, findClosureWarningsOfCase, ledger, listFollowUpRows } from './queries/loop.ts';
import { buildPeopleJson } from './queries/people.ts';
import { buildReport } from './queries/report.ts';
import * as settings from './queries/settings.ts';
import * as strategic from './queries/strategic.ts';
import { listWords, readRisingTerms } from './queries/words.ts';
import { registerHook } from './queues/hooks.ts';
import { listPermittedOperations, type OperationName } from './rights.ts';
import { buildSignInPage, createSignInLink, mailSignInLink, requestSignInLink } from './sign-in/links.ts';
import * as sessions from './sign-in/sessions.ts';
import { retryRefusedEverywhere } from './tracker-requests/refusals.ts';
import { makeTestIssue } from './tracker-requests/test-issue.ts';

/** An operation with the part of its result that a caller may see; without a mask, all of it. */
const operation = <Values extends unknown[], Result>(
  run: (core: Core, ...values: Values) => Result,
  mask?: (core: Core, caller: basics.Caller, result: Result, ...values: Values) => Result,
) => ({ run, mask, acts: false });

/** An operation under somebody's name: `who` of its last value, which callers may leave out. */
const acting = <Values extends unknown[], Result>(
  run: (core: Core, ...values: Values) => Result,
  mask?: (core: Core, caller: basics.Caller, result: Result, ...values: Values) => Result,
) => ({ run, mask, acts: true });

/** A change of who gets mail, with the customer's ledger as it is then; null for people of the workspace. */
const changingMail = (change: typeof allowMailToBounced) =>
  acting((core: Core, ...input: Rest<typeof change>) => {
    change(core, ...input);
    return store.findCustomer(core.sql, input[0]) ? ledger(core, input[0]) : null;
  });

/** Sessions and tokens of the caller; all for admins and programs. */
const hideThoseOfOthers = <Item extends { person: string | null }>(core: Core, caller: basics.Caller, items: Item[]) =>
  items.filter(
    ({ person }) =>
      caller.kind !== 'person' || caller.person === person || basics.hasAccess(core, caller.person, 'admin'),
  );

type By = { who: string };

const thenReading =
  <Result>(
    read: (core: Core, caseId: string) => Result,
    mask: (core: Core, caller: basics.Caller, result: Result) => Result,
  ) =>
  <Input extends By>(change: (core: Core, caseId: string, input: Input) => void) =>
    acting((core: Core, caseId: string, input: Input): Result => {
      change(core, caseId, input);
      return read(core, caseId);
    }, mask);
const onCase = thenReading(lists.readCaseJson, masks.maskCaseForCaller);
const onStrategicCase = thenReading(strategic.readStrategicCaseJson, masks.maskStrategicCaseForCaller);

const opening = <Values extends unknown[]>(open: (core: Core, ...values: Values) => Case) => ({
  run: (core: Core, ...values: Values) => lists.readCaseJson(core, open(core, ...values).id),
  mask: masks.maskCaseForCaller,
  acts: true,
});

/** Operations of a workspace by name, which `call.ts` runs for those whom `rights.ts` names. */
export const operations = {
  about: operation(lists.about, (core, caller, result) => ({
    ...result,
    person: caller.kind === 'person' ? caller.person : null,
    may: listPermittedOperations(core, caller, null),
  })),
  requestSignInLink: operation(requestSignInLink),
  createSignInLink: operation(createSignInLink),
  mailSignInLink: acting((core: Core, person: string, { who }: By) => mailSignInLink(core, person, who)),
  signInPage: operation(buildSignInPage),
  signIn: operation(sessions.signIn),
  signInByIdentity: operation(sessions.signInByIdentity),
  sessions: operation(sessions.listSessions, hideThoseOfOthers),
  endSession: acting((core: Core, id: string, { who }: By) => sessions.endSession(core, id, who)),
  tokens: operation(sessions.listTokens, hideThoseOfOthers),
  createToken: acting(sessions.createToken),
  revokeToken: acting((core: Core, id: string, { who }: By) => sessions.revokeToken(core, id, who)),
  audit: operation(connections.listAuditJson),
  eventChannels: operation(connections.listEventChannelsJson),
  eventAttempts: operation(connections.listEventAttemptsJson),
  replayEvents: acting(basics.replayEvents),
  list: operation(lists.list, masks.maskListForCaller),
  caseRows: acting(listCaseRows, (core, caller, result) => ({
    ...result,
    rows: masks.maskRowsForCaller(core, caller, result.rows),
  })),
  saveView: acting(saveView),
  home: acting(readHome, (core, caller, result) => ({
    ...result,
    groups: result.groups.map((group) => ({ ...group, rows: masks.maskRowsForCaller(core, caller, group.rows) })),
  })),
  case: operation(lists.readCaseJson, masks.maskCaseForCaller),
  response: operation(lists.readResponseJson, masks.maskResponseForCaller),
  responseContext: operation(strategic.readResponseContext, (core, caller, { similar, dismissal, ...rest }) => ({
    ...rest,
    dismissal: basics.maySeeCustomers(core, caller) ? dismissal : null,
    similar: similar.map((response) => masks.maskResponseForCaller(core, caller, response)),
  })),
  responsesOfCase: operation(lists.listNewestResponsesOfCase, masks.maskResponsesOfCase),
  surveyPage: operation(customerPages.buildSurveyPage),

  delivery: operation(readDeliveryDetail, masks.maskDeliveryForCaller),
  replay: operation(replay),
  sources: operation(listSourcesJson, (core, caller, all) => all.map((each) => masks.hideRefusals(core, caller, each))),
  source: operation(readSourceDetail, masks.hideRefusals),
  countRefusalAtDoor: operation(countRefusalAtDoor),
  backFill: operation(requestBackFill),
  importFile: operation(importFile),
  checkFile: operation(checkFile),
  putCustomers: acting((core: Core, list: CustomerList, { who }: By) => storeCustomerList(core, list, who)),
  takeReported: acting(takeReported),
  holdStoredMatches: acting(holdStoredMatches),
  triage: operation(listTriageJson, masks.maskResponsesOfPage),
  words: operation(listWords, masks.maskResponsesOfPage),
  risingTerms: operation(readRisingTerms),
  decideTriage: acting(decideTriage),
  draftTemplate: operation(settings.draftTemplate),
  heldMatches: operation(listHeldMatches),
  decideHeld: acting(decideHeld),
  customer: operation(readCustomerDetail, masks.maskCustomerForCaller),

  openByHand: opening(openByHand),
  openFromResponse: opening(openFromResponse),
  acknowledge: onCase((core, id, { who, how }: By & { how: string }) => acknowledge(core, id, who, how)),
  acknowledgePage: operation(buildAcknowledgePage),
  acknowledgeByLink: operation(acknowledgeByLink),
  markContacted: onCase(markContacted),
  act: onCase(actOnCase),
  undo: onCase((core, id, { key }: By & { key: string }) => undoAction(core, id, key)),
  actionsFor: acting(
    /** With the operations on the case that the person may run; forms of others are not shown. */
    (core: Core, id: string, { who }: By) => ({ ...findActionsForPerson(core, id, who), may: [] as string[] }),
    (core, caller, result, id) => ({ ...result, may: listPermittedOperations(core, caller, id) }),
  ),
  tickPlan: onCase(tickPlan),
  invite: onCase(invite),
  revokeInvitation: onCase(revokeContributorInvitation),
  contributorPage: operation(buildContributorPage),
  contribute: operation(contribute),
  feedbackPage: operation(customerPages.buildFeedbackPage),
  people: operation(buildPeopleJson),
  makeTestIssue: acting(makeTestIssue),
  registerHook: acting(registerHook),
  pollNow: operation(pollAllTrackersNow),
  retryRefused: operation(retryRefusedEverywhere),

  strategicList: operation(strategic.listStrategicCaseSummaries),
  strategicCase: operation(strategic.readStrategicCaseJson, masks.maskStrategicCaseForCaller),
  links: operation(strategic.readCaseLinks),
  link: acting(
    (core: Core, caseId: string, { kind, ...link }: RequestedLink & { kind: 'related' | 'elevated-to' | 'parted' }) => {
      if (kind === 'related') linkRelatedCase(core, caseId, link);
      else if (kind === 'parted') partFromStrategicCase(core, caseId, link);
      else elevateByHand(core, caseId, link);
      return strategic.readCaseLinks(core, caseId);
    },
  ),
  decide: onStrategicCase(decide),
  measure: onStrategicCase(measure),
  takeMeasureValues: onStrategicCase(takeMeasureValues),
  nameDecisionOwner: onStrategicCase(nameDecisionOwner),

  answer: operation(answerAsk),
  closureWarningsOfCase: operation(findClosureWarningsOfCase),
  messagesOfCase: operation(lists.listMessagesOfCase, masks.hideMessages),
  writeToCustomer: onCase(writeToCustomer),
  decideClosing: onCase((core, id, { who, ...input }: By & (ClosingDecision | { decision: 'count' })) =>
    input.decision === 'count' ? countCheckedAnswers(core, id, who) : decideClosing(core, id, input, who),
  ),
  setWhatChanged: onCase(setWhatChanged),
  endWaiting: onCase((core, id, { event, who }: By & { event: 'shipped' | 'ask anyway' | 'ask now' }) =>
    event === 'ask now' ? askNow(core, id, who) : endGateWaitByPerson(core, id, event, who),
  ),
  decideAddress: onCase(decideAddress),
  nameCustomer: onCase(nameCustomer),
  followUpList: operation(listFollowUpRows, masks.maskFollowUps),
  ledger: operation(ledger),
  mailAgain: changingMail(allowMailToBounced),
  stopMail: changingMail(stopMail),
  mergeKeys: acting(mergeKeys),
  partKey: acting(partKey),
  exportPerson: acting((core: Core, person: string, { with: others }: By & { with?: string[] }) =>
    exportPerson(core, person, others),
  ),
  erasePerson: acting((core: Core, person: string, { who, with: others }: By & { with?: string[] }) =>
    erasePerson(core, person, who, others),
  ),
  loopReport: operation(buildLoopReport),
  report: operation(buildReport),
  risks: operation(listRisksJson, masks.maskCustomers),
  outcomes: operation(listOutcomesJson, masks.maskCustomers),
  huddle: operation(readHuddle),
  unsubscribe: operation(unsubscribe),
  unsubscribePage: operation(customerPages.buildUnsubscribePage),

  startBackup: operation(startBackup),
  backupLines: operation(listLinesOfBackup),
  endBackup: operation(endBackup),
  hold: operation(readHold),
  releaseHold: acting((core: Core, { who }: By) => releaseHold(core, who)),

  health: operation(connections.readHealth),
  pull: operation(settings.readCurrentFiles),
  versions: operation(settings.versions),
  trackerStates: operation(connections.readTrackerStates),
  settingsAt: operation(settings.readFilesOfVersion),
  setUp: acting(connections.readSetUp),
  beginWorkspace: acting((core: Core, begun: string, { who }: By) => {
    basics.audit(core, { who, what: 'workspace begun', about: begun });
    return { begun };
  }),
  templates: operation(settings.listTemplatesJson),
  templateText: operation(settings.readTemplateText),
} satisfies Partial<Record<OperationName, unknown>>;

/** Operations of the object that need more than its core: settings of the deployment, or a call to a tracker. */
export type OperationBeyondCore = Exclude<OperationName, keyof typeof operations>;

export type Operations = { [Name in keyof typeof operations]: (typeof operations)[Name]['run'] };

export type Rest<Operation> = Operation extends (core: Core, ...values: infer Values) => unknown ? Values : never;
