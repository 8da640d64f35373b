import * as z from 'zod';
import { Email, Language, Line, Names, Slug, TimeZone } from '../base/names.ts';
import { isDate, Span } from '../time/duration.ts';
import { parseQuietHours } from '../time/quiet-hours.ts';
import { NoticeLevel, noticeEvents } from './notice-event.ts';

/* People and teams of a workspace file: assignment, loop ownership, notices and escalation. */

const Away = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(\/\d{4}-\d\d-\d\d)?$/, 'is neither a day nor a span; write "2026-12-20/2027-01-03"')
  .transform((text) => {
    const [from = '', until = from] = text.split('/');
    return { from, until };
  })
  .refine(
    ({ from, until }) => isDate(from) && isDate(until) && from <= until,
    'is no span of days of the calendar, of which the first comes first',
  );

const QuietHours = z
  .string()
  .refine((text) => parseQuietHours(text) !== null, 'are not hours of a day; write for example "20:00-07:00"');

export const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time of day; write for example "08:00"');

const person = {
  name: Line,
  email: Email,
  away: z.array(Away).default([]),
  'time-zone': TimeZone.optional(),
  language: Language.optional(),
  'quiet-hours': z.union([z.literal('none'), QuietHours]).optional(),
  digest: TimeOfDay.optional(),
  notices: NoticeLevel,
};

/** A person of the workspace. The account in a kind of tracker stands under the kind's name. */
export function buildPersonSchema(trackerKinds: string[]) {
  const account = z.string().optional();
  const accounts = Object.fromEntries(trackerKinds.map((kind) => [kind, account]));
  return z.strictObject({ ...person, ...accounts }).transform((given) => {
    const fields = Object.entries(given).filter(([name]) => Object.hasOwn(accounts, name));
    return { ...given, accounts: Object.fromEntries(fields) as Record<string, string> };
  });
}

const Assignment = z.union(
  [
    z.literal('round-robin'),
    Slug,
    z.strictObject({ 'by-category': z.record(z.string(), Slug) }),
    z.strictObject({ 'by-field': z.record(z.string(), z.record(z.string(), Slug)) }),
  ],
  'is none of round-robin, a person, { by-category: { Category: person } }, { by-field: { alias: { value: person } } }',
);

const LoopOwnerSetting = z.union([
  Slug,
  z.strictObject({ 'by-category': z.record(z.string(), Slug), default: Slug.optional() }),
]);

export const baseTeamFields = {
  managers: z.array(Slug).default([]),
  members: z.array(Slug).default([]),
  watchers: z.array(Email).default([]),
  contributors: z.array(z.strictObject({ name: Line.max(80), email: Email })).default([]),
  assign: Assignment.default('round-robin'),
  fallback: Slug.optional(),
  'loop-owner': LoopOwnerSetting.optional(),
};

const Percent = z
  .string()
  .regex(/^[1-9]\d?%$/, 'is no share of the goal below 100 %; write for example "80%"')
  .transform((text) => Number.parseInt(text, 10));

/** Who is notified when a case is not closed in time, in order. Waits are working time of the case's calendar. */
export const Escalation = z.strictObject({
  remind: z
    .array(Percent)
    .default([50, 80])
    .transform((shares) => [...new Set(shares)].sort((a, b) => a - b)),
  levels: z
    .array(z.strictObject({ to: Names, wait: Span.prefault('8 hours') }))
    .min(1)
    .max(10)
    .prefault([{ to: 'managers' }]),
  repeat: Span.prefault('24 hours'),
  hold: Span.prefault('48 hours'),
});
export type Escalation = z.output<typeof Escalation>;

export const WorkspaceQuietHours = z
  .union([
    QuietHours.transform((hours) => ({ hours })),
    z.strictObject({
      hours: QuietHours.optional(),
      calendar: Slug.optional(),
      exempt: z.array(z.enum(noticeEvents)).default([]),
    }),
  ])
  .transform((quiet): { hours?: string | undefined; calendar?: string | undefined; exempt: string[] } => ({
    exempt: [],
    ...quiet,
  }));

export const Roles = z.record(z.string().min(1).max(40), Slug);
