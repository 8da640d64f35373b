import type { CaseJson } from '#domain/json/case-json.ts';
import type { MailJson } from '#domain/json/loop-json.ts';
import type { StrategicCaseJson } from '#domain/json/strategic-json.ts';
import { acknowledge, acknowledgeByLink, buildAcknowledgePage, snooze } from './cases/acknowledge.ts';
import { changeGoal, pauseClock, resumeClock } from './cases/case-clock.ts';
import { contribute, buildContributorPage, invite, revokeContributorInvitation } from './cases/contributors.ts';
import { elevateByHand } from './cases/elevate.ts';
import { markContacted } from './cases/first-contact.ts';
import { openByHand } from './cases/open-by-hand.ts';
import { tickPlan } from './cases/plan.ts';
import { decide, linkRelatedCase, measure, nameDecisionOwner } from './cases/strategic.ts';
import type { Core } from './core.ts';
import { importFile } from './intake/import-file.ts';
import { requestBackFill, storeCustomerList, replay } from './intake/operator-actions.ts';
import { actionsFor, actOnCase } from './issues/act-on-case.ts';
import { pollNow } from './issues/poll.ts';
import { decideClosing } from './loop/after-closing.ts';
import { answerFollowUp, unsubscribe } from './loop/answer.ts';
import { endWaiting } from './loop/gates.ts';
import { allowMailToBounced } from './loop/mail-again.ts';
import { setWhatChanged } from './loop/what-changed.ts';
import { writeToCustomer } from './loop/write-to-customer.ts';
import { erasePerson } from './privacy/erase-person.ts';
import { closureWarningsOfCase } from './queries/closure-warnings.ts';
import { readCustomerDetail } from './queries/customer.ts';
import { exportPerson } from './queries/export-person.ts';
import { readDeliveryDetail, readSourceDetail, sourcesJson } from './queries/intake.ts';
import {
  about,
  list,
  mailsOfCase,
  newestResponsesOfCase,
  readCaseJson,
  readResponseJson,
  surveyPage,
  unsubscribePage,
} from './queries/lists.ts';
import { followUpList, ledger } from './queries/loop.ts';
import { loopReport } from './queries/loop-report.ts';
import { peopleJson } from './queries/people.ts';
import { filesAt, filesNow, templateList, templateText, versions } from './queries/settings.ts';
import { elevation, strategicCase, strategicList } from './queries/strategic.ts';
import { trackerStates } from './queries/tracker-states.ts';
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
  responsesOfCase: newestResponsesOfCase,
  surveyPage,

  delivery: readDeliveryDetail,
  replay,
  sources: sourcesJson,
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
  actionsFor,
  tickPlan: onCase(tickPlan),
  invite: onCase(invite),
  revokeInvitation: onCase(revokeContributorInvitation),
  contributorPage: buildContributorPage,
  contribute,
  people: peopleJson,
  pollNow,

  strategicList,
  strategicCase,
  elevation,
  atRisk: ({ sql }: Core) => sumRevenueAtRisk(sql),
  elevate: (core: Core, ...input: Rest<typeof elevateByHand>) => strategicCase(core, elevateByHand(core, ...input).id),
  decide: toStrategicCaseOperation(decide),
  measure: toStrategicCaseOperation(measure),
  nameDecisionOwner: toStrategicCaseOperation(nameDecisionOwner),
  linkRelatedCase: toStrategicCaseOperation(linkRelatedCase),

  answer: answerFollowUp,
  closureWarningsOfCase,
  /** Null for those who don't see the customer. */
  mailsOfCase: (core: Core, id: string): MailJson[] | null => mailsOfCase(core, id),
  writeToCustomer: onCase(writeToCustomer),
  decideClosing: onCase(decideClosing),
  setWhatChanged: onCase(setWhatChanged),
  endWaiting: onCase(endWaiting),
  followUpList,
  ledger,
  mailAgain: (core: Core, ...input: Rest<typeof allowMailToBounced>) => {
    allowMailToBounced(core, ...input);
    return findCustomer(core.sql, input[0]) ? ledger(core, input[0]) : null;
  },
  exportPerson,
  erasePerson,
  loopReport,
  unsubscribe,
  unsubscribePage,

  pull: filesNow,
  versions,
  trackerStates,
  settingsAt: filesAt,
  templates: templateList,
  templateText,
} satisfies Record<string, (core: Core, ...values: never[]) => unknown>;

export type Operations = typeof operations;

export type Rest<Operation> = Operation extends (core: Core, ...values: infer Values) => unknown ? Values : never;

function toStrategicCaseOperation<Input>(change: (core: Core, caseId: string, input: Input) => void) {
  return (core: Core, caseId: string, input: Input): StrategicCaseJson => {
    change(core, caseId, input);
    return strategicCase(core, caseId);
  };
}

function onCase<Values extends unknown[]>(change: (core: Core, caseId: string, ...values: Values) => void) {
  return (core: Core, caseId: string, ...values: Values): CaseJson => {
    change(core, caseId, ...values);
    return readCaseJson(core, caseId);
  };
}
