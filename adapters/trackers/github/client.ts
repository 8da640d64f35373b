import * as z from 'zod';
import * as kit from '../../kit.ts';
import { tellsLimit } from './settings.ts';

export type Octokit = InstanceType<typeof import('@octokit/rest').Octokit>;

type Answer = { status: number; headers: Record<string, unknown>; data: unknown };

type Request = () => Promise<Answer>;
type Call = <Data>(operation: string, schema: z.ZodType<Data>, request: Request) => Promise<Data>;
type Asked<Data> = Promise<{ data: Data; headers: Headers }>;
type Around = <Result>(call: () => Promise<Result>) => Promise<Result>;

/** Calls that return data by their schema, or throw an `IntegrationError`; `around` may make one again. */
export function createGithubCaller(retryMs: number, around: Around = (make) => make()) {
  const ask = <Data>(operation: string, schema: z.ZodType<Data>, request: Request): Asked<Data> =>
    around(() => kit.readWithRetry(retryMs, () => call(operation, schema, request, { write: false })));
  const read: Call = async (...asked) => (await ask(...asked)).data;
  return {
    /** A read with the headers of its answer. Reads are repeated within seconds after a failure. */
    ask,
    read,
    /** A change, in a single try. */
    write: (async (...asked) => (await around(() => call(...asked, { write: true }))).data) as Call,
    /** Rows of a list, of at most `most` pages. */
    list: <Row>(
      most: number,
      operation: string,
      schema: z.ZodType<Row[]>,
      request: (page: { per_page: number; page: number }) => Promise<Answer>,
    ) =>
      kit.listPages(most, async (next: number | null) => {
        const page = next ?? 1;
        const { data, headers } = await ask(operation, schema, () => request({ per_page: pageSize, page }));
        return { rows: data, next: hasNextPage(data, headers) ? page + 1 : null };
      }),
  };
}

export type Calls = ReturnType<typeof createGithubCaller>;

async function call<Data>(
  operation: string,
  schema: z.ZodType<Data>,
  request: Request,
  facts: { write: boolean },
): Asked<Data> {
  const answer = await request().catch((error: unknown) => {
    throw failure(operation, error, facts);
  });
  const headers = toHeaders(answer);
  // Redirects are not followed, and Octokit treats one as a success.
  if (answer.status >= 300) throw kit.classifyFailedHttpAnswer(operation, answer.status, headers, facts);
  const parsed = schema.safeParse(readData(answer));
  if (!parsed.success) throw unreadable(operation, answer.status);
  return { data: parsed.data, headers };
}

/** The content of an answer; without a content type, Octokit gives its text. */
const readData = ({ data }: Answer): unknown => (typeof data === 'string' ? (kit.jsonOrNull(data) ?? data) : data);

export const pageSize = 100;

/** Whether rows follow a page, which may hold fewer than were asked for. */
export const hasNextPage = (rows: unknown[], headers: Headers): boolean =>
  rows.length >= pageSize || /rel="?next\b/.test(headers.get('link') ?? '');

/** A success without the expected content: the call may have worked. */
export const unreadable = (operation: string, status = 0): kit.IntegrationError =>
  new kit.IntegrationError('unknown', operation, { status, detail: 'unreadable answer' });

/** Whether a read failed because the resource does not exist, or no longer. */
export const isGone = (error: unknown): error is kit.IntegrationError =>
  kit.isRefused(error) && kit.hasStatus(error, 301, 302, 307, 308, 404, 410);

/** Whether a read was refused although the token is valid. */
export const isForbidden = (error: unknown): error is kit.IntegrationError =>
  kit.hasStatus(error, 403) && error.code === 'auth';

/** Refusals that no other token would avoid, recognised by GitHub's own words. */
const reasons = [
  { status: 403, text: /\barchived\b|read-only/i, detail: 'the repository is archived', isPlaceClosed: true },
  { status: 403, text: /\blocked\b/i, detail: 'the issue is locked' },
  { status: 410, text: /issues (are|has been) disabled/i, detail: 'issues are switched off', isPlaceClosed: true },
];

type OctokitError = Error & { response?: Answer };

/** The one place that translates failures of GitHub and Octokit. */
function failure(operation: string, error: unknown, facts: { write: boolean }): kit.IntegrationError {
  const answer = error instanceof Error ? (error as OctokitError).response : undefined;
  if (!answer) return kit.classifyNetworkError(operation, error);
  const data = readData(answer);
  const words = kit.listTexts(data).join(' ');
  const limited = tellsLimit(answer.status, words);
  const reason = reasons.find(({ status, text }) => status === answer.status && text.test(words));
  if (reason && !limited) return new kit.IntegrationError('rejected', operation, reason);
  const fields = listRefusedFields(data, readSentTexts(error));
  // For seconds after a create, GitHub may not find the issue that it made.
  if (answer.status === 422 && fields.some(({ why }) => /issue not found|could not resolve to a node/i.test(why)))
    return new kit.IntegrationError('unavailable', operation, { status: 422 });
  return kit.classifyFailedHttpAnswer(operation, answer.status, toHeaders(answer), { ...facts, limited, fields });
}

const word = z.string().default('');
const refused = z.object({ resource: word, field: word, code: word, message: word });
const refusalSchema = z.object({
  errors: z.array(z.preprocess((given) => (typeof given === 'string' ? { message: given } : given), refused)),
});

const listRefusedFields = (data: unknown, sent: string[]): kit.RefusedField[] =>
  (refusalSchema.safeParse(data).data?.errors ?? []).map(({ resource, field, code, message }) => ({
    field: [resource, field].filter(Boolean).join('.') || 'GitHub',
    why: [code, kit.keepSetUpWords(message, sent)].filter(Boolean).join(', '),
    part: kit.findPart(field) ?? kit.findPart(resource),
  }));

function readSentTexts(error: unknown): string[] {
  const body = z.object({ request: z.object({ body: z.unknown() }) }).safeParse(error).data?.request.body;
  return kit.listTexts(typeof body === 'string' ? (kit.jsonOrNull(body) ?? body) : body);
}

/** Blames one part of an edit for a refusal that names none. */
export function blamePart(part: string, field = part): (error: unknown) => never {
  return (error) => {
    const isRefusal = (kit.isRefused(error) && !isGone(error)) || isForbidden(error);
    if (!isRefusal || error.fields.some((refused) => refused.part !== undefined)) throw error;
    const { code, operation, status, fields } = error;
    const why = fields.map((refused) => refused.why).join(', ');
    throw new kit.IntegrationError(code, operation, { status, fields: [{ field, why, part }] });
  };
}

function toHeaders(answer: Answer): Headers {
  const pairs = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Headers(pairs);
}

/** Where a redirect leads, as a path of the API; the host that it names may not be the one that is called. */
export function readRedirect(octokit: Octokit, answer: Answer): string | null {
  if (answer.status < 300) return null;
  const location = answer.headers.location ?? z.object({ url: z.string() }).safeParse(readData(answer)).data?.url;
  const base = octokit.request.endpoint.DEFAULTS.baseUrl;
  if (!location || !URL.canParse(String(location), base)) return null;
  const { pathname, search } = new URL(String(location), base);
  return pathname.replace(new URL(base).pathname.replace(/\/$/, ''), '') + search;
}
