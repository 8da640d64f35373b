import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import { addWorkingTime, type Calendar, toCalendar } from '../time/calendar.ts';
import * as timing from '../time/clock.ts';
import { formatDuration } from '../time/duration.ts';
import { dateAt } from '../time/quiet-hours.ts';
import { formatInstant } from '../time/time-text.ts';
import { applyTeamCaseOptions, findSeverityRank } from './options.ts';
import { type CaseTemplate, chooseGoals, tierOf } from './template.ts';

export interface Reopening {
  rule: timing.ReopenGoalRule;
  /** Goal and used working time of the previous generation, in milliseconds. */
  before: { goalMs: number; usedWorkingMs: number };
}

type Customer = { tier: string | null; revenue: number | null } | string | null;

function computeGoalsAndClock(
  workspace: WorkspaceSettings,
  template: CaseTemplate,
  customer: Customer,
  openedAt: number,
  reopening: Reopening | null = null,
) {
  const settings = applyTeamCaseOptions(workspace, template.team);
  const given = customer === null || typeof customer === 'string' ? { tier: customer, revenue: null } : customer;
  const goals = chooseGoals(settings, template, tierOf(settings, given));
  const calendar = findCalendar(settings, goals.calendar);
  const again =
    reopening &&
    timing.computeGoalAfterReopening(reopening.rule, reopening.before.goalMs, reopening.before.usedWorkingMs);
  const clock: timing.CaseClock = {
    startAt: openedAt,
    goalMs: again?.goalMs ?? goals.closureGoalMs,
    calendar: calendar ? goals.calendar : null,
    pauses: [],
  };
  return { settings, goals, calendar, again, clock, dueAt: timing.dueOf(clock, calendar) ?? openedAt };
}

type Opening = Parameters<typeof computeGoalsAndClock>;

/** Severity and due time without the explanation, for many responses at once. */
export function computeSeverityAndDue(...opening: Opening) {
  const { goals, dueAt } = computeGoalsAndClock(...opening);
  return { severity: goals.severity, dueAt };
}

/** Pure: the same settings, tier and opening instant give the same due time. Times are UTC milliseconds. */
export function computeDue(...opening: Opening) {
  const { settings, goals, calendar, again, clock, dueAt } = computeGoalsAndClock(...opening);
  const openedAt = clock.startAt;
  const start = formatInstant(openedAt, settings['time-zone'], openedAt);
  const counted = calendar
    ? `in the hours of the calendar ${goals.calendar}, from ${start}`
    : `around the clock, from ${start}`;
  return {
    severity: goals.severity,
    severityRank: findSeverityRank(settings, goals.severity),
    dueAt,
    /** Null where the tier sets no goal for the first contact. */
    firstContactDueAt:
      goals.firstContactGoalMs === null ? null : addWorkingTime(calendar, openedAt, goals.firstContactGoalMs),
    clock,
    why: [
      `${severityLineStart}${goals.severity} (${goals.severityWhy})`,
      again
        ? `Close ${again.goalMs === 0 ? 'at once' : `within ${timing.roughly(again.goalMs)}`} (${again.why}), ${counted}`
        : `Close within ${formatDuration(goals.closureGoalMs)} (${goals.closureGoalWhy}), ${counted}`,
    ],
  };
}

/** A calendar of the workspace by name, in its own time zone or else the workspace's; null for none. */
export function findCalendar(settings: WorkspaceSettings, name: string | null): Calendar | null {
  if (name === null || !Object.hasOwn(settings.calendars, name)) return null;
  const calendar = settings.calendars[name];
  return calendar ? toCalendar(calendar, settings['time-zone']) : null;
}

/** Working time of a case since its opening, without pauses of its goal, in milliseconds. */
export const computeWorkingMsOfCase = (
  settings: WorkspaceSettings,
  { clock, openedAt }: { clock: timing.CaseClock | null; openedAt: number },
  until: number,
): number =>
  timing.computeUsedWorkingMs(
    { goalMs: 0, calendar: null, pauses: [], ...clock, startAt: openedAt },
    findCalendar(settings, clock?.calendar ?? null),
    until,
  );

export const severityLineStart = 'Severity ';
export const pauseLineStart = 'The clock ';

/** One line per pause with its effect on the goal. */
export function describePauses(clock: timing.CaseClock, timeZone: string, now: number): string[] {
  const show = (at: number) => formatInstant(at, timeZone, now);
  return clock.pauses.map(({ from, to }) =>
    to === null
      ? `${pauseLineStart}is paused since ${show(from)}, while the customer is waited for`
      : `${pauseLineStart}was paused from ${show(from)} to ${show(to)}`,
  );
}

export const toDueDate = dateAt;
