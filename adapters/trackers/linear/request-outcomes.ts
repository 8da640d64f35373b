import { IntegrationError } from '#domain/base/errors.ts';
import { LinearFailure } from './errors.ts';

const maxPages = 100;

/** Every page of a list with the newest first. */
export async function readAllPages<Item>(
  operation: string,
  ask: (after: string | null) => Promise<{
    nodes: Item[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const { nodes, pageInfo } = await ask(after);
    items.push(...nodes);
    if (!pageInfo.hasNextPage) return items;
    after = pageInfo.endCursor;
  }
  throw new LinearFailure('unknown', operation, { detail: 'too many pages' });
}

export async function orNull<Answer>(reading: Promise<Answer>): Promise<Answer | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof LinearFailure && error.reason === 'not-found') return null;
    throw error;
  }
}

export function isInsertConflict(error: unknown): boolean {
  return error instanceof LinearFailure && error.reason === 'conflict';
}

/** A step after the call: when it fails, the call has worked all the same. */
export async function relabelErrorAfterWrite<Result>(step: Promise<Result>): Promise<Result> {
  try {
    return await step;
  } catch (error) {
    if (!(error instanceof IntegrationError)) throw error;
    const { operation, status, retryAfterMs } = error;
    throw new LinearFailure('unknown', operation, { status, retryAfterMs });
  }
}
