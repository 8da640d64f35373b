import { AppError, type Problem } from './kit.ts';

export type Failure = { ok: false; code: string; message: string; problems: Problem[] };

/** Error classes do not survive an object's boundary, so outcomes leave as values. */
export type Result<Value> = { ok: true; value: Value } | Failure;

/** @throws what is no error of ours */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof AppError)) throw error;
  const problems = 'problems' in error ? (error.problems as Problem[]) : [];
  return { ok: false, code: error.code, message: error.message, problems };
}

export const notVerifiedResult = toFailure(new AppError('invalid-signature', 'The delivery could not be verified.'));
