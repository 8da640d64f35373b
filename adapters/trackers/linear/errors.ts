import * as z from 'zod';
import * as kit from '../../kit.ts';

type RefusalReason = 'conflict' | 'not-found' | 'content' | null;

const word = z.string().catch('');
const extensions = {
  type: word,
  code: word,
  statusCode: z.int().optional().catch(undefined),
  userPresentableMessage: word,
};
const noExtensions = { type: '', code: '', userPresentableMessage: '' };
const graphqlErrorsSchema = z.array(
  z.object({
    message: word,
    path: z.array(z.union([z.string(), z.number()])).catch([]),
    extensions: z.object(extensions).catch(noExtensions),
  }),
);

/** Refusals of an input's content, which a plainer input may avoid. */
const inputRefusals = ['invalid input', 'user error', 'input error', 'bad user input'];
const otherRefusals =
  'graphql error, graphql parse failed, graphql validation failed, feature not accessible, usage limit exceeded';

/** By the words of `extensions.type` and `extensions.code`, of which an error may have one only. */
const namesByErrorCode: [kit.IntegrationErrorCode, string[]][] = [
  ['auth', ['authentication error', 'forbidden']],
  ['rate-limited', ['ratelimited']],
  ['rejected', [...inputRefusals, ...otherRefusals.split(', ')]],
];

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
  const { type, code: extension, statusCode, userPresentableMessage: message } = first.extensions;
  if (answer.isQuery && extension === 'FORBIDDEN' && first.path[0] === 'issue')
    return new kit.IntegrationError('rejected', operation, { status: 403, detail: extension, reason: 'not-found' });
  const names = [type, extension].map((name) => name.toLowerCase().replaceAll('_', ' '));
  const isOneOf = (known: string[]) => names.some((name) => known.includes(name));
  const isLimited = status === 429 || errors.some((error) => error.extensions.code === 'RATELIMITED');
  // Without a known name, the status tells at least that the request was not carried out.
  const isRefused = status > 400 || (status === 400 && extension === '');
  const byStatus = isRefused
    ? kit.classifyFailedHttpAnswer(operation, status, headers, { write: true }).code
    : 'unknown';
  const byName = namesByErrorCode.find(([, known]) => isOneOf(known))?.[0] ?? byStatus;
  const code = isLimited ? 'rate-limited' : byName;
  const words = kit.keepSetUpWords(message, answer.sent);
  const named = /^[A-Z_]{1,40}$/.test(extension) ? extension : '';
  const authStatus = isOneOf(['forbidden']) || status === 403 ? 403 : 401;
  return new kit.IntegrationError(code, operation, {
    // Linear answers refusals with HTTP status 200 as well.
    status: statusCode ?? (code === 'auth' ? authStatus : status),
    retryAfterMs: waitOf(code, headers),
    fields: named || words ? [blameInput(named, message, words)] : [],
    reason: readRefusalReason(first.message) ?? (isOneOf(inputRefusals) ? 'content' : null),
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

type Page<Row> = { nodes: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };

/** Every row of a list with the newest first, of which a part would hide changes. */
export function readAllPages<Row>(
  operation: string,
  ask: (after: string | null) => Promise<Page<Row>>,
): Promise<Row[]> {
  let pages = 0;
  const rows = kit.listPages(maxPages + 1, async (after: string | null) => {
    pages += 1;
    if (pages > maxPages) throw new kit.IntegrationError('unavailable', operation, { detail: 'too many pages' });
    const { nodes, pageInfo } = await ask(after);
    return { rows: nodes, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
  });
  return Array.fromAsync(rows);
}

export const hasReason = (error: unknown, reason: RefusalReason): boolean =>
  error instanceof kit.IntegrationError && error.reason === reason;

export const orNull = <Answer>(reading: Promise<Answer>): Promise<Answer | null> =>
  kit.recover(reading, (error) => hasReason(error, 'not-found'), null);

export const isInsertConflict = (error: unknown): boolean => hasReason(error, 'conflict');
