import { AppError } from '#domain/base/errors.ts';
import { acknowledgeByLink, showAcknowledgement } from './acknowledge-pages.tsx';
import { actOnCase } from './action-pages.tsx';
import * as cases from './api/cases.ts';
import * as intake from './api/intake.ts';
import * as lists from './api/lists.ts';
import * as people from './api/people.ts';
import * as settings from './api/settings.ts';
import * as strategic from './api/strategic.ts';
import { showCase, showCases } from './case-pages.tsx';
import { writeMessage } from './contact-pages.tsx';
import { contribute, showContributorPage } from './contributor-pages.tsx';
import * as customerPages from './customer-pages.tsx';
import { documentPages } from './document.tsx';
import {
  api,
  apiDeadEnd,
  form,
  hook,
  link,
  linkForm,
  open,
  openForm,
  page,
  type Route,
  shortAnswer,
  shortComment,
} from './doors.tsx';
import { answerProbe, receiveDelivery, receiveHint, refuseDelivery } from './hooks.ts';
import * as intakePages from './intake-pages.tsx';
import { decideClosing, endWaiting, showFollowUps } from './loop-pages.tsx';
import { showNothing } from './page.tsx';
import * as peoplePages from './people-pages.tsx';
import { atMost } from './read-body.ts';
import { showReport } from './report-pages.tsx';
import { showResponse, showResponses } from './response-pages.tsx';
import { showHome, showIcon, showStyles, signIn, signOut } from './session-pages.tsx';
import { checkTrackers, showSettings } from './settings-pages.tsx';
import * as strategicPages from './strategic-pages.tsx';
import { answerSurvey, showSurvey, showUnsubscribe, unsubscribe } from './survey-pages.tsx';
import { backtestTemplate, listTemplates, openCase, showTemplate } from './template-pages.tsx';

const importInParts = atMost(1, 'import the file in parts');
const sendInParts = atMost(8, 'send the list in parts');

const nothingHere = () => {
  throw new AppError('not-found', 'There is nothing at this address.');
};

