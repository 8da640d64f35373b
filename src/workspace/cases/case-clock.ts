import { describePauses, findCalendar, pauseLineStart, severityLineStart } from '#domain/templates/due.ts';
import { basics, type Case, type Core, readCaseClock, statusOf, store, timing } from '../kit.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';
import { restartLadder, setLadderTimer } from './ladder.ts';

export interface GoalChange {
  /** A goal counted from the start of the old one (`36 hours`), or a date: the end of that working day. */
  goal: string;
  reason: string;
  who: string;
}

/** Changes a case's goal inside a transaction; InvalidInputError for no duration or date. */
export function changeGoal(core: Core, caseId: string, { goal, reason, who }: GoalChange): void {
  const caseRecord = basics.demandWorkingCase(core, caseId, 'a running clock');
  const zone = core.settings.workspace['time-zone'];
  const now = core.clock.now();
  const by = basics.findPersonName(core, who) ?? who;
  const clock = readCaseClock(caseRecord);
  const calendar = findCalendar(core.settings.workspace, clock.calendar);
  const ms = timing.Duration.safeParse(goal).data ?? null;
  if (ms === null && !timing.isDate(goal))
    basics.refuseField('due', 'is not a date; write as in 2026-12-01, or a time from the opening as in 36 hours');
  const endOfDay = ms === null ? timing.findEndOfWorkingDay(calendar, goal, zone) : null;
  // A date is also kept as working time, so that a later pause moves it.
  const goalMs = ms ?? timing.computeUsedWorkingMs(timing.resume(clock, now), calendar, endOfDay ?? now);
  const changed = { ...clock, goalMs };
  const dueAt = endOfDay ?? timing.dueOf(changed, calendar) ?? caseRecord.dueAt;
  const lines =
    endOfDay === null
      ? [`Close within ${goal}, as ${by} decided`, ...describePauses(changed, zone, now)]
      : [`Close by the end of a working day, ${timing.formatInstant(endOfDay, zone, now)}, as ${by} decided`];
  setDue(core, caseRecord, dueAt, changed, lines);
  const [from, to] = [caseRecord.dueAt, dueAt].map((at) => timing.formatInstant(at, zone, now));
  basics.record(core, caseId, 'goal changed', `from ${from} to ${to}: ${reason}`, { who });
}

/** Pauses the clock, because the customer has to answer first, or lets it run on; the status shows which. */
export function setClockPaused(core: Core, caseId: string, paused: boolean, who: string, why: string): void {
  const caseRecord = basics.demandWorkingCase(core, caseId, 'a running clock');
  const clock = readCaseClock(caseRecord);
  if (timing.isPaused(clock) === paused) return;
  const settings = basics.findSettingsOfCase(core, caseRecord);
  const now = core.clock.now();
  const changed = paused ? timing.pause(clock, now) : timing.resume(clock, now);
  const running = paused ? null : timing.dueOf(changed, findCalendar(settings, changed.calendar));
  const dueAt = running ?? caseRecord.dueAt;
  store.updateCase(core.sql, caseId, { status: statusOf(settings, paused ? 'pending' : 'open') });
  const lines = caseRecord.dueWhy.filter((line) => !line.startsWith(pauseLineStart));
  setDue(core, caseRecord, dueAt, changed, [...lines, ...describePauses(changed, settings['time-zone'], now)]);
  basics.record(core, caseId, paused ? 'clock paused' : 'clock resumed', why, { who });
}

/** Stores when a case is due; a goal that lies ahead again starts the ladder anew. */
function setDue(core: Core, before: Case, dueAt: number, clock: timing.CaseClock, why: string[]): void {
  const now = core.clock.now();
  const severityLines = before.dueWhy.filter((line) => line.startsWith(severityLineStart));
  const dueWhy = [...severityLines, ...why.filter((line) => !severityLines.includes(line))];
  const overdue = before.overdue && dueAt <= now;
  store.updateCase(core.sql, before.id, { dueAt, clock, dueWhy, overdue });
  if (before.overdue && !overdue) restartLadder(core, before.id);
  else setLadderTimer(core, before.id);
  queueIssueEdit(core, before.id);
}
