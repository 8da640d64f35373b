import { rejoinMs, statusOf } from '#domain/case.ts';
import { computeDue } from '#domain/due.ts';
import { problemKey, randomId } from '#domain/key.ts';
import type { SurveyResponse } from '#domain/response.ts';
import type { CaseTemplate } from '#domain/template.ts';
import type { Core } from './core.ts';
import { draftIssue } from './draft-issue.ts';
import { notify } from './notify.ts';
import { reopen } from './reopen.ts';
import {
  addCaseResponse,
  type Case,
  caseOfResponse,
  customersOfCase,
  handleOf,
  insertCase,
  latestCaseOf,
  takeTurn,
  updateCase,
} from './store/cases.ts';
import { addToOutbox, hasTextEdit } from './store/outbox.ts';
import { setTimer } from './store/schedule.ts';
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
  return `opened ${handleOf(open(core, key, name, template, response, why))}`;
}

function isSameProblem(found: Case, now: number): boolean {
  if (found.loop === 'working') return true;
  return found.resolvedAt !== null && now - found.resolvedAt <= rejoinMs;
}

function open(
  core: Core,
  key: string,
  name: string,
  template: CaseTemplate,
  response: Matched,
  why: string[],
): Case {
  const { settings, sql } = core;
  const now = core.clock.now();
  const { revenue, tier: given } = response.content.customer;
  // A respondent may have edited the tier in the link: only the workspace's own names are taken over.
  const tier = given !== null && Object.hasOwn(settings.workspace.tiers, given) ? given : null;
  const due = computeDue(settings.workspace, template, tier, now);
  const team = settings.workspace.teams[template.team];
  const manager = team?.managers[0] ?? team?.fallback ?? null;
  const opened = insertCase(sql, {
    id: randomId(core.random, 'c'),
    problemKey: key,
    template: name,
    settingsVersion: settings.version,
    kind: template.kind,
    customerKey: template.kind === 'strategic' ? null : response.customerKey,
    tier: template.kind === 'strategic' ? null : tier,
    revenue,
    category: template.category,
    severity: due.severity,
    severityRank: due.severityRank,
    status: statusOf(settings.workspace, 'open'),
    loop: 'working',
    openedAt: now,
    dueAt: due.dueAt,
    dueWhy: due.why,
    openedWhy: why,
    team: template.team,
    assignee: nextAssignee(core, template.team) ?? manager,
    loopOwner: manager,
    tracker: template.tracker,
  });
  addCaseResponse(sql, opened.id, response.id, response.customerKey, now);
  record(core, opened.id, 'opened', [...why, ...due.why].join('; '), { evidence: response.id });
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
  if (found.loop !== 'working') {
    reopen(core, found, 'the same problem was reported again within 30 days', `again:${response.id}`);
  } else if (found.kind === 'strategic') {
    refreshIssue(core, found.id, found.tracker);
  }
}

/** Asks for the issue's text to be brought up to date; one waiting edit serves all that came before it. */
export function refreshIssue(core: Core, caseId: string, tracker: string): void {
  const subject = `case:${caseId}`;
  if (hasTextEdit(core.sql, subject)) return;
  addToOutbox(core.sql, {
    key: `edit:${randomId(core.random, 'o')}`,
    lane: tracker,
    subject,
    kind: 'issue.edit',
    payload: { caseId, text: true },
    at: core.clock.now(),
  });
}

/** Members of the team in turn. */
function nextAssignee(core: Core, teamName: string): string | null {
  const members = core.settings.workspace.teams[teamName]?.members ?? [];
  if (members.length === 0) return null;
  return members[takeTurn(core.sql, `turn:${teamName}`) % members.length] ?? null;
}
