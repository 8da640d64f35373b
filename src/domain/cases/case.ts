import * as z from 'zod';
import type { IssueClosure } from '../integrations/issue.ts';
import type { WorkspaceSettings } from '../settings/workspace-file.ts';
import { dayMs } from '../time/units.ts';
import { verdicts } from './verdict.ts';

export const Loop = z.enum(['working', 'resolved', 'asked', ...verdicts, 'declined', 'dropped']);
export type Loop = z.output<typeof Loop>;
export const ClosingReason = z.enum(['fixed', 'declined', 'duplicate', 'stale', 'gone', 'not-planned']);
export type ClosingReason = z.output<typeof ClosingReason>;

/** A case is open while somebody still has to act on the customer's problem. */
export const isOpenLoop = (loop: Loop): boolean => loop === 'working';

/** Closing reason for a tracker's closing. Closings that the workspace has not mapped wait for a decision. */
export function chooseClosingReason(closure: IssueClosure, settings: WorkspaceSettings): ClosingReason {
  const reasons = settings['case-options']['closing-reasons'];
  const named = (list: string[]) =>
    closure.native !== null && list.some((value) => value.toLowerCase() === closure.native?.toLowerCase());
  if (closure.kind === 'duplicate' || closure.kind === 'stale') return closure.kind;
  if (named(reasons.declined)) return 'declined';
  if (closure.kind === 'completed' || named(reasons.fixed)) return 'fixed';
  return 'not-planned';
}

/** A third reopening never happens automatically. */
export const maxAutomaticReopenings = 2;

/** How long after `resolved` a new match still joins the case, in milliseconds. */
export const rejoinWindowMs = 30 * dayMs;

export { findStatusOfClass as statusOf } from './status.ts';
