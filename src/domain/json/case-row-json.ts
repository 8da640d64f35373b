import type * as z from 'zod';
import type { CaseFacet, CaseState } from '../cases/case-list.ts';
import { CaseJson, type IssueJson } from './case-json.ts';

export const CaseRowFields = CaseJson.pick({
  ...{ id: true, template: true, kind: true, action: true, category: true, severity: true, status: true },
  ...{ loop: true, openedAt: true, dueAt: true, resolvedAt: true, generation: true, assignee: true },
  ...{ loopOwner: true, needsPerson: true, overdue: true },
});

export interface CaseRowJson extends z.output<typeof CaseRowFields> {
  handle: string;
  team: string;
  source: string | null;
  disputed: boolean;
  customer: {
    key: string | null;
    /** Null for an unknown name, and for many customers. */
    name: string | null;
    isAnonymous: boolean;
    tier: string | null;
    revenue: number | null;
  };
  /** Affected customers, up to 100. */
  customers: number;
  /** Beginning of what the customer wrote, or the theme of a strategic case. */
  words: string | null;
  issue: Pick<IssueJson, 'trackerTitle' | 'key' | 'url' | 'trouble'> | null;
}

export type CaseCounts = Record<CaseState, number>;

export interface RailJson {
  teams: string[];
  /** Open cases of managed teams without an assignee. */
  unassigned: number;
  /** Responses that nobody acts on yet. */
  triage: number;
  setAside: number;
  views: { name: string; query: string; isOwn: boolean }[];
}

export interface CaseListJson {
  rows: CaseRowJson[];
  next: string | null;
  counts: CaseCounts;
  /** Narrowed cases are counted up to this number. */
  mostCounted: number;
  choices: Record<Exclude<CaseFacet, 'assignee' | 'owner'> | 'status', [value: string, name: string][]>;
  rail: RailJson;
}

/** Groups of a person's own work, each case in the first that fits. */
export const workGroups = [
  'disputed',
  'needs-person',
  'overdue',
  'due-today',
  'first-contact',
  'steps',
  'asked',
  'open',
  'unverified',
] as const;
export type WorkGroupName = (typeof workGroups)[number];

export interface WorkGroup {
  name: WorkGroupName;
  count: number;
  /** The first few, most severe first. */
  rows: CaseRowJson[];
}

export type HomeJson = { groups: WorkGroup[]; rail: RailJson };
