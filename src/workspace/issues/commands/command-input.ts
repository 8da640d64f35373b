import { AppError } from '#domain/base/errors.ts';
import type { Case } from '#domain/cases/case-record.ts';
import { invalidField } from '../../basics/field-text.ts';
import type { Core } from '../../core.ts';

/** What one person wants of one case: by a command in a comment, or from the case page. */
export interface Input {
  caseRecord: Case;
  /** A person of the workspace who has a role in the case. */
  who: string;
  value: string;
  because: string | null;
  /** Where it was said. */
  evidence: string;
}

/**
 * Does it, and answers in a line what was done.
 *
 * @throws AppError when it cannot be done, with the reason
 */
export type Operation = (core: Core, input: Input) => string;

export function reasonOf({ because, value }: Input): string {
  const reason = (because ?? value).trim();
  if (reason === '') invalidField('because', 'is empty; say why');
  return reason;
}

export function needOpen({ loop }: Case, what: string): void {
  if (loop !== 'working') throw new AppError('conflict', `It is closed already; reopen it to ${what}.`);
}
