import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { apiObject, orNull } from '../base/api-object.ts';
import { InvalidInputError } from '../base/errors.ts';
import { findNpsBand, findScaleBand } from '../responses/operators.ts';
import type { ScoreKind } from '../settings/workspace-file.ts';
import { isDate } from '../time/duration.ts';
import { dateAt } from '../time/quiet-hours.ts';
import { EffectJson } from './effect.ts';
import { Figure } from './figure.ts';

const units = ['share', 'time', 'score'] as const;
export const ReportRow = z.object({
  id: z.string(),
  title: z.string(),
  how: z.string().describe('What is counted'),
  unit: z.enum(units),
  now: Figure,
  before: Figure,
  list: orNull.describe('Address of the list of what is counted'),
});
const Series = z.object({
  title: z.string(),
  unit: z.enum(units),
  points: z.array(Figure.extend({ from: z.string(), to: z.string() })),
});

export const ReportJson = apiObject('Report', {
  from: z.string(),
  to: z.string(),
  before: z.object({ from: z.string(), to: z.string() }),
  figures: z.array(ReportRow),
  by: z.string(),
  groups: z.array(
    z.object({ name: orNull, cases: z.int(), figures: z.array(ReportRow.pick({ id: true, unit: true, now: true })) }),
  ),
  trends: z.array(Series),
  sources: z
    .array(
      z.object({
        source: z.string(),
        how: z.enum(['counted', 'listed']).describe('By counts that were reported, or by the lists of the tool’s API'),
        from: z.string(),
        to: z.string(),
        theirs: z.int(),
        ours: z.int().describe('Held by us, of those of the tool before what was missing was fetched'),
      }),
    )
    .describe('What survey tools count against what is held'),
  effect: EffectJson.nullable().describe('What became of the customers; null for a part of the cases'),
});
export type ReportJson = z.output<typeof ReportJson>;
export type ReportRow = z.output<typeof ReportRow>;
export type ReportSeries = z.output<typeof Series>;

/** A satisfaction scale has at least five steps. */
const shortestSatisfactionScale = 5;

/**
 * Value of a score in its mean: promoters count 100 and detractors -100; satisfied people, in the upper two fifths of the
 * scale, count 1; an effort counts as it is. Null off the scale.
 * @param highest highest score that the question ever got
 */
export function valueScore(kind: ScoreKind, score: number, highest: number): number | null {
  if (kind === 'ces') return score;
  if (kind === 'nps') return findNpsBand(score, [-100, 0, 100]);
  return findScaleBand(score, [0, 0, 1], Math.max(highest, shortestSatisfactionScale));
}

export type Days = { from: string; to: string };

export interface PeriodQuery {
  /** `2026-Q4`; takes precedence over the days. */
  quarter?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

const usualDays = 90;
const mostDays = 731;

const quarterDays = (start: Temporal.PlainDate): Days => ({
  from: start.toString(),
  to: start.add({ months: 3 }).subtract({ days: 1 }).toString(),
});

/** The period of a report, and the one before it: the former quarter, or as many days. */
export function readPeriod({ quarter, from, to }: PeriodQuery, now: number, timeZone: string): Days & { before: Days } {
  if (quarter) {
    const [, year, part] = /^(\d{4})-Q([1-4])$/.exec(quarter) ?? [];
    if (!year) throw new InvalidInputError('quarter: must be a quarter, such as 2026-Q4');
    const start = Temporal.PlainDate.from({ year: Number(year), month: Number(part) * 3 - 2, day: 1 });
    return { ...quarterDays(start), before: quarterDays(start.subtract({ months: 3 })) };
  }
  const day = (name: string, text: string) => {
    if (!isDate(text)) throw new InvalidInputError(`${name}: must be a day, such as 2026-11-24`);
    return Temporal.PlainDate.from(text);
  };
  const last = day('to', to || dateAt(now, timeZone));
  const first = from ? day('from', from) : last.subtract({ days: usualDays - 1 });
  const days = first.until(last).days + 1;
  if (days < 1 || days > mostDays) throw new InvalidInputError(`from: must be 1 to ${mostDays} days before the end`);
  const former = { from: first.subtract({ days }).toString(), to: first.subtract({ days: 1 }).toString() };
  return { from: first.toString(), to: last.toString(), before: former };
}

/** A period in parts of whole days, at most about 13, for a trend. */
export function splitPeriod({ from, to }: Days): Days[] {
  const [first, last] = [Temporal.PlainDate.from(from), Temporal.PlainDate.from(to)];
  const days = first.until(last).days + 1;
  const step = [1, 7, 28, 91].find((size) => days <= size * 13.5) ?? 91;
  return Array.from({ length: Math.ceil(days / step) }, (_, index) => {
    const start = first.add({ days: index * step });
    const end = start.add({ days: step - 1 });
    return { from: start.toString(), to: (Temporal.PlainDate.compare(end, last) > 0 ? last : end).toString() };
  });
}

/** The calendar quarter of an instant and those before it, newest first, as `2026-Q4`. */
export function listQuartersUntil(at: number, timeZone: string, count: number): string[] {
  const today = Temporal.PlainDate.from(dateAt(at, timeZone));
  return Array.from({ length: count }, (_, index) => {
    const { year, month } = today.with({ day: 1 }).subtract({ months: 3 * index });
    return `${year}-Q${Math.ceil(month / 3)}`;
  });
}

export function listReportRows({ from, to, before, figures, by, groups, trends, effect, sources }: ReportJson) {
  const titles = new Map(figures.map(({ id, title }) => [id, title]));
  const row = (figure: string, group: string | null, unit: string, values: object, days: object = { from, to }) => {
    return { figure, group, ...days, unit, ...values };
  };
  return [
    ...figures.flatMap(({ title, unit, now, before: former }) => [
      row(title, null, unit, now),
      row(title, null, unit, former, before),
    ]),
    ...groups.flatMap(({ name, figures: own }) =>
      own.map(({ id, unit, now }) => row(titles.get(id) ?? id, `${by} ${name ?? 'not known'}`, unit, now)),
    ),
    ...trends.flatMap(({ title, unit, points }) => points.map((point) => row(title, 'trend', unit, point))),
    ...sources.map(({ source, how, theirs, ours, ...days }) =>
      row(`Ours of theirs, ${how}`, `source ${source}`, 'share', { count: ours, total: theirs }, days),
    ),
    ...(effect?.groups ?? []).map(({ by: of, name, kept }) => row('Kept', `${of} ${name ?? 'none'}`, 'share', kept)),
    ...(effect?.scores ?? []).flatMap(({ kind, before: earlier, after }) => [
      row(kind.toUpperCase(), 'before the case', 'score', earlier),
      row(kind.toUpperCase(), 'after the case', 'score', after),
    ]),
  ];
}
