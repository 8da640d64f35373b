import { deriveCaseMatchKey, deriveId } from '#domain/base/key.ts';
import { type CaseTemplate, tierOf } from '#domain/templates/template.ts';
import { chooseFixedTexts, filled, findClosestLanguage } from '#domain/text/fixed-texts.ts';
import { basics, type Case, type Core, dayMs, handleOf, rejoinWindowMs, statusOf, store, templating } from '../kit.ts';
import { notify } from '../mail/notify.ts';
import { deriveMailId, queueMail } from '../mail/send-mail.ts';
import { requestCall } from '../tracker-requests/sync-issue.ts';
import { recount } from './strategic.ts';
import { chooseAssigneeAndLoopOwner, describeAssignment, whyAssignmentIncomplete } from './assign.ts';
import { inviteContributorsOfTeam } from './contributors.ts';
import { setLadderTimer } from './ladder.ts';
import { copyResponsePlan, queueSubIssueCreates } from './sub-issues.ts';

/** Match keys of a subject, its own first; the keys of a person that were merged are one subject. */
export const deriveMatchKeys = (core: Core, { kind }: CaseTemplate, { scope, key }: Record<'scope' | 'key', string>) =>
  (kind === 'strategic' ? [key] : store.listKeysOfPerson(core.sql, key)).map((own) =>
    deriveCaseMatchKey(core.keys, scope, own),
  );

/** The case that a new match belongs to: an open one, or one resolved within 30 days, which it reopens. */
export function findCaseToJoin(core: Core, caseMatchKey: string): Case | null {
  const latest = store.findLatestCaseByMatchKey(core.sql, caseMatchKey);
  if (!latest || latest.loop === 'working') return latest;
  return latest.resolvedAt !== null && core.clock.now() - latest.resolvedAt <= rejoinWindowMs ? latest : null;
}

/** Id and number of the next case; derived, so that after a restore it finds its issue and mails again. */
function identify(core: Core, caseMatchKey: string): { id: string; number?: number } {
  for (let turn = 1; ; turn += 1) {
    const id = deriveId(core.keys, 'c', core.workspace, caseMatchKey, String(turn));
    if (store.findCase(core.sql, id)) continue;
    const number = store.findNumberAfterRestore(core.sql, id);
    return number === null ? { id } : { id, number };
  }
}

export interface NewCaseSubject {
  key: string;
  name: string;
  customerKey: string | null;
  customer: { tier: string | null; revenue: number | null };
  /** Null for a case opened by hand. */
  responseId: string | null;
  /** Product, theme or category of a strategic case; null where it gathers everything. */
  theme: string | null;
  hasIssue?: boolean;
}

