import * as z from 'zod';
import { OnItsWay } from '../cases/action.ts';
import { ClosingReason, Loop } from '../cases/case.ts';
import type { TimelineWhat } from '../cases/timeline.ts';
import { verdicts } from '../cases/verdict.ts';
import { TroubleKind } from '../integrations/issue-trouble.ts';
import { AttributesJson } from './attributes-json.ts';
import { FollowUpJson } from './loop-json.ts';

/*
 * A case as the JSON that outside programs rely on, and that the pages show. Times are ISO 8601 in UTC.
 */

const orNull = z.string().nullable();
const state = z.enum(['open', 'closed']);

export const IssueJson = z
  .object({
    tracker: z.string(),
    kind: z.string(),
    trackerTitle: z.string().describe("The tracker's product name"),
    key: z.string(),
    url: z.string(),
    state,
    labels: z.array(z.string()),
    comments: z.int(),
    missing: z
      .array(z.string())
      .describe('Labels, or the assignee, that the tracker did not take although they were sent twice'),
    trouble: z
      .object({ kind: TroubleKind, since: z.string(), says: z.string(), remedy: z.string(), url: orNull })
      .nullable()
      .describe('What is wrong with it and what a person can do; null while it is in its place'),
  })
  .meta({ id: 'Issue' });
export type IssueJson = z.output<typeof IssueJson>;

const Plan = z.array(
  z.object({
    position: z.int(),
    role: z.string(),
    task: z.string(),
    who: orNull.describe('A person or a team; null where the workspace names nobody for the role'),
    whoName: orNull,
    doneAt: orNull,
    doneBy: orNull,
    form: z.enum(['check-box', 'sub-issue']),
    formWhy: orNull.describe('Why it is a check box although a sub-issue was wanted'),
    issue: z.object({ key: z.string(), url: z.string(), state }).nullable(),
  }),
);

const Ladder = z.object({
  run: z.int(),
  steps: z.array(
    z.object({
      kind: z.enum(['reminder', 'due', 'level', 'repeat', 'escalated']),
      level: z.int().nullable(),
      at: z.string(),
      told: z.array(z.string()),
      skipped: orNull.describe('Why nobody was told; null where somebody was'),
    }),
  ),
  nextAt: orNull,
  acknowledgedAt: orNull,
  acknowledgedBy: orNull,
  snoozedUntil: orNull,
});

export const CaseJson = z
  .object({
    id: z.string(),
    handle: z.string(),
    workspace: z.string(),
    template: z.string(),
    kind: z.enum(['tactical', 'strategic']),
    action: z.enum(['task', 'case']).describe('A task is one light issue: nobody is asked after it'),
    customer: z.object({
      key: orNull,
      tier: orNull,
      revenue: z.number().nullable(),
      attributes: AttributesJson.describe('As known of the customer now; none of a strategic case'),
    }),
    customers: z.int().describe('How many customers stand behind the case'),
    category: z.string(),
    severity: z.string(),
    status: z.string(),
    loop: Loop,
    openedAt: z.string(),
    openedWhy: z.array(z.string()).describe('Which conditions of the template held'),
    dueAt: z.string(),
    dueWhy: z.array(z.string()).describe('How the due time and the severity came about'),
    firstContactAt: orNull,
    firstContactDueAt: orNull,
    pausedAt: orNull.describe('Since when the clock stands still; null while it runs'),
    resolvedAt: orNull,
    closingReason: ClosingReason.nullable(),
    closingNote: orNull.describe('Why it was closed so, as the team wrote it for itself'),
    closingFlag: orNull.describe('What is wrong with the way it was closed, by the close policy'),
    rootCause: orNull,
    closers: z.array(z.string()).nullable().describe('Who may close it; null where everybody may'),
    sending: z.array(OnItsWay).describe('What has not reached the tracker yet'),
    explanation: orNull.describe('Why it was declined, as a person wrote it for the customer'),
    whatChanged: orNull.describe('What was done, as a person wrote it for the customers of this closing'),
    repeats: orNull.describe('Handle of the case that this one repeats'),
    waitsFor: orNull.describe(
      'What asking the customers still waits for; null when nothing stands in the way',
    ),
    disputes: z.int().describe('How often a closing was disputed'),
    generation: z.int(),
    assignee: orNull,
    loopOwner: orNull,
    overdue: z.boolean(),
    plan: Plan.describe('The response plan: who does what, and what is done'),
    ladder: Ladder.describe('The present run of the escalation ladder'),
    contributors: z
      .array(z.object({ id: z.string(), name: z.string(), invitedAt: z.string(), holds: z.boolean() }))
      .describe('People from outside who may see this case by a link'),
    contributions: z.array(z.object({ name: z.string(), text: z.string(), at: z.string() })),
    needsPerson: orNull.describe('Why a person has to look at it'),
    issue: IssueJson.nullable(),
    responses: z.array(z.string()),
    verdicts: z.array(
      z.object({
        customer: z.string(),
        generation: z.int(),
        verdict: z.enum(verdicts),
        why: z.string(),
        at: z.string(),
      }),
    ),
    followUps: z.array(FollowUpJson),
    timeline: z.array(
      z.object({
        at: z.string(),
        what: z.string() as z.ZodType<TimelineWhat>,
        who: z.string(),
        why: z.string(),
        evidence: orNull,
        generation: z.int(),
      }),
    ),
  })
  .meta({ id: 'Case' });
export type CaseJson = z.output<typeof CaseJson>;
