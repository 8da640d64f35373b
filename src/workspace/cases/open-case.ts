import { computeDue } from '#domain/templates/due.ts';
import { type CaseTemplate, tierOf } from '#domain/templates/template.ts';
import {
  basics,
  type Case,
  type Core,
  deriveCaseMatchKey,
  deriveId,
  handleOf,
  rejoinWindowMs,
  statusOf,
  store,
} from '../kit.ts';
import { notify } from '../mail/notify.ts';
import { requestCall } from '../tracker-requests/sync-issue.ts';
import { recount } from './affected-customers.ts';
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
  const due = computeDue(settings.workspace, template, customer, now);
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
  if (isStrategic)
    store.strategicCases.insert(sql, {
      caseId: opened.id,
      theme,
      decisionOwner: takers.loopOwner.person,
      lastJoinedCommentAt: now,
    });
  if (responseId !== null && customerKey !== null) {
    store.caseResponses.add(sql, { caseId: opened.id, responseId, customerKey, at: now });
    basics.noteAddressOfResponse(core, opened.id, customerKey, responseId);
  }
  basics.record(core, opened.id, 'opened', [...why, ...due.why].join('; '), {
    ...(responseId === null ? {} : { evidence: responseId }),
  });
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
