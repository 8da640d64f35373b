import * as z from 'zod';
import { Slug } from '../base/names.ts';

/*
 * What a workspace calls things, and what a closing must have.
 */

const colourRule = 'is six hex digits in quotes and without #, such as "5319e7"';
const Colour = z.string(colourRule).regex(/^[0-9a-fA-F]{6}$/, colourRule);

const severities = z.array(Slug).min(1).max(8);
const statuses = z
  .record(z.string(), z.enum(['open', 'pending', 'closed']))
  .refine((list) => ['open', 'closed'].every((kind) => Object.values(list).some((entry) => entry === kind)), {
    message: 'must hold at least one status of class open and one of class closed',
  });
const closingReasons = z.strictObject({
  fixed: z.array(z.string()).default([]),
  declined: z.array(z.string()).default([]),
});

/** What a team lays over the workspace's case options. */
export const TeamOptions = z.strictObject({
  statuses: statuses.optional(),
  categories: z.array(z.string()).optional(),
  severities: severities.optional(),
  'closing-reasons': closingReasons.optional(),
  'root-causes': z.array(z.string()).optional(),
  blockers: z.array(z.string()).optional(),
  colours: z.record(z.string(), Colour).optional(),
  priorities: z.record(z.string(), z.literal([1, 2, 3, 4])).optional(),
});

export const CaseOptions = z.strictObject({
  statuses: statuses.default({ Open: 'open', Pending: 'pending', Closed: 'closed' }),
  /** Which status a tracker's own state or a label means, where their names differ: `In Review: Pending`. */
  'status-map': z.record(z.string(), z.string()).default({}),
  /** Accounts that close issues by themselves: what they close is stale. */
  'automatic-accounts': z.array(z.string().min(1)).default([]),
  categories: z.array(z.string()).default([]),
  severities: severities.default(['urgent', 'high', 'normal', 'low']),
  /** Which of a tracker's four priorities a severity is; by its place in the list where nothing is said. */
  priorities: z.record(z.string(), z.literal([1, 2, 3, 4])).default({}),
  'closing-reasons': closingReasons.default({ fixed: ['Done', 'Fixed'], declined: ["Won't do"] }),
  'root-causes': z.array(z.string()).default([]),
  blockers: z
    .array(z.string())
    .default([
      'policy',
      'price or contract',
      'missing feature',
      'no access',
      'other department',
      'customer did not answer',
    ]),
  colours: z.record(z.string(), Colour).default({}),
});

const closeBy = z.enum(['managers', 'anybody']);
/** `enforce` reopens and says why, `flag` shows it and tells the managers. */
const closeMode = z.enum(['enforce', 'flag', 'off']);
const closeNeeds = z.array(z.enum(['closing-reason', 'root-cause']));

/** What a closing must have, and what follows where it has not. */
export const ClosePolicy = z.strictObject({
  by: closeBy.default('managers'),
  mode: closeMode.default('flag'),
  require: closeNeeds.default([]),
});

/** What a template lays over the workspace's close policy. */
export const TemplateClosePolicy = z.strictObject({
  by: closeBy.optional(),
  mode: closeMode.optional(),
  require: closeNeeds.optional(),
});

export type ClosePolicySettings = z.output<typeof ClosePolicy>;
