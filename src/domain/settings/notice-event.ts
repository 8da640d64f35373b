import * as z from 'zod';
import { Names } from '../base/names.ts';

interface NoticeEventTraits {
  /** Managers hear of it where nobody names anyone: the case waits for somebody, or came back. */
  isForManagers: boolean;
  /** It never waits for a digest, because somebody has to act. */
  isUrgent: boolean;
}

const news: NoticeEventTraits = { isForManagers: false, isUrgent: false };
const managerEventTraits: NoticeEventTraits = { isForManagers: true, isUrgent: false };
const urgent: NoticeEventTraits = { isForManagers: false, isUrgent: true };
const urgentEventForManagers: NoticeEventTraits = { isForManagers: true, isUrgent: true };

/**
 * `closed` replaces `status-changed` for people named for both; `joined` of a strategic case comes with its digest;
 * `due-soon` is a reminder of the escalation ladder.
 */
const events = {
  opened: news,
  joined: news,
  'status-changed': news,
  'first-contact-missed': managerEventTraits,
  'due-soon': news,
  overdue: urgent,
  escalated: urgent,
  closed: news,
  confirmed: news,
  disputed: urgentEventForManagers,
  'known-gap': managerEventTraits,
  'unseen-recovery': news,
  unverified: news,
  elevated: news,
  'needs-a-person': urgentEventForManagers,
  'closed-against-rules': managerEventTraits,
};
export type NoticeEvent = keyof typeof events;
export const noticeEvents = Object.keys(events) as NoticeEvent[];

export const isUrgent = (event: NoticeEvent): boolean => events[event].isUrgent;

/** Recipients of an event and their channels; mail by default. */
export interface Recipients {
  to: string[];
  by: string[];
}

const Entry = z
  .union([Names, z.strictObject({ to: Names, by: Names.default(['mail']) })])
  .transform((entry): Recipients => (Array.isArray(entry) ? { to: entry, by: ['mail'] } : entry));

/** By event: `opened: team` or `overdue: { to: [managers, mette], by: [mail, operations] }`. */
export const Notify = z.partialRecord(z.enum(noticeEvents), Entry);
export type Notify = z.output<typeof Notify>;

/** Recipients of an event: by the template, else its team, else the workspace, else by default. */
export function chooseRecipients(
  event: NoticeEvent,
  ...levels: (Notify | undefined)[]
): Recipients & { because: string } {
  const named = ['the case template', 'the team', 'the workspace file'];
  const index = levels.findIndex((level) => level?.[event] !== undefined);
  const recipients = levels[index]?.[event] ?? {
    to: events[event].isForManagers ? ['managers'] : [],
    by: ['mail'],
  };
  return { ...recipients, because: named[index] ?? 'Caselite by default' };
}
