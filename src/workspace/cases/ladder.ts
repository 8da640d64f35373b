import { hindrance } from '#domain/cases/assignment.ts';
import { computeNextLadderStep, type NextLadderStep } from '#domain/cases/ladder.ts';
import type { Escalation } from '#domain/settings/people.ts';
import { basics, type Case, type Core, handleOf, readCaseClock, store, templating } from '../kit.ts';
import { notify } from '../mail/notify.ts';
import { comment, queueIssueEdit } from '../tracker-requests/sync-issue.ts';

/** Sets the timer for the next step of an open case's ladder. */
export function setLadderTimer(core: Core, caseId: string): void {
  const next = nextOf(core, store.getCase(core.sql, caseId));
  if (next === null) store.clearTimer(core.sql, 'ladder', caseId);
  else store.setTimer(core.sql, 'ladder', caseId, next.at);
}

/** Starts a new run of the ladder: after a reopening, or for a new goal after a missed one. */
export function restartLadder(core: Core, caseId: string): void {
  const { ladder } = store.getCase(core.sql, caseId);
  const anew = { acknowledgedAt: null, acknowledgedBy: null, snoozedUntil: null };
  store.updateCase(core.sql, caseId, { ladder: ladder + 1, ...anew });
  setLadderTimer(core, caseId);
}

/** Plays the due step in one commit, so that each is played once; of reminders due together the last is sent. */
export function takeDueLadderStep(core: Core, caseId: string): void {
  const now = core.clock.now();
  for (;;) {
    const caseRecord = store.findCase(core.sql, caseId);
    const step = caseRecord && nextOf(core, caseRecord);
    if (!caseRecord || !step) return;
    if (step.at > now) break;
    const isLate = step.kind === 'reminder' && (nextOf(core, caseRecord, [step])?.at ?? Infinity) <= now;
    if (!isLate) {
      play(core, caseRecord, step);
      break;
    }
    skip(core, caseRecord, step, 'already overdue');
  }
  setLadderTimer(core, caseId);
}

export function skipReminders(core: Core, caseId: string, why: string): void {
  for (;;) {
    const caseRecord = store.getCase(core.sql, caseId);
    const step = nextOf(core, caseRecord);
    if (step?.kind !== 'reminder') return;
    skip(core, caseRecord, step, why);
  }
}

/** Moves a case up one level immediately; `once` is the idempotency key of the reason. */
export function escalate(core: Core, given: Case, why: string, once: string): void {
  if (store.ladderSteps.has(core.sql, { caseId: given.id, once })) return;
  const caseRecord = store.getCase(core.sql, given.id);
  const { levels } = findEscalationSettings(core, caseRecord);
  const level = Math.min((store.findHighestLevel(core.sql, caseRecord.id) ?? 0) + 1, levels.length - 1);
  const options = { ...ladderNoticeOptions, to: levels[level]?.to ?? [] };
  const notified = notify(core, caseRecord, 'escalated', `${handleOf(caseRecord)} was escalated: ${why}`, options);
  const { id: caseId, ladder } = caseRecord;
  store.addLadderStep(core.sql, { caseId, ladder, kind: 'escalated', level, at: core.clock.now(), notified, once });
  store.updateCase(core.sql, caseId, { acknowledgedAt: null, acknowledgedBy: null });
  basics.record(core, caseId, 'escalated', `${why}; notified: ${names(core, notified)}`, { evidence: once });
  say(core, caseRecord, `escalated:${once}`, `Escalated: ${why}.`, notified);
  setLadderTimer(core, caseId);
}

const findEscalationSettings = (core: Core, caseRecord: Case): Escalation =>
  core.settings.templates.get(caseRecord.template)?.escalation ?? core.settings.workspace.escalation;

/** The next step; null for a case that is not open, and during a pause. */
export function nextOf(core: Core, caseRecord: Case, ahead: NextLadderStep[] = []): NextLadderStep | null {
  if (caseRecord.loop !== 'working') return null;
  const clock = readCaseClock(caseRecord);
  return computeNextLadderStep(
    findEscalationSettings(core, caseRecord),
    templating.findCalendar(core.settings.workspace, clock.calendar),
    {
      clock,
      dueAt: caseRecord.dueAt,
      played: [...store.ladderSteps.list(core.sql, { caseId: caseRecord.id, ladder: caseRecord.ladder }), ...ahead],
      acknowledgedAt: caseRecord.acknowledgedAt,
      snoozedUntil: caseRecord.snoozedUntil,
    },
  );
}

