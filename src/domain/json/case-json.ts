import type { PendingCall } from '../cases/action.ts';
import type { ClosingReason, Loop } from '../cases/case.ts';
import type { TimelineWhat } from '../cases/timeline.ts';
import type { Verdict } from '../cases/verdict.ts';
import type { TroubleKind } from '../integrations/issue-trouble.ts';
import type { AttributesJson } from './attributes-json.ts';
import type { FollowUpJson } from './loop-json.ts';

/* A case as outside programs and pages get it. Times are ISO 8601 in UTC. */

export interface CaseJson {
  id: string;
  handle: string;
  workspace: string;
  template: string;
  kind: 'tactical' | 'strategic';
  action: 'task' | 'case';
  customer: {
    key: string | null;
    tier: string | null;
    revenue: number | null;
    /** As known of the customer now; none of a strategic case. */
    attributes: AttributesJson;
  };
  customers: number;
  category: string;
  severity: string;
  status: string;
  loop: Loop;
  openedAt: string;
  openedWhy: string[];
  dueAt: string;
  /** Computation of due time and severity, in readable lines. */
  dueWhy: string[];
  firstContactAt: string | null;
  firstContactDueAt: string | null;
  /** Start of the current pause; null while the clock runs. */
  pausedAt: string | null;
  resolvedAt: string | null;
  closingReason: ClosingReason | null;
  /** Reason for the closing in the team's own words. */
  closingNote: string | null;
  /** What the closing lacks by the close policy; null for nothing. */
  closingFlag: string | null;
  rootCause: string | null;
  /** People who may close the case; null where everybody may. */
  closers: string[] | null;
  /** Calls that have not reached the tracker yet. */
  sending: PendingCall[];
  explanation: string | null;
  whatChanged: string | null;
  repeats: string | null;
  /** What the follow-up still waits for; null for nothing. */
  waitsFor: string | null;
  disputes: number;
  generation: number;
  assignee: string | null;
  loopOwner: string | null;
  overdue: boolean;
  plan: {
    position: number;
    role: string;
    task: string;
    /** A person or a team; null where the workspace assigns nobody to the role. */
    who: string | null;
    whoName: string | null;
    doneAt: string | null;
    doneBy: string | null;
    form: 'check-box' | 'sub-issue';
    /** Why the step is a check box although a sub-issue was wanted. */
    formWhy: string | null;
    /** The step's sub-issue, once it exists. */
    issue: { key: string; url: string; state: 'open' | 'closed' } | null;
  }[];
  ladder: {
    run: number;
    steps: {
      kind: 'reminder' | 'due' | 'level' | 'repeat' | 'escalated';
      level: number | null;
      at: string;
      notified: string[];
      /** Why nobody was notified; null where somebody was. */
      skipped: string | null;
    }[];
    nextAt: string | null;
    acknowledgedAt: string | null;
    acknowledgedBy: string | null;
    snoozedUntil: string | null;
  };
  contributors: { id: string; name: string; invitedAt: string; holds: boolean }[];
  contributions: { name: string; text: string; at: string }[];
  /** Why a person has to decide; null otherwise. */
  needsPerson: string | null;
  issue: IssueJson | null;
  responses: string[];
  verdicts: { customer: string; generation: number; verdict: Verdict; why: string; at: string }[];
  followUps: FollowUpJson[];
  timeline: {
    at: string;
    what: TimelineWhat;
    who: string;
    why: string;
    evidence: string | null;
    generation: number;
  }[];
}

export interface IssueJson {
  tracker: string;
  kind: string;
  /** The tracker's product name. */
  trackerTitle: string;
  key: string;
  url: string;
  state: 'open' | 'closed';
  labels: string[];
  comments: number;
  /** Labels or the assignee that the tracker refused twice. */
  missing: string[];
  /** Trouble with the issue and its remedy; null without trouble. */
  trouble: { kind: TroubleKind; since: string; says: string; remedy: string; url: string | null } | null;
}
