import type { Client } from 'jira.js/core';
import * as z from 'zod';
import { classifyFailedHttpAnswer, classifyNetworkError, keepSetUpWords, listTexts } from '#adapters/outcomes.ts';
import { IntegrationError, type RefusedField } from '#domain/base/errors.ts';
import type { TrackerDeps } from '#domain/integrations/tracker-definition.ts';
import { readWithRetry } from '../../outbound.ts';

type Effect = 'read' | 'write';
type Request = Parameters<Client['sendRequest']>[0];

type Call = <Answer>(
  operation: string,
  schema: z.ZodType<Answer>,
  ask: (client: Client) => Promise<unknown>,
) => Promise<Answer>;

/** Single calls: `ask` uses the given client, and the answer must match the schema. */
export interface JiraClient {
  read: Call;
  write: Call;
  anonymously(url: string): Promise<number>;
  /** The host's clock at its last answer, in UTC milliseconds; NaN before. */
  vendorTimeMs(): number;
}

/** A transport for jira.js, whose own uses the global fetch and drops the headers of errors. */
export function createJiraClient(deps: TrackerDeps, email: string, token: string): JiraClient {
  const base = deps.baseUrl.replace(/\/+$/, '');
  const authorization = `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${email}:${token}`)))}`;

  let lastVendorTimeMs = Number.NaN;

  async function send(operation: string, effect: Effect, request: Request): Promise<unknown> {
    try {
      const response = await deps.fetch(base + request.url + toQueryString(request.searchParams), {
        method: request.method ?? 'GET',
        headers: {
          accept: 'application/json',
          authorization,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
      lastVendorTimeMs = Date.parse(response.headers.get('date') ?? '');
      const failure = classifyHttpFailure(operation, effect, response, []);
      if (failure) throw (await withReasons(operation, effect, response, request.body)) ?? failure;
      const text = await response.text();
      return text === '' ? undefined : JSON.parse(text);
    } catch (error) {
      throw classifyNetworkError(operation, error);
    }
  }

  async function call<Answer>(
    operation: string,
    effect: Effect,
    schema: z.ZodType<Answer>,
    ask: (client: Client) => Promise<unknown>,
  ): Promise<Answer> {
    const answer = await ask({
      sendRequest: <Result>(request: Request) => send(operation, effect, request) as Promise<Result>,
    });
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw new IntegrationError('unknown', operation, { detail: 'unexpected answer' });
    return parsed.data;
  }

  return {
    read: (operation, schema, ask) => readWithRetry(deps.retryMs, () => call(operation, 'read', schema, ask)),
    write: (operation, schema, ask) => call(operation, 'write', schema, ask),
    async anonymously(url) {
      const response = await deps.fetch(url, { headers: { accept: 'application/json' } });
      await response.body?.cancel();
      return response.status;
    },
    vendorTimeMs: () => lastVendorTimeMs,
  };
}

function toQueryString(parameters: Record<string, unknown> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const item of [value].flat()) {
      if (item !== undefined && item !== null) query.append(name, String(item));
    }
  }
  return query.size ? `?${query}` : '';
}

/** The one place that translates failures of Jira. */
function classifyHttpFailure(
  operation: string,
  effect: Effect,
  response: Response,
  reasons: RefusedField[],
): IntegrationError | null {
  const { status, headers } = response;
  // Jira may treat a wrong token as none, and then shows an empty site instead of 401.
  if (/AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/.test(headers.get('x-seraph-loginreason') ?? ''))
    return new IntegrationError('auth', operation, { status });
  if (status >= 200 && status < 300) return null;
  // A postponed read had no effect; a postponed write may have had one.
  const limited = status === 503 && headers.has('retry-after') && effect === 'read';
  return classifyFailedHttpAnswer(operation, status, headers, { write: effect === 'write', limited, fields: reasons });
}

const partsByField = new Map([
  ['summary', 'title'],
  ['description', 'body'],
  ['priority', 'severity'],
  ['duedate', 'dueDate'],
  ['assignee', 'assignee'],
  ['labels', 'labels'],
]);

const refusalSchema = z.object({
  errorMessages: z.array(z.string()).catch([]),
  errors: z.record(z.string(), z.string()).catch({}),
});

async function withReasons(operation: string, effect: Effect, response: Response, body: unknown) {
  const { data } = refusalSchema.safeParse(await response.json().catch(() => null));
  if (!data) return null;
  const sent = listTexts(body);
  const named = Object.entries(data.errors).map(([field, message]) => ({
    field,
    why: keepSetUpWords(message, sent),
    part: partsByField.get(field),
  }));
  const general = data.errorMessages.flatMap((message) => {
    const why = keepSetUpWords(message, sent);
    return why === '' ? [] : [{ field: 'Jira', why }];
  });
  return classifyHttpFailure(operation, effect, response, [...named, ...general]);
}
