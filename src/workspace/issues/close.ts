import { type Case, type ClosingReason, chooseClosingReason, handleOf, statusOf } from '#domain/cases/case-record.ts';
import type { ObservedClosing } from '#domain/cases/issue-mirror.ts';
import type { SharedFields } from '#domain/cases/ownership.ts';
import { chooseClosedStatus } from '#domain/cases/status.ts';
import { computeUsedWorkingMs, dueOf } from '#domain/time/clock.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { handOverCase } from '../cases/hand-over.ts';
import { restartLadder } from '../cases/ladder.ts';
import { basics, type CaseTemplate, type Core, type port, store, templating, type WorkspaceSettings } from '../kit.ts';
import { applyClosingConsequence, makeDuplicatesWaitAgain } from '../loop/after-closing.ts';
import { cancelFollowUps } from '../loop/withdraw.ts';
import { notify } from '../mail/notify.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';
import { enforceClosePolicy } from './close-policy.ts';

/** Takes over a closing from the tracker: reason, closer and consequence. */
export function mirrorClosing(core: Core, before: Case, seen: ObservedClosing): void {
  const workspace = basics.findSettingsOfCase(core, before);
  const closure = seen.closure ?? { kind: 'completed' as const, native: null, at: null, by: null };
  const person = basics.findPersonByAccount(core, closure.by, before.tracker);
  // Closed through Caselite, unless somebody was quicker with another reason.
  const asked = before.closing && (person === null || closure.kind === before.closing.kind) ? before.closing : null;
  const note = asked?.note ?? before.closingNote;
  const given = note ?? before.explanation;
  const shown = { asked: asked?.kind ?? null, status: seen.status.name };
  const reason = decideClosingReason(closure, shown, given, workspace);
  // The person behind a merge or an integration is unknown, so the assignee counts as the closer.
  const presumed = closure.by === null && reason === 'fixed' ? before.assignee : null;
  const closer = asked?.who ?? person ?? presumed;
  const who = closer ?? basics.describeAccountOwner(core, closure.by, before.tracker);
  const flag = before.issue ? enforceClosePolicy(core, before, seen, { closer, who, reason, note: given }) : null;
  if (flag === 'undone') return;
  const original = reason === 'duplicate' && !asked ? findOriginalCase(core, before, closure) : null;
  store.updateCase(core.sql, before.id, {
    loop: 'dropped',
    status: chooseClosedStatus(workspace, seen.status.name),
    resolvedAt: core.clock.now(),
    closeMs: templating.computeWorkingMsOfCase(workspace, before, core.clock.now()),
    closingReason: reason,
    closer,
    closingNote: note,
    closing: null,
    closingFlag: flag,
    overdue: false,
  });
  if (original) store.setOriginal(core.sql, before.id, original.id, core.clock.now());
  else if (reason !== 'duplicate') store.clearOriginal(core.sql, before.id);
  const native = closure.native ? ` (${closure.native})` : '';
  const through = asked ? 'closed through Caselite' : 'the issue was closed in the tracker';
  const facts = { who, ...(seen.key && { evidence: seen.key }) };
  basics.record(core, before.id, `closed as ${reason}`, `${through}${native}${given ? `: ${given}` : ''}`, facts);
  const closed = store.getCase(core.sql, before.id);
  const headline = `${handleOf(closed)} was closed as ${reason} (closing ${closed.generation})`;
  const notified = notify(core, closed, 'closed', headline);
  notify(core, closed, 'status-changed', headline, { except: notified });
  if (flag) {
    basics.record(core, closed.id, 'closed against the rules', flag);
    notify(core, closed, 'closed-against-rules', `${handleOf(closed)}: ${flag} (closing ${closed.generation})`);
  }
  applyClosingConsequence(core, closed);
}

/** Whether no issue is to come; a create without an answer counts after it was looked up. */
export function isIssueRefused(core: Core, { id, issue, tracker }: Case): boolean {
  if (issue) return false;
  const create = store.listOpenRows(core.sql, `case:${id}`).find(({ kind }) => kind === 'issue.create');
  // A create that was given up has no row any more.
  if (create?.state !== 'waiting') return create === undefined;
  const isPaused = store.findQueue(core.sql, tracker).paused !== null;
  return isPaused || store.refusals.has(core.sql, { caseId: id, part: create.kind });
}

/** Closes a case whose issue is refused, inside a transaction. @returns whether the case was closed */
export function closeWithoutIssue(core: Core, caseId: string): boolean {
  const caseRecord = store.getCase(core.sql, caseId);
  if (!caseRecord.closing || !isIssueRefused(core, caseRecord)) return false;
  const at = core.clock.now();
  const why = 'the case was closed without an issue';
  const reason =
    store.refusals.find(core.sql, { caseId, part: 'issue.create' })?.reason ??
    store.findQueue(core.sql, caseRecord.tracker).pausedWhy ??
    'its create was given up';
  store.endWaiting(core.sql, `case:${caseId}`, at, why);
  basics.record(core, caseId, 'issue withdrawn', `${why}: ${reason}`, { who: caseRecord.closing.who });
  const closure = { kind: caseRecord.closing.kind, native: null, at, by: null };
  mirrorClosing(core, caseRecord, { closure, key: '', status: { name: 'closed', class: 'closed' }, updatedAt: at });
  return true;
}

