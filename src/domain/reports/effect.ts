import * as z from 'zod';
import { apiObject, orNull } from '../base/api-object.ts';
import { Figure } from './figure.ts';
import { outcomes } from './reported.ts';

/** The honest sentence beside every comparison of outcomes. */
export const noProofOfCause =
  'This shows what went together, and is no proof of a cause: customers who are handled may differ from the others from the start.';

export const EffectJson = z.object({
  note: z.string(),
  groups: z.array(
    z.object({
      by: z.enum(['verdict', 'handling']),
      name: orNull.describe('Null for customers without a verdict'),
      kept: Figure,
      keptValue: z.number(),
      lostValue: z.number(),
      list: z.string(),
    }),
  ),
  scores: z
    .array(z.object({ kind: z.string(), before: Figure, after: Figure, change: Figure }))
    .describe('Mean scores of the same customers last before their case opened and first after it closed'),
});
export type EffectJson = z.output<typeof EffectJson>;

export const OutcomeJson = apiObject('Outcome', {
  customer: z.string(),
  name: orNull,
  page: z.int().nullable().describe('Number of the customer in addresses of pages'),
  day: z.string(),
  outcome: z.enum(outcomes),
  value: z.number().nullable(),
  verdict: orNull.describe('Newest verdict of the customer by that day'),
  handling: z.enum(['handled', 'not handled', 'no complaint']),
});
export type OutcomeJson = z.output<typeof OutcomeJson>;
