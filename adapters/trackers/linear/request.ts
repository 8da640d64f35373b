import type { LinearSdk, parseLinearError } from '@linear/sdk';
import * as z from 'zod';
import { withRetry } from '#adapters/with-retry.ts';
import { OutsideError } from '#domain/errors.ts';
import type { TrackerDeps } from '#domain/tracker.ts';
import type { Question } from './documents.ts';
import { failureOf, LinearFailure, networkFailureOf } from './errors.ts';

/** The ways to speak with Linear. */
export interface LinearClient {
  sdk: LinearSdk;
  /** Asks with a document of ours, a few times if need be. */
  read<Answer>(question: Question<Answer>, variables: Record<string, unknown>): Promise<Answer>;
  /** Runs one mutation of the SDK, once. */
  write<Payload extends { success: boolean }>(
    operation: string,
    mutate: (sdk: LinearSdk) => Promise<Payload>,
  ): Promise<Payload>;
}

const envelope = z.looseObject({ data: z.unknown().optional(), errors: z.unknown().optional() });

/** Builds the SDK over the `fetch` that was handed in: its own client knows the global one only. */
export async function connect(key: string, deps: TrackerDeps): Promise<LinearClient> {
  const { LinearSdk, parseLinearError } = await import('@linear/sdk');
  const request = requester(key, deps, parseLinearError);
  const sdk = new LinearSdk(request);
  return {
    sdk,
    read: ({ document, answer }, variables) =>
      withRetry(deps.retryMs, async () => {
        const parsed = answer.safeParse(await request(document, variables));
        if (parsed.success) return parsed.data;
        throw new LinearFailure('unknown', operationOf(document), { detail: 'unexpected answer' });
      }),
    write: async (operation, mutate) => {
      const payload = await mutate(sdk).catch((error: unknown) => {
        if (error instanceof OutsideError) throw error;
        throw new LinearFailure('unknown', operation, { detail: 'unexpected answer' });
      });
      if (payload.success) return payload;
      throw new LinearFailure('unknown', operation, { detail: 'no success told' });
    },
  };
}

function requester(key: string, deps: TrackerDeps, parse: typeof parseLinearError) {
  return async <Data>(document: string, variables?: Record<string, unknown>): Promise<Data> => {
    const operation = operationOf(document);
    let response: Response;
    let text: string;
    try {
      response = await deps.fetch(deps.baseUrl, {
        method: 'POST',
        headers: { authorization: key, 'content-type': 'application/json' },
        body: JSON.stringify({ query: document, variables }),
      });
      text = await response.text();
    } catch (error) {
      throw networkFailureOf(operation, error);
    }
    const body = envelope.safeParse(parseJson(text)).data ?? {};
    if (response.ok && body.data && !body.errors) return body.data as Data;
    throw failureOf(parse, operation, {
      status: response.status,
      headers: response.headers,
      errors: body.errors,
    });
  };
}

function operationOf(document: string): string {
  return `linear ${/\b(?:query|mutation)\s+(\w+)/.exec(document)?.[1] ?? 'request'}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