/** Follows a closing that got another reason, or whose original became known, since it was read `before`. */
export function followLaterClosing(core: Core, known: Case, seen: ObservedClosing, before: SharedFields | null): void {
  const { id, loop, closingReason, tracker } = known;
  const { closure, status } = seen;
  if (!closure) return;
  const workspace = basics.findSettingsOfCase(core, known);
  const note = known.closingNote ?? known.explanation;
  const reasonOf = (words: NonNullable<SharedFields['closedAs']>, name: string) =>
    decideClosingReason({ ...closure, ...words }, { asked: null, status: name }, note, workspace);
  const isUnanswered = ['resolved', 'asked', 'declined', 'dropped'].includes(loop);
  const earlier = isUnanswered && before?.closedAs ? reasonOf(before.closedAs, before.status) : null;
  if (earlier !== null && ![earlier, closingReason].includes(reasonOf(closure, status.name))) {
    const why = `the issue was closed for another reason (${closure.native ?? status.name})`;
    startGeneration(core, id, basics.describeAccountOwner(core, closure.by, tracker), why);
    mirrorClosing(core, store.getCase(core.sql, id), seen);
  } else if (closingReason === 'duplicate' && loop === 'dropped' && store.findOriginalId(core.sql, id) === null) {
    const original = findOriginalCase(core, known, closure);
    if (!original) return;
    store.setOriginal(core.sql, id, original.id, core.clock.now());
    applyClosingConsequence(core, store.getCase(core.sql, id));
  }
}

function findOriginalCase(core: Core, caseRecord: Case, closure: port.IssueClosure): Case | null {
  const claim = closure.claims?.findLast(({ by }) => {
    const person = basics.findPersonByAccount(core, by, caseRecord.tracker);
    return person !== null && basics.roleOf(core, caseRecord, person) !== null;
  });
  const repeats = closure.repeats ?? claim?.repeats;
  const original = repeats ? store.findCaseByIssue(core.sql, caseRecord.tracker, repeats) : null;
  return original?.id === caseRecord.id ? null : original;
}

function decideClosingReason(
  closure: port.IssueClosure,
  { asked, status }: { asked: port.IssueClosure['kind'] | null; status: string },
  note: string | null,
  workspace: WorkspaceSettings,
): ClosingReason {
  const account = closure.by?.toLowerCase();
  if (workspace['case-options']['automatic-accounts'].some((name) => name.toLowerCase() === account)) return 'stale';
  const reason =
    asked === null
      ? chooseClosingReason(closure, workspace, status)
      : chooseClosingReason({ ...closure, kind: asked, native: null }, workspace);
  return reason === 'not-planned' && note !== null ? 'declined' : reason;
}

/** Starts a new generation after a reopening, with a new goal. Follow-ups of the old one are cancelled. */
export function startGeneration(core: Core, caseId: string, who: string, why: string): void {
  const caseRecord = store.getCase(core.sql, caseId);
  const now = core.clock.now();
  const template = core.settings.templates.get(caseRecord.template);
  const { workspace } = core.settings;
  const due = template
    ? templating.computeDue(workspace, template, caseRecord, now, findGoalChangeOnReopening(core, template, caseRecord))
    : renewGoal(workspace, caseRecord.clock, now);
  const isOfSeverity = (line: string) => line.startsWith(templating.severityLineStart);
  const cancelled = {
    unsent: 'the case was reopened before the mail left',
    unanswered: 'the case was reopened before an answer came',
  };
  cancelFollowUps(core, caseRecord, cancelled);
  makeDuplicatesWaitAgain(core, caseRecord, (repeating) => cancelFollowUps(core, repeating, cancelled));
  basics.record(core, caseId, 'reopened', why, { who });
  store.updateCase(core.sql, caseId, {
    loop: 'working',
    generation: caseRecord.generation + 1,
    status: statusOf(basics.findSettingsOfCase(core, caseRecord), 'open'),
    resolvedAt: null,
    closeMs: null,
    closingReason: null,
    closingNote: null,
    explanation: null,
    gate: null,
    closer: null,
    closing: null,
    closingFlag: null,
    overdue: false,
    needsPerson: null,
    ...(due && {
      dueAt: due.dueAt,
      dueWhy: [...caseRecord.dueWhy.filter(isOfSeverity), ...due.why.filter((line) => !isOfSeverity(line))],
      clock: due.clock,
    }),
  });
  store.clearOriginal(core.sql, caseId);
  handOverCase(core, store.getCase(core.sql, caseId), 'Caselite');
  restartLadder(core, caseId);
  queueIssueEdit(core, caseId);
}

/** The same goal again, for a case whose template was removed. */
function renewGoal(workspace: WorkspaceSettings, before: Case['clock'], now: number) {
  const clock = before && { ...before, startAt: now, pauses: [] };
  const dueAt = clock && dueOf(clock, templating.findCalendar(workspace, clock.calendar));
  return dueAt && { dueAt, clock, why: [`Close within ${formatDuration(clock.goalMs)}, as before the reopening`] };
}

/** Change of the goal by the workspace's rule; null for the full goal, which depends on nothing. */
function findGoalChangeOnReopening(core: Core, template: CaseTemplate, caseRecord: Case): templating.Reopening | null {
  const { workspace } = core.settings;
  const rule = template['after-reopen'] ?? workspace.clock['after-reopen'];
  if (rule === 'full goal' || !caseRecord.clock) return null;
  const { clock, resolvedAt } = caseRecord;
  const calendar = templating.findCalendar(workspace, clock.calendar);
  const usedWorkingMs = computeUsedWorkingMs(clock, calendar, resolvedAt ?? core.clock.now());
  return { rule, before: { goalMs: clock.goalMs, usedWorkingMs } };
}
