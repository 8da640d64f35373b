import { formatDuration } from '../time/duration.ts';

/** State of one person and one closing at the moment of sending a follow-up. */
export interface Standing {
  /** Whether the case was reopened, or closed again since. */
  isCaseReopened: boolean;
  isCaseDropped: boolean;
  /** Why there is no address; null where there is one. */
  whyNoAddress: string | null;
  isUndeliverable: boolean;
  hasOptedOut: boolean;
  /** Instant of the person's last words about the case: the survey, or an answer to an earlier follow-up. */
  lastFeedbackAt: number;
  /** Time for which the closing waited for its fix to ship, in milliseconds. It does not count towards the age. */
  gateWaitMs: number;
  /** Instant of the person's last first follow-up about any case; null without one. */
  lastFirstFollowUpAt: number | null;
  /** Whether this is a first follow-up, in contrast to the next one of a case that the person disputed. */
  isFirstFollowUp: boolean;
}

export interface FollowUpLimits {
  /** Minimum time between two first follow-ups to one person, in milliseconds. */
  quarantine: number;
  /** Age of a response after which nobody is asked about it, in milliseconds; null for no limit. */
  oldest: number | null;
}

/** Why a person is not asked, in readable words; null when the mail may go. The first matching reason counts. */
export function whySkipFollowUp(standing: Standing, policy: FollowUpLimits, now: number): string | null {
  if (standing.isCaseReopened) return 'the case was reopened before the mail left';
  if (standing.isCaseDropped) return 'the case was dropped before the mail left';
  if (standing.whyNoAddress !== null) return standing.whyNoAddress;
  if (standing.isUndeliverable) return 'mail to this address could not be delivered';
  if (standing.hasOptedOut) return 'the customer asked for no more mail';
  if (policy.oldest !== null && now - standing.lastFeedbackAt - standing.gateWaitMs > policy.oldest)
    return `the customer’s response is more than ${formatDuration(policy.oldest)} old`;
  const isInQuarantine =
    standing.lastFirstFollowUpAt !== null && now - standing.lastFirstFollowUpAt < policy.quarantine;
  if (standing.isFirstFollowUp && isInQuarantine)
    return `the customer was asked less than ${formatDuration(policy.quarantine)} ago`;
  return null;
}
