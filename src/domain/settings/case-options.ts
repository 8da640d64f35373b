import * as z from 'zod';
import { Slug } from '../base/names.ts';

const colourErrorMessage = 'is six hex digits in quotes and without #, such as "5319e7"';
const Colour = z.string(colourErrorMessage).regex(/^[0-9a-fA-F]{6}$/, colourErrorMessage);

const severities = z.array(Slug).min(1).max(8);
const statuses = z
  .record(z.string(), z.enum(['open', 'pending', 'closed']))
  .refine((list) => ['open', 'closed'].every((kind) => Object.values(list).some((entry) => entry === kind)), {
    message: 'must hold at least one status of class open and one of class closed',
  });
const closingReasons = z
  .strictObject({ fixed: z.array(z.string()).default([]), declined: z.array(z.string()).default([]) })
  .meta({ id: 'closing-reasons' });

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
  /** Status for a tracker's own state or label where the names differ: `In Review: Pending`. */
  'status-map': z.record(z.string(), z.string()).default({}),
  'automatic-accounts': z.array(z.string().min(1)).default([]),
  categories: z.array(z.string()).default([]),
  severities: severities.default(['urgent', 'high', 'normal', 'low']),
  /** Tracker priority of a severity, 1 to 4; by its position in the list unless set. */
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

const close = {
  by: z.enum(['managers', 'anybody']),
  /** `enforce` reopens with the reason, `flag` shows the case and notifies the managers. */
  mode: z.enum(['enforce', 'flag', 'off']),
  require: z.array(z.enum(['closing-reason', 'root-cause'])),
};

export const ClosePolicy = z.strictObject({
  by: close.by.default('managers'),
  mode: close.mode.default('flag'),
  require: close.require.default([]),
});

export const TemplateClosePolicy = z.strictObject(close).partial();

export type ClosePolicySettings = z.output<typeof ClosePolicy>;
