import type { Loop } from '../cases/case.ts';
import type { Verdict } from '../cases/verdict.ts';
import type { ThemeRate } from '../loop/theme-rate.ts';

/*
 * What a strategic case holds beside what every case shows, as JSON and for its page. Times are ISO 8601 in UTC.
 */

export interface WrittenJson {
  text: string;
  who: string;
  at: string;
}

export interface MeasureJson {
  name: string;
  unit: string;
  source: 'manual' | 'theme-rate';
  /** For a theme rate in percent; null while it is not known. */
  before: number | null;
  after: number | null;
  who: string;
  at: string;
}

/** A customer behind a strategic case. */
export interface MemberJson {
  customer: string;
  tier: string | null;
  revenue: number | null;
  /** When the newest response of theirs behind it was submitted; null for one without a response. */
  respondedAt: string | null;
  /** The tactical cases through which the customer stands behind it. */
  cases: { id: string; handle: string }[];
  verdict: Verdict | null;
  /** How far telling and asking has come for this closing; null before. */
  told: 'due' | 'sent' | 'answered' | 'expired' | 'skipped' | null;
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

/** One line of the list of strategic cases. */
export interface StrategicSummary {
  id: string;
  handle: string;
  template: string;
  category: string;
  severity: string;
  loop: Loop;
  theme: string | null;
  customers: number;
  /** Yearly revenue of the customers behind it, each once, as it was given. */
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
  /** The closing waits for somebody to write what changed. */
  waitsForWords: boolean;
  told: Record<string, number>;
  /** `isCut`: there were more responses than are counted, and the oldest are left out. */
  rate: ThemeRate & { isCut: boolean };
  members: MemberJson[];
  linked: LinkedJson[];
  relatedCases: LinkedJson[];
  /** Case managers of its team, who may close it. */
  managers: string[];
}

/** Behind which strategic cases a tactical one stands, and behind which it could. */
export interface Elevation {
  behind: LinkedJson[];
  /** Strategic cases at work by id, and strategic templates by name. */
  targets: { to: string; text: string; takesTheme: boolean }[];
}

/** The revenue that open cases put at risk: customers of all cases at work, each once. */
export interface AtRisk {
  customers: number;
  revenue: number;
}
