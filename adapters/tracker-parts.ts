import type * as z from 'zod';
import { IntegrationError } from '#domain/base/errors.ts';
import { isOwnLabel } from '#domain/cases/ownership.ts';
import type * as port from '#domain/integrations/index.ts';
import { note } from './outcomes.ts';
import { decodeBytes, isSignedByAnySecret } from './signature.ts';

const maxDeliveryIdLength = 200;

/** Webhooks signed with HMAC-SHA256 over the raw body in hex; `id` is the header that a repetition keeps. */
export function signedHook<Settings extends { 'webhook-secret'?: string | undefined }>(
  names: { signature: string; prefix: string; id: string },
  namedIssue: z.ZodType<string>,
  isFresh: (body: Uint8Array, now: number) => boolean = () => true,
): port.TrackerWebhookVerifier<Settings> {
  return {
    namedIssue,
    secret: (settings) => settings['webhook-secret'] ?? null,
    async verify({ body, headers }, secrets, now) {
      const given = headers[names.signature] ?? '';
      const id = headers[names.id] ?? '';
      if (!given.startsWith(names.prefix) || id === '' || id.length > maxDeliveryIdLength) return null;
      const signature = decodeBytes(given.slice(names.prefix.length), 'hex');
      const isGenuine = isSignedByAnySecret('sha256', secrets, body, signature);
      return isGenuine && isFresh(body, now) ? id : null;
    },
  };
}

const fieldsByPart = {
  title: ['title', 'summary'],
  body: ['body', 'description'],
  labels: ['labels', 'Label', 'labelIds', 'addedLabelIds'],
  assignee: ['assignee', 'assignees', 'assigneeId'],
  severity: ['priority'],
  dueDate: ['dueDate', 'duedate', 'issue_field_values'],
  status: ['stateId'],
};

/** The part of an edit that a vendor's field holds. */
export const findPart = (field: string): string | undefined =>
  Object.entries(fieldsByPart).find(([, fields]) => fields.includes(field))?.[0];

/** The severity rank of a tracker's number; null for 0, which means none. */
export const toRank = (number: number) => ([1, 2, 3, 4] as const)[number - 1] ?? null;

/** Whether the host refused the content of a call. */
export const isRefused = (error: unknown): error is IntegrationError =>
  error instanceof IntegrationError && error.code === 'rejected';

/** Whether the host answered with one of these statuses. */
export const hasStatus = (error: unknown, ...statuses: number[]): error is IntegrationError =>
  error instanceof IntegrationError && statuses.includes(error.status);

/** A result in place of an expected error. */
export async function recover<Result, Fallback>(
  work: Promise<Result>,
  isExpected: (error: unknown) => boolean,
  fallback: Fallback,
): Promise<Result | Fallback> {
  try {
    return await work;
  } catch (error) {
    if (isExpected(error)) return fallback;
    throw error;
  }
}

/** Reads a template's settings for its issues. @throws IntegrationError with the mistaken field */
export function parseIssueOptions<Options>(schema: z.ZodType<Options>, given: unknown): Options {
  const read = schema.safeParse(given ?? {});
  if (read.success) return read.data;
  const fields = read.error.issues.map(({ path, message }) => ({ field: ['issue', ...path].join('.'), why: message }));
  throw new IntegrationError('rejected', 'settings of the template', { fields });
}

type Findings = port.SetUpFinding | Findings[] | '' | false | null | undefined;

/** The findings of a check that apply, one of each message. */
export function gatherFindings(...found: Findings[]): port.SetUpFinding[] {
  const flatten = (some: Findings): port.SetUpFinding[] =>
    Array.isArray(some) ? some.flatMap(flatten) : some ? [some] : [];
  return [...new Map(flatten(found).map((finding) => [finding.message, finding])).values()];
}

/** A note for each account that cannot be assigned. */
export const checkPeople = (
  accounts: string[],
  isAssignable: (account: string) => Promise<boolean>,
  problem: string,
  remedy: string,
): Promise<Findings[]> =>
  Array.fromAsync(
    accounts,
    async (account) => !(await isAssignable(account)) && note('people', `${account} ${problem}`, remedy),
  );

/** Rows of a list in pages, to its end or to the last page allowed; `next` is null on the last page. */
export async function* listPages<Row, Cursor>(
  most: number,
  ask: (cursor: Cursor | null) => Promise<{ rows: Row[]; next: Cursor | null }>,
): AsyncGenerator<Row> {
  let cursor: Cursor | null = null;
  for (let page = 0; page < most; page += 1) {
    const { rows, next } = await ask(cursor);
    yield* rows;
    if (next === null) return;
    cursor = next;
  }
}

/** Labels of trackers that keep the first spelling of a name; those of Caselite are in lower case. */
export const readLabelNames = (names: string[]): string[] =>
  names.map((name) => {
    const own = name.toLowerCase();
    return isOwnLabel(own) || own.startsWith('status:') ? own : name;
  });

/** Addresses that a text links to, without fragments. The text is Markdown or a document as JSON. */
export function findLinkedUrls(text: string): string[] {
  const result = text.match(/https?:\/\/[^\s<>()[\]"'\\^`{|}#]+/g) ?? [];
  return [...new Set(result)];
}
