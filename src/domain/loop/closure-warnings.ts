import type { ClosingReason } from '../cases/case.ts';
import { minuteMs } from '../time/units.ts';

/*
 * Signs that a closing may have come too early. Each is a reason for a person to look at the case, never a score of
 * a person.
 */

const closureWarningNames = [
  'just-before-due',
  'soon-after-opening',
  'in-a-burst',
  'without-comment',
  'without-contact',
  'by-a-machine',
  'answered-at-once',
] as const;
export type ClosureWarningName = (typeof closureWarningNames)[number];

export interface ClosureWarning {
  warning: ClosureWarningName;
  /** What was seen, as people read it. */
  text: string;
}

/** One closing with what is known around it. Times are UTC milliseconds. */
export interface ClosingFacts {
  kind: 'tactical' | 'strategic';
  reason: ClosingReason;
  /** When this round of work began: the opening, or the last reopening. */
  startedAt: number;
  closedAt: number;
  /** The goal that it was closed against; null where another has been set since. */
  dueAt: number | null;
  firstContactAt: number | null;
  /** Comments by people on the issue. */
  comments: number;
  /** A person of the workspace closed it; false for bots, merges and strangers. */
  byPerson: boolean;
  /** How many other cases the same closer closed within ten minutes. */
  alongside: number;
  /** How soon after its mail had left the first answer of a customer came, in milliseconds; null without an answer. */
  answeredAfterMs: number | null;
}
const justBeforeMs = 5 * minuteMs;
const soonMs = 15 * minuteMs;
/** Nobody opens a mail, reads it, chooses and presses so fast; a mail scanner may. */
const atOnceMs = 15_000;
/** So many others at once make a burst. */
const burst = 4;

/** How far before and after a closing others count as closed at once, in milliseconds. */
export const burstMs = 10 * minuteMs;

export function closureWarningsOf(facts: ClosingFacts): ClosureWarning[] {
  const { kind, reason, startedAt, closedAt, dueAt, firstContactAt, comments, byPerson, alongside } = facts;
  const { answeredAfterMs } = facts;
  if (reason === 'gone' || reason === 'duplicate') return [];
  const left = dueAt === null ? null : dueAt - closedAt;
  const took = closedAt - startedAt;
  const found: (ClosureWarning | false)[] = [
    left !== null &&
      left >= 0 &&
      left < justBeforeMs &&
      took > justBeforeMs && { warning: 'just-before-due', text: `closed ${span(left)} before it was due` },
    took < soonMs && { warning: 'soon-after-opening', text: `closed ${span(took)} after work on it began` },
    alongside >= burst && {
      warning: 'in-a-burst',
      text: `closed together with ${alongside} others within ten minutes`,
    },
    comments === 0 && { warning: 'without-comment', text: 'nobody wrote a comment on the issue' },
    kind === 'tactical' &&
      firstContactAt === null && {
        warning: 'without-contact',
        text: 'no contact with the customer is on record',
      },
    !byPerson && {
      warning: 'by-a-machine',
      text: 'closed by a merge, a bot, or an account that is nobody of the workspace',
    },
    answeredAfterMs !== null &&
      answeredAfterMs < atOnceMs && {
        warning: 'answered-at-once',
        text: `an answer came ${span(Math.max(answeredAfterMs, 0))} after its mail had left; a mail scanner may have given it`,
      },
  ];
  return found.filter((entry): entry is ClosureWarning => entry !== false);
}

function span(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds === 1) return '1 second';
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}
