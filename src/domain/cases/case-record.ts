import type { Loop } from './case.ts';
import type { CaseClosing } from './case-closing.ts';
import type { CaseTimes } from './case-times.ts';
import type { IssueMirror } from './issue-mirror.ts';

/** The problem of a case, its customer, and the people in charge. */
interface CaseFacts {
  number: number;
  id: string;
  problemKey: string;
  template: string;
  settingsVersion: number;
  kind: 'tactical' | 'strategic';
  /** A task is one light issue without a follow-up. */
  action: 'task' | 'case';
  /** `null` for a strategic case, which belongs to many customers. */
  customerKey: string | null;
  /** Address entered with a case opened by hand, empty for none; `null` for a case that a response opened. */
  handAddress: string | null;
  tier: string | null;
  revenue: number | null;
  category: string;
  severity: string;
  severityRank: 1 | 2 | 3 | 4;
  status: string;
  loop: Loop;
  /** Number of the closing that the work is for, from 1; a reopening starts the next. */
  generation: number;
  /** Number of disputed closings. */
  disputes: number;
  openedAt: number;
  /** Conditions of the template that matched. */
  openedWhy: string[];
  team: string;
  assignee: string | null;
  loopOwner: string | null;
  /** Reason why a person has to decide; `null` while nobody has to. */
  needsPerson: string | null;
}

/** A case: its facts, times, closing, and issue. */
export interface Case extends CaseFacts, CaseTimes, CaseClosing, IssueMirror {}

/** The fields that an opening sets; all others start from their defaults. */
export type NewCase = Omit<CaseFacts, 'number' | 'generation' | 'disputes' | 'needsPerson'> &
  Pick<CaseTimes, 'dueAt' | 'dueWhy' | 'clock' | 'firstContactDueAt'> &
  Pick<IssueMirror, 'tracker'>;

/** The name of a case for people and trackers, such as `C-17`. */
export const handleOf = (caseRecord: Pick<Case, 'number'>): string => `C-${caseRecord.number}`;
