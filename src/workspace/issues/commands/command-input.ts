import { AppError } from '#domain/base/errors.ts';
import type { Case } from '#domain/cases/case-record.ts';
import { refuseField } from '../../basics/field-text.ts';
import type { Core } from '../../core.ts';

/** One person's command about one case, from a comment or the case page. */
export interface Input {
  caseRecord: Case;
  who: string;
  value: string;
  because: string | null;
  evidence: string;
}

/**
 * Runs a command and returns a readable line.
 *
 * @throws AppError with the reason when it is impossible
 */
export type Operation = (core: Core, input: Input) => string;

export function requireReason({ because, value }: Input): string {
  const reason = (because ?? value).trim();
  if (reason === '') refuseField('because', 'is empty; give a reason');
  return reason;
}

export function requireOpenCase({ loop }: Case, what: string): void {
  if (loop !== 'working') throw new AppError('conflict', `It is closed already; reopen it to ${what}.`);
}
