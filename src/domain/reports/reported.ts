import * as z from 'zod';
import { type GivenRows, listGivenRows, refused } from '../base/csv.ts';
import type { Problem } from '../base/errors.ts';
import { MailAddress } from '../base/mail-address.ts';

export const outcomes = ['stayed', 'renewed', 'grew', 'left'] as const;
export type Outcome = (typeof outcomes)[number];

const text = (most: number) => z.string('is missing').trim().min(1, 'is missing').max(most);
const day = z.iso.date('must be a day such as 2026-11-24');
const noNumber = 'must be a number, without a currency';
const number = z
  .union([z.number(noNumber), z.string(noNumber).regex(/^[-+]?(\d+(\.\d+)?|\.\d+)(e[-+]?\d+)?$/i, noNumber)], noNumber)
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

/** Rows of a list out of a file or JSON. @throws InvalidInputError naming row and column of each problem */
export function readReported<List extends ReportedList>(list: List, given: GivenRows): Reported<List>[] {
  const problems: Problem[] = [];
  const schema = reportedLists[list] as unknown as z.ZodType<Reported<List>>;
  const names = Object.keys(reportedLists[list].shape);
  const read = [...listGivenRows(given, 'rows')].flatMap(({ row, toProblem }) => {
    const { data, error } = schema.safeParse(row);
    for (const issue of error?.issues ?? []) {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
      const message = unknown ? `is no column of this list; there are ${names.join(', ')}` : issue.message;
      problems.push(toProblem(unknown ?? String(issue.path[0] ?? names[0]), message));
    }
    return data === undefined ? [] : [data];
  });
  if (problems.length > 0) throw refused(problems);
  return read;
}
