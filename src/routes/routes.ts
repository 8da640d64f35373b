import { refuseUnknownAction } from './api/cases.ts';
import { customerListLimit, importLimit } from './api/intake.ts';
import { endpoints, refuseUnknownAddress } from './api/table.ts';
import { createDocumentHandlers } from './api-document.tsx';
import * as caseForms from './case-forms.ts';
import { showCase, showCases, showStrategicCases, showWork } from './case-pages.tsx';
import {
  answerUnknownPage,
  api,
  commentLimit,
  createApiDeadEndRoute,
  createLinkFormRoute,
  createOneClickRoute,
  createWorkingRoute,
  form,
  hook,
  link,
  open,
  operator,
  page,
  type Route,
} from './doors.tsx';
import * as feedbackPages from './feedback-pages.tsx';
import { showMetrics, showReadiness } from './health.ts';
import { answerProbe, receiveDelivery, receiveHint, refuseDelivery } from './hooks.ts';
import { leadToIssuer, signInByIssuer } from './issuer-pages.tsx';
import * as linkPages from './link-pages.tsx';
import { allowPersonMail, showFollowUps, showPeople, showReport } from './report-pages.tsx';
import * as sessionPages from './session-pages.tsx';
import { beginSetUp, showFirstPage, showSetUp, takeSetUpStep } from './set-up-pages.tsx';
import * as settingsPages from './settings-pages.tsx';

