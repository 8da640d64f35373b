import type { CheckFinding } from './tracker.ts';

/** What a check of one tracker's set-up found. */
export interface TrackerReport {
  tracker: string;
  kind: string;
  findings: CheckFinding[];
}

/** How one tracker stands, for the settings page. Times are ISO 8601 UTC. */
export interface TrackerState {
  tracker: string;
  title: string;
  /** What waits to go there, a thousand at most, and what the oldest of it last failed with. */
  waiting: number;
  trouble: string | null;
  /** Why it is paused, since when, and when it is tried next. */
  paused: { why: string; since: string; next: string | null } | null;
  /** Until when nothing goes because the host asked for quiet, or nothing new because its pace is used up. */
  heldUntil: string | null;
  rateLimitedUntil: string | null;
  polledAt: string | null;
  pollTrouble: string | null;
  hintedAt: string | null;
  cannot: string[];
}
