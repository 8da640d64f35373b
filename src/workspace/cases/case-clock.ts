import { describePauses, findCalendar, pauseLineStart, severityLineStart } from '#domain/templates/due.ts';
import { findEndOfWorkingDay } from '#domain/time/calendar.ts';
import { type CaseClock, computeUsedWorkingMs, dueOf, isPaused, pause, resume } from '#domain/time/clock.ts';
import { parseDuration } from '#domain/time/duration.ts';
import { formatInstant } from '#domain/time/time-text.ts';
import { basics, type Case, type Core, readCaseClock, statusOf, store } from '../kit.ts';
import { queueIssueEdit } from '../tracker-requests/sync-issue.ts';
import { restartLadder, setLadderTimer } from './ladder.ts';

export interface GoalChange {
  /** A goal counted from the start of the old one (`36 hours`), or a date: the end of that working day. */
  goal: string;
  reason: string;
  who: string;
}

/** Changes a case's goal inside a transaction; InvalidInputError for no duration, date or reason. */
export function changeGoal(core: Core, caseId: string, { goal, reason, who }: GoalChange): void {
  const caseRecord = basics.demandWorkingCase(core, caseId, 'a running clock');
  if (reason.trim() === '') basics.refuseField('reason', 'is empty; say why the goal changes');
  const zone = core.settings.workspace['time-zone'];
  const now = core.clock.now();
  const by = basics.findPersonName(core, who) ?? who;
  const clock = readCaseClock(caseRecord);
  const calendar = findCalendar(core.settings.workspace, clock.calendar);
  const ms = parseDuration(goal);
  const isDate = /^\d{4}-\d\d-\d\d$/.test(goal) && !Number.isNaN(Date.parse(goal));
  if (ms === null && !isDate)
    basics.refuseField('goal', 'is neither a duration ("36 hours") nor a date ("2026-11-27")');
  if (ms !== null) {
    const changed = { ...clock, goalMs: ms };
    setDue(core, caseRecord, dueOf(changed, calendar) ?? caseRecord.dueAt, changed, [
      `Close within ${goal}, as ${by} decided`,
      ...describePauses(changed, zone, now),
    ]);
  } else {
    const dueAt = findEndOfWorkingDay(calendar, goal, zone);
    // The goal is also kept as working time, so that a later pause moves the date.
    const goalMs = computeUsedWorkingMs(resume(clock, now), calendar, dueAt);
    setDue(core, caseRecord, dueAt, { ...clock, goalMs }, [
      `Close by the end of a working day, ${formatInstant(dueAt, zone, now)}, as ${by} decided`,
    ]);
  }
  const after = store.getCase(core.sql, caseId);
  const [from, to] = [caseRecord.dueAt, after.dueAt].map((at) => formatInstant(at, zone, now));
  basics.record(core, caseId, 'goal changed', `from ${from} to ${to}: ${reason.trim()}`, { who });
}

/** Pauses the clock and sets the status, because the customer has to answer first. */
export function pauseClock(core: Core, caseId: string, who: string, why: string): void {
  const caseRecord = basics.demandWorkingCase(core, caseId, 'a running clock');
  const clock = readCaseClock(caseRecord);
  if (isPaused(clock)) return;
  const settings = basics.findSettingsOfCase(core, caseRecord);
  const stopped = pause(clock, core.clock.now());
  store.updateCase(core.sql, caseId, {
    clock: stopped,
    status: statusOf(settings, 'pending'),
    dueWhy: [
      ...listDueReasonsWithoutPauses(caseRecord),
      ...describePauses(stopped, settings['time-zone'], core.clock.now()),
    ],
  });
  setLadderTimer(core, caseId);
  basics.record(core, caseId, 'clock paused', why, { who });
  queueIssueEdit(core, caseId);
}

export function resumeClock(core: Core, caseId: string, who: string, why: string): void {
  const caseRecord = basics.demandWorkingCase(core, caseId, 'a running clock');
  const clock = readCaseClock(caseRecord);
  if (!isPaused(clock)) return;
  const settings = basics.findSettingsOfCase(core, caseRecord);
  const running = resume(clock, core.clock.now());
  const dueAt = dueOf(running, findCalendar(settings, running.calendar)) ?? caseRecord.dueAt;
  store.updateCase(core.sql, caseId, { status: statusOf(settings, 'open') });
  setDue(core, caseRecord, dueAt, running, [
    ...listDueReasonsWithoutPauses(caseRecord),
    ...describePauses(running, settings['time-zone'], core.clock.now()),
  ]);
  basics.record(core, caseId, 'clock resumed', why, { who });
}

const listDueReasonsWithoutPauses = ({ dueWhy }: Case) => dueWhy.filter((line) => !line.startsWith(pauseLineStart));

function setDue(core: Core, before: Case, dueAt: number, clock: CaseClock, why: string[]): void {
  const now = core.clock.now();
  const severityLines = before.dueWhy.filter((line) => line.startsWith(severityLineStart));
  const dueWhy = [...severityLines, ...why.filter((line) => !severityLines.includes(line))];
  const overdue = before.overdue && dueAt <= now;
  store.updateCase(core.sql, before.id, { dueAt, clock, dueWhy, overdue });
  if (before.overdue && !overdue) restartLadder(core, before.id);
  else setLadderTimer(core, before.id);
  queueIssueEdit(core, before.id);
}
