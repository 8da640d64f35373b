import * as z from 'zod';
import type { IssueClosure } from '#domain/integrations/issue.ts';
import type { WorkspaceSettings } from '#domain/settings/workspace-file.ts';
import { dayMs } from '#domain/time/units.ts';
import type { Gate } from '../settings/gate.ts';
import type { CaseClock } from '../time/clock.ts';
import type { IssueMirror } from './issue-mirror.ts';
import { slug } from './label.ts';
import { verdicts } from './verdict.ts';

export const Loop = z.enum(['working', 'resolved', 'asked', ...verdicts, 'declined', 'dropped']);
export type Loop = z.output<typeof Loop>;
export const ClosingReason = z.enum(['fixed', 'declined', 'duplicate', 'stale', 'gone', 'not-planned']);
export type ClosingReason = z.output<typeof ClosingReason>;

/** A case is open while somebody still has to act on the customer's problem. */
export const isOpenLoop = (loop: Loop): boolean => loop === 'working';

/** Closing reason for a tracker's closing; closings that the workspace has not mapped wait for a decision. */
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

function isAmongReasons(list: string[], word: string): boolean {
  const wanted = toComparable(word);
  return list.some((value) => value === word || (wanted !== '' && toComparable(value) === wanted));
}

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
  const texts = [reason, reason.split(/[:;,.!(]|\s[-–—]\s|\sbecause\s/iu, 1)[0] ?? ''];
  const isNamedIn = (list: string[]) => texts.some((text) => isAmongReasons(list, text));
  if (isNamedIn(fixed)) return 'completed';
  if (isNamedIn([...declined, ...usualReasons.declined])) return 'not-planned';
  return isNamedIn(usualReasons.duplicate) ? 'duplicate' : 'completed';
}

/** A third reopening never happens automatically. */
export const maxAutomaticReopenings = 2;

export const rejoinWindowMs = 30 * dayMs;

export { findStatusOfClass as statusOf } from './status.ts';

export const needsPersonKinds = ['issue-refused', 'long-wait'] as const;
type NeedsPersonKind = (typeof needsPersonKinds)[number];

interface CaseBaseFields {
  number: number;
  id: string;
  caseMatchKey: string;
  template: string;
  settingsVersion: number;
  kind: 'tactical' | 'strategic';
  action: 'task' | 'case';
  /** `null` for a strategic case, which belongs to many customers. */
  customerKey: string | null;
  tier: string | null;
  revenue: number | null;
  category: string;
  severity: string;
  severityRank: 1 | 2 | 3 | 4;
  status: string;
  loop: Loop;
  /** Number of the closing that the work is for, from 1; a reopening starts the next. */
  generation: number;
  disputes: number;
  disputedGeneration: number | null;
  openedAt: number;
  openedWhy: string[];
  team: string;
  /** Source of the response that opened it; `null` for a case opened by hand. */
  source: string | null;
  assignee: string | null;
  loopOwner: string | null;
  /** Reason why a person has to decide; `null` while nobody has to. */
  needsPerson: string | null;
  /** State that the reason belongs to, and that ends it; `null` for a reason that only a decision ends. */
  needsPersonKind: NeedsPersonKind | null;
}

/** Deadlines of a case and the state of its escalation ladder. Instants are UTC milliseconds. */
interface CaseTimes {
  dueAt: number;
  dueWhy: string[];
  /** Closure goal and pauses that `dueAt` is computed from; `null` where no goal is known. */
  clock: CaseClock | null;
  overdue: boolean;
  firstContactDueAt: number | null;
  firstContactAt: number | null;
  /** Working time from opening to the first contact, and to the latest closing without pauses, in milliseconds. */
  contactMs: number | null;
  closeMs: number | null;
  /** Run of the escalation ladder, from 1; a reopening and a new goal after a missed one start the next run. */
  ladder: number;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
  snoozedUntil: number | null;
}

interface CaseClosing {
  resolvedAt: number | null;
  closingReason: ClosingReason | null;
  /** Reason for the team; customers never read it. */
  closingNote: string | null;
  explanation: string | null;
  whatChanged: AuthoredText | null;
  gate: Gate | null;
  closer: string | null;
  closing: RequestedClosing | null;
  closingFlag: string | null;
  rootCause: string | null;
}

export type RequestedClosing = { who: string; kind: 'completed' | 'not-planned' | 'duplicate'; note: string | null };

export type AuthoredText = { text: string; who: string; at: number; generation: number };

export interface Case extends CaseBaseFields, CaseTimes, CaseClosing, IssueMirror {}

/** The fields that an opening sets; all others start from their defaults. */
export type NewCase = Omit<
  CaseBaseFields,
  'number' | 'generation' | 'disputes' | 'disputedGeneration' | 'needsPerson' | 'needsPersonKind'
> &
  Pick<CaseTimes, 'dueAt' | 'dueWhy' | 'clock' | 'firstContactDueAt'> &
  Pick<IssueMirror, 'tracker'>;

/** The name of a case for people and trackers, such as `C-17`. */
export const handleOf = (caseRecord: Pick<Case, 'number'>): string => `C-${caseRecord.number}`;

export const readCaseClock = (caseRecord: Case): CaseClock =>
  caseRecord.clock ?? {
    startAt: caseRecord.openedAt,
    goalMs: Math.max(caseRecord.dueAt - caseRecord.openedAt, 0),
    calendar: null,
    pauses: [],
  };
