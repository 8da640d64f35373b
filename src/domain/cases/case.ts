import * as z from 'zod';
import type { IssueClosure } from '../integrations/issue.ts';
import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import { dayMs } from '../time/units.ts';
import { slug } from './label.ts';
import { verdicts } from './verdict.ts';

export const Loop = z.enum(['working', 'resolved', 'asked', ...verdicts, 'declined', 'dropped']);
export type Loop = z.output<typeof Loop>;
export const ClosingReason = z.enum(['fixed', 'declined', 'duplicate', 'stale', 'gone', 'not-planned']);
export type ClosingReason = z.output<typeof ClosingReason>;

/** A case is open while somebody still has to act on the customer's problem. */
export const isOpenLoop = (loop: Loop): boolean => loop === 'working';

/**
 * Closing reason for a tracker's closing. Closings that the workspace has not mapped wait for a decision.
 *
 * @param status name of the closed issue's status, which counts first where the workspace lists it; null for none
 */
export function chooseClosingReason(
  closure: IssueClosure,
  settings: WorkspaceSettings,
  status: string | null = null,
): ClosingReason {
  const reasons = settings['case-options']['closing-reasons'];
  const isListed = (list: string[], word: string | null) => word !== null && isAmongReasons(list, word);
  const named = (list: string[]) => isListed(list, closure.native);
  if (closure.kind === 'duplicate' || closure.kind === 'stale') return closure.kind;
  if (isListed(reasons.declined, status) || named(reasons.declined)) return 'declined';
  if (closure.kind === 'completed' || named(reasons.fixed) || isListed(reasons.fixed, status)) return 'fixed';
  return 'not-planned';
}

/** Without case, quotes, spaces and signs: `Won’t do`, `wont-do` and `WONTDO` are one reason. */
const toComparable = (reason: string): string => slug(reason.replace(/\p{Pi}|\p{Pf}|['"`´]/gu, '')).replaceAll('-', '');

const isAmongReasons = (list: string[], word: string): boolean =>
  list.some((value) => value === word || (toComparable(word) !== '' && toComparable(value) === toComparable(word)));

const usualReasons = {
  declined: ["Won't do", "Won't fix", 'Not planned', 'Declined', 'Rejected', 'Canceled', 'Cancelled'],
  duplicate: ['Duplicate'],
};

/** Closing that a person's reason begins with, such as `Won’t do: out of scope`; `completed` for any other reason. */
export function readClosingKind(
  settings: WorkspaceSettings,
  reason: string,
): 'completed' | 'not-planned' | 'duplicate' {
  const { fixed, declined } = settings['case-options']['closing-reasons'];
  const texts = [reason, reason.split(/[:;,.!(]|\s[-–—]\s/u, 1)[0] ?? ''];
  const isNamedIn = (list: string[]) => texts.some((text) => isAmongReasons(list, text));
  if (isNamedIn(fixed)) return 'completed';
  if (isNamedIn([...declined, ...usualReasons.declined])) return 'not-planned';
  return isNamedIn(usualReasons.duplicate) ? 'duplicate' : 'completed';
}

/** A third reopening never happens automatically. */
export const maxAutomaticReopenings = 2;

/** How long after `resolved` a new match still joins the case, in milliseconds. */
export const rejoinWindowMs = 30 * dayMs;

export { findStatusOfClass as statusOf } from './status.ts';
