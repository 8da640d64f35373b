import { formatDuration } from '../time/duration.ts';

/** State of one person and one closing at the moment of sending a follow-up. */
export interface Standing {
  /** Whether the case was reopened, or closed again since. */
  isReopened: boolean;
  isDropped: boolean;
  /** Why there is no address; null where there is one. */
  noAddress: string | null;
  isUndeliverable: boolean;
  hasOptedOut: boolean;
  /** Instant of the person's last words about the case: the survey, or an answer to an earlier follow-up. */
  lastDeliveryAt: number;
  /** Time for which the closing waited for its fix to ship, in milliseconds. It does not count towards the age. */
  waitedMs: number;
  /** Instant of the person's last first follow-up about any case; null without one. */
  askedAt: number | null;
  /** Whether this is a first follow-up, in contrast to the next one of a case that the person disputed. */
  isFirst: boolean;
}

export interface LedgerPolicy {
  /** Minimum time between two first follow-ups to one person, in milliseconds. */
  quarantine: number;
  /** Age of a response after which nobody is asked about it, in milliseconds; null for no limit. */
  oldest: number | null;
}

/** Why a person is not asked, in readable words; null when the mail may go. The first matching reason counts. */
export function reasonToSkip(standing: Standing, policy: LedgerPolicy, now: number): string | null {
  if (standing.isReopened) return 'the case was reopened before the mail left';
  if (standing.isDropped) return 'the case was dropped before the mail left';
  if (standing.noAddress !== null) return standing.noAddress;
  if (standing.isUndeliverable) return 'mail to this address could not be delivered';
  if (standing.hasOptedOut) return 'the customer asked for no more mail';
  if (policy.oldest !== null && now - standing.lastDeliveryAt - standing.waitedMs > policy.oldest)
    return `the customer’s response is more than ${formatDuration(policy.oldest)} old`;
  const isTooSoon = standing.askedAt !== null && now - standing.askedAt < policy.quarantine;
  if (standing.isFirst && isTooSoon) return `the customer was asked less than ${formatDuration(policy.quarantine)} ago`;
  return null;
}
