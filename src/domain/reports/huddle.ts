import * as z from 'zod';
import { apiObject, orNull } from '../base/api-object.ts';
import { CaseJson, CaseLinks } from '../json/case-json.ts';
import { RisingTermsJson } from '../json/intake-json.ts';
import { formatFigure } from './figure.ts';
import { ReportRow } from './report.ts';

/** Groups of cases that a huddle goes through, by the state that lists them; recoveries are those of the period. */
export const huddleGroups = {
  overdue: 'Overdue',
  disputed: 'Disputed: the customer says no',
  'needs-person': 'Waiting for a decision',
  'known-gap': 'Known gaps',
  confirmed: 'To praise: the customer says that it is solved',
} as const;

const names = Object.keys(huddleGroups) as [keyof typeof huddleGroups, ...(keyof typeof huddleGroups)[]];

/** A case in a huddle: whose move it is and how late, without its customer. */
export const HuddleCase = CaseLinks.shape.siblings.element.extend(CaseJson.pick({ assignee: true, dueAt: true }).shape);

/** What a team talks about once a week or month. It names no customers. */
export const HuddleJson = apiObject('Huddle', {
  from: z.string(),
  to: z.string(),
  team: orNull,
  teams: z.array(z.string()).describe('Teams that have one of their own'),
  groups: z.array(
    z.object({
      name: z.enum(names),
      count: z.int(),
      cases: z.array(HuddleCase).describe('The first of them'),
    }),
  ),
  terms: RisingTermsJson.shape.terms,
  moved: z.array(ReportRow).describe('The three figures that moved most'),
});
export type HuddleJson = z.output<typeof HuddleJson>;

/** The figures that moved most in relation to where they stood. */
export function findMoved(figures: ReportRow[], count: number): ReportRow[] {
  const movement = ({ now, before }: ReportRow) => {
    const isMeasured = now.value !== null && before.value !== null;
    const [one, other] = isMeasured ? [now.value ?? 0, before.value ?? 0] : [now.count, before.count];
    return Math.abs(one - other) / Math.max(Math.abs(one), Math.abs(other));
  };
  return figures
    .filter((row) => movement(row) > 0)
    .toSorted((a, b) => movement(b) - movement(a))
    .slice(0, count);
}

/** `45 %, 40 % before` */
export const describeFigure = ({ now, before, unit }: ReportRow): string =>
  `${formatFigure(now, unit)}, ${formatFigure(before, unit)} before`;
