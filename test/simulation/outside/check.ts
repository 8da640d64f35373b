import { intakeRules } from './intake-rules.ts';
import { issueRules } from './issue-rules.ts';
import { mailRules } from './mail-rules.ts';
import type { OutsideHistory } from './outside-history.ts';
import { privacyRules } from './privacy-rules.ts';
import { readHistory, type Seen } from './read.ts';
import { teamRules } from './team-rules.ts';

/** Every rule by its name. */
export const outsideRules = {
  ...intakeRules,
  ...issueRules,
  ...mailRules,
  ...teamRules,
  ...privacyRules,
} satisfies Record<string, (seen: Seen) => string[]>;

/**
 * Judges a finished run by what anybody outside can tell of it.
 *
 * @returns one line per violation, with the name of its rule at the head
 */
export function findOutsideViolations(history: OutsideHistory): string[] {
  const seen = readHistory(history);
  return Object.entries(outsideRules).flatMap(([name, rule]) => rule(seen).map((line) => `outside ${name}: ${line}`));
}