function skip(core: Core, { id: caseId, ladder }: Case, step: NextLadderStep, why: string): void {
  const { kind, share, level } = step;
  const at = core.clock.now();
  store.addLadderStep(core.sql, { caseId, ladder, kind, share, level, at, notified: [], skipped: why });
  basics.record(core, caseId, 'reminder skipped', `after ${share} % of the time: ${why}`);
}

function play(core: Core, caseRecord: Case, { kind, share, level }: NextLadderStep): void {
  const { id: caseId, ladder } = caseRecord;
  const { levels } = findEscalationSettings(core, caseRecord);
  const due = basics.formatTime(core, caseRecord.dueAt);
  const handle = handleOf(caseRecord);
  const again = store.ladderSteps.count(core.sql, { caseId, ladder, kind: 'repeat' }) + 1;
  const had = basics.findPersonName(core, caseRecord.acknowledgedBy);
  const stillOpenText = `${handle} is still open, overdue since ${due}`;
  const texts = {
    reminder: `${share} % of the time to close ${handle} is over; it is due ${due}`,
    due: `${handle} has been overdue since ${due}`,
    level: had ? `${stillOpenText}, although ${had} has it` : stillOpenText,
    repeat: `${stillOpenText}, ${had ? `although ${had} acknowledged it` : 'and nobody acknowledged it'} (repeated: ${again})`,
  };
  const event = kind === 'reminder' ? 'due-soon' : kind === 'due' ? 'overdue' : 'escalated';
  const { people, 'time-zone': timeZone } = core.settings.workspace;
  const at = core.clock.now();
  const isAbsent = hindrance({ people, at, timeZone, tracker: null }, caseRecord.assignee ?? '') !== null;
  const reminded = isAbsent ? ['assignee', 'managers'] : ['assignee'];
  const to = kind === 'reminder' ? reminded : (levels[level ?? 0]?.to ?? []);
  const notified = notify(core, caseRecord, event, texts[kind], { ...ladderNoticeOptions, to });
  const step = store.addLadderStep(core.sql, { caseId, ladder, kind, share, level, at, notified });
  store.updateCase(core.sql, caseId, { acknowledgedAt: null, acknowledgedBy: null, snoozedUntil: null });
  if (kind === 'due') store.updateCase(core.sql, caseId, { overdue: true });
  if (kind === 'due' && hasIssue(core, caseRecord)) queueIssueEdit(core, caseId);
  const what = kind === 'reminder' ? 'reminded' : kind === 'due' ? 'overdue and escalated' : 'escalated';
  basics.record(core, caseId, what, `${texts[kind]}; notified: ${names(core, notified)}`);
  say(core, caseRecord, `ladder:${ladder}:${step}`, `${texts[kind]}.`, notified);
}

const ladderNoticeOptions = { acknowledge: true, because: 'the escalation ladder' };

function say(core: Core, caseRecord: Case, once: string, text: string, notified: string[]): void {
  if (!hasIssue(core, caseRecord)) return;
  const mention = notified.flatMap((person) => basics.findAccount(core, person, caseRecord.tracker) ?? []);
  const body = `${text} Notified: ${names(core, notified)}. \`/ack\` acknowledges it.`;
  comment(core, caseRecord, once, body, mention);
}

/** Whether the case has an issue, or will have one; a failed create leaves nothing to comment on. */
const hasIssue = (core: Core, { id, issue }: Case): boolean =>
  issue !== null || store.listOpenRows(core.sql, `case:${id}`).some(({ kind }) => kind === 'issue.create');

/** Watchers are outsiders, so their addresses never appear in a tracker. */
function names(core: Core, notified: string[]): string {
  const people = notified.flatMap((person) => (person.includes('@') ? [] : basics.findPersonName(core, person)));
  const watchers = notified.length - people.length;
  const all = [...people, ...(watchers > 0 ? [watchers === 1 ? 'a watcher' : `${watchers} watchers`] : [])];
  return all.length > 0 ? all.join(', ') : 'nobody, because no recipient is set';
}
