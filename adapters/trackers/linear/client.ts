import * as z from 'zod';
import * as kit from '../../kit.ts';
import { areErrorsBelowRoot, classifyErrorAnswer, listAbsentFields } from './errors.ts';
import type { Question } from './schema.ts';
import { mutations, type Write } from './sdk.ts';

export interface LinearClient {
  /** The host's clock at its last answer, in UTC milliseconds; NaN before. */
  vendorTimeMs(): number;
  read<Answer>(question: Question<Answer>, variables: Record<string, unknown>): Promise<Answer>;
  write: Write;
}

const mutationPayload = z.looseObject({ success: z.boolean() });
const envelope = z.looseObject({ data: z.unknown().optional(), errors: z.unknown().optional() });

/** Sends the SDK's documents over the given `fetch`; its own client uses the global one only. */
export function connect(credentials: Credentials, deps: kit.TrackerDeps): LinearClient {
  const { origin, pathname } = new URL(deps.baseUrl);
  const address = origin + (pathname.replace(/\/+$/, '') || '/graphql');
  let lastVendorTimeMs = Number.NaN;
  /** Fields that this Linear does not have, as it says; answers that need them are then incomplete. */
  const absentFields = new Set<string>();

  async function send(operation: string, body: string): Promise<{ response: Response; text: string }> {
    const headers = { authorization: await credentials.header(), 'content-type': 'application/json' };
    try {
      const response = await deps.fetch(address, { method: 'POST', headers, body });
      lastVendorTimeMs = Date.parse(response.headers.get('date') ?? '');
      return { response, text: await response.text() };
    } catch (error) {
      throw kit.classifyNetworkError(operation, error);
    }
  }

  async function request(document: string, variables?: Record<string, unknown>): Promise<unknown> {
    const operation = readOperationName(document);
    const query = [...absentFields].reduce((text, name) => text.replaceAll(` ${name} `, ' '), document);
    const content = JSON.stringify({ query, variables });
    let { response, text } = await send(operation, content);
    // A 401 had no effect, and a client's token ends when another is issued.
    if (response.status === 401 && credentials.renew()) ({ response, text } = await send(operation, content));
    const { data, errors } = envelope.safeParse(kit.jsonOrNull(text)).data ?? {};
    const isQuery = !/\bmutation\s+\w/.test(document);
    // A mutation whose answer lacks a part took effect, as its own `success` tells.
    const isWhole = !errors || (!isQuery && areErrorsBelowRoot(errors));
    if (response.ok && data && isWhole) return data;
    const absent = listAbsentFields(errors).filter((name) => isQuery && !absentFields.has(name));
    for (const name of absent) absentFields.add(name);
    if (absent.length > 0) return request(document, variables);
    throw classifyErrorAnswer(operation, response, { errors, sent: kit.listTexts(variables), isQuery });
  }

  return {
    vendorTimeMs: () => lastVendorTimeMs,
    read: ({ document, answer }, variables) =>
      kit.readWithRetry(deps.retryMs, async () => {
        const parsed = answer.safeParse(await request(document, variables));
        if (parsed.success) return parsed.data;
        throw new kit.IntegrationError('unknown', readOperationName(document), { detail: 'unexpected answer' });
      }),
    write: async (name, variables) => {
      const answer = await request(mutations[name].toString(), variables);
      const payload = mutationPayload.safeParse(Object.values(answer ?? {})[0]);
      const detail = payload.success ? 'no success reported' : 'unexpected answer';
      if (!payload.data?.success) throw new kit.IntegrationError('unknown', `linear ${name}`, { detail });
      return payload.data as never;
    },
  };
}

const readOperationName = (document: string): string =>
  `linear ${/\b(?:query|mutation)\s+(\w+)/.exec(document)?.[1] ?? 'request'}`;

export interface Credentials {
  header(): Promise<string>;
  /** After a refusal: whether a new token makes another try useful. */
  renew(): boolean;
}

export const apiKey = (key: string): Credentials => ({ header: async () => key, renew: () => false });

/** An OAuth application as itself; a new token ends the client's old one, so each workspace needs its own client. */
export function createClientCredentials(client: { id: string; secret: string }, deps: kit.TrackerDeps): Credentials {
  const form = {
    grant_type: 'client_credentials',
    scope: 'read,write',
    client_id: client.id,
    client_secret: client.secret,
  };
  const address = new URL('/oauth/token', deps.baseUrl);
  const token = kit.once(async () => `Bearer ${await kit.fetchAccessToken('linear token', deps.fetch, address, form)}`);
  return {
    header: token.get,
    renew() {
      token.forget();
      return true;
    },
  };
}
