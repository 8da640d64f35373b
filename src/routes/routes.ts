import { refuseUnknownAction } from './api/cases.ts';
import { customerListLimit, importLimit } from './api/intake.ts';
import { endpoints, refuseUnknownAddress } from './api/table.ts';
import { createDocumentHandlers } from './api-document.tsx';
import { actOnCases, showCase, showCases, showStrategicCases, showWork } from './case-pages.tsx';
import * as door from './doors.tsx';
import * as feedbackPages from './feedback-pages.tsx';
import { forms } from './forms.ts';
import { showMetrics, showReadiness } from './health.ts';
import { answerProbe, receiveDelivery, receiveHint, refuseDelivery } from './hooks.ts';
import * as linkPages from './link-pages.tsx';
import * as reportPages from './report-pages.tsx';
import * as sessionPages from './session-pages.tsx';
import { begin, beginSetUp, showBegin, showFirstPage, showSetUp, takeSetUpStep } from './set-up-pages.tsx';
import * as settingsPages from './settings-pages.tsx';
import { savePart, showPart } from './workspace-file-pages.tsx';

const answering: door.Route[] = [
  door.open('GET', '/', sessionPages.showHome),
  door.open('GET', '/healthz', (c) => c.json({ ok: true })),
  door.open('GET', '/readyz', showReadiness),
  door.operator('/metrics', showMetrics),
  door.open('GET', '/styles.css', sessionPages.showStyles),
  door.open('GET', '/icon.svg', sessionPages.showIcon),
  door.open('GET', '/keys.js', sessionPages.showKeysScript),
  door.createWorkingRoute('GET', '/set-up', showFirstPage),
  door.createWorkingRoute('POST', '/set-up', beginSetUp),
  door.createWorkingRoute('POST', '/sign-in', sessionPages.requestSignInLink),
  door.createWorkingRoute('POST', '/sign-in/with/:issuer', sessionPages.leadToIssuer),
  door.createWorkingRoute('GET', '/sign-in/with/:issuer', sessionPages.signInByIssuer),
  door.link('/sign-in/:token', 'signInPage', sessionPages.showSignInLink),
  door.createLinkFormRoute('/sign-in/:token', 'signIn', sessionPages.signIn),
  door.createWorkingRoute('POST', '/sign-out', sessionPages.signOut),

  door.hook('/hooks/:workspace/:source', 'receive', receiveDelivery),
  door.hook('/hooks/:workspace/:source/', 'receive', receiveDelivery),
  door.hook('/hooks/:workspace/trackers/:tracker', 'hint', receiveHint),
  door.hook('/hooks/:workspace/trackers/:tracker/', 'hint', receiveHint),
  door.open('POST', '/hooks/*', refuseDelivery),
  door.open('ALL', '/hooks/*', answerProbe),

  door.link('/s/:token', 'surveyPage', linkPages.showSurvey),
  door.createLinkFormRoute('/s/:token', 'answer', linkPages.answerSurvey),
  door.link('/u/:token', 'unsubscribePage', linkPages.showUnsubscribePage),
  door.createOneClickRoute('/u/:token', 'unsubscribe', linkPages.unsubscribe),
  door.link('/a/:token', 'acknowledgePage', linkPages.showAcknowledgePage),
  door.createLinkFormRoute('/a/:token', 'acknowledgeByLink', linkPages.acknowledgeByLink),
  door.link('/c/:token', 'contributorPage', linkPages.showContributorPage),
  door.createLinkFormRoute('/c/:token', 'contribute', linkPages.contribute, door.commentLimit),
  door.link('/f/:token', 'feedbackPage', linkPages.showFeedback),

  door.page('/w/:workspace', 'list', showWork),
  door.page('/w/:workspace/cases', 'list', showCases),
  door.form('/w/:workspace/cases', 'act', actOnCases),
  door.page('/w/:workspace/cases/:id', 'case', showCase),
  door.page('/w/:workspace/strategic', 'strategicList', showStrategicCases),
  door.page('/w/:workspace/responses', 'list', feedbackPages.showResponses),
  door.page('/w/:workspace/responses/:id', 'response', feedbackPages.showResponse),
  door.page('/w/:workspace/words', 'words', feedbackPages.showWords),
  door.page('/w/:workspace/triage', 'triage', feedbackPages.showTriage),
  door.form('/w/:workspace/triage', 'decideTriage', feedbackPages.decideTriage),
  door.page('/w/:workspace/triage/template', 'draftTemplate', settingsPages.showDraft),
  door.page('/w/:workspace/deliveries', 'list', feedbackPages.showDeliveries),
  door.page('/w/:workspace/deliveries/:id', 'delivery', feedbackPages.showDelivery),
  door.page('/w/:workspace/sources', 'sources', feedbackPages.showSources),
  door.form('/w/:workspace/sources/examples', 'changeSettings', feedbackPages.readExamples),
  door.page('/w/:workspace/sources/:name', 'source', feedbackPages.showSource),
  door.page('/w/:workspace/customers', 'list', feedbackPages.showCustomers),
  door.page('/w/:workspace/customers/:id', 'customer', feedbackPages.showCustomer),
  door.form('/w/:workspace/customers/:id/export', 'exportPerson', feedbackPages.exportCustomer),
  door.form('/w/:workspace/customers/:id/erase', 'erasePerson', feedbackPages.eraseCustomer),
  door.page('/w/:workspace/follow-ups', 'followUpList', reportPages.showFollowUps),
  door.page('/w/:workspace/people', 'people', reportPages.showPeople),
  door.page('/w/:workspace/account', 'sessions', sessionPages.showAccount),
  door.form('/w/:workspace/account', 'createToken', sessionPages.createToken),
  door.page('/w/:workspace/settings/audit', 'audit', settingsPages.showAuditLog),
  door.page('/w/:workspace/settings/events', 'eventChannels', settingsPages.showEvents),
  door.page('/w/:workspace/templates', 'templates', settingsPages.showTemplates),
  door.page('/w/:workspace/templates/:name', 'templates', settingsPages.showTemplate),
  door.form('/w/:workspace/templates/:name/backtest', 'backtest', settingsPages.backtestTemplate),
  door.form('/w/:workspace/templates', 'changeSettings', settingsPages.takeLibraryTemplate),
  door.form('/w/:workspace/templates/:name/save', 'changeSettings', settingsPages.saveTemplate),
  door.page('/w/:workspace/reports', 'report', reportPages.showReport),
  door.page('/w/:workspace/at-risk', 'risks', reportPages.showRisks),
  door.page('/w/:workspace/outcomes', 'outcomes', reportPages.showOutcomes),
  door.page('/w/:workspace/huddle', 'huddle', reportPages.showHuddle),
  door.page('/w/:workspace/hold', 'hold', settingsPages.showHold),
  door.page('/w/:workspace/settings', 'trackerStates', settingsPages.showConnections),
  door.form('/w/:workspace/settings/check', 'check', settingsPages.showTrackerSetUpCheck),
  door.page('/w/:workspace/settings/check', 'trackerStates', settingsPages.showConnections),
  door.page('/w/:workspace/settings/imports', 'sources', settingsPages.showImports),
  door.form('/w/:workspace/settings/imports', 'putCustomers', settingsPages.uploadCustomerList, customerListLimit),
  door.form('/w/:workspace/settings/reported', 'takeReported', settingsPages.uploadReported, importLimit),
  door.form('/w/:workspace/settings/imports/check', 'checkFile', settingsPages.checkUploadedFile, importLimit),
  door.page('/w/:workspace/settings/versions', 'versions', settingsPages.showVersions),
  door.page('/w/:workspace/settings/parts/:part', 'pull', showPart),
  door.form('/w/:workspace/settings/parts/:part', 'changeSettings', savePart),
  door.page('/w/:workspace/workspaces', 'beginWorkspace', showBegin),
  door.form('/w/:workspace/workspaces', 'beginWorkspace', begin),
  door.page('/w/:workspace/set-up', 'setUp', showSetUp),
  door.form('/w/:workspace/set-up/:part', 'changeSettings', takeSetUpStep),
  ...forms,
  door.page('/w/:workspace/*', 'about', door.answerUnknownPage),

  ...Object.entries(endpoints).map(([address, endpoint]) => door.api(address, endpoint)),
  door.createApiDeadEndRoute('POST', 'cases/:id/actions/:action', refuseUnknownAction),
  door.createApiDeadEndRoute('ALL', '*', refuseUnknownAddress),
];

const { showDocument, showReference } = createDocumentHandlers(answering);

/** Every address of the worker. Of two that match, the first answers. */
export const routes: door.Route[] = [
  ...answering,
  door.open('GET', '/openapi.json', showDocument),
  door.open('GET', '/docs', showReference),
];
