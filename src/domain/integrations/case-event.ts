import * as z from 'zod';
import { each } from '#domain/base/api-object.ts';

/** Kinds of events of a case, from the opening on; `case.changed` stands for every other entry of its timeline. */
const caseEventTypes = [
  'case.opened',
  'case.joined',
  'case.acknowledged',
  'case.assigned',
  'case.status',
  'case.escalated',
  'case.elevated',
  'case.closed',
  'case.asked',
  'case.answered',
  'case.verdict',
  'case.reopened',
  'case.ended',
  'case.changed',
] as const;
export type CaseEventType = (typeof caseEventTypes)[number];

export const caseEventFields = {
  events: z
    .union(
      [z.literal('all'), z.array(z.enum(caseEventTypes)).min(1)],
      `must be all, or of ${caseEventTypes.join(', ')}`,
    )
    .optional()
    .describe('Events of cases that are posted here: all, or a list such as [case.opened, case.closed, case.verdict]'),
};
export type CaseEventSettings = Partial<z.output<z.ZodObject<typeof caseEventFields>>>;

/** One event of a case as it is posted. Equal `webhook-id`s are the same event; `sequence` grows within a case. */
export const CaseEvent = z.object({
  type: z.enum(caseEventTypes),
  timestamp: z.string(),
  data: z.object({
    workspace: z.string(),
    sequence: z.int(),
    event: z.string().describe('The words of the timeline'),
    who: z.string().describe('Key of a person, `Caselite`, or words for somebody unknown'),
    generation: z.int(),
    case: z
      .object({
        ...each(['id', 'handle', 'kind', 'template', 'category', 'severity'], z.string()),
        tier: z.string().nullable(),
        ...each(['status', 'loop', 'team'], z.string()),
        assignee: z.string().nullable(),
        loopOwner: z.string().nullable(),
        dueAt: z.string(),
        url: z.string(),
        issue: z.object({ key: z.string(), url: z.string() }).nullable(),
      })
      .describe('The case as it was when the event was queued'),
  }),
});
export type CaseEvent = z.output<typeof CaseEvent>;
