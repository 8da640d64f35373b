import { getCurrentUser, getMyPermissions, getServerInfo } from 'jira.js/cloud';
import type { Client } from 'jira.js/core';
import * as z from 'zod';
import * as kit from '../../kit.ts';
import type { JiraSettings } from './settings.ts';
import { ownAccountSchema, permissionsSchema, siteInfoSchema } from './schema.ts';

type Effect = 'read' | 'write';
type Request = Parameters<Client['sendRequest']>[0];

/** A call of the library, whose answer must match the schema. */
type Call = <Parameters, Answer>(
  operation: string,
  schema: z.ZodType<Answer>,
  ask: (client: Client, parameters: Parameters) => Promise<unknown>,
  parameters: NoInfer<Parameters>,
) => Promise<Answer>;

/** A transport for jira.js, whose own uses the global fetch and drops the headers of errors. */
export function createJiraClient(deps: kit.TrackerDeps, email: string, token: string) {
  const base = deps.baseUrl.replace(/(\/rest\/api\/\d)?\/*$/, '');
  const authorization = `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${email}:${token}`)))}`;

  let lastVendorTimeMs = Number.NaN;

  async function send(operation: string, effect: Effect, request: Request): Promise<unknown> {
    try {
      const { url, searchParams, method = 'GET', body } = request;
      const address = base + url + toQueryString(searchParams);
      const response = await kit.sendJson(deps.fetch, address, { method, headers: { authorization }, body });
      lastVendorTimeMs = Date.parse(response.headers.get('date') ?? '');
      const reasons = response.ok ? [] : await readReasons(response, body);
      const failure = classifyHttpFailure(operation, effect, response, reasons);
      if (failure) throw failure;
      const text = await response.text();
      return text === '' ? undefined : JSON.parse(text);
    } catch (error) {
      throw kit.classifyNetworkError(operation, error);
    }
  }

  const createCall =
    (effect: Effect): Call =>
    async (operation, schema, ask, parameters) => {
      // jira.js puts path parameters into the address without encoding.
      const { issueIdOrKey = '0' } = parameters as { issueIdOrKey?: string };
      if (!/^[A-Za-z0-9_-]+$/.test(issueIdOrKey)) throw kit.refusal(operation, 'not an issue id', 422);
      const sendRequest = <Result>(request: Request) => send(operation, effect, request) as Promise<Result>;
      const parsed = schema.safeParse(await ask({ sendRequest }, parameters));
      if (!parsed.success) throw new kit.IntegrationError('unknown', operation, { detail: 'unexpected answer' });
      return parsed.data;
    };
  const readOnce = createCall('read');
  const read: Call = (...call) => kit.readWithRetry(deps.retryMs, () => readOnce(...call));

  return {
    base,
    read,
    write: createCall('write'),
    /** Asks as a stranger. @returns the status of an answer that is none of a limit or a failure */
    anonymously: (operation: string, url: string): Promise<number> =>
      kit.readWithRetry(deps.retryMs, async () => {
        const sent = deps.fetch(url, { headers: { accept: 'application/json' } });
        const { body, status, headers } = await sent.catch(kit.throwNetworkError(operation));
        await body?.cancel();
        if (status === 429 || status >= 500)
          throw kit.classifyFailedHttpAnswer(operation, status, headers, { write: false });
        return status;
      }),
    /** The host's clock at its last answer, in UTC milliseconds; NaN before. */
    vendorTimeMs: () => lastVendorTimeMs,
  };
}

export type JiraSite = ReturnType<typeof createJiraSite>;

