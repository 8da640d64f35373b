import type { CaseEventType } from '../integrations/case-event.ts';
import type { IssueTroubleKind } from '../integrations/issue-trouble.ts';
import type { ClosingReason } from './case-record.ts';
import type { Verdict } from './verdict.ts';

/** Entries of a case's timeline, by what they are about. Pages and programs may rely on these words. */
export type TimelineEventName =
  | `opened${'' | ' by hand'}`
  | `closed as ${ClosingReason}`
  | `closed against the rules`
  | `closing ${'undone' | 'asked for' | 'decided'}`
  | `reopen${'ing' | 'ing taken back' | 'ed' | 'ed in a new issue'}`
  | `issue ${IssueTroubleKind | 'created' | 'adopted' | 'withdrawn' | 'back' | 'gone'}`
  | `duplicate issue ${'found' | 'closed'}`
  | `link ${'asked for' | 'refused'}`
  | `${'issues' | 'case'} linked`
  | `${'labels' | 'assignee'} missing`
  | `${'severity' | 'assignee' | 'loop owner' | 'category' | 'status' | 'goal'} changed`
  | `assignee not mapped`
  | `severity raised`
  | `clock ${'paused' | 'resumed'}`
  | `plan step ${'done' | 'open again' | 'is a check box' | 'has its issue again'}`
  | `contributor ${'invited' | 'commented' | 'removed'}`
  | `command ${'obeyed' | 'not obeyed'}`
  | `customer ${'named' | 'asked' | 'reminded' | 'contacted' | 'replied' | 'opted out of mail'}`
  | `customer ${'erased' | 'merged' | 'parted'}`
  | `${'customer' | 'closer'} answered: ${string}`
  | `closer ${'asked' | 'not known'}`
  | `follow-up skipped`
  | `asked again: ${string}`
  | `mail ${'bounced' | 'allowed again'}`
  | `address ${'accepted' | 'refused'}`
  | `${'another address given' | 'reply from another address' | 'automatic reply'}`
  | `receipt ${'sent' | 'skipped'}`
  | `${'joined by a response' | 'response edited' | 'elevated' | 'parted' | 'handed over' | 'commented' | 'blocked'}`
  | `${'decided' | 'measured' | 'what changed' | 'decision owner named' | 'root cause given' | 'sub-issue created'}`
  | `${'fields put back' | 'gave in' | 'former issue left as it is' | 'refused by the tracker' | 'tick not followed'}`
  | `${'assigned' | 'reminded' | 'reminder skipped' | 'escalated' | 'overdue and escalated' | 'acknowledged' | 'snoozed'}`
  | `${'first contact missed' | 'waiting ended' | 'follows another case' | 'declined and explained'}`
  | `verdict: ${Verdict}`
  | `notice not delivered`
  | `needs a person`;

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
