import type { CaseJson } from '#domain/json/case-json.ts';
import type { MailJson } from '#domain/json/loop-json.ts';
import type { StrategicCaseJson } from '#domain/json/strategic-json.ts';
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
import { importFile } from './intake/import-file.ts';
import { replay, requestBackFill, storeCustomerList } from './intake/operator-actions.ts';
import { actOnCase, findActionsForPerson } from './issues/act-on-case.ts';
import { pollAllTrackersNow } from './issues/poll.ts';
import { decideClosing } from './loop/after-closing.ts';
import { answerAsk, unsubscribe } from './loop/answer.ts';
import { endGateWaitByPerson } from './loop/gates.ts';
import { allowMailToBounced } from './loop/mail-again.ts';
import { setWhatChanged } from './loop/what-changed.ts';
import { writeToCustomer } from './loop/write-to-customer.ts';
import { erasePerson } from './privacy/erase-person.ts';
import { findClosureWarningsOfCase } from './queries/closure-warnings.ts';
import { readCustomerDetail } from './queries/customer.ts';
import { exportPerson } from './queries/export-person.ts';
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
import { ledger, listFollowUpRows } from './queries/loop.ts';
import { buildLoopReport } from './queries/loop-report.ts';
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
import { sumRevenueAtRisk } from './store/case-responses.ts';
import { findCustomer } from './store/customers.ts';

/**
 * The operations of a workspace by name, reads and changes alike. `call.ts` runs them; `rights.ts` says for whom, and
 * `masks.ts` what each viewer sees of the result. Errors that a caller can correct are `AppError`s.
 */
export const operations = {
  about,
  list,
  case: readCaseJson,
  response: readResponseJson,
  responsesOfCase: listNewestResponsesOfCase,
  surveyPage: buildSurveyPage,

  delivery: readDeliveryDetail,
  replay,
  sources: listSourcesJson,
  source: readSourceDetail,
  backFill: requestBackFill,
  putCustomers: storeCustomerList,
  importFile,
  customer: readCustomerDetail,

  openByHand: (core: Core, ...input: Rest<typeof openByHand>) => readCaseJson(core, openByHand(core, ...input).id),
  changeGoal: onCase(changeGoal),
  changeClock: onCase((core, id, { paused, who, reason }: { paused: boolean; who: string; reason: string }) =>
    paused ? pauseClock(core, id, who, reason) : resumeClock(core, id, who, reason),
  ),
  acknowledge: onCase(acknowledge),
  acknowledgePage: buildAcknowledgePage,
  acknowledgeByLink,
  snooze: onCase(snooze),
  markContacted: onCase(markContacted),
  act: onCase(actOnCase),
  actionsFor: findActionsForPerson,
  tickPlan: onCase(tickPlan),
  invite: onCase(invite),
  revokeInvitation: onCase(revokeContributorInvitation),
  contributorPage: buildContributorPage,
  contribute,
  people: buildPeopleJson,
  pollNow: pollAllTrackersNow,

  strategicList: listStrategicCaseSummaries,
  strategicCase: readStrategicCaseJson,
  links: readCaseLinks,
  atRisk: ({ sql }: Core) => sumRevenueAtRisk(sql),
  link: (core: Core, caseId: string, { kind, ...link }: RequestedLink & { kind: 'related' | 'elevated-to' }) => {
    if (kind === 'related') linkRelatedCase(core, caseId, link);
    else elevateByHand(core, caseId, link);
    return readCaseLinks(core, caseId);
  },
  decide: toStrategicCaseOperation(decide),
  measure: toStrategicCaseOperation(measure),
  nameDecisionOwner: toStrategicCaseOperation(nameDecisionOwner),

  answer: answerAsk,
  closureWarningsOfCase: findClosureWarningsOfCase,
  /** Null for those who don't see the customer. */
  mailsOfCase: (core: Core, id: string): MailJson[] | null => listMailsOfCase(core, id),
  writeToCustomer: onCase(writeToCustomer),
  decideClosing: onCase(decideClosing),
  setWhatChanged: onCase(setWhatChanged),
  endWaiting: onCase(endGateWaitByPerson),
  followUpList: listFollowUpRows,
  ledger,
  mailAgain: (core: Core, ...input: Rest<typeof allowMailToBounced>) => {
    allowMailToBounced(core, ...input);
    return findCustomer(core.sql, input[0]) ? ledger(core, input[0]) : null;
  },
  exportPerson,
  erasePerson,
  loopReport: buildLoopReport,
  unsubscribe,
  unsubscribePage: buildUnsubscribePage,

  pull: readCurrentFiles,
  versions,
  trackerStates: readTrackerStates,
  settingsAt: readFilesOfVersion,
  templates: listTemplatesJson,
  templateText: readTemplateText,
} satisfies Record<string, (core: Core, ...values: never[]) => unknown>;

export type Operations = typeof operations;

export type Rest<Operation> = Operation extends (core: Core, ...values: infer Values) => unknown ? Values : never;

function toStrategicCaseOperation<Input>(change: (core: Core, caseId: string, input: Input) => void) {
  return (core: Core, caseId: string, input: Input): StrategicCaseJson => {
    change(core, caseId, input);
    return readStrategicCaseJson(core, caseId);
  };
}

function onCase<Values extends unknown[]>(change: (core: Core, caseId: string, ...values: Values) => void) {
  return (core: Core, caseId: string, ...values: Values): CaseJson => {
    change(core, caseId, ...values);
    return readCaseJson(core, caseId);
  };
}
