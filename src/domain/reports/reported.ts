import * as z from 'zod';
import { type CsvTable, createCellProblem, refused } from '../base/csv.ts';
import type { Problem } from '../base/errors.ts';
import { MailAddress } from '../base/mail-address.ts';

export const outcomes = ['stayed', 'renewed', 'grew', 'left'] as const;
export type Outcome = (typeof outcomes)[number];

const text = (most: number) => z.string('is missing').trim().min(1, 'is missing').max(most);
const day = z.iso.date('must be a day such as 2026-11-24');
const noNumber = 'must be a number, without a currency';
const number = z
  .union([z.number(noNumber), z.string(noNumber).regex(/^[-+]?\d*\.?\d+(e[-+]?\d+)?$/i, noNumber)], noNumber)
  .transform(Number)
  .refine(Number.isFinite, noNumber);
const counted = number.pipe(z.int('must be a whole number').min(0, 'must be 0 or more'));

export const reportedLists = {
  surveys: z
    .strictObject({
      customer: text(300).optional(),
      email: MailAddress.optional(),
      survey: text(200),
      form: text(500).optional(),
      at: z.union(
        [z.iso.datetime({ offset: true }), z.iso.date()],
        'must be a time such as 2026-11-24T09:30:00Z, or a day',
      ),
    })
    .refine(({ customer, email }) => customer ?? email, {
      path: ['customer'],
      error: 'is missing; name the customer by key or email',
    }),
  outcomes: z.strictObject({
    customer: text(300),
    outcome: z.enum(outcomes, `must be one of ${outcomes.join(', ')}`),
    day,
    value: number.optional(),
  }),
  counts: z.strictObject({ source: text(100), day, count: counted }),
  values: z.strictObject({ day, value: number }),
};
export type ReportedList = keyof typeof reportedLists;
export const takenLists = ['surveys', 'outcomes', 'counts'] as const;
export type TakenList = (typeof takenLists)[number];
export type Reported<List extends ReportedList = ReportedList> = z.output<(typeof reportedLists)[List]>;

export type GivenRows = CsvTable | Record<string, unknown>[];

/** Rows of a list out of a file or JSON. @throws InvalidInputError naming row and column of each problem */
export function readReported<List extends ReportedList>(list: List, given: GivenRows): Reported<List>[] {
  const problems: Problem[] = [];
  const schema = reportedLists[list] as unknown as z.ZodType<Reported<List>>;
  const columns = Array.isArray(given) ? [] : given.columns.map((name) => name.toLowerCase());
  const rows = Array.isArray(given)
    ? given.map((row, index) => ({ row, line: index }))
    : given.rows.map(({ line, cells }) => ({
        row: Object.fromEntries(
          columns.flatMap((name, index) => (cells[index]?.trim() ? [[name, cells[index]?.trim()]] : [])),
        ),
        line,
      }));
  const read = rows.flatMap(({ row, line }) => {
    const { data, error } = schema.safeParse(row);
    for (const issue of error?.issues ?? []) {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
      const name = unknown ?? String(issue.path[0] ?? Object.keys(reportedLists[list].shape)[0]);
      const names = Object.keys(reportedLists[list].shape).join(', ');
      const message = unknown === undefined ? issue.message : `is no column of this list; there are ${names}`;
      problems.push(
        Array.isArray(given)
          ? { field: `rows.${line}.${name}`, message }
          : columns.includes(name)
            ? createCellProblem({ line, column: columns.indexOf(name) + 1 }, given.columns, message)
            : { field: `line ${line}, ${name}`, message, line },
      );
    }
    return data === undefined ? [] : [data];
  });
  if (problems.length > 0) throw refused(problems);
  return read;
}