/** Opens a case and records the intent to create its issue, in the caller's transaction. */
export function open(
  core: Core,
  template: CaseTemplate,
  { key, name, customerKey, customer, responseId, theme, hasIssue = false }: NewCaseSubject,
  why: string[],
  linkToStrategicCase: (opened: Case) => void = () => {},
): Case {
  const { settings, sql } = core;
  const now = core.clock.now();
  const due = templating.computeDue(settings.workspace, template, customer, now);
  const isStrategic = template.kind === 'strategic';
  const takers = chooseAssigneeAndLoopOwner(core, template, { responseId, customer });
  const opened = store.insertCase(sql, {
    ...identify(core, key),
    caseMatchKey: key,
    template: name,
    settingsVersion: settings.version,
    kind: template.kind,
    action: template.action === 'task' ? 'task' : 'case',
    customerKey: isStrategic ? null : customerKey,
    tier: isStrategic ? null : tierOf(settings.workspace, customer).name,
    revenue: customer.revenue,
    category: template.category,
    severity: due.severity,
    severityRank: due.severityRank,
    status: statusOf(basics.findSettingsOfCase(core, template), 'open'),
    loop: 'working',
    openedAt: now,
    dueAt: due.dueAt,
    dueWhy: due.why,
    clock: due.clock,
    firstContactDueAt: due.firstContactDueAt,
    openedWhy: why,
    team: template.team,
    source: store.findResponse(sql, responseId)?.content.source ?? null,
    assignee: takers.assignee.person,
    loopOwner: takers.loopOwner.person,
    tracker: template.tracker,
  });
  const strategic = { caseId: opened.id, theme, decisionOwner: takers.loopOwner.person, lastJoinedCommentAt: now };
  if (isStrategic) store.strategicCases.insert(sql, strategic);
  if (responseId !== null && customerKey !== null) {
    store.caseResponses.add(sql, { caseId: opened.id, responseId, customerKey, at: now });
    basics.noteAddressOfResponse(core, opened.id, customerKey, responseId);
  }
  const evidence = responseId === null ? {} : { evidence: responseId };
  basics.record(core, opened.id, 'opened', [...why, ...due.why].join('; '), evidence);
  linkToStrategicCase(opened);
  copyResponsePlan(core, opened, template);
  if (!hasIssue) requestCall(core, opened, 'issue.create', `create:${opened.id}`, basics.draftIssue(core, opened));
  queueSubIssueCreates(core, opened);
  basics.record(core, opened.id, 'assigned', describeAssignment(core, takers));
  setLadderTimer(core, opened.id);
  if (!isStrategic && opened.firstContactDueAt !== null)
    store.setTimer(sql, 'first-contact', opened.id, opened.firstContactDueAt);
  if (isStrategic && responseId !== null) recount(core, opened.id, responseId);
  notify(core, opened, 'opened', `A case was opened: ${template.name}`);
  inviteContributorsOfTeam(core, opened);
  const needsPerson = whyAssignmentIncomplete(opened);
  if (needsPerson === null) return opened;
  store.updateCase(sql, opened.id, { needsPerson });
  notify(core, opened, 'needs-a-person', `${handleOf(opened)} needs a person: ${needsPerson}`);
  return store.getCase(sql, opened.id);
}

/** Tells the customer of a new case that their feedback arrived, where its template says so, at most once a day. */
export function sendReceipt(core: Core, caseRecord: Case) {
  const { id: caseId, template, customerKey } = caseRecord;
  const receipt = core.settings.templates.get(template)?.receipt ?? false;
  if (receipt === false || customerKey === null) return;
  const { address, why } = basics.findAddressForCaseMail(core, caseId, customerKey);
  const refusal = address === null ? why : findRefusal(core, customerKey, address);
  if (address === null || refusal !== null) return basics.record(core, caseId, 'receipt skipped', refusal ?? '');
  const customer = store.findCustomer(core.sql, customerKey);
  const language = customer?.language ?? 'en';
  const texts = chooseFixedTexts(language);
  const { name } = core.settings.workspace;
  const answer = basics.nameCaseForCustomer(core, caseRecord, customerKey, language);
  const wording = receipt === true ? undefined : receipt[findClosestLanguage(language, Object.keys(receipt)) ?? ''];
  const person = basics.toShownName(customer?.name, language);
  const greeting = person === '' ? [] : [filled(texts.greeting, { name: person })];
  const usual = [...greeting, filled(texts.receiptText, { answer }), texts.receivedText].join('\n\n');
  const values = { workspace: { name }, customer: { name: person }, case: { answer } };
  const text = wording === undefined ? usual : basics.renderWordingOrDefault(usual, wording, values);
  const footer = [filled(texts.why, { name }), texts.replyReachesPerson];
  const url = basics.buildFeedbackUrl(core, deriveMailId(core, 'receipt', [caseId]));
  queueMail(core, {
    kind: 'receipt',
    once: [caseId],
    caseId,
    person: customerKey,
    address,
    replyTo: basics.findReplyAddress(core, caseRecord),
    subject: `${name}: ${texts.receiptSubject}`,
    content: { language, paragraphs: text.split(/\n{2,}/), button: { label: texts.feedbackLink, url }, footer },
  });
  basics.record(core, caseId, 'receipt sent', 'by mail; it asks nothing and counts as no contact');
}

function findRefusal(core: Core, customerKey: string, address: string): string | null {
  const { keys, hasOptedOut } = basics.findPersonOfCustomerKey(core, customerKey, address);
  if (hasOptedOut) return 'the customer asked for no more mail';
  if (basics.isUndeliverable(core, address)) return 'mail to this address could not be delivered';
  const last = store.findLastReceiptTime(core.sql, keys, address);
  return last !== null && last > core.clock.now() - dayMs ? 'the customer got one within the last 24 hours' : null;
}