const answering: Route[] = [
  open('GET', '/', sessionPages.showHome),
  open('GET', '/healthz', (c) => c.json({ ok: true })),
  open('GET', '/readyz', showReadiness),
  operator('/metrics', showMetrics),
  open('GET', '/styles.css', sessionPages.showStyles),
  open('GET', '/icon.svg', sessionPages.showIcon),
  open('GET', '/keys.js', sessionPages.showKeysScript),
  createWorkingRoute('GET', '/set-up', showFirstPage),
  createWorkingRoute('POST', '/set-up', beginSetUp),
  createWorkingRoute('POST', '/sign-in', sessionPages.requestSignInLink),
  createWorkingRoute('POST', '/sign-in/with/:issuer', leadToIssuer),
  createWorkingRoute('GET', '/sign-in/with/:issuer', signInByIssuer),
  link('/sign-in/:token', 'signInPage', sessionPages.showSignInLink),
  createLinkFormRoute('/sign-in/:token', 'signIn', sessionPages.signIn),
  createWorkingRoute('POST', '/sign-out', sessionPages.signOut),

  hook('/hooks/:workspace/:source', 'receive', receiveDelivery),
  hook('/hooks/:workspace/:source/', 'receive', receiveDelivery),
  hook('/hooks/:workspace/trackers/:tracker', 'hint', receiveHint),
  hook('/hooks/:workspace/trackers/:tracker/', 'hint', receiveHint),
  open('POST', '/hooks/*', refuseDelivery),
  open('ALL', '/hooks/*', answerProbe),

  link('/s/:token', 'surveyPage', linkPages.showSurvey),
  createLinkFormRoute('/s/:token', 'answer', linkPages.answerSurvey),
  link('/u/:token', 'unsubscribePage', linkPages.showUnsubscribePage),
  createOneClickRoute('/u/:token', 'unsubscribe', linkPages.unsubscribe),
  link('/a/:token', 'acknowledgePage', linkPages.showAcknowledgePage),
  createLinkFormRoute('/a/:token', 'acknowledgeByLink', linkPages.acknowledgeByLink),
  link('/c/:token', 'contributorPage', linkPages.showContributorPage),
  createLinkFormRoute('/c/:token', 'contribute', linkPages.contribute, commentLimit),

  page('/w/:workspace', 'list', showWork),
  page('/w/:workspace/cases', 'list', showCases),
  form('/w/:workspace/cases', 'act', caseForms.actOnCases),
  form('/w/:workspace/views', 'saveView', caseForms.saveView),
  page('/w/:workspace/cases/:id', 'case', showCase),
  form('/w/:workspace/cases/:id/actions/:action', 'act', caseForms.actOnCase),
  form('/w/:workspace/cases/:id/undo', 'undo', caseForms.undoAction),
  form('/w/:workspace/cases/:id/messages', 'writeToCustomer', caseForms.sendMessageToCustomer),
  form('/w/:workspace/cases/:id/closing', 'decideClosing', caseForms.decideClosing),
  form('/w/:workspace/cases/:id/addresses', 'decideAddress', caseForms.decideAddress),
  form('/w/:workspace/cases/:id/waiting', 'endWaiting', caseForms.endFollowUpWait),
  form('/w/:workspace/cases/:id/plan', 'tickPlan', caseForms.tickPlanStep),
  form('/w/:workspace/cases/:id/acknowledge', 'acknowledge', caseForms.acknowledgeCase),
  form('/w/:workspace/cases/:id/contacted', 'markContacted', caseForms.markContacted),
  form('/w/:workspace/cases/:id/contributors', 'invite', caseForms.inviteContributor),
  form('/w/:workspace/cases/:id/contributors/take-back', 'revokeInvitation', caseForms.revokeContributor),
  form('/w/:workspace/cases/:id/links', 'link', caseForms.linkCase),
  form('/w/:workspace/cases/:id/what-changed', 'setWhatChanged', caseForms.setWhatChanged),
  form('/w/:workspace/cases/:id/decision', 'decide', caseForms.decide),
  form('/w/:workspace/cases/:id/decision-owner', 'nameDecisionOwner', caseForms.nameDecisionOwner),
  form('/w/:workspace/cases/:id/measure', 'measure', caseForms.recordMeasurement),
  page('/w/:workspace/strategic', 'strategicList', showStrategicCases),
  page('/w/:workspace/responses', 'list', feedbackPages.showResponses),
  page('/w/:workspace/responses/:id', 'response', feedbackPages.showResponse),
  form('/w/:workspace/responses/:id/cases', 'openFromResponse', caseForms.openFromResponse),
  page('/w/:workspace/triage', 'triage', feedbackPages.showTriage),
  form('/w/:workspace/triage', 'decideTriage', feedbackPages.decideTriage),
  page('/w/:workspace/deliveries', 'list', feedbackPages.showDeliveries),
  form('/w/:workspace/deliveries/replay', 'replay', feedbackPages.replayMatchingDeliveries),
  page('/w/:workspace/deliveries/:id', 'delivery', feedbackPages.showDelivery),
  form('/w/:workspace/deliveries/:id/replay', 'replay', feedbackPages.replayDelivery),
  page('/w/:workspace/sources', 'sources', feedbackPages.showSources),
  page('/w/:workspace/sources/:name', 'source', feedbackPages.showSource),
  form('/w/:workspace/sources/:name/back-fill', 'backFill', feedbackPages.backFill),
  form('/w/:workspace/sources/:name/questions', 'renameQuestion', feedbackPages.renameQuestion),
  page('/w/:workspace/customers', 'list', feedbackPages.showCustomers),
  page('/w/:workspace/customers/:id', 'customer', feedbackPages.showCustomer),
  form('/w/:workspace/customers/:id/merge', 'mergeKeys', feedbackPages.mergeCustomer),
  form('/w/:workspace/customers/:id/part', 'partKey', feedbackPages.partCustomer),
  form('/w/:workspace/customers/:id/export', 'exportPerson', feedbackPages.exportCustomer),
  form('/w/:workspace/customers/:id/mail-again', 'mailAgain', feedbackPages.allowCustomerMail),
  form('/w/:workspace/customers/:id/erase', 'erasePerson', feedbackPages.eraseCustomer),
  page('/w/:workspace/follow-ups', 'followUpList', showFollowUps),
  page('/w/:workspace/people', 'people', showPeople),
  form('/w/:workspace/people/:person/mail-again', 'mailAgain', allowPersonMail),
  form('/w/:workspace/people/:person/sign-in-link', 'mailSignInLink', sessionPages.mailSignInLink),
  page('/w/:workspace/account', 'sessions', sessionPages.showAccount),
  form('/w/:workspace/account', 'createToken', sessionPages.createToken),
  form('/w/:workspace/tokens/:token/revoke', 'revokeToken', sessionPages.revokeToken),
  page('/w/:workspace/settings/audit', 'audit', settingsPages.showAuditLog),
  form('/w/:workspace/sessions/:session/end', 'endSession', sessionPages.endSession),
  page('/w/:workspace/templates', 'templates', settingsPages.showTemplates),
  page('/w/:workspace/templates/:name', 'templates', settingsPages.showTemplate),
  form('/w/:workspace/templates/:name/backtest', 'backtest', settingsPages.backtestTemplate),
  form('/w/:workspace/templates/:name/save', 'changeSettings', settingsPages.saveTemplate),
  form('/w/:workspace/templates/:name/held-matches', 'decideHeld', settingsPages.decideHeldMatches),
  form('/w/:workspace/templates/:name/stored-matches', 'holdStoredMatches', settingsPages.holdStoredMatches),
  form('/w/:workspace/templates/:name/cases', 'openByHand', settingsPages.openCaseByHand),
  page('/w/:workspace/reports', 'report', showReport),
  page('/w/:workspace/hold', 'hold', settingsPages.showHold),
  form('/w/:workspace/hold/release', 'releaseHold', settingsPages.releaseHold),
  page('/w/:workspace/settings', 'trackerStates', settingsPages.showTrackers),
  form('/w/:workspace/settings/check', 'check', settingsPages.showTrackerSetUpCheck),
  page('/w/:workspace/settings/check', 'trackerStates', settingsPages.showTrackers),
  form('/w/:workspace/settings/secrets', 'enterSecret', settingsPages.enterSecret),
  page('/w/:workspace/settings/imports', 'sources', settingsPages.showImports),
  form('/w/:workspace/settings/imports', 'putCustomers', settingsPages.uploadCustomerList, customerListLimit),
  form('/w/:workspace/settings/imports/check', 'checkFile', settingsPages.checkUploadedFile, importLimit),
  page('/w/:workspace/settings/versions', 'versions', settingsPages.showVersions),
  page('/w/:workspace/set-up', 'setUp', showSetUp),
  form('/w/:workspace/set-up/:part', 'changeSettings', takeSetUpStep),
  page('/w/:workspace/*', 'about', answerUnknownPage),

  ...Object.entries(endpoints).map(([address, endpoint]) => api(address, endpoint)),
  createApiDeadEndRoute('POST', 'cases/:id/actions/:action', refuseUnknownAction),
  createApiDeadEndRoute('ALL', '*', refuseUnknownAddress),
];

const { showDocument, showReference } = createDocumentHandlers(answering);

/** Every address of the worker. Of two that match, the first answers. */
export const routes: Route[] = [
  ...answering,
  open('GET', '/openapi.json', showDocument),
  open('GET', '/docs', showReference),
];
