import * as z from 'zod';
import type { ClosingReason } from '#domain/cases/case-record.ts';
import { formatDuration } from '../time/duration.ts';
import { minuteMs } from '../time/units.ts';

/* Facts that suggest a closing came too early: reasons to look at the case, never a score of a person. */

const ClosureWarningName = z.enum([
  'just-before-due',
  'soon-after-opening',
  'in-a-burst',
  'without-comment',
  'without-contact',
  'by-a-machine',
]);
export type ClosureWarningName = z.output<typeof ClosureWarningName>;

export const ClosureWarning = z.object({ warning: ClosureWarningName, text: z.string() });
export type ClosureWarning = z.output<typeof ClosureWarning>;

export interface ClosingToCheck {
  kind: 'tactical' | 'strategic';
  reason: ClosingReason;
  startedAt: number;
  closedAt: number;
  /** Due time of the closing; null where a later goal replaced it. */
  dueAt: number | null;
  firstContactAt: number | null;
  comments: number;
  isClosedByPerson: boolean;
  alongside: number;
}
const justBeforeDueMs = 5 * minuteMs;
const soonMs = 15 * minuteMs;
const burst = 4;

/** Time before and after a closing in which others count towards a burst, in milliseconds. */
export const closingBurstWindowMs = 10 * minuteMs;

export function findClosureWarnings(facts: ClosingToCheck): ClosureWarning[] {
  const { kind, reason, startedAt, closedAt, dueAt, firstContactAt, comments, isClosedByPerson, alongside } = facts;
  if (reason === 'gone' || reason === 'duplicate') return [];
  const left = dueAt === null ? null : dueAt - closedAt;
  const took = closedAt - startedAt;
  const warnings: ClosureWarning[] = [];
  const warn = (warning: ClosureWarningName, text: string) => warnings.push({ warning, text });
  if (left !== null && left >= 0 && left < justBeforeDueMs && took > justBeforeDueMs)
    warn('just-before-due', `closed ${span(left)} before it was due`);
  if (took < soonMs) warn('soon-after-opening', `closed ${span(took)} after work on it began`);
  if (alongside >= burst) warn('in-a-burst', `closed together with ${alongside} others within ten minutes`);
  if (comments === 0) warn('without-comment', 'nobody wrote a comment on the issue');
  if (kind === 'tactical' && firstContactAt === null)
    warn('without-contact', 'no contact with the customer is on record');
  if (!isClosedByPerson) warn('by-a-machine', 'closed by a merge, a bot, or an unknown account');
  return warnings;
}

const span = (ms: number): string => formatDuration(ms < 2 * minuteMs ? ms : Math.round(ms / minuteMs) * minuteMs);
