import * as z from 'zod';
import type { SetUpFinding } from './tracker.ts';

export type TrackerSetUpReport = { tracker: string; kind: string; findings: SetUpFinding[] };

export interface TestIssue {
  says: string;
  issue: { key: string; url: string } | null;
  next: string;
}

export const HookState = z.object({
  form: z.string(),
  state: z.enum(['asked', 'in use', 'refused']),
  says: z.string(),
});
export type HookState = z.output<typeof HookState>;

export interface TrackerState {
  tracker: string;
  title: string;
  waiting: number;
  trouble: string | null;
  waitingCases: number;
  throughAt: string | null;
  paused: { why: string; since: string; next: string | null } | null;
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
  hooksNeed: string | null;
  hook: HookState | null;
}