/** One project of a site. */
export function createJiraSite(settings: JiraSettings, deps: kit.TrackerDeps, token: string) {
  const client = createJiraClient(deps, settings.email, token);
  const { read } = client;

  async function findLackedPermissions(names: string[]): Promise<string[]> {
    const asked = { projectKey: settings.project, permissions: names.join(',') };
    const { permissions } = await read('jira permissions', permissionsSchema, getMyPermissions, asked);
    return names.filter((name) => !permissions[name]?.havePermission);
  }

  return {
    ...client,
    settings,
    findLackedPermissions,
    /** A call that needs a permission; Jira answers a missing one like a mistake in the content, here it is `auth`. */
    async withPermission<Result>(permission: string, work: () => Promise<Result>): Promise<Result> {
      try {
        return await work();
      } catch (error) {
        // Status 0: Jira offered nothing to choose from.
        if (!kit.isRefused(error) || !kit.hasStatus(error, 0, 400)) throw error;
        // Without an answer the reason is not known, so the call is made again later. A token may not be allowed to ask.
        const asked = findLackedPermissions([permission]);
        const lacked = await kit.recover(
          asked,
          (failed) => kit.isRefused(failed) || kit.hasStatus(failed, 401, 403),
          [],
        );
        if (lacked.length === 0) throw error;
        const fields = [{ field: permission, why: 'missing permission' }];
        throw new kit.IntegrationError('auth', error.operation, { status: 403, fields });
      }
    },
    /** Caselite's own account. Refused when the token no longer signs in. */
    account: async () => (await read('jira account', ownAccountSchema, getCurrentUser, {})).accountId,
    home: kit.once(async () => {
      // Scoped tokens use the address of an API gateway; only the site itself shows pages.
      if (!client.base.includes('/ex/jira/')) return client.base;
      const info = await read('jira site', siteInfoSchema, getServerInfo, {});
      return info.baseUrl.replace(/\/+$/, '');
    }).get,
  };
}

const maxPages = 100;

/** Rows of a list that tells its total, to its end or to the first page that is enough. */
export const readByTotal = <Row>(
  ask: (startAt: number) => Promise<{ rows: Row[]; total: number }>,
  isEnough: (rows: Row[]) => boolean = () => false,
): Promise<Row[]> =>
  Array.fromAsync(
    kit.listPages(maxPages, async (startAt: number | null) => {
      const { rows, total } = await ask(startAt ?? 0);
      const next = (startAt ?? 0) + rows.length;
      return { rows, next: rows.length === 0 || next >= total || isEnough(rows) ? null : next };
    }),
  );

function toQueryString(parameters: Record<string, unknown> = {}): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    [value].flat().flatMap((item) => (item === undefined || item === null ? [] : [[name, String(item)]])),
  );
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}

/** The one place that translates failures of Jira. */
function classifyHttpFailure(
  operation: string,
  effect: Effect,
  response: Response,
  reasons: kit.RefusedField[],
): kit.IntegrationError | null {
  const { status, headers } = response;
  // Jira may treat a wrong token as none, and then shows an empty site instead of 401.
  if (/AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/.test(headers.get('x-seraph-loginreason') ?? ''))
    return new kit.IntegrationError('auth', operation, { status });
  if (status >= 200 && status < 300) return null;
  // A postponed read had no effect; a postponed write may have had one.
  const limited = status === 503 && headers.has('retry-after') && effect === 'read';
  return kit.classifyFailedHttpAnswer(operation, status, headers, {
    write: effect === 'write',
    limited,
    fields: reasons,
  });
}

const refusalSchema = z.object({
  errorMessages: z.array(z.string()).catch([]),
  errors: z.record(z.string(), z.coerce.string()).catch({}),
});

async function readReasons(response: Response, body: unknown): Promise<kit.RefusedField[]> {
  const { data } = refusalSchema.safeParse(await response.json().catch(() => null));
  if (!data) return [];
  const sent = kit.listTexts(body);
  const named = Object.entries(data.errors).map(([field, message]) => ({
    field,
    why: kit.keepSetUpWords(message, sent),
    part: kit.findPart(field),
  }));
  const general = data.errorMessages.map((message) => ({ field: 'Jira', why: kit.keepSetUpWords(message, sent) }));
  return [...named, ...general.filter(({ why }) => why !== '')];
}
