import { hindrance } from '#domain/cases/assignment.ts';
import { type Case, handleOf } from '#domain/cases/case-record.ts';
import { type NextStep, nextStep } from '#domain/cases/ladder.ts';
import type { Escalation } from '#domain/settings/people.ts';
import { calendarOf, instantText } from '#domain/templates/due.ts';
import { clockOf } from '../basics/clock-of.ts';
import { accountOf, personName } from '../basics/people.ts';
import { record } from '../basics/record-activity.ts';
import type { Core } from '../core.ts';
import { notify } from '../mail/notify.ts';
import { findCase, getCase, updateCase } from '../store/cases.ts';
import { addStep, highestLevel, stepsOf, wasEscalated } from '../store/ladder.ts';
import { isOpen } from '../store/outbox.ts';
import { clearTimer, setTimer } from '../store/schedule.ts';
import { comment } from '../tracker-requests/comment.ts';
import { syncIssue } from '../tracker-requests/sync-issue.ts';

/** Sets the clock for the next step of a case's ladder; a case that is not at work has none. */
export function armLadder(core: Core, caseId: string): void {
  const next = nextOf(core, getCase(core.sql, caseId));
  if (next === null) clearTimer(core.sql, 'ladder', caseId);
  else setTimer(core.sql, 'ladder', caseId, next.at);
}

/** From here on the ladder begins anew: after a reopening, or with a new goal after the old one was missed. */
export function restartLadder(core: Core, caseId: string): void {
  const { ladder } = getCase(core.sql, caseId);
  updateCase(core.sql, caseId, {
    ladder: ladder + 1,
    acknowledgedAt: null,
    acknowledgedBy: null,
    snoozedUntil: null,
  });
  armLadder(core, caseId);
}

/**
 * Plays the step that is due. Step, notices, comment and the clock of the next one are one commit, so each is played
 * once whatever happens. Of reminders whose time passed together only the last is worth telling.
 */
export function playLadder(core: Core, caseId: string): void {
  const now = core.clock.now();
  for (;;) {
    const caseRecord = findCase(core.sql, caseId);
    const step = caseRecord && nextOf(core, caseRecord);
    if (!caseRecord || !step) return;
    if (step.at > now) break;
    if (step.kind === 'reminder' && isLate(core, caseRecord, step, now)) {
      skip(core, caseRecord, step, 'its time passed together with that of the next step');
      continue;
    }
    play(core, caseRecord, step);
    break;
  }
  armLadder(core, caseId);
}

/** What is left of the reminders says nothing any more: passed over, with the reason. */
export function skipReminders(core: Core, caseId: string, why: string): void {
  for (;;) {
    const caseRecord = getCase(core.sql, caseId);
    const step = nextOf(core, caseRecord);
    if (step?.kind !== 'reminder') return;
    skip(core, caseRecord, step, why);
  }
}

/**
 * Moves a case up one level now, whatever the clock says: after a second dispute, or because somebody wants it.
 *
 * @param once the reason's own key: the same reason escalates once
 */
export function escalate(core: Core, given: Case, why: string, once: string, who = 'Caselite'): void {
  if (wasEscalated(core.sql, given.id, once)) return;
  const caseRecord = getCase(core.sql, given.id);
  const { levels } = escalationOf(core, caseRecord);
  const level = Math.min((highestLevel(core.sql, caseRecord.id) ?? 0) + 1, levels.length - 1);
  const told = notify(core, caseRecord, 'escalated', `${handleOf(caseRecord)} was escalated: ${why}`, {
    ...byLadder,
    to: levels[level]?.to ?? [],
  });
  const { id: caseId, ladder } = caseRecord;
  addStep(core.sql, {
    caseId,
    ladder,
    kind: 'escalated',
    share: null,
    level,
    at: core.clock.now(),
    notified: told,
    skipped: null,
    once,
  });
  updateCase(core.sql, caseId, { acknowledgedAt: null, acknowledgedBy: null });
  record(core, caseId, 'escalated', `${why}; told: ${names(core, told)}`, { who, evidence: once });
  say(core, caseRecord, `escalated:${once}`, `Escalated: ${why}.`, told);
  armLadder(core, caseId);
}

function escalationOf(core: Core, caseRecord: Case): Escalation {
  return core.settings.templates.get(caseRecord.template)?.escalation ?? core.settings.workspace.escalation;
}

/** The step that comes next; null for a case that is not at work, and while its clock stands still. */
export function nextOf(core: Core, caseRecord: Case, ahead: NextStep[] = []): NextStep | null {
  if (caseRecord.loop !== 'working') return null;
  const clock = clockOf(caseRecord);
  return nextStep(escalationOf(core, caseRecord), calendarOf(core.settings.workspace, clock.calendar), {
    clock,
    dueAt: caseRecord.dueAt,
    played: [...stepsOf(core.sql, caseRecord.id, caseRecord.ladder), ...ahead],
    acknowledgedAt: caseRecord.acknowledgedAt,
    snoozedUntil: caseRecord.snoozedUntil,
  });
}

