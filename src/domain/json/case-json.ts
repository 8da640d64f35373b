import type { OnItsWay } from '../cases/action.ts';
import type { ClosingReason, Loop } from '../cases/case.ts';
import type { TimelineWhat } from '../cases/timeline.ts';
import type { Verdict } from '../cases/verdict.ts';
import type { TroubleKind } from '../integrations/issue-trouble.ts';
import type { AttributesJson } from './attributes-json.ts';
import type { FollowUpJson } from './loop-json.ts';

/*
 * A case as the JSON that outside programs rely on, and that the pages show. Times are ISO 8601 in UTC.
 */

export interface CaseJson {
  id: string;
  handle: string;
  workspace: string;
  template: string;
  kind: 'tactical' | 'strategic';
  /** A task is one light issue: nobody is asked after it. */
  action: 'task' | 'case';
  customer: {
    key: string | null;
    tier: string | null;
    revenue: number | null;
    /** As known of the customer now; none of a strategic case. */
    attributes: AttributesJson;
  };
  /** How many customers stand behind the case. */
  customers: number;
  category: string;
  severity: string;
  status: string;
  loop: Loop;
  openedAt: string;
  /** Which conditions of the template held. */
  openedWhy: string[];
  dueAt: string;
  /** How the due time and the severity came about. */
  dueWhy: string[];
  firstContactAt: string | null;
  firstContactDueAt: string | null;
  /** Since when the clock stands still; null while it runs. */
  pausedAt: string | null;
  resolvedAt: string | null;
  closingReason: ClosingReason | null;
  /** Why it was closed so, as the team wrote it for itself. */
  closingNote: string | null;
  /** What is wrong with the way it was closed, by the close policy; null for nothing. */
  closingFlag: string | null;
  rootCause: string | null;
  /** Who may close it; null where everybody may. */
  closers: string[] | null;
  /** What has not reached the tracker yet. */
  sending: OnItsWay[];
  /** Why it was declined, as a person wrote it for the customer. */
  explanation: string | null;
  /** What was done, as a person wrote it for the customers of this closing. */
  whatChanged: string | null;
  /** Handle of the case that this one repeats. */
  repeats: string | null;
  /** What asking the customers still waits for; null when nothing stands in the way. */
  waitsFor: string | null;
  /** How often a closing was disputed. */
  disputes: number;
  generation: number;
  assignee: string | null;
  loopOwner: string | null;
  overdue: boolean;
  /** The response plan: who does what, and what is done. */
  plan: {
    position: number;
    role: string;
    task: string;
    /** A person or a team; null where the workspace names nobody for the role. */
    who: string | null;
    whoName: string | null;
    doneAt: string | null;
    doneBy: string | null;
    /** A check box, or an issue of its own under the case's: closing it ticks the step. */
    form: 'check-box' | 'sub-issue';
    /** Why it is a check box although a sub-issue was wanted. */
    formWhy: string | null;
    /** The step's own issue, once it is made. */
    issue: { key: string; url: string; state: 'open' | 'closed' } | null;
  }[];
  /** The present run of the escalation ladder. */
  ladder: {
    run: number;
    steps: {
      kind: 'reminder' | 'due' | 'level' | 'repeat' | 'escalated';
      level: number | null;
      at: string;
      told: string[];
      /** Why nobody was told; null where somebody was. */
      skipped: string | null;
    }[];
    nextAt: string | null;
    acknowledgedAt: string | null;
    acknowledgedBy: string | null;
    snoozedUntil: string | null;
  };
  /** People from outside who may see this case by a link. */
  contributors: { id: string; name: string; invitedAt: string; holds: boolean }[];
  contributions: { name: string; text: string; at: string }[];
  /** Why a person has to look at it, or null. */
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
  /** Labels, or the assignee, that the tracker did not take although they were sent twice. */
  missing: string[];
  /** What is wrong with it and what a person can do; null while it is in its place. */
  trouble: { kind: TroubleKind; since: string; says: string; remedy: string; url: string | null } | null;
}
