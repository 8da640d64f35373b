import { Temporal } from 'temporal-polyfill';
import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import { addWorking, type Calendar, toCalendar } from '../time/calendar.ts';
import { type CaseClock, dueOf, goalAfterReopen, type ReopenRule, roughly } from '../time/clock.ts';
import { formatDuration } from '../time/duration.ts';
import { settingsFor, severityRank } from './options.ts';
import type { CaseTemplate } from './template.ts';
import { goalsOf, tierOf } from './tier.ts';

export { rankOf } from './options.ts';

/** How urgent a case is and until when it must be closed, with the computation as people read it. */
export interface Due {
  severity: string;
  severityRank: 1 | 2 | 3 | 4;
  /** Instant, UTC milliseconds. */
  dueAt: number;
  /** Instant by which somebody should have been in touch, where the tier sets one. */
  firstContactDueAt: number | null;
  clock: CaseClock;
  why: string[];
}

/** What a reopening does to the goal. */
export interface Reopening {
  rule: ReopenRule;
  /** The goal of the generation before, and the working time spent on it; in milliseconds. */
  before: { goalMs: number; usageMs: number };
}

type Customer = { tier: string | null; revenue: number | null } | string | null;

/** What `computeDue` counts with. */
function clockFor(
  workspace: WorkspaceSettings,
  template: CaseTemplate,
  customer: Customer,
  openedAt: number,
  reopening: Reopening | null,
) {
  const settings = settingsFor(workspace, template.team);
  const given =
    customer === null || typeof customer === 'string' ? { tier: customer, revenue: null } : customer;
  const goals = goalsOf(settings, template, tierOf(settings, given));
  const calendar = calendarOf(settings, goals.calendar);
  const again =
    reopening && goalAfterReopen(reopening.rule, reopening.before.goalMs, reopening.before.usageMs);
  const clock: CaseClock = {
    startAt: openedAt,
    goalMs: again?.goalMs ?? goals.closureMs,
    calendar: calendar ? goals.calendar : null,
    pauses: [],
  };
  return { settings, goals, calendar, again, clock, dueAt: dueOf(clock, calendar) ?? openedAt };
}

/** Severity and due time alone, as `computeDue` has them: for many responses at once. */
export function goalFor(
  workspace: WorkspaceSettings,
  template: CaseTemplate,
  customer: Customer,
  openedAt: number,
): Pick<Due, 'severity' | 'dueAt'> {
  const { goals, dueAt } = clockFor(workspace, template, customer, openedAt, null);
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
  const { settings, goals, calendar, again, clock, dueAt } = clockFor(
    workspace,
    template,
    customer,
    openedAt,
    reopening,
  );
  const start = instantText(openedAt, settings['time-zone']);
  const counted = calendar
    ? `counted in the hours of calendar ${goals.calendar} from ${start}`
    : `counted around the clock from ${start}`;
  const firstContactDueAt =
    goals.firstContactMs === null ? null : addWorking(calendar, openedAt, goals.firstContactMs);
  return {
    severity: goals.severity,
    severityRank: severityRank(settings, goals.severity),
    dueAt,
    firstContactDueAt,
    clock,
    why: [
      `severity ${goals.severity}: by ${goals.severityWhy}`,
      again
        ? `closure goal ${again.goalMs === 0 ? 'at once' : roughly(again.goalMs)}: ${again.why}, ${counted}`
        : `closure goal ${formatDuration(goals.closureMs)}: by ${goals.closureWhy}, ${counted}`,
    ],
  };
}

/** A calendar of the workspace by name, in its own time zone or the workspace's; null for none. */
export function calendarOf(settings: WorkspaceSettings, name: string | null): Calendar | null {
  if (name === null || !Object.hasOwn(settings.calendars, name)) return null;
  const calendar = settings.calendars[name];
  return calendar ? toCalendar(calendar, settings['time-zone']) : null;
}

/** What each pause did to a goal, a line each. */
export function pauseLines(clock: CaseClock, timeZone: string): string[] {
  return clock.pauses.map(({ from, to }) =>
    to === null
      ? `the clock stands still since ${instantText(from, timeZone)}, while the customer is waited for`
      : `the clock stood still from ${instantText(from, timeZone)} to ${instantText(to, timeZone)}`,
  );
}

/** The date that the tracker gets: the due instant's day in the workspace's time zone, `YYYY-MM-DD`. */
export function dueDate(dueAt: number, timeZone: string): string {
  return zoned(dueAt, timeZone).toPlainDate().toString();
}

/** `2026-11-24 09:30 (Europe/Berlin)` */
export function instantText(at: number, timeZone: string): string {
  const time = zoned(at, timeZone);
  return `${time.toPlainDate()} ${time.toPlainTime().toString({ smallestUnit: 'minute' })} (${timeZone})`;
}

function zoned(at: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(timeZone);
}
