import { formatDuration } from '../time/duration.ts';

/** How one person and one closing stand at the moment when a follow-up would leave. */
export interface Standing {
  /** The case is at work again, or at a later closing. */
  isReopened: boolean;
  isDropped: boolean;
  /** Why there is no address to write to; null where there is one. */
  noAddress: string | null;
  /** Mail to the address bounced for good. */
  isUndeliverable: boolean;
  hasOptedOut: boolean;
  /** When this person last said something about the case: by the survey, or by an answer to an earlier follow-up. */
  lastDeliveryAt: number;
  /** Time that the closing spent waiting for its fix to reach people: it makes nothing old. Milliseconds. */
  waitedMs: number;
  /** When the person last got a first follow-up about any case; null for never. */
  askedAt: number | null;
  /** Whether this one is a first follow-up, and not the next one of a case that this person disputed. */
  isFirst: boolean;
}

export interface LedgerPolicy {
  /** Milliseconds between two first follow-ups to one person. */
  quarantine: number;
  /** After this long nobody is asked about what they said; null for never. Milliseconds. */
  oldest: number | null;
}

/** Why somebody is not asked, in words for the list; null when the mail may leave. The first reason that holds counts. */
export function reasonToSkip(standing: Standing, policy: LedgerPolicy, now: number): string | null {
  if (standing.isReopened) return 'the case was reopened before the mail left';
  if (standing.isDropped) return 'the case was dropped before the mail left';
  if (standing.noAddress !== null) return standing.noAddress;
  if (standing.isUndeliverable) return 'mail to this address could not be delivered';
  if (standing.hasOptedOut) return 'the customer asked for no more mail';
  if (policy.oldest !== null && now - standing.lastDeliveryAt - standing.waitedMs > policy.oldest)
    return `the customer told us of it more than ${formatDuration(policy.oldest)} ago`;
  const isTooSoon = standing.askedAt !== null && now - standing.askedAt < policy.quarantine;
  if (standing.isFirst && isTooSoon)
    return `the customer was asked less than ${formatDuration(policy.quarantine)} ago`;
  return null;
}
