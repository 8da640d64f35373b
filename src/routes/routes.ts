import { acknowledgeByLink, showAcknowledgePage } from './acknowledge-pages.tsx';
import { actOnCase } from './action-pages.tsx';
import { refuseUnknownAction } from './api/cases.ts';
import { limitCustomerListSize } from './api/intake.ts';
import { endpoints, refuseUnknownAddress } from './api/table.ts';
import { createDocumentHandlers } from './api-document.tsx';
import { showCase, showCases } from './case-pages.tsx';
import { contribute, showContributorPage } from './contributor-pages.tsx';
import * as customerPages from './customer-pages.tsx';
import {
  api,
  createApiDeadEndRoute,
  createLinkFormRoute,
  createOpenFormRoute,
  form,
  hook,
  limitCommentSize,
  limitSurveyAnswerSize,
  link,
  open,
  page,
  type Route,
} from './doors.tsx';
import { answerProbe, receiveDelivery, receiveHint, refuseDelivery } from './hooks.ts';
import * as intakePages from './intake-pages.tsx';
import { decideClosing, endFollowUpWait, showFollowUps } from './loop-pages.tsx';
import { answerUnknownPage } from './page.tsx';
import * as peoplePages from './people-pages.tsx';
import { showLoopReport } from './report-pages.tsx';
import { showResponse, showResponses } from './response-pages.tsx';
import { showHome, showIcon, showStyles, signIn, signOut } from './session-pages.tsx';
import { showSettings, showTrackerSetUpCheck } from './settings-pages.tsx';
import * as strategicPages from './strategic-pages.tsx';
import { answerSurvey, showSurvey, showUnsubscribePage, unsubscribe } from './survey-pages.tsx';
import { backtestTemplate, openCaseByHand, showTemplate, showTemplates } from './template-pages.tsx';

const answering: Route[] = [
  open('GET', '/', showHome),
  open('GET', '/healthz', (c) => c.json({ ok: true })),
  open('GET', '/styles.css', showStyles),
  open('GET', '/icon.svg', showIcon),
  open('GET', '/sign-in/:token', signIn),
  createOpenFormRoute('/sign-out', signOut),

  hook('/hooks/:workspace/:source', 'receive', receiveDelivery),
  hook('/hooks/:workspace/:source/', 'receive', receiveDelivery),
  hook('/hooks/:workspace/trackers/:tracker', 'hint', receiveHint),
  hook('/hooks/:workspace/trackers/:tracker/', 'hint', receiveHint),
  open('POST', '/hooks/*', refuseDelivery),
  open('ALL', '/hooks/*', answerProbe),

  link('GET', '/s/:token', 'surveyPage', showSurvey),
  createLinkFormRoute('/s/:token', 'answer', answerSurvey),
  link('GET', '/u/:token', 'unsubscribePage', showUnsubscribePage),
  link('POST', '/u/:token', 'unsubscribe', unsubscribe, limitSurveyAnswerSize),
  link('GET', '/a/:token', 'acknowledgePage', showAcknowledgePage),
  link('POST', '/a/:token', 'acknowledgeByLink', acknowledgeByLink, limitSurveyAnswerSize),
  link('GET', '/c/:token', 'contributorPage', showContributorPage),
  link('POST', '/c/:token', 'contribute', contribute, limitCommentSize),

  page('/w/:workspace', 'list', showCases),
  page('/w/:workspace/cases/:id', 'case', showCase),
  form('/w/:workspace/cases/:id/actions/:action', 'act', actOnCase),
  form('/w/:workspace/cases/:id/messages', 'writeToCustomer', peoplePages.sendMessageToCustomer),
  form('/w/:workspace/cases/:id/closing', 'decideClosing', decideClosing),
  form('/w/:workspace/cases/:id/waiting', 'endWaiting', endFollowUpWait),
  form('/w/:workspace/cases/:id/plan', 'tickPlan', peoplePages.tickPlanStep),
  form('/w/:workspace/cases/:id/acknowledge', 'acknowledge', peoplePages.acknowledgeCase),
  form('/w/:workspace/cases/:id/contacted', 'markContacted', peoplePages.markContacted),
  form('/w/:workspace/cases/:id/contributors', 'invite', peoplePages.inviteContributor),
  form('/w/:workspace/cases/:id/contributors/take-back', 'revokeInvitation', peoplePages.revokeContributor),
  form('/w/:workspace/cases/:id/elevate', 'elevate', strategicPages.elevateCase),
  form('/w/:workspace/cases/:id/what-changed', 'setWhatChanged', strategicPages.setWhatChanged),
  form('/w/:workspace/cases/:id/decision', 'decide', strategicPages.decide),
  form('/w/:workspace/cases/:id/decision-owner', 'nameDecisionOwner', strategicPages.nameDecisionOwner),
  form('/w/:workspace/cases/:id/measure', 'measure', strategicPages.recordMeasurement),
  form('/w/:workspace/cases/:id/sisters', 'linkRelatedCase', strategicPages.linkRelatedCase),
  page('/w/:workspace/strategic', 'strategicList', strategicPages.showStrategicCases),
  page('/w/:workspace/responses', 'list', showResponses),
  page('/w/:workspace/responses/:id', 'response', showResponse),
  page('/w/:workspace/deliveries', 'list', intakePages.showDeliveries),
  form('/w/:workspace/deliveries/replay', 'replay', intakePages.replayMatchingDeliveries),
  page('/w/:workspace/deliveries/:id', 'delivery', intakePages.showDelivery),
  form('/w/:workspace/deliveries/:id/replay', 'replay', intakePages.replayDelivery),
  page('/w/:workspace/sources', 'sources', intakePages.showSources),
  page('/w/:workspace/sources/:name', 'source', intakePages.showSource),
  form('/w/:workspace/sources/:name/back-fill', 'backFill', intakePages.backFill),
  page('/w/:workspace/customers', 'list', intakePages.showCustomers),
  form('/w/:workspace/customers', 'putCustomers', intakePages.uploadCustomerList, limitCustomerListSize),
  page('/w/:workspace/customers/:id', 'customer', customerPages.showCustomer),
  form('/w/:workspace/customers/:id/export', 'exportPerson', customerPages.exportCustomer),
  form('/w/:workspace/customers/:id/mail-again', 'mailAgain', customerPages.allowCustomerMail),
  form('/w/:workspace/customers/:id/erase', 'erasePerson', customerPages.eraseCustomer),
  page('/w/:workspace/follow-ups', 'followUpList', showFollowUps),
  page('/w/:workspace/people', 'people', peoplePages.showPeople),
  form('/w/:workspace/people/:person/mail-again', 'mailAgain', peoplePages.allowPersonMail),
  page('/w/:workspace/templates', 'templates', showTemplates),
  page('/w/:workspace/templates/:name', 'templates', showTemplate),
  form('/w/:workspace/templates/:name/backtest', 'backtest', backtestTemplate),
  form('/w/:workspace/templates/:name/cases', 'openByHand', openCaseByHand),
  page('/w/:workspace/reports', 'loopReport', showLoopReport),
  page('/w/:workspace/settings', 'trackerStates', showSettings),
  form('/w/:workspace/settings/check', 'check', showTrackerSetUpCheck),
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
