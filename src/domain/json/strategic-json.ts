import type { Loop } from '../cases/case.ts';
import type { Verdict } from '../cases/verdict.ts';
import type { ThemeRate } from '../loop/theme-rate.ts';

/* Details of a strategic case for outside programs and its page. Times are ISO 8601 in UTC. */

export interface WrittenJson {
  text: string;
  who: string;
  at: string;
}

export interface MeasureJson {
  name: string;
  unit: string;
  /** `theme-rate`: both values are computed from responses, and none is stored. */
  source: 'manual' | 'theme-rate';
  /** As a person gave it, or percent for a theme rate; null while unknown. */
  before: number | null;
  after: number | null;
  who: string;
  at: string;
}

export interface MemberJson {
  customer: string;
  tier: string | null;
  revenue: number | null;
  /** Submission of the customer's newest response to the case; null without one. */
  respondedAt: string | null;
  cases: { id: string; handle: string }[];
  verdict: Verdict | null;
  /** State of the follow-up for this closing; null before one exists. */
  mailState: 'due' | 'sent' | 'answered' | 'expired' | 'skipped' | null;
  why: string | null;
}

export interface LinkedJson {
  id: string;
  handle: string;
  template: string;
  category: string;
  loop: Loop;
  theme: string | null;
  why: string;
  at: string;
}

export interface StrategicSummary {
  id: string;
  handle: string;
  template: string;
  category: string;
  severity: string;
  loop: Loop;
  theme: string | null;
  customers: number;
  /** Yearly revenue of affected customers, each counted once. */
  revenueAtRisk: number;
  openedAt: string;
  dueAt: string;
  overdue: boolean;
  needsPerson: string | null;
  loopOwner: string | null;
  decisionOwner: string | null;
  isDecided: boolean;
}

export interface StrategicJson extends StrategicSummary {
  decision: WrittenJson | null;
  measure: MeasureJson | null;
  whatChanged: WrittenJson | null;
  /** Whether the closing waits for a text about what changed. */
  waitsForWords: boolean;
  mailState: Record<string, number>;
  /** `isCut`: only the newest responses are counted. */
  rate: ThemeRate & { isCut: boolean };
  members: MemberJson[];
  linked: LinkedJson[];
  relatedCases: LinkedJson[];
  managers: string[];
}

/** Strategic cases that a tactical case is linked to, and those it could be linked to. */
export interface Elevation {
  linkedTo: LinkedJson[];
  /** Open strategic cases by id, and strategic templates by name. */
  targets: { to: string; text: string; takesTheme: boolean }[];
}

/** Revenue of customers with open cases, each counted once. */
export interface AtRisk {
  customers: number;
  revenue: number;
}
