import type { parseLinearError } from '@linear/sdk';
import * as z from 'zod';
import type { TrackerDeps } from '#domain/integrations/tracker-definition.ts';
import * as kit from '../../kit.ts';
import type { Credentials } from './credentials.ts';
import { areErrorsBelowRoot, classifyErrorAnswer, LinearFailure, toNetworkFailure } from './errors.ts';
import type { Question } from './schema.ts';
import type { Write } from './sdk.ts';

export interface LinearClient {
  /** The host's clock at its last answer, in UTC milliseconds; NaN before. */
  vendorTimeMs(): number;
  read<Answer>(question: Question<Answer>, variables: Record<string, unknown>): Promise<Answer>;
  write: Write;
}

const mutationPayload = z.looseObject({ success: z.boolean() });
const envelope = z.looseObject({ data: z.unknown().optional(), errors: z.unknown().optional() });

/** Builds the SDK over the given `fetch`; its own client uses the global one only. */
export async function connect(credentials: Credentials, deps: TrackerDeps): Promise<LinearClient> {
  const { mutations, parseLinearError } = await import('./sdk.ts');
  const clock = { host: Number.NaN };
  const request = requester(credentials, deps, parseLinearError, clock);
  return {
    vendorTimeMs: () => clock.host,
    read: ({ document, answer }, variables) =>
      kit.readWithRetry(deps.retryMs, async () => {
        const parsed = answer.safeParse(await request(document, variables));
        if (parsed.success) return parsed.data;
        throw new LinearFailure('unknown', readOperationName(document), { detail: 'unexpected answer' });
      }),
    write: async (name, variables) => {
      const answer = await request<object>(mutations[name].toString(), variables);
      const payload = mutationPayload.safeParse(Object.values(answer)[0]);
      const detail = payload.success ? 'no success reported' : 'unexpected answer';
      if (!payload.data?.success) throw new LinearFailure('unknown', `linear ${name}`, { detail });
      return payload.data as never;
    },
  };
}

function requester(
  credentials: Credentials,
  deps: TrackerDeps,
  parse: typeof parseLinearError,
  clock: { host: number },
) {
  async function send(operation: string, body: string): Promise<{ response: Response; text: string }> {
    const authorization = await credentials.header();
    try {
      const response = await deps.fetch(deps.baseUrl, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body,
      });
      clock.host = Date.parse(response.headers.get('date') ?? '');
      return { response, text: await response.text() };
    } catch (error) {
      throw toNetworkFailure(operation, error);
    }
  }

  return async <Data>(document: string, variables?: Record<string, unknown>): Promise<Data> => {
    const operation = readOperationName(document);
    const content = JSON.stringify({ query: document, variables });
    let { response, text } = await send(operation, content);
    // A 401 had no effect, and a client's token ends when another is issued.
    if (response.status === 401 && credentials.renew()) ({ response, text } = await send(operation, content));
    const body = envelope.safeParse(kit.jsonOrNull(text)).data ?? {};
    const isQuery = !/\bmutation\s+\w/.test(document);
    // A mutation whose answer lacks a part took effect, as its own `success` tells.
    const isWhole = !body.errors || (!isQuery && areErrorsBelowRoot(body.errors));
    if (response.ok && body.data && isWhole) return body.data as Data;
    throw classifyErrorAnswer(parse, operation, {
      status: response.status,
      headers: response.headers,
      errors: body.errors,
      sent: kit.listTexts(variables),
      isQuery,
    });
  };
}

const readOperationName = (document: string): string =>
  `linear ${/\b(?:query|mutation)\s+(\w+)/.exec(document)?.[1] ?? 'request'}`;
