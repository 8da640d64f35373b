import * as z from 'zod';
import { Condition, type Finding, judge } from './condition.ts';
import { Duration } from './duration.ts';
import type { SurveyResponse } from './response.ts';

const names = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((one) => (Array.isArray(one) ? one : [one]));

export const noticeEvents = [
  'opened',
  'status-changed',
  'overdue',
  'disputed',
  'known-gap',
  'needs-a-person',
] as const;
export type NoticeEvent = (typeof noticeEvents)[number];

/** One case template: which responses it takes, and what it makes of them. */
export const CaseTemplate = z.strictObject({
  name: z.string().min(1).max(80),
  kind: z.enum(['tactical', 'strategic']),
  state: z.enum(['draft', 'on', 'off']).default('on'),
  when: z.looseObject({ source: names }).transform((when, context) => {
    const { source, ...rest } = when;
    if (Object.keys(rest).length === 0) return { source, condition: null };
    const condition = Condition.safeParse(rest);
    if (!condition.success) {
      context.addIssue({
        code: 'custom',
        message: 'is not a condition; write for example all: [ { question: completed, is: no } ]',
      });
      return z.NEVER;
    }
    return { source, condition: condition.data };
  }),
  category: z.string().min(1),
  severity: z.string().default('by tier'),
  'closure-goal': z.union([z.literal('by tier'), Duration]).default('by tier'),
  tracker: z.string(),
  team: z.string(),
  notify: z.partialRecord(z.enum(noticeEvents), names).default({}),
  'follow-up': z.string().optional(),
  /** Of all customers behind a strategic case, the share whose no reopens it. */
  'reopen-share': z.number().min(0).max(1).default(0.2),
});
export type CaseTemplate = z.output<typeof CaseTemplate>;

/** Why a template opened something for a response, or did not. */
export interface Decision {
  template: string;
  opened: boolean;
  why: string[];
}

/** Judges one response by one template. The findings hold no words of the respondent. */
export function evaluate(
  template: CaseTemplate,
  response: SurveyResponse,
): { matched: boolean; why: Finding[] } {
  if (template.state !== 'on')
    return { matched: false, why: [{ text: `template is ${template.state}`, held: false }] };
  if (!template.when.source.includes(response.source)) {
    return { matched: false, why: [{ text: `source is ${response.source}`, held: false }] };
  }
  if (response.partial)
    return { matched: false, why: [{ text: 'response is not finished yet', held: false }] };
  if (!template.when.condition)
    return { matched: true, why: [{ text: `any response of ${response.source}`, held: true }] };
  const { held, findings } = judge(template.when.condition, response);
  return { matched: held, why: findings };
}

/** `ease <= 5 (answered 3): held` — one line a condition, as the page and the issue show it. */
export function explain(findings: Finding[]): string[] {
  return findings.map(({ text, held }) => `${text}: ${held ? 'held' : 'did not hold'}`);
}