const answering: Route[] = [
  open('GET', '/', showHome),
  open('GET', '/healthz', (c) => c.json({ ok: true })),
  open('GET', '/styles.css', showStyles),
  open('GET', '/icon.svg', showIcon),
  open('GET', '/sign-in/:token', signIn),
  openForm('/sign-out', signOut),

  hook('/hooks/:workspace/:source', 'receive', receiveDelivery),
  hook('/hooks/:workspace/:source/', 'receive', receiveDelivery),
  hook('/hooks/:workspace/trackers/:tracker', 'hint', receiveHint),
  hook('/hooks/:workspace/trackers/:tracker/', 'hint', receiveHint),
  open('POST', '/hooks/*', refuseDelivery),
  open('ALL', '/hooks/*', answerProbe),

  link('GET', '/s/:token', 'surveyPage', showSurvey),
  linkForm('/s/:token', 'answer', answerSurvey),
  link('GET', '/u/:token', 'unsubscribePage', showUnsubscribe),
  link('POST', '/u/:token', 'unsubscribe', unsubscribe, shortAnswer),
  link('GET', '/a/:token', 'acknowledgePage', showAcknowledgement),
  link('POST', '/a/:token', 'acknowledgeByLink', acknowledgeByLink, shortAnswer),
  link('GET', '/c/:token', 'contributorPage', showContributorPage),
  link('POST', '/c/:token', 'contribute', contribute, shortComment),

  page('/w/:workspace', 'list', showCases),
  page('/w/:workspace/cases/:id', 'case', showCase),
  form('/w/:workspace/cases/:id/actions/:action', 'act', actOnCase),
  form('/w/:workspace/cases/:id/messages', 'writeToCustomer', writeMessage),
  form('/w/:workspace/cases/:id/closing', 'decideClosing', decideClosing),
  form('/w/:workspace/cases/:id/waiting', 'endWaiting', endWaiting),
  form('/w/:workspace/cases/:id/plan', 'tickPlan', peoplePages.tickPlan),
  form('/w/:workspace/cases/:id/acknowledge', 'acknowledge', peoplePages.acknowledgeCase),
  form('/w/:workspace/cases/:id/contacted', 'markContacted', peoplePages.markContacted),
  form('/w/:workspace/cases/:id/contributors', 'invite', peoplePages.inviteContributor),
  form('/w/:workspace/cases/:id/contributors/take-back', 'revokeInvitation', peoplePages.withdrawInvitation),
  form('/w/:workspace/cases/:id/elevate', 'elevate', strategicPages.elevateCase),
  form('/w/:workspace/cases/:id/what-changed', 'setWhatChanged', strategicPages.setWhatChanged),
  form('/w/:workspace/cases/:id/decision', 'decide', strategicPages.decide),
  form('/w/:workspace/cases/:id/decision-owner', 'nameDecisionOwner', strategicPages.nameDecisionOwner),
  form('/w/:workspace/cases/:id/measure', 'measure', strategicPages.measureCase),
  form('/w/:workspace/cases/:id/sisters', 'linkRelatedCase', strategicPages.linkRelatedCase),
  page('/w/:workspace/strategic', 'strategicList', strategicPages.listStrategic),
  page('/w/:workspace/responses', 'list', showResponses),
  page('/w/:workspace/responses/:id', 'response', showResponse),
  page('/w/:workspace/deliveries', 'list', intakePages.showDeliveries),
  form('/w/:workspace/deliveries/replay', 'replay', intakePages.replayMatching),
  page('/w/:workspace/deliveries/:id', 'delivery', intakePages.showDelivery),
  form('/w/:workspace/deliveries/:id/replay', 'replay', intakePages.replayOne),
  page('/w/:workspace/sources', 'sources', intakePages.showSources),
  page('/w/:workspace/sources/:name', 'source', intakePages.showSource),
  form('/w/:workspace/sources/:name/back-fill', 'backFill', intakePages.backFill),
  page('/w/:workspace/customers', 'list', intakePages.showCustomers),
  form('/w/:workspace/customers', 'putCustomers', intakePages.uploadCustomers, sendInParts),
  page('/w/:workspace/customers/:id', 'customer', customerPages.showCustomer),
  form('/w/:workspace/customers/:id/export', 'exportPerson', customerPages.exportCustomer),
  form('/w/:workspace/customers/:id/mail-again', 'mailAgain', customerPages.mailCustomerAgain),
  form('/w/:workspace/customers/:id/erase', 'erasePerson', customerPages.eraseCustomer),
  page('/w/:workspace/follow-ups', 'followUpList', showFollowUps),
  page('/w/:workspace/people', 'people', peoplePages.showPeople),
  form('/w/:workspace/people/:person/mail-again', 'mailAgain', peoplePages.mailPersonAgain),
  page('/w/:workspace/templates', 'templates', listTemplates),
  page('/w/:workspace/templates/:name', 'templates', showTemplate),
  form('/w/:workspace/templates/:name/backtest', 'backtest', backtestTemplate),
  form('/w/:workspace/templates/:name/cases', 'openByHand', openCase),
  page('/w/:workspace/reports', 'loopReport', showReport),
  page('/w/:workspace/settings', 'trackerStates', showSettings),
  form('/w/:workspace/settings/check', 'check', checkTrackers),
  page('/w/:workspace/*', 'about', showNothing),

  api('GET', 'cases', lists.listCases),
  api('POST', 'cases', cases.openCase),
  api('GET', 'cases/:id', cases.readCase),
  ...cases.actions.map(([name, endpoint]) => api('POST', `cases/:id/actions/${name}`, endpoint)),
  apiDeadEnd('POST', 'cases/:id/actions/:action', cases.unknownAction),
  api('POST', 'cases/:id/goal', cases.changeGoal),
  api('POST', 'cases/:id/clock', cases.changeClock),
  api('POST', 'cases/:id/messages', cases.writeMessage),
  api('POST', 'cases/:id/closing', cases.decideClosing),
  api('GET', 'cases/:id/signs', cases.readClosureWarnings),
  api('PUT', 'cases/:id/plan/:position', people.tickPlan),
  api('POST', 'cases/:id/acknowledge', people.acknowledge),
  api('POST', 'cases/:id/snooze', people.snooze),
  api('POST', 'cases/:id/contacted', people.markContacted),
  api('POST', 'cases/:id/contributors', people.inviteContributor),
  api('DELETE', 'cases/:id/contributors/:invitation', people.withdrawInvitation),
  api('GET', 'strategic', strategic.listStrategic),
  api('GET', 'cases/:id/strategic', strategic.readStrategic),
  api('GET', 'cases/:id/elevation', strategic.readElevation),
  api('POST', 'cases/:id/elevate', strategic.elevate),
  api('POST', 'cases/:id/decision', strategic.decide),
  api('POST', 'cases/:id/decision-owner', strategic.nameDecisionOwner),
  api('POST', 'cases/:id/measure', strategic.measure),
  api('POST', 'cases/:id/what-changed', strategic.setWhatChanged),
  api('POST', 'cases/:id/sisters', strategic.linkRelatedCase),
  api('GET', 'responses', lists.listResponses),
  api('GET', 'responses/:id', lists.readResponse),
  api('GET', 'deliveries', lists.listDeliveries),
  api('GET', 'deliveries/:id', lists.readDelivery),
  api('POST', 'deliveries/replay', intake.replayDeliveries),
  api('POST', 'deliveries/:id/replay', intake.replayDelivery),
  api('GET', 'sources', intake.listSources),
  api('GET', 'sources/:name', intake.readSource),
  api('POST', 'sources/:name/back-fill', intake.backFill),
  api('POST', 'sources/:name/import', intake.importFile, importInParts),
  api('GET', 'customers', lists.listCustomers),
  api('PUT', 'customers', intake.putCustomers, sendInParts),
  api('GET', 'customers/:id', lists.readCustomer),
  api('GET', 'ledger/:key', lists.readLedger),
  api('GET', 'follow-ups', lists.listFollowUps),
  api('GET', 'mails', lists.listMails),
  api('GET', 'invitations', lists.listInvitations),
  api('GET', 'resurveys', lists.listResurveys),
  api('GET', 'people', people.readPeople),
  api('POST', 'people-data/export', people.exportPerson),
  api('POST', 'people-data/mail-again', people.mailAgain),
  api('POST', 'people-data/erase', people.erasePerson),
  api('POST', 'sign-in-links', people.createSignInLink),
  api('GET', 'settings', settings.readSettings),
  api('PUT', 'settings', settings.pushSettings),
  api('POST', 'settings/validate', settings.validateSettings),
  api('GET', 'settings/versions', settings.listVersions),
  api('GET', 'settings/versions/:version', settings.readVersion),
  api('GET', 'templates', settings.listTemplates),
  api('GET', 'templates/:name/versions', settings.listTemplateVersions),
  api('POST', 'backtest', settings.runBacktest),
  api('GET', 'reports/loops', settings.readLoopReport),
  api('POST', 'poll', intake.pollTrackers),
  apiDeadEnd('ALL', '*', nothingHere),
];

const { showDocument, showReference } = documentPages(answering);

/** Every address of the worker. Of two that match, the first answers. */
export const routes: Route[] = [
  ...answering,
  open('GET', '/openapi.json', showDocument),
  open('GET', '/docs', showReference),
];
