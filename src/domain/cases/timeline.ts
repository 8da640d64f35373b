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

export interface TimelineEntry {
  at: number;
  what: TimelineEventName;
  who: string;
  why: string;
  evidence: string | null;
  generation: number;
}

const entriesByType: Partial<Record<CaseEventType, string[]>> = {
  'case.opened': ['opened'],
  'case.joined': ['joined by a response'],
  'case.acknowledged': ['acknowledged'],
  'case.assigned': ['assigned', 'assignee changed', 'loop owner changed', 'handed over'],
  'case.status': ['status changed'],
  'case.escalated': ['escalated', 'overdue and escalated'],
  'case.elevated': ['elevated'],
  'case.asked': ['customer asked', 'closer asked'],
  'case.answered': ['customer answered', 'closer answered', 'asked again'],
  'case.verdict': ['verdict'],
  'case.reopened': ['reopened'],
  'case.ended': ['declined and explained', 'issue gone', 'follows another case'],
};
const eventTypes = new Map(
  Object.entries(entriesByType).flatMap(([type, names]) =>
    names.map((name): [string, CaseEventType] => [name, type as CaseEventType]),
  ),
);

/** Type of an entry for outside programs. A closing is a claim; the verdict comes later. */
export const toCaseEventType = (what: string): CaseEventType =>
  what.startsWith('closed as ') ? 'case.closed' : (eventTypes.get(what.replace(/:.*/, '')) ?? 'case.changed');
