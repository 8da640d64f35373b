import { accessInvariants } from './access-invariants.ts';
import { actionInvariants } from './action-invariants.ts';
import { adoptionInvariants } from './adoption-invariants.ts';
import { copyInvariants } from './copy-invariants.ts';
import { eventInvariants } from './event-invariants.ts';
import { fieldsInvariants } from './fields-invariants.ts';
import { heldInvariants } from './held-invariants.ts';
import type { History, Invariant } from './history.ts';
import { huddleInvariants } from './huddle-invariants.ts';
import { intakeInvariants } from './intake-invariants.ts';
import { issueInvariants } from './issue-invariants.ts';
import { loopInvariants } from './loop-invariants.ts';
import { mailInvariants } from './mail-invariants.ts';
import { peopleInvariants } from './people-invariants.ts';
import { planInvariants } from './plan-invariants.ts';
import { poisonInvariants } from './poison-invariants.ts';
import { privacyInvariants } from './privacy-invariants.ts';
import { replyInvariants } from './reply-invariants.ts';
import { setUpInvariants } from './set-up-invariants.ts';
import { strategicInvariants } from './strategic-invariants.ts';
import { tokenInvariants } from './token-invariants.ts';
import { vanishingInvariants } from './vanishing-invariants.ts';

/** Every invariant by its name. */
export const invariants = {
  ...intakeInvariants,
  ...heldInvariants,
  ...issueInvariants,
  ...fieldsInvariants,
  ...mailInvariants,
  ...loopInvariants,
  ...strategicInvariants,
  ...peopleInvariants,
  ...actionInvariants,
  ...planInvariants,
  ...replyInvariants,
  ...privacyInvariants,
  ...tokenInvariants,
  ...setUpInvariants,
  ...vanishingInvariants,
  ...copyInvariants,
  ...poisonInvariants,
  ...accessInvariants,
  ...eventInvariants,
  ...adoptionInvariants,
  ...huddleInvariants,
} satisfies Record<string, Invariant>;

/**
 * Judges a finished run by every invariant.
 *
 * @returns one line per violation, with the name of its invariant at the head
 */
export const findViolations = (history: History): string[] =>
  Object.entries(invariants).flatMap(([name, invariant]) => invariant(history).map((line) => `${name}: ${line}`));
