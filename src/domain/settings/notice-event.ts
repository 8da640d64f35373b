import * as z from 'zod';
import { Names } from '../base/names.ts';

/**
 * `closed` replaces `status-changed` for recipients of both; `joined` of a strategic case comes with its digest;
 * `due-soon` is a reminder of the escalation ladder.
 */
export const noticeEvents = [
  'opened',
  'joined',
  'status-changed',
  'first-contact-missed',
  'due-soon',
  'overdue',
  'escalated',
  'closed',
  'confirmed',
  'disputed',
  'known-gap',
  'unseen-recovery',
  'unverified',
  'elevated',
  'needs-a-person',
  'closed-against-rules',
] as const;
export type NoticeEvent = (typeof noticeEvents)[number];

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

/** Defaults for managers: a case that waits for somebody, or that came back. */
const always: Notify = Object.fromEntries(
  (['disputed', 'known-gap', 'needs-a-person', 'closed-against-rules', 'first-contact-missed'] as const).map(
    (event) => [event, { to: ['managers'], by: ['mail'] }],
  ),
);

/** Recipients of an event: by the template, else its team, else the workspace, else by default. */
export function recipientsOf(event: NoticeEvent, ...levels: (Notify | undefined)[]): Recipients & { because: string } {
  const named = ['the case template', 'the team', 'the workspace file'];
  const index = levels.findIndex((level) => level?.[event] !== undefined);
  const recipients = levels[index]?.[event] ?? always[event] ?? { to: [], by: ['mail'] };
  return { ...recipients, because: named[index] ?? 'Caselite by default' };
}
