import * as z from 'zod';
import { Slug, TimeZone } from '../base/names.ts';
import { parseHours } from '../time/calendar.ts';
import { reopenRules } from '../time/clock.ts';
import { Duration, Span } from '../time/duration.ts';

/*
 * Until when things are due, how often is looked, and how long is kept what was seen.
 */

export const Tier = z.strictObject({
  severity: Slug,
  'closure-goal': Span,
  'first-contact': Span.optional(),
  /** Customers without a named tier belong to the highest whose yearly revenue they reach. */
  'least-revenue': z.number().nonnegative().optional(),
  calendar: Slug.optional(),
  /** What is different for one category of this tier. */
  categories: z
    .record(
      z.string(),
      z.strictObject({
        severity: Slug.optional(),
        'closure-goal': Span.optional(),
        'first-contact': Span.optional(),
      }),
    )
    .default({}),
});

export const CalendarFile = z.strictObject({
  hours: z
    .string()
    .refine(
      (text) => parseHours(text) !== null,
      'are not working hours; write for example Mon-Fri 09:00-17:00, Sat 10:00-14:00',
    ),
  holidays: z.array(z.iso.date('is not a date; write for example "2026-12-25"')).default([]),
  'time-zone': TimeZone.optional(),
});

export const ClockPolicy = z.strictObject({
  /** The calendar that goals are counted in; none counts around the clock. */
  calendar: Slug.optional(),
  'after-reopen': z.enum(reopenRules).default('full goal'),
  /** What another severity does to the goal: nothing, or the goal of the tier that has this severity. */
  'after-severity-change': z.enum(['keep', 'goal of the tier']).default('keep'),
});

/** How long is kept what says who somebody is. Nothing said: for ever. */
export const Retention = z.strictObject({
  /** Raw deliveries; what was read from them stays. */
  deliveries: Duration.optional(),
  /** Customers of whom nothing was heard for so long, and who have no open case: they are erased. */
  people: Duration.optional(),
});

export const Polling = z.strictObject({
  /** How often each tracker is asked what changed. */
  every: Duration.prefault('2 minutes'),
  /** How often while something happens there; a quarter of `every` unless said. */
  fastest: Duration.optional(),
  /** How often while nothing happened for two hours; two and a half times `every` unless said. */
  slowest: Duration.optional(),
  /** Each open case is read at least so often even when the tracker lists no change of it. */
  'look-again': Duration.prefault('6 hours'),
  /** How long a tracker may take to show an issue that it made; absence is believed only after this. */
  settle: Duration.prefault('10 minutes'),
});

export type TierSettings = z.output<typeof Tier>;
