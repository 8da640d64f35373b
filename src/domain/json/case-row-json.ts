import type * as z from 'zod';
import type { CaseState } from '../cases/case-list.ts';
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
  customer: Omit<CaseJson['customer'], 'attributes'> & { isAnonymous: boolean };
  customers: number;
  words: string | null;
  issue: Pick<IssueJson, 'trackerTitle' | 'key' | 'url' | 'trouble'> | null;
}

export type CaseCounts = Record<CaseState, number>;

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
