import { rejoinMs, statusOf } from '#domain/case.ts';
import { computeDue } from '#domain/due.ts';
import { problemKey, randomId } from '#domain/key.ts';
import { oneHigher, settingsFor, severityRank } from '#domain/options.ts';
import type { SurveyResponse } from '#domain/response.ts';
import type { CaseTemplate } from '#domain/template.ts';
import { tierOf } from '#domain/tier.ts';
import type { Core } from '../core.ts';
import { reopen } from '../issues/reopen.ts';
import { notify } from '../mail/notify.ts';
import { addCaseResponse, customersOfCase } from '../store/case-responses.ts';
import { type Case, caseOfResponse, handleOf, insertCase, latestCaseOf, updateCase } from '../store/cases.ts';
import { takeTurn } from '../store/counters.ts';
import { addToOutbox } from '../store/outbox.ts';
import { setTimer } from '../store/schedule.ts';
import { draftIssue, labelsOf } from './draft-issue.ts';
import { refreshIssue } from './refresh-issue.ts';
import { record } from './timeline.ts';

interface Matched {
  id: string;
  customerKey: string;
  content: SurveyResponse;
}

/** Opens a case for a response, or joins it to the case that is about the same problem. Says which, in a line. */
export function openOrJoin(
  core: Core,
  name: string,
  template: CaseTemplate,
  response: Matched,
  why: string[],
): string {
  const standing = caseOfResponse(core.sql, response.id, name);
  if (standing) return `stands behind ${handleOf(standing)} already`;
  const key = problemKey(
    core.keys,
    name,
    template.kind === 'strategic' ? 'all customers' : response.customerKey,
  );
  const latest = latestCaseOf(core.sql, key);
  if (latest && isSameProblem(latest, core.clock.now())) {
    join(core, latest, response);
    return `joined ${handleOf(latest)}`;
  }
  const { id, customerKey, content } = response;
  const subject = { key, name, customerKey, customer: content.customer, responseId: id };
  return `opened ${handleOf(open(core, template, subject, why))}`;
}

function isSameProblem(found: Case, now: number): boolean {
  if (found.loop === 'working') return true;
  return found.resolvedAt !== null && now - found.resolvedAt <= rejoinMs;
}

/** Who a case is opened for, and under which problem key. */
export interface CaseSubject {
  key: string;
  /** The template's name among the settings. */
  name: string;
  customerKey: string | null;
  customer: { tier: string | null; revenue: number | null };
  /** Null for a case that somebody opened by hand. */
  responseId: string | null;
}

/** Opens a case and intends its issue, in the caller's transaction. */
export function open(
  core: Core,
  template: CaseTemplate,
  { key, name, customerKey, customer, responseId }: CaseSubject,
  why: string[],
): Case {
  const { settings, sql } = core;
  const now = core.clock.now();
  const due = computeDue(settings.workspace, template, customer, now);
  const isStrategic = template.kind === 'strategic';
  const team = settings.workspace.teams[template.team];
  const manager = team?.managers[0] ?? team?.fallback ?? null;
  const opened = insertCase(sql, {
    id: randomId(core.random, 'c'),
    problemKey: key,
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
    status: statusOf(settingsFor(settings.workspace, template.team), 'open'),
    loop: 'working',
    openedAt: now,
    dueAt: due.dueAt,
    dueWhy: due.why,
    clock: due.clock,
    firstContactDueAt: due.firstContactDueAt,
    openedWhy: why,
    team: template.team,
    assignee: nextAssignee(core, template.team) ?? manager,
    loopOwner: manager,
    tracker: template.tracker,
  });
  if (responseId !== null && customerKey !== null)
    addCaseResponse(sql, opened.id, responseId, customerKey, now);
  record(core, opened.id, 'opened', [...why, ...due.why].join('; '), {
    ...(responseId === null ? {} : { evidence: responseId }),
  });
  addToOutbox(sql, {
    key: `create:${opened.id}`,
    lane: opened.tracker,
    subject: `case:${opened.id}`,
    kind: 'issue.create',
    payload: draftIssue(core, opened),
    at: now,
  });
  setTimer(sql, 'overdue', opened.id, opened.dueAt);
  notify(core, opened, 'opened', `A case was opened: ${template.name}`);
  return opened;
}

function join(core: Core, found: Case, response: Matched): void {
  const now = core.clock.now();
  if (!addCaseResponse(core.sql, found.id, response.id, response.customerKey, now)) return;
  const customers = customersOfCase(core.sql, found.id);
  const revenue = customers.reduce((sum, customer) => sum + (customer.revenue ?? 0), 0);
  updateCase(core.sql, found.id, { revenue: revenue || found.revenue });
  const count = customers.length === 1 ? 'the same customer' : `now ${customers.length} customers`;
  record(core, found.id, 'joined by a response', `the same problem again; ${count}`, {
    evidence: response.id,
  });
  raiseSeverity(core, found, response.id);
  if (found.loop !== 'working') {
    reopen(core, found, 'the same problem was reported again within 30 days', `again:${response.id}`);
  } else if (found.kind === 'strategic' || core.settings.workspace.words === 'private') {
    refreshIssue(core, found.id, found.tracker);
  }
}

/** By the template's rule, a problem reported again is a worse one: in the case, its labels and its text. */
function raiseSeverity(core: Core, found: Case, responseId: string): void {
  if (core.settings.templates.get(found.template)?.['on-repeat'].severity !== 'one-higher') return;
  const settings = settingsFor(core.settings.workspace, found.team);
  const severity = oneHigher(settings['case-options'].severities, found.severity);
  if (severity === found.severity) return;
  const before = labelsOf(core, found).map(({ name }) => name);
  const raised = { ...found, severity, severityRank: severityRank(settings, severity) };
  const labels = labelsOf(core, raised);
  updateCase(core.sql, found.id, { severity, severityRank: raised.severityRank });
  record(core, found.id, 'severity raised', `from ${found.severity} to ${severity}: the same problem again`, {
    evidence: responseId,
  });
  addToOutbox(core.sql, {
    key: `severity:${found.id}:${responseId}`,
    lane: found.tracker,
    subject: `case:${found.id}`,
    kind: 'issue.edit',
    payload: {
      caseId: found.id,
      text: true,
      addLabels: labels,
      removeLabels: before.filter((name) => !labels.some((label) => label.name === name)),
    },
    at: core.clock.now(),
  });
}

/** Members of the team in turn. */
function nextAssignee(core: Core, teamName: string): string | null {
  const members = core.settings.workspace.teams[teamName]?.members ?? [];
  if (members.length === 0) return null;
  return members[takeTurn(core.sql, `turn:${teamName}`) % members.length] ?? null;
}
