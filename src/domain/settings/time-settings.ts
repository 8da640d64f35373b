import * as z from 'zod';
import { Slug, TimeZone } from '../base/names.ts';
import { parseWorkingHours } from '../time/calendar.ts';
import { reopenGoalRules } from '../time/clock.ts';
import { Duration, Span } from '../time/duration.ts';

/* Due times, polling and retention. */

const goals = { severity: Slug, 'closure-goal': Span, 'first-contact': Span.optional() };

export const Tier = z.strictObject({
  ...goals,
  /** Least yearly revenue of this tier, for customers without a named tier. */
  'least-revenue': z.number().nonnegative().optional(),
  calendar: Slug.optional(),
  categories: z.record(z.string(), z.strictObject(goals).partial()).default({}),
});

export const WorkspaceCalendar = z.strictObject({
  hours: z
    .string()
    .refine(
      (text) => parseWorkingHours(text) !== null,
      'are not working hours; write for example Mon-Fri 09:00-17:00, Sat 10:00-14:00',
    ),
  holidays: z.array(z.iso.date('is not a date; write for example "2026-12-25"')).default([]),
  'time-zone': TimeZone.optional(),
});

export const ClockPolicy = z.strictObject({
  /** Calendar in which goals are counted; none counts around the clock. */
  calendar: Slug.optional(),
  'after-reopen': z.enum(reopenGoalRules).default('full goal'),
  'after-severity-change': z.enum(['keep', 'goal of the tier']).default('keep'),
});

/** Retention of personal data, in milliseconds; none keeps it indefinitely. */
export const Retention = z.strictObject({
  /** Retention of raw deliveries. The responses read from them stay. */
  deliveries: Duration.optional(),
  /** Silence after which customers without an open case are erased. */
  people: Duration.optional(),
});

export const Polling = z.strictObject({
  /** Usual interval between polls of a tracker. */
  every: Duration.prefault('2 minutes'),
  /** Interval during activity; by default a quarter of `every`. */
  fastest: Duration.optional(),
  /** Interval after two idle hours; by default two and a half times `every`. */
  slowest: Duration.optional(),
  /** Longest interval between two reads of an open case's issue, even if the tracker lists no change. */
  'look-again': Duration.prefault('6 hours'),
  /** Settling time: how long a tracker may take to list a new issue. Absence is believed only afterwards. */
  settle: Duration.prefault('10 minutes'),
});

export type TierSettings = z.output<typeof Tier>;
