import * as z from 'zod';
import type * as store from '../workspace/store/index.ts';

export const Instant = z
  .string('must be an instant such as 2026-11-24T08:00:00Z, or a day')
  .refine(
    (text) => /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) && !Number.isNaN(Date.parse(text)),
    'must be an instant such as 2026-11-24T08:00:00Z, or a day',
  );

/** An empty field of a form asks for nothing. */
export const Blank = <Value extends z.ZodType>(schema: Value) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const search = {
  source: Blank(z.string()),
  error: Blank(z.string()),
  response: Blank(z.string()),
  after: Blank(Instant),
  before: Blank(Instant),
};

/** How the log of deliveries is searched; `before` is not included. */
export const DeliveryQuery = z.strictObject({
  ...search,
  id: Blank(z.string()),
  outcome: Blank(
    z.enum(['stored', 'duplicate', 'set-aside', 'test'], 'must be one of stored, duplicate, set-aside, test'),
  ),
});

/** Which of the deliveries that were set aside are taken again; an empty object means all. */
export const ReplayBody = z.strictObject(search);

export function toDeliveryFilter(query: z.output<typeof DeliveryQuery>): store.DeliveryFilter {
  const instant = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  return { ...query, after: instant(query.after), before: instant(query.before) };
}
