import * as z from 'zod';
import { Names } from '../base/names.ts';

interface EventFacts {
  /** Managers hear of it where nobody names anyone: the case waits for somebody, or came back. */
  isForManagers: boolean;
  /** It never waits for a digest, because somebody has to act. */
  isUrgent: boolean;
}

const news: EventFacts = { isForManagers: false, isUrgent: false };
const forManagers: EventFacts = { isForManagers: true, isUrgent: false };
const urgent: EventFacts = { isForManagers: false, isUrgent: true };
const urgentForManagers: EventFacts = { isForManagers: true, isUrgent: true };

/**
 * `closed` replaces `status-changed` for people named for both; `joined` of a strategic case comes with its digest;
 * `due-soon` is a reminder of the escalation ladder.
 */
const events = {
  opened: news,
  joined: news,
  'status-changed': news,
  'first-contact-missed': forManagers,
  'due-soon': news,
  overdue: urgent,
  escalated: urgent,
  closed: news,
  confirmed: news,
  disputed: urgentForManagers,
  'known-gap': forManagers,
  'unseen-recovery': news,
  unverified: news,
  elevated: news,
  'needs-a-person': urgentForManagers,
  'closed-against-rules': forManagers,
};
export type NoticeEvent = keyof typeof events;
export const noticeEvents = Object.keys(events) as NoticeEvent[];

export const isUrgent = (event: NoticeEvent): boolean => events[event].isUrgent;

/** Who hears of an event, and through which channels; by mail where nothing is said. */
export interface Reported {
  to: string[];
  by: string[];
}

const Entry = z
  .union([Names, z.strictObject({ to: Names, by: Names.default(['mail']) })])
  .transform((entry): Reported => (Array.isArray(entry) ? { to: entry, by: ['mail'] } : entry));

/** `opened: team` or `overdue: { to: [managers, mette], by: [mail, operations] }`, by event. */
export const Notify = z.partialRecord(z.enum(noticeEvents), Entry);
export type Notify = z.output<typeof Notify>;

/** Who hears of an event: as the template says, else its team, else the workspace, else by default. */
export function toldOf(
  event: NoticeEvent,
  ...levels: (Notify | undefined)[]
): Reported & { because: string } {
  const named = ['the case template', 'the team', 'the workspace file'];
  const index = levels.findIndex((level) => level?.[event] !== undefined);
  const told = levels[index]?.[event] ?? {
    to: events[event].isForManagers ? ['managers'] : [],
    by: ['mail'],
  };
  return { ...told, because: named[index] ?? 'Caselite by default' };
}
