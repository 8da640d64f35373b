import type * as z from 'zod';
import { AppError, IntegrationError } from '#domain/base/errors.ts';
import type { SurveyApiDeps } from '#domain/integrations/survey-source.ts';
import { readJson } from './json.ts';
import { networkOutcome, statusOutcome } from './outcomes.ts';
import { withRetry } from './with-retry.ts';

/** A page of hundreds of responses. Its bytes are limited like those of every call. */
const mostKeys = 1_000_000;

export interface ApiRead<Value> {
  /** Name in errors and logs, without ids. */
  operation: string;
  /** Path after the base address, with its query. */
  path: string;
  headers: Record<string, string>;
  /** JSON body for reads that a vendor expects by POST. */
  body?: unknown;
  schema: z.ZodType<Value>;
  /** Duration of a used-up limit in milliseconds, from the vendor's own headers. */
  waitMs?(headers: Headers): number | null;
  /** The vendor's own status inside an answer of 200, where it has one. */
  status?(json: unknown): number;
}

/**
 * Reads JSON from a survey tool's API.
 *
 * @returns null for 404
 * @throws IntegrationError only
 */
export function readApi<Value>(deps: SurveyApiDeps, read: ApiRead<Value>): Promise<Value | null> {
  return withRetry(deps.retryMs, () => readOnce(deps, read));
}

async function readOnce<Value>(deps: SurveyApiDeps, read: ApiRead<Value>): Promise<Value | null> {
  const { operation, path, headers, schema, body: asked } = read;
  const answer = await deps
    .fetch(`${deps.baseUrl.replace(/\/$/, '')}${path}`, {
      headers: {
        accept: 'application/json',
        ...(asked === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(asked === undefined ? {} : { method: 'POST', body: JSON.stringify(asked) }),
    })
    .catch((error: unknown) => {
      throw networkOutcome(operation, error);
    });
  if (answer.status === 404) return null;
  const wait = answer.status === 429 ? (read.waitMs?.(answer.headers) ?? null) : null;
  if (wait !== null) throw new IntegrationError('rate-limited', operation, { status: 429, retryAfterMs: wait });
  if (!answer.ok) throw statusOutcome(operation, answer.status, answer.headers, { write: false });
  const body = await answer.arrayBuffer().catch((error: unknown) => {
    throw networkOutcome(operation, error);
  });
  let json: unknown;
  try {
    json = readJson(new Uint8Array(body), mostKeys);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new IntegrationError('unknown', operation, { status: answer.status, detail: error.message });
  }
  const status = read.status?.(json) ?? 200;
  if (status === 404) return null;
  if (status >= 300) throw statusOutcome(operation, status, answer.headers, { write: false });
  const { data, success } = schema.safeParse(json);
  if (!success) {
    throw new IntegrationError('rejected', operation, {
      status: answer.status,
      detail: 'an answer of another shape than documented',
    });
  }
  return data;
}
