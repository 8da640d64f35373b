import * as z from 'zod';
import { networkOutcome, statusOutcome } from '#adapters/outcomes.ts';
import { withRetry } from '#adapters/with-retry.ts';
import { OutsideError } from '#domain/errors.ts';

const login = z.object({ login: z.string(), type: z.string().optional() });
const label = z.union([z.string(), z.object({ name: z.string() })]);

export const userShape = login;
export const labelsShape = z.array(z.object({ name: z.string() }));
export const anyShape = z.unknown();

export const issueShape = z.object({
  number: z.int(),
  html_url: z.string(),
  repository_url: z.string(),
  body: z.string().nullish(),
  user: login.nullish(),
  state: z.enum(['open', 'closed']),
  state_reason: z.string().nullish(),
  labels: z.array(label),
  assignees: z.array(login).nullish(),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: z.string().nullish(),
  closed_by: login.nullish(),
  pull_request: z.unknown().optional(),
});
export const issuesShape = z.array(issueShape);
export type Issue = z.infer<typeof issueShape>;

export const commentShape = z.object({
  id: z.int(),
  body: z.string().nullish(),
  user: login.nullish(),
  created_at: z.string(),
});
export const commentsShape = z.array(commentShape);

export const eventsShape = z.array(z.object({ event: z.string().optional(), actor: login.nullish() }));

/** The part of an Octokit answer that is read here. */
export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  data: unknown;
}

export interface Calls {
  /** A read, tried again within seconds. */
  read<Data>(operation: string, shape: z.ZodType<Data>, request: () => Promise<Answer>): Promise<Data>;
  /** One try, for calls that change something. */
  write<Data>(operation: string, shape: z.ZodType<Data>, request: () => Promise<Answer>): Promise<Data>;
}

/** Calls that end in data of the wanted shape or in an `OutsideError`. */
export function createCalls(retryMs: number): Calls {
  return {
    read: (operation, shape, request) =>
      withRetry(retryMs, () => call(operation, shape, request, { write: false })),
    write: (operation, shape, request) => call(operation, shape, request, { write: true }),
  };
}

async function call<Data>(
  operation: string,
  shape: z.ZodType<Data>,
  request: () => Promise<Answer>,
  facts: { write: boolean },
): Promise<Data> {
  const answer = await request().catch((error: unknown) => {
    throw failure(operation, error, facts);
  });
  // Redirects are not followed, and Octokit takes an unfollowed one for a success.
  if (answer.status >= 300) throw statusOutcome(operation, answer.status, headersOf(answer), facts);
  const parsed = shape.safeParse(answer.data);
  if (!parsed.success) throw unreadable(operation, answer.status);
  return parsed.data;
}

/** A success that does not say what it should: it may have worked. */
export function unreadable(operation: string, status = 0): OutsideError {
  return new OutsideError('unknown', operation, { status, detail: 'unreadable answer' });
}

/** Whether a read failed because there is nothing (any more) where we looked. */
export function isGone(error: unknown): boolean {
  return (
    error instanceof OutsideError &&
    error.code === 'rejected' &&
    [301, 302, 307, 308, 404, 410].includes(error.status)
  );
}

/** Whether a read was refused although the token is valid. */
export function isForbidden(error: unknown): boolean {
  return error instanceof OutsideError && error.code === 'auth' && error.status === 403;
}

interface OctokitError extends Error {
  response?: Answer;
}

/** The one place where GitHub's and Octokit's dialects of failing are told apart. */
function failure(operation: string, error: unknown, facts: { write: boolean }): OutsideError {
  const answer = error instanceof Error ? (error as OctokitError).response : undefined;
  if (!answer) return networkOutcome(operation, error);
  const limited = answer.status === 403 && /secondary rate limit/i.test(messageOf(answer.data));
  return statusOutcome(operation, answer.status, headersOf(answer), { ...facts, limited });
}

function headersOf(answer: Answer): Headers {
  const pairs = Object.entries(answer.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return new Headers(pairs);
}

function messageOf(data: unknown): string {
  const { data: text } = z.union([z.string(), z.object({ message: z.string() })]).safeParse(data);
  return typeof text === 'string' ? text : (text?.message ?? '');
}
