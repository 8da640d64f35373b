import { rejoinMs, statusOf } from '#domain/case.ts';
import { computeDue } from '#domain/due.ts';
import { type Gathered, gatheredUnder, hiddenFieldOf } from '#domain/gather.ts';
import { problemKey, randomId } from '#domain/key.ts';
import { oneHigher, settingsFor } from '#domain/options.ts';
import type { SurveyResponse } from '#domain/response.ts';
import type { CaseTemplate } from '#domain/template.ts';
import { tierOf } from '#domain/tier.ts';
import type { Core } from '../core.ts';
import { reopen } from '../issues/reopen.ts';
import { notify } from '../mail/notify.ts';
import { addCaseResponse } from '../store/case-responses.ts';
import {
  type Case,
  caseOfResponse,
  getCase,
  handleOf,
  insertCase,
  latestCaseOf,
  updateCase,
} from '../store/cases.ts';
import { addToOutbox } from '../store/outbox.ts';
import { findResponse } from '../store/responses.ts';
import { setTimer } from '../store/schedule.ts';
import { insertStrategic } from '../store/strategic.ts';
import { assignedText, nobodyFor, whoTakes } from './assign.ts';
import { grow, sizeOf } from './behind.ts';
import { inviteTeam } from './contributors.ts';
import { draftIssue } from './draft-issue.ts';
import { elevateByRules } from './elevate.ts';
import { armLadder } from './ladder.ts';
import { makePlan } from './plan.ts';
import { refreshIssue } from './refresh-issue.ts';
import { raiseSeverity } from './severity.ts';
import { record } from './timeline.ts';

interface Matched {
  id: string;
  customerKey: string;
  content: SurveyResponse;
}

/**
 * Opens a case for a response, or joins it to the one about the same problem; a response that names several themes
 * of a strategic template stands behind a case of each. Says which, in a line.
 */
export function openOrJoin(
  core: Core,
  name: string,
  template: CaseTemplate,
  response: Matched,
  why: string[],
): string {
  const standing = caseOfResponse(core.sql, response.id, name);
  if (standing) return `stands behind ${handleOf(standing)} already`;
  const { id, customerKey, content } = response;
  const subjects: Gathered[] =
    template.kind === 'strategic'
      ? gatheredUnder(name, template, content, hiddenOf(core, id, template))
      : [{ scope: name, key: customerKey, theme: null }];
  return subjects
    .map((problem) => {
      const key = problemKey(core.keys, problem.scope, problem.key);
      const latest = latestCaseOf(core.sql, key);
      if (latest && isSameProblem(latest, core.clock.now())) {
        join(core, latest, response);
        return `joined ${handleOf(latest)}`;
      }
      const { theme } = problem;
      const subject = { key, name, customerKey, customer: content.customer, responseId: id, theme };
      return `opened ${handleOf(open(core, template, subject, why))}`;
    })
    .join(', ');
}

/** Hidden fields are read only for a template that gathers by one. */
function hiddenOf(core: Core, responseId: string, template: CaseTemplate): ReadonlyMap<string, string> {
  if (hiddenFieldOf(template['gather-by']) === null) return new Map();
  return findResponse(core.sql, responseId)?.incoming?.hidden ?? new Map();
}

/** A new match belongs to a case at work, and to one that was resolved within 30 days, which it reopens. */
export function isSameProblem(found: Case, now: number): boolean {
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
  /** The product, theme or category that a strategic case gathers; null where it gathers everything. */
  theme: string | null;
}

/** Opens a case and intends its issue, in the caller's transaction. */
export function open(
  core: Core,
  template: CaseTemplate,
  { key, name, customerKey, customer, responseId, theme }: CaseSubject,
  why: string[],
): Case {
  const { settings, sql } = core;
  const now = core.clock.now();
  const due = computeDue(settings.workspace, template, customer, now);
  const isStrategic = template.kind === 'strategic';
  const takers = whoTakes(core, template, { responseId, customer });
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
    assignee: takers.assignee.person,
    loopOwner: takers.loopOwner.person,
    tracker: template.tracker,
  });
  if (isStrategic)
    insertStrategic(sql, {
      caseId: opened.id,
      theme,
      decisionOwner: takers.loopOwner.person,
      digestedAt: now,
    });
  if (responseId !== null && customerKey !== null)
    addCaseResponse(sql, opened.id, responseId, customerKey, now);
  record(core, opened.id, 'opened', [...why, ...due.why].join('; '), {
    ...(responseId === null ? {} : { evidence: responseId }),
  });
  makePlan(core, opened, template);
  addToOutbox(sql, {
    key: `create:${opened.id}`,
    lane: opened.tracker,
    subject: `case:${opened.id}`,
    kind: 'issue.create',
    payload: draftIssue(core, opened),
    at: now,
  });
  record(core, opened.id, 'assigned', assignedText(core, takers));
  armLadder(core, opened.id);
  if (!isStrategic && opened.firstContactDueAt !== null)
    setTimer(sql, 'first-contact', opened.id, opened.firstContactDueAt);
  if (isStrategic && responseId !== null) grow(core, opened.id, responseId);
  notify(core, opened, 'opened', `A case was opened: ${template.name}`);
  inviteTeam(core, opened);
  elevateByRules(core, opened.id, 'category');
  const needsPerson = nobodyFor(takers);
  if (needsPerson === null) return opened;
  updateCase(sql, opened.id, { needsPerson });
  notify(core, opened, 'needs-a-person', `${handleOf(opened)} needs a person: ${needsPerson}`);
  return getCase(sql, opened.id);
}

function join(core: Core, found: Case, response: Matched): void {
  const now = core.clock.now();
  if (!addCaseResponse(core.sql, found.id, response.id, response.customerKey, now)) return;
  const { customers } = sizeOf(core, found.id);
  const count = customers === 1 ? 'the same customer' : `now ${customers} customers`;
  record(core, found.id, 'joined by a response', `the same problem again; ${count}`, {
    evidence: response.id,
  });
  raiseOnRepeat(core, found, response.id);
  grow(core, found.id, response.id);
  if (found.loop !== 'working') {
    reopen(core, found, 'the same problem was reported again within 30 days', `again:${response.id}`);
  } else if (found.kind === 'strategic' || core.settings.workspace.words === 'private') {
    refreshIssue(core, found.id, found.tracker);
  }
}

/** By the template's rule, a problem reported again is a worse one. */
function raiseOnRepeat(core: Core, found: Case, responseId: string): void {
  const template = core.settings.templates.get(found.template);
  if (template?.['on-repeat'].severity !== 'one-higher' || typeof template.severity !== 'string') return;
  const settings = settingsFor(core.settings.workspace, found.team);
  const severity = oneHigher(settings['case-options'].severities, found.severity);
  if (severity === found.severity) return;
  raiseSeverity(core, found, severity, { why: 'the same problem again', evidence: responseId });
}
