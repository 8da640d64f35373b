import type { ScoreKind } from '../settings/workspace-file.ts';
import type { possibleCloserAnswers, possibleCustomerAnswers, Verdict } from './verdict.ts';

/** States of cases that still need work, whose lists begin with the soonest due by default; others with the newest. */
const openStates = ['open', 'overdue', 'needs-person', 'disputed', 'due-today', 'first-contact', 'working'] as const;

export const caseStates = [...openStates, 'asked', 'unverified', 'known-gap', 'confirmed', 'all'] as const;
export type CaseState = (typeof caseStates)[number];

export const caseSorts = ['due', 'severity', 'revenue', 'newest'] as const;
export type CaseSort = (typeof caseSorts)[number];

export const isStateOfOpenCases = (state: CaseState): boolean => openStates.some((open) => open === state);

export const nobody = 'nobody';

export const caseFacets = ['team', 'assignee', 'owner', 'category', 'severity', 'tier', 'template', 'source'] as const;
export type CaseFacet = (typeof caseFacets)[number];

export const caseFacts = [
  'contact',
  'closed',
  'goal-kept',
  'goal-missed',
  'confirmation',
  'dispute',
  'reopened',
] as const;
export type CaseFact = (typeof caseFacts)[number];
/** Facts that narrow a list: those that a case keeps as bits, and those that a mean or median counts. */
export const listedFacts = [...caseFacts, 'time-to-close', 'handling-score'] as const;
export type ListedFact = (typeof listedFacts)[number];

export interface SaidFilter {
  verdict?: Verdict;
  'customer-says'?: (typeof possibleCustomerAnswers)[number];
  'closer-says'?: (typeof possibleCloserAnswers)[number];
  reason?: string;
  scored?: ScoreKind;
}
export const saidNames: (keyof SaidFilter)[] = ['verdict', 'customer-says', 'closer-says', 'reason', 'scored'];

export interface CaseFilter<Moment = string> extends Partial<Record<CaseFacet, string>>, SaidFilter {
  show: CaseState;
  respondents?: string;
  sort?: CaseSort;
  person?: string;
  fact?: ListedFact;
  /**
   * Opened from this day or instant on, and until the end of the other; with what was said, said in that time. A day is
   * one of the workspace's time zone.
   */
  from?: Moment;
  to?: Moment;
}
