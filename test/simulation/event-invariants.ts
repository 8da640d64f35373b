import { toCaseEventType } from '#domain/cases/timeline.ts';
import type { HuddleNotice } from '#domain/integrations/mailer.ts';
import type { History, Invariant } from './history.ts';

/** An event as the receiver took it, each time that it came. */
export interface PostedEvent {
  id: string;
  sequence: number;
  caseId: string;
}

/** A huddle pack as the receiver took it, each time that it came. */
export type PostedPack = Pick<HuddleNotice, 'key' | 'headline'>;

/** Adds a channel for events of cases to a workspace file. */
export const postEvents = (text: string): string =>
  `${text}\nchannels: { crm: { kind: webhook, url: CRM_URL, secret: CRM_SECRET, events: [case.opened, case.closed, case.verdict] } }\n`;

export const eventInvariants = { everyEventArrivesInOrder } satisfies Record<string, Invariant>;

/** Every event that a channel wants was taken at least once, or its end was told; under one id, in the order of its case. */
function everyEventArrivesInOrder({ sql, settings, events, mails }: History): string[] {
  const wanted = settings.workspace.channels.crm?.events ?? [];
  const isWanted = (what: string) => wanted === 'all' || wanted.includes(toCaseEventType(what));
  const entries = sql.all<{ seq: number; what: string }>('SELECT seq, what FROM timeline ORDER BY seq');
  const first = new Map(events.toReversed().map((event) => [event.sequence, event]));
  // Of a mail without an answer nobody knows whether it came; the mail host may have refused it.
  const unsureMails = sql.all<{ subject: string }>("SELECT subject FROM mails WHERE state IN ('unknown', 'refused')");
  const isEndTold = (seq: number) =>
    sql.all("SELECT 1 FROM outbox WHERE key = ? AND state = 'refused'", `event:crm:${seq}`).length > 0 &&
    [...mails, ...unsureMails].some(({ subject }) =>
      /^(An event of C-\d+ did not reach|Events of cases no longer go to) crm$/.test(subject),
    );
  const missing = entries
    .filter(({ seq, what }) => isWanted(what) && !first.has(seq) && !isEndTold(seq))
    .map(({ seq, what }) => `entry ${seq} (${what}) was never taken`);
  const ids = events
    .filter(({ id, sequence }) => first.get(sequence)?.id !== id)
    .map(({ id }) => `${id} is a second id`);
  const latest = new Map<string, number>();
  // A repetition may come at any time.
  const taken = events.filter(
    (event, index) => events.findIndex(({ sequence }) => sequence === event.sequence) === index,
  );
  const late = taken.flatMap(({ sequence, caseId }) => {
    const before = latest.get(caseId) ?? 0;
    latest.set(caseId, sequence);
    return sequence < before ? [`event ${sequence} came after event ${before} of its case`] : [];
  });
  return [...missing, ...ids, ...late];
}
