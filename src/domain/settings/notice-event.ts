import * as z from 'zod';
import { Names } from '../base/names.ts';
import { dayMs, minuteMs } from '../time/units.ts';

interface NoticeEventTraits {
  /** `news` skips quiet people, and `urgent` never waits for a digest, because somebody has to act. */
  urgency: 'news' | 'action' | 'urgent';
  /** What many notices of the event say in one sentence; events without it are never gathered. */
  inStorm?: string;
  /** How long notices of the event to one person are gathered after the first; 5 minutes by default. */
  gatherMs?: number;
  to: string[];
}

/**
 * `closed` replaces `status-changed` for people named for both; `joined` of a strategic case comes with its digest;
 * `due-soon`, `overdue` and `escalated` go to the people of the escalation ladder.
 */
const events = {
  opened: { urgency: 'news', inStorm: 'were opened', to: ['assignee', 'loop-owner'] },
  joined: { urgency: 'news', inStorm: 'were reported again', to: [] },
  'status-changed': { urgency: 'news', to: [] },
  'first-contact-missed': { urgency: 'action', to: ['managers'] },
  'due-soon': { urgency: 'action', to: [] },
  overdue: { urgency: 'urgent', to: [] },
  escalated: { urgency: 'urgent', to: [] },
  replied: { urgency: 'action', to: ['loop-owner'] },
  closed: { urgency: 'news', to: [] },
  confirmed: { urgency: 'news', to: [] },
  disputed: { urgency: 'urgent', to: ['managers', 'assignee', 'loop-owner'] },
  'known-gap': { urgency: 'action', to: ['managers'] },
  'unseen-recovery': { urgency: 'news', to: [] },
  unverified: { urgency: 'news', to: [] },
  elevated: { urgency: 'news', to: [] },
  'needs-a-person': { urgency: 'urgent', inStorm: 'need a person', to: ['managers'] },
  'at-risk': { urgency: 'action', inStorm: 'are of customers at risk', to: ['managers'] },
  'closed-against-rules': {
    urgency: 'action',
    inStorm: 'were closed against the rules',
    gatherMs: dayMs,
    to: ['managers'],
  },
} satisfies Record<string, NoticeEventTraits>;
export type NoticeEvent = keyof typeof events;
export const noticeEvents = Object.keys(events) as NoticeEvent[];

const traitsOf = (event: NoticeEvent): NoticeEventTraits => events[event];

/** Notices of one event and template to one person within this time come as one. */
export const findGatherMs = (event: NoticeEvent): number => traitsOf(event).gatherMs ?? 5 * minuteMs;

/** What a storm of the event says; null for an event whose notices go out one by one. */
export const describeStorm = (event: NoticeEvent): string | null => traitsOf(event).inStorm ?? null;

export const isUrgent = (event: NoticeEvent): boolean => events[event].urgency === 'urgent';

/**
 * Notices for one person. `quiet`: of the team's cases only events in which somebody has to act; of the person's own
 * cases, and of those that name the person, as `normal`. `all`: every event in the cases of the person and the team.
 */
export const NoticeLevel = z.enum(['quiet', 'normal', 'all']).default('normal');
export type NoticeLevel = z.output<typeof NoticeLevel>;

/** Whether an event that names a team is for a person of the team. */
export const isForTeamMember = (event: NoticeEvent, level: NoticeLevel | undefined): boolean =>
  level !== 'quiet' || events[event].urgency !== 'news';

/** Recipients of an event and their channels; mail by default. */
export type Recipients = { to: string[]; by: string[] };

const Entry = z
  .union([Names, z.strictObject({ to: Names, by: Names.default(['mail']) })])
  .transform((entry): Recipients => (Array.isArray(entry) ? { to: entry, by: ['mail'] } : entry));

/** By event: `opened: team` or `overdue: { to: [managers, mette], by: [mail, operations] }`. */
export const Notify = z.partialRecord(z.enum(noticeEvents), Entry);
export type Notify = z.output<typeof Notify>;

/** Recipients of an event: by the template, else by the workspace, else by default. */
export function chooseRecipients(
  event: NoticeEvent,
  template: Notify | undefined,
  workspace: Notify,
): Recipients & { because: string } {
  if (template?.[event]) return { ...template[event], because: 'the case template' };
  if (workspace[event]) return { ...workspace[event], because: 'the workspace file' };
  return { to: events[event].to, by: ['mail'], because: 'Caselite by default' };
}
