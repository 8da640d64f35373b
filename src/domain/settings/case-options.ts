import * as z from 'zod';
import { Slug } from '../base/names.ts';

const colourErrorMessage = 'is six hex digits in quotes and without #, such as "5319e7"';
const Colour = z.string(colourErrorMessage).regex(/^[0-9a-fA-F]{6}$/, colourErrorMessage);

const options = {
  statuses: z
    .record(z.string(), z.enum(['open', 'pending', 'closed']))
    .refine((list) => ['open', 'closed'].every((kind) => Object.values(list).some((entry) => entry === kind)), {
      message: 'must hold at least one status of class open and one of class closed',
    }),
  categories: z.array(z.string()),
  severities: z.array(Slug).min(1).max(8),
  'closing-reasons': z
    .strictObject({ fixed: z.array(z.string()).default([]), declined: z.array(z.string()).default([]) })
    .meta({ id: 'closing-reasons' }),
  'root-causes': z.array(z.string()),
  blockers: z.array(z.string()),
  colours: z.record(z.string(), Colour),
  priorities: z.record(z.string(), z.literal([1, 2, 3, 4])),
};

export const TeamOptions = z.strictObject(options).partial();

const usualBlockers =
  'policy, price or contract, missing feature, no access, other department, customer did not answer';

export const CaseOptions = z.strictObject({
  statuses: options.statuses.default({ Open: 'open', Pending: 'pending', Closed: 'closed' }),
  'status-map': z.record(z.string(), z.string()).default({}),
  'automatic-accounts': z.array(z.string().min(1)).default([]),
  categories: options.categories.default([]),
  severities: options.severities.default(['urgent', 'high', 'normal', 'low']),
  priorities: options.priorities.default({}),
  'closing-reasons': options['closing-reasons'].default({ fixed: ['Done', 'Fixed'], declined: ["Won't do"] }),
  'root-causes': options['root-causes'].default([]),
  blockers: options.blockers.default(usualBlockers.split(', ')),
  colours: options.colours.default({}),
});

const close = {
  by: z.enum(['managers', 'anybody']),
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
