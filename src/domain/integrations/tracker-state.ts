import * as z from 'zod';
import { apiObject, each } from '../base/api-object.ts';
import { SetUpFinding } from './tracker.ts';

export const TrackerSetUpReport = apiObject('TrackerCheck', {
  ...each(['tracker', 'kind'], z.string()),
  findings: z.array(SetUpFinding),
});
export type TrackerSetUpReport = z.output<typeof TrackerSetUpReport>;

export type TestIssue = { says: string; issue: { key: string; url: string } | null; next: string };

export const HookState = z.object({
  form: z.string(),
  state: z.enum(['asked', 'in use', 'refused']),
  says: z.string(),
});
export type HookState = z.output<typeof HookState>;

/** State of one tracker for the settings page. Times are ISO 8601 UTC. */
export interface TrackerState {
  tracker: string;
  title: string;
  /** Number of waiting calls, at most a thousand, and the last error of the oldest. */
  waiting: number;
  trouble: string | null;
  /** Cases without an issue yet, and about when all that waits is through; null for less than a minute. */
  waitingCases: number;
  throughAt: string | null;
  paused: { why: string; since: string; next: string | null } | null;
  /** Instants until which the host asked for quiet, and until which the rate limit is used up. */
  heldUntil: string | null;
  rateLimitedUntil: string | null;
  left: { calls: number; until: string } | null;
  polledAt: string | null;
  nextPollAt: string | null;
  pollTrouble: string | null;
  hintedAt: string | null;
  refused: { what: string; reason: string; cases: number }[];
  cannot: string[];
  testIssue: TestIssue | null;
  /** What the credentials must allow for registering its webhook; null where that is not possible. */
  hooksNeed: string | null;
  hook: HookState | null;
}
