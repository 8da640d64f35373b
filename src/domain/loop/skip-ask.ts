import { formatDuration } from '../time/duration.ts';
import { dayMs } from '../time/units.ts';

export type AskKind = 'customer' | 'closer' | 'resurvey' | 'invitation';

export interface Standing {
  /** Why there is nothing to ask any more, such as a reopened case or a removed rule; null where there is. */
  whyObsolete: string | null;
  /** Why there is no address; null where there is one. */
  whyNoAddress: string | null;
  isUndeliverable: boolean;
  hasOptedOut: boolean;
  dueAt: number;
  /** Age of the person's last words about the case, in milliseconds, without the time for which its fix waited to ship. */
  ageMs: number;
  /** Instant at which the person was last asked, as far as it counts for this kind; null without one. */
  lastAskedAt: number | null;
  isHeldByQuarantine: boolean;
}

export interface AskLimits {
  /** Minimum time between two first follow-ups to one person, in milliseconds. */
  quarantine: number;
  /** Age of a response after which nobody is asked about it, in milliseconds; null for no limit. */
  oldest: number | null;
}

/** Delay after which nobody is asked any more, in milliseconds; follow-ups have none. */
const mostLateMs: Partial<Record<AskKind, number>> = { resurvey: 30 * dayMs, invitation: 7 * dayMs };

/** Why a person is not asked, in readable words; null when the mail may go. The first matching reason counts. */
export function whySkipAsk(kind: AskKind, standing: Standing, limits: AskLimits, now: number): string | null {
  const mostLate = mostLateMs[kind];
  if (standing.whyObsolete !== null) return standing.whyObsolete;
  if (mostLate && now - standing.dueAt > mostLate)
    return `it would have come more than ${formatDuration(mostLate)} late`;
  if (standing.whyNoAddress !== null) return standing.whyNoAddress;
  if (standing.isUndeliverable) return 'mail to this address could not be delivered';
  if (standing.hasOptedOut) return 'the customer asked for no more mail';
  if (limits.oldest !== null && standing.ageMs > limits.oldest)
    return `the customer’s response is more than ${formatDuration(limits.oldest)} old`;
  const isInQuarantine = standing.lastAskedAt !== null && now - standing.lastAskedAt < limits.quarantine;
  if (standing.isHeldByQuarantine && isInQuarantine)
    return `the customer was asked less than ${formatDuration(limits.quarantine)} ago`;
  return null;
}
