import { Temporal } from 'temporal-polyfill';
import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import { addWorkingTime, type Calendar, toCalendar } from '../time/calendar.ts';
import { type CaseClock, computeGoalAfterReopening, dueOf, type ReopenGoalRule, roughly } from '../time/clock.ts';
import { formatDuration } from '../time/duration.ts';
import { applyTeamCaseOptions, findSeverityRank } from './options.ts';
import type { CaseTemplate } from './template.ts';
import { chooseGoals, tierOf } from './tier.ts';

/** Severity and due time of a case, with the computation in readable lines. */
export interface Due {
  severity: string;
  severityRank: 1 | 2 | 3 | 4;
  /** UTC milliseconds. */
  dueAt: number;
  /** Instant by which the first contact is due; null where the tier sets none. */
  firstContactDueAt: number | null;
  clock: CaseClock;
  why: string[];
}

export interface Reopening {
  rule: ReopenGoalRule;
  /** Goal and used working time of the previous generation, in milliseconds. */
  before: { goalMs: number; usedWorkingMs: number };
}

type Customer = { tier: string | null; revenue: number | null } | string | null;

/** Inputs of `computeDue`. */
function computeGoalsAndClock(
  workspace: WorkspaceSettings,
  template: CaseTemplate,
  customer: Customer,
  openedAt: number,
  reopening: Reopening | null,
) {
  const settings = applyTeamCaseOptions(workspace, template.team);
  const given = customer === null || typeof customer === 'string' ? { tier: customer, revenue: null } : customer;
  const goals = chooseGoals(settings, template, tierOf(settings, given));
  const calendar = findCalendar(settings, goals.calendar);
  const again =
    reopening && computeGoalAfterReopening(reopening.rule, reopening.before.goalMs, reopening.before.usedWorkingMs);
  const clock: CaseClock = {
    startAt: openedAt,
    goalMs: again?.goalMs ?? goals.closureGoalMs,
    calendar: calendar ? goals.calendar : null,
    pauses: [],
  };
  return { settings, goals, calendar, again, clock, dueAt: dueOf(clock, calendar) ?? openedAt };
}

/** Severity and due time without the explanation, for many responses at once. */
export function computeSeverityAndDue(
  workspace: WorkspaceSettings,
  template: CaseTemplate,
  customer: Customer,
  openedAt: number,
): Pick<Due, 'severity' | 'dueAt'> {
  const { goals, dueAt } = computeGoalsAndClock(workspace, template, customer, openedAt, null);
  return { severity: goals.severity, dueAt };
}

/** Pure: the same settings, tier and opening instant give the same due time. */
export function computeDue(
  workspace: WorkspaceSettings,
  template: CaseTemplate,
  customer: Customer,
  openedAt: number,
  reopening: Reopening | null = null,
): Due {
  const { settings, goals, calendar, again, clock, dueAt } = computeGoalsAndClock(
    workspace,
    template,
    customer,
    openedAt,
    reopening,
  );
  const start = formatInstantWithZone(openedAt, settings['time-zone']);
  const counted = calendar
    ? `counted in the hours of calendar ${goals.calendar} from ${start}`
    : `counted around the clock from ${start}`;
  const firstContactDueAt =
    goals.firstContactGoalMs === null ? null : addWorkingTime(calendar, openedAt, goals.firstContactGoalMs);
  return {
    severity: goals.severity,
    severityRank: findSeverityRank(settings, goals.severity),
    dueAt,
    firstContactDueAt,
    clock,
    why: [
      `severity ${goals.severity}: by ${goals.severityWhy}`,
      again
        ? `closure goal ${again.goalMs === 0 ? 'at once' : roughly(again.goalMs)}: ${again.why}, ${counted}`
        : `closure goal ${formatDuration(goals.closureGoalMs)}: by ${goals.closureGoalWhy}, ${counted}`,
    ],
  };
}

/** A calendar of the workspace by name, in its own time zone or else the workspace's; null for none. */
export function findCalendar(settings: WorkspaceSettings, name: string | null): Calendar | null {
  if (name === null || !Object.hasOwn(settings.calendars, name)) return null;
  const calendar = settings.calendars[name];
  return calendar ? toCalendar(calendar, settings['time-zone']) : null;
}

/** One line per pause with its effect on the goal. */
export function describePauses(clock: CaseClock, timeZone: string): string[] {
  return clock.pauses.map(({ from, to }) =>
    to === null
      ? `the clock is paused since ${formatInstantWithZone(from, timeZone)}, waiting for the customer`
      : `the clock stood still from ${formatInstantWithZone(from, timeZone)} to ${formatInstantWithZone(to, timeZone)}`,
  );
}

/** Due date for the tracker: the due instant's date in the workspace's time zone, `YYYY-MM-DD`. */
export const toDueDate = (dueAt: number, timeZone: string): string => zoned(dueAt, timeZone).toPlainDate().toString();

/** `2026-11-24 09:30 (Europe/Berlin)` */
export function formatInstantWithZone(at: number, timeZone: string): string {
  const time = zoned(at, timeZone);
  return `${time.toPlainDate()} ${time.toPlainTime().toString({ smallestUnit: 'minute' })} (${timeZone})`;
}

function zoned(at: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(timeZone);
}
