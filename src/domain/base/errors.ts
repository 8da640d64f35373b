/**
 * Errors by what the caller should do. `code` is stable; messages carry no personal data and no secret.
 * Across an object's boundary classes do not survive, so routes compare `code`.
 */
export type ErrorCode =
  | 'invalid-input'
  | 'invalid-signature'
  | 'not-found'
  | 'conflict'
  | 'config'
  | 'auth'
  | 'forbidden'
  | 'rejected'
  | 'rate-limited'
  | 'unavailable'
  | 'unknown';

export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

/** One thing wrong with an input: which field, and how to mend it. */
export interface Problem {
  field: string;
  message: string;
  line?: number;
}

export class InvalidInputError extends AppError {
  readonly problems: Problem[];

  constructor(message: string, problems: Problem[] = []) {
    super('invalid-input', message);
    this.problems = problems;
  }
}

/**
 * How a call to an outside host ended when it did not end well.
 *
 * - `auth`: credentials or permission refused; certainly no effect
 * - `rejected`: the host refused the content; certainly no effect
 * - `rate-limited`: certainly no effect; wait `retryAfterMs`
 * - `unavailable`: certainly no effect (no byte reached the host, or it said so); try later
 * - `unknown`: no readable answer; the call may have worked
 */
export type IntegrationErrorCode = 'auth' | 'rejected' | 'rate-limited' | 'unavailable' | 'unknown';

export class IntegrationError extends AppError {
  declare readonly code: IntegrationErrorCode;
  readonly operation: string;
  /** HTTP status where there was one, 0 otherwise. */
  readonly status: number;
  /** Milliseconds that the host asked us to wait. */
  readonly retryAfterMs: number | null;

  constructor(
    code: IntegrationErrorCode,
    operation: string,
    facts: { status?: number; retryAfterMs?: number | null; detail?: string; cause?: unknown } = {},
  ) {
    const status = facts.status ?? 0;
    super(
      code,
      [operation, code, status ? `status ${status}` : '', facts.detail ?? ''].filter(Boolean).join(': '),
      facts.cause === undefined ? undefined : { cause: facts.cause },
    );
    this.name = 'IntegrationError';
    this.operation = operation;
    this.status = status;
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }
}
