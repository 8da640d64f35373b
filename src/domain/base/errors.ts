/** Errors by what a caller should do. Messages hold no personal data; routes compare `code`, not the class. */
export type ErrorCode =
  | IntegrationErrorCode
  | 'invalid-input'
  | 'too-large'
  | 'too-slow'
  | 'unsupported'
  | 'invalid-signature'
  | 'not-found'
  | 'conflict'
  | 'config'
  | 'forbidden';

export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

/** @throws AppError `not-found` with the message for what was not found */
export function demandFound<Found>(found: Found | null | undefined, message: string): Found {
  if (found === null || found === undefined) throw new AppError('not-found', message);
  return found;
}

export type Problem = { field: string; message: string; line?: number };

export class InvalidInputError extends AppError {
  readonly problems: Problem[];

  constructor(message: string, problems: Problem[] = []) {
    super('invalid-input', message.slice(0, longestTextShown).toWellFormed());
    this.problems = capProblems(problems);
  }
}

export const mostProblemsShown = 50;
const [longestMessageShown, longestTextShown] = [1000, 20_000];

function capProblems(problems: Problem[]): Problem[] {
  const more = problems.length - mostProblemsShown;
  const shown = problems.slice(0, mostProblemsShown).map(({ message, ...problem }) => {
    return { ...problem, message: message.slice(0, longestMessageShown).toWellFormed() };
  });
  return more > 0 ? [...shown, { field: '…', message: `and ${more.toLocaleString('en')} more` }] : shown;
}

/** The problems as lines of text. */
export const describeProblems = (problems: Problem[]): string =>
  capProblems(problems)
    .map(({ field, line, message }) => `${field}${line ? ` (line ${line})` : ''}: ${message}`)
    .join('\n');

/**
 * How a failed call to a vendor's host ended.
 * - `auth`: credentials or permission refused; certainly no effect
 * - `rejected`: the host refused the content; certainly no effect
 * - `rate-limited`: certainly no effect; wait `retryAfterMs`
 * - `unavailable`: certainly no effect (no byte reached the host, or the host said so); try later
 * - `unknown`: no readable answer; the call may have worked
 */
export type IntegrationErrorCode = 'auth' | 'rejected' | 'rate-limited' | 'unavailable' | 'unknown';

/** A field that a host refused, by the host's own name for it, and the reason: a code, or words about the set-up. */
export interface RefusedField {
  field: string;
  why: string;
  /** The part of an edit that holds the field, as `fieldOfPart` names it. */
  part?: string | undefined;
}

export class IntegrationError extends AppError {
  declare readonly code: IntegrationErrorCode;
  declare readonly operation: string;
  declare readonly status: number;
  declare readonly fields: RefusedField[];
  /** The kind of a refusal, which its adapter alone knows. */
  declare readonly reason: string | null;
  /** Whether the host refuses every change of the place, which may be opened again. */
  declare readonly isPlaceClosed: boolean;
  /** Wait that the host asked for, in milliseconds. */
  declare readonly retryAfterMs: number | null;
  /** The adapter's own words about it, which are part of the message. */
  declare readonly detail: string;

  constructor(
    code: IntegrationErrorCode,
    operation: string,
    facts: Partial<Pick<IntegrationError, 'status' | 'fields' | 'reason' | 'isPlaceClosed' | 'retryAfterMs'>> & {
      detail?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    const { status = 0, fields = [], reason = null, isPlaceClosed = false, retryAfterMs = null } = facts;
    const { detail = '', cause } = facts;
    const named = fields.map(({ field, why }) => (why ? `${field} (${why})` : field)).join(', ');
    const parts = [operation, code, status ? `status ${status}` : '', detail, named];
    super(code, parts.filter(Boolean).join(': '), cause === undefined ? undefined : { cause });
    const own = { operation, status, fields, reason, isPlaceClosed, retryAfterMs, detail };
    Object.assign(this, { name: 'IntegrationError', ...own });
  }
}
