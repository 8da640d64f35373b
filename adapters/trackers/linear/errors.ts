import * as z from 'zod';
import * as kit from '../../kit.ts';
import { parseLinearError } from './sdk.ts';

type RefusalReason = 'conflict' | 'not-found' | 'content' | null;

const graphqlErrorsSchema = z.array(
  z.looseObject({
    message: z.string().catch(''),
    path: z.array(z.union([z.string(), z.number()])).catch([]),
    extensions: z
      .looseObject({
        code: z.string().optional().catch(undefined),
        statusCode: z.int().optional().catch(undefined),
        userPresentableMessage: z.string().optional().catch(undefined),
      })
      .catch({}),
  }),
);

/** By the SDK's types of errors, and by the codes of errors without `extensions.type`, the only field that the SDK reads. */
const errorNames: [kit.IntegrationErrorCode, string[]][] = [
  ['auth', ['AuthenticationError', 'Forbidden', 'AUTHENTICATION_ERROR', 'FORBIDDEN']],
  ['rate-limited', ['Ratelimited']],
  ['rejected', ['InvalidInput', 'UserError', 'GraphqlError', 'FeatureNotAccessible', 'UsageLimitExceeded']],
  ['rejected', ['INPUT_ERROR', 'BAD_USER_INPUT', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']],
];
const findErrorCode = (name: string): kit.IntegrationErrorCode | undefined =>
  errorNames.find(([, names]) => names.includes(name))?.[0];

/** Refusals of an input's content, which a plainer input may avoid. */
const inputRefusals = ['InvalidInput', 'UserError', 'INPUT_ERROR', 'BAD_USER_INPUT'];

/** Whether errors are about parts of the answer only: their paths lead below its root. */
export const areErrorsBelowRoot = (errors: unknown): boolean =>
  graphqlErrorsSchema.safeParse(errors).data?.every(({ path }) => path.length > 1) ?? false;

/** Names of fields that the schema of the host lacks. */
export const listAbsentFields = (errors: unknown): string[] =>
  (graphqlErrorsSchema.safeParse(errors).data ?? []).flatMap(
    ({ message }) => /^Cannot query field "(\w+)"/.exec(message)?.[1] ?? [],
  );

/** Class of an answer without usable data; an issue with a forbidden part counts as hidden when it is read. */
export function classifyErrorAnswer(
  operation: string,
  { status, headers }: Response,
  answer: { errors: unknown; sent: string[]; isQuery: boolean },
): kit.IntegrationError {
  const errors = graphqlErrorsSchema.safeParse(answer.errors).data ?? [];
  const [first] = errors;
  if (!first || status >= 500) {
    // A document may read or write; the caller's retry decides, so the outcome counts as that of a write.
    const { code } = kit.classifyFailedHttpAnswer(operation, status, headers, { write: true });
    const reason = status === 413 || status === 422 ? 'content' : null;
    return new kit.IntegrationError(code, operation, { status, retryAfterMs: waitOf(code, headers), reason });
  }
  const { code: extension = '', statusCode, userPresentableMessage: message = '' } = first.extensions;
  if (answer.isQuery && extension === 'FORBIDDEN' && first.path[0] === 'issue')
    return new kit.IntegrationError('rejected', operation, { status: 403, detail: extension, reason: 'not-found' });
  // The SDK's type of an error differs from the real one.
  const raw: unknown = { response: { status, errors } };
  const type = parseLinearError(raw as Parameters<typeof parseLinearError>[0]).type ?? '';
  const isLimited = status === 429 || errors.some((error) => error.extensions.code === 'RATELIMITED');
  // Without a known name, the status tells at least that the request was not carried out.
  const isRefused = status > 400 || (status === 400 && extension === '');
  const byStatus = isRefused
    ? kit.classifyFailedHttpAnswer(operation, status, headers, { write: true }).code
    : 'unknown';
  const code = isLimited ? 'rate-limited' : (findErrorCode(type) ?? findErrorCode(extension) ?? byStatus);
  const words = kit.keepSetUpWords(message, answer.sent);
  const named = /^[A-Z_]{1,40}$/.test(extension) ? extension : '';
  const authStatus = extension === 'FORBIDDEN' || type === 'Forbidden' || status === 403 ? 403 : 401;
  const isInputRefused = [type, extension].some((name) => inputRefusals.includes(name));
  return new kit.IntegrationError(code, operation, {
    // Linear answers refusals with HTTP status 200 as well.
    status: statusCode ?? (code === 'auth' ? authStatus : status),
    retryAfterMs: waitOf(code, headers),
    fields: named || words ? [blameInput(named, message, words)] : [],
    reason: readRefusalReason(first.message) ?? (isInputRefused ? 'content' : null),
  });
}

/** The field of the input that Linear's message begins with, else its code. */
function blameInput(code: string, message: string, why: string): kit.RefusedField {
  const field = /^\w+/.exec(message)?.[0] ?? '';
  const part = kit.findPart(field);
  if (part === undefined) return { field: code || 'Linear', why };
  return { field, why: [code, why].filter(Boolean).join(', '), part };
}

function readRefusalReason(message: string): RefusalReason {
  if (/^conflict on insert\b/i.test(message)) return 'conflict';
  return /^entity not found\b/i.test(message) ? 'not-found' : null;
}

function waitOf(code: kit.IntegrationErrorCode, headers: Headers): number | null {
  const asked = kit.readRetryAfterMs(headers);
  if (code !== 'rate-limited' || asked !== null) return asked;
  const windows = ['requests', 'complexity', 'endpoint-requests'].map((name) => ({
    isExhausted: headers.get(`x-ratelimit-${name}-remaining`) === '0',
    wait: Number(headers.get(`x-ratelimit-${name}-reset`) ?? Number.NaN) - Date.parse(headers.get('date') ?? ''),
  }));
  const known = windows.filter(({ wait }) => Number.isFinite(wait));
  const exhausted = known.filter(({ isExhausted }) => isExhausted);
  const waits = (exhausted.length > 0 ? exhausted : known).map(({ wait }) => wait);
  return waits.length > 0 ? kit.clampWaitMs(Math.max(...waits)) : kit.defaultWaitMs;
}

const maxPages = 100;

/** Every page of a list with the newest first. */
export async function readAllPages<Item>(
  operation: string,
  ask: (
    after: string | null,
  ) => Promise<{ nodes: Item[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const { nodes, pageInfo } = await ask(after);
    items.push(...nodes);
    if (!pageInfo.hasNextPage) return items;
    after = pageInfo.endCursor;
  }
  throw new kit.IntegrationError('unknown', operation, { detail: 'too many pages' });
}

export const hasReason = (error: unknown, reason: RefusalReason): boolean =>
  error instanceof kit.IntegrationError && error.reason === reason;

export const orNull = <Answer>(reading: Promise<Answer>): Promise<Answer | null> =>
  kit.recover(reading, (error) => hasReason(error, 'not-found'), null);

export const isInsertConflict = (error: unknown): boolean => hasReason(error, 'conflict');
