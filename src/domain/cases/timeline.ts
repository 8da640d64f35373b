import type { CaseEventType } from '../integrations/case-event.ts';
import type { IssueTroubleKind } from '../integrations/issue-trouble.ts';
import type { ClosingReason } from './case-record.ts';
import type { Verdict } from './verdict.ts';

/** Entries of a case's timeline. Pages and programs may rely on these words. */
export type TimelineEventName =
  | 'opened'
  | 'opened by hand'
  | 'issue adopted'
  | 'customer named'
  | 'joined by a response'
  | 'response edited'
  | 'severity raised'
  | 'elevated'
  | 'parted'
  | 'case linked'
  | 'decided'
  | 'measured'
  | 'what changed'
  | 'decision owner named'
  | 'goal changed'
  | 'clock paused'
  | 'clock resumed'
  | 'issue created'
  | 'issue withdrawn'
  | 'reopened in a new issue'
  | 'former issue left as it is'
  | 'refused by the tracker'
  | 'labels missing'
  | 'assignee missing'
  | 'assignee not mapped'
  | 'issues linked'
  | 'link asked for'
  | 'link refused'
  | 'sub-issue created'
  | `issue ${IssueTroubleKind}`
  | 'issue back'
  | 'duplicate issue found'
  | 'duplicate issue closed'
  | 'severity changed'
  | 'assignee changed'
  | 'loop owner changed'
  | 'category changed'
  | 'handed over'
  | 'status changed'
  | 'fields put back'
  | 'gave in'
  | 'closed against the rules'
  | 'closing undone'
  | 'closing asked for'
  | 'root cause given'
  | 'blocked'
  | 'command obeyed'
  | 'commented'
  | 'command not obeyed'
  | 'assigned'
  | 'reminded'
  | 'reminder skipped'
  | 'overdue and escalated'
  | 'escalated'
  | 'acknowledged'
  | 'snoozed'
  | 'first contact missed'
  | 'plan step done'
  | 'plan step open again'
  | 'tick not followed'
  | 'plan step is a check box'
  | 'plan step has its issue again'
  | 'contributor invited'
  | 'contributor commented'
  | 'contributor removed'
  | `closed as ${ClosingReason}`
  | 'reopening'
  | 'reopening taken back'
  | 'reopened'
  | 'issue gone'
  | 'customer asked'
  | 'closer asked'
  | 'customer reminded'
  | 'follow-up skipped'
  | `customer answered: ${string}`
  | `closer answered: ${string}`
  | 'closer not known'
  | 'customer opted out of mail'
  | 'mail bounced'
  | 'mail allowed again'
  | 'customer contacted'
  | 'customer replied'
  | 'reply from another address'
  | 'automatic reply'
  | 'receipt sent'
  | 'receipt skipped'
  | 'another address given'
  | 'address accepted'
  | 'address refused'
  | 'waiting ended'
  | 'follows another case'
  | 'closing decided'
  | 'declined and explained'
  | `asked again: ${string}`
  | 'customer erased'
  | 'customer merged'
  | 'customer parted'
  | `verdict: ${Verdict}`
  | 'notice not delivered'
  | 'needs a person';

/** One entry of a timeline: event, person, reason and evidence. No words of the customer. */
export interface TimelineEntry {
  at: number;
  what: TimelineEventName;
  who: string;
  why: string;
  evidence: string | null;
  generation: number;
}

const eventTypes: Partial<Record<string, CaseEventType>> = {
  opened: 'case.opened',
  'joined by a response': 'case.joined',
  acknowledged: 'case.acknowledged',
  assigned: 'case.assigned',
  'assignee changed': 'case.assigned',
  'loop owner changed': 'case.assigned',
  'handed over': 'case.assigned',
  'status changed': 'case.status',
  escalated: 'case.escalated',
  'overdue and escalated': 'case.escalated',
  elevated: 'case.elevated',
  'customer asked': 'case.asked',
  'closer asked': 'case.asked',
  'customer answered': 'case.answered',
  'closer answered': 'case.answered',
  'asked again': 'case.answered',
  verdict: 'case.verdict',
  reopened: 'case.reopened',
  'declined and explained': 'case.ended',
  'issue gone': 'case.ended',
  'follows another case': 'case.ended',
};

/** Type of an entry for outside programs. A closing is a claim; the verdict comes later. */
export const toCaseEventType = (what: string): CaseEventType =>
  what.startsWith('closed as ') ? 'case.closed' : (eventTypes[what.replace(/:.*/, '')] ?? 'case.changed');