function isLate(core: Core, caseRecord: Case, step: NextStep, now: number): boolean {
  const after = nextOf(core, caseRecord, [step]);
  return after !== null && after.at <= now;
}

function skip(core: Core, { id: caseId, ladder }: Case, step: NextStep, why: string): void {
  const { kind, share, level } = step;
  addStep(core.sql, {
    caseId,
    ladder,
    kind,
    share,
    level,
    at: core.clock.now(),
    notified: [],
    skipped: why,
    once: null,
  });
  record(core, caseId, 'reminder passed over', `after ${share} % of the time: ${why}`);
}

function play(core: Core, caseRecord: Case, { kind, share, level }: NextStep): void {
  const { id: caseId, ladder } = caseRecord;
  const { levels } = escalationOf(core, caseRecord);
  const due = instantText(caseRecord.dueAt, core.settings.workspace['time-zone']);
  const handle = handleOf(caseRecord);
  const again =
    stepsOf(core.sql, caseId, ladder).filter((ladderStep) => ladderStep.kind === 'repeat').length + 1;
  const had = personName(core, caseRecord.acknowledgedBy);
  const stillOpen = `${handle} is still open, overdue since ${due}`;
  const texts = {
    reminder: `${share} % of the time to close ${handle} is over; it is due ${due}`,
    due: `${handle} is overdue since ${due}`,
    level: had ? `${stillOpen}, although ${had} has it` : stillOpen,
    repeat: `${stillOpen}, ${had ? `although ${had} has it` : 'and nobody has it'} (told again: ${again})`,
  };
  const event = kind === 'reminder' ? 'due-soon' : kind === 'due' ? 'overdue' : 'escalated';
  const to = kind === 'reminder' ? remindedOf(core, caseRecord) : (levels[level ?? 0]?.to ?? []);
  const told = notify(core, caseRecord, event, texts[kind], { ...byLadder, to });
  const at = core.clock.now();
  const step = addStep(core.sql, {
    caseId,
    ladder,
    kind,
    share,
    level,
    at,
    notified: told,
    skipped: null,
    once: null,
  });
  updateCase(core.sql, caseId, { acknowledgedAt: null, acknowledgedBy: null, snoozedUntil: null });
  if (kind === 'due') markOverdue(core, caseRecord);
  const what = kind === 'reminder' ? 'reminded' : kind === 'due' ? 'overdue and escalated' : 'escalated';
  record(core, caseId, what, `${texts[kind]}; told: ${names(core, told)}`);
  say(core, caseRecord, `ladder:${ladder}:${step}`, `${texts[kind]}.`, told);
}

const byLadder = { acknowledge: true, because: 'the escalation ladder' };

/** Whoever works on it; while they are away, those who could do something about that as well. */
function remindedOf(core: Core, { assignee }: Case): string[] {
  const { people, 'time-zone': timeZone } = core.settings.workspace;
  if (assignee === null) return ['managers'];
  const isAway = hindrance({ people, at: core.clock.now(), timeZone, tracker: null }, assignee) !== null;
  return isAway ? ['assignee', 'managers'] : ['assignee'];
}

function markOverdue(core: Core, caseRecord: Case): void {
  updateCase(core.sql, caseRecord.id, { overdue: true });
  if (!hasIssue(core, caseRecord)) return;
  syncIssue(core, caseRecord.id);
}

/** One comment a step, which mentions those who have an account there and names the others. */
function say(core: Core, caseRecord: Case, once: string, text: string, told: string[]): void {
  if (!hasIssue(core, caseRecord)) return;
  const mention = told.flatMap((person) => accountOf(core, person, caseRecord.tracker) ?? []);
  const body = `${text} Told: ${names(core, told)}. \`/ack\` says that you have it.`;
  comment(core, caseRecord, once, body, mention);
}

/** An issue that is there or still being made; where making it failed, nothing can stand on it. */
const hasIssue = (core: Core, { id, issue }: Case): boolean =>
  issue !== null || isOpen(core.sql, `create:${id}`);

/** Watchers are outside: their addresses stand in no tracker. */
function names(core: Core, told: string[]): string {
  const people = told.filter((person) => !person.includes('@')).map((person) => personName(core, person));
  const watchers = told.length - people.length;
  const all = [...people, ...(watchers > 0 ? [watchers === 1 ? 'a watcher' : `${watchers} watchers`] : [])];
  return all.length > 0 ? all.join(', ') : 'nobody, because nobody is named';
}
