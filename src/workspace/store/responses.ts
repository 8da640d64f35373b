import { listComments, type SurveyResponse } from '#domain/responses/response.ts';
import type { Decision, port } from '../core.ts';
import { type AttributeFilter, filterByAttributes, findFewCustomers, listKeysOfPerson } from './customers.ts';
import { allOf, type Codec, columnOf, defineTable, isOneOf, placesFor, query, type Sql, type SqlRow } from './table.ts';

export interface StoredResponse {
  seq: number;
  id: string;
  customerKey: string;
  receivedAt: number;
  content: SurveyResponse;
  decisions: Decision[];
  /** The response as its vendor's adapter read it, before aliases; null in older rows. */
  incoming: port.IncomingResponse | null;
  deliveryId: string | null;
  /** Revision of the last decision; null before the first. */
  decidedRevision: number | null;
  isFeedback: boolean;
  isActedOn: boolean;
}

/** An incoming response as text, with hidden fields as a list of pairs. */
export const incomingCodec: Codec<port.IncomingResponse> = {
  store: (response) => JSON.stringify({ ...response, hidden: [...response.hidden] }),
  load(stored) {
    const packed = JSON.parse(String(stored));
    return { ...packed, hidden: new Map(packed.hidden) };
  },
};

type ResponseColumns = Pick<SurveyResponse, 'source' | 'form' | 'revision' | 'submittedAt'> & { words: string };

export const responses = defineTable<StoredResponse & ResponseColumns>(
  'responses',
  { content: 'json', decisions: 'json', incoming: incomingCodec, isFeedback: 'flag', isActedOn: 'flag' },
  { order: 'seq' },
);

export interface ResponseToStore
  extends Pick<StoredResponse, 'id' | 'customerKey' | 'receivedAt' | 'content' | 'isFeedback'> {
  incoming: port.IncomingResponse;
  deliveryId: string;
}

/** Stores a response under its key; an older revision never overwrites, and a part never a finished response. */
export function upsertResponse(sql: Sql, row: ResponseToStore): 'new' | 'updated' | 'duplicate' {
  const before = findStoredRevision(sql, row.id);
  const { source, form, revision, submittedAt, partial } = row.content;
  const { id, receivedAt, ...changes } = { ...row, revision, submittedAt, words: gatherWords(row.content) };
  // An insert that meets a known row would take a number, and the last number is the total.
  if (before === null) {
    responses.insert(sql, { id, receivedAt, source, form, ...changes });
    return 'new';
  }
  const isNewer = "id = ? AND revision < ? AND erased_at IS NULL AND (content ->> '$.partial' = 1 OR NOT ?)";
  responses.update(sql, [isNewer, id, revision, Number(partial)], changes);
  return before < revision && findStoredRevision(sql, id) === revision ? 'updated' : 'duplicate';
}

const gatherWords = (content: SurveyResponse): string =>
  listComments(content)
    // SQLite would end a part of the text at such a character.
    .map(({ text }) => text.replaceAll('\0', '').trim())
    .join('\n');

/** Stored revision of a response; null for an unknown one. */
export const findStoredRevision = query.value<number, [id: string]>`SELECT revision FROM responses WHERE id = ?`;

/** Replaces the reading of a stored response; its decisions stay. */
export const storeRereadResponse = (
  sql: Sql,
  { id, customerKey, content, incoming }: Omit<ResponseToStore, 'receivedAt' | 'deliveryId' | 'isFeedback'>,
): void => responses.update(sql, { id }, { customerKey, content, incoming, words: gatherWords(content) });

/** Row numbers of a source's responses in the order of rereading: newest first. */
export const listResponsesToReread = query.column<number, [source: string, before: number, limit: number]>`
  SELECT seq FROM responses WHERE source = ? AND seq < ? ORDER BY seq DESC LIMIT ? + 0`;

/** Finished responses of a form without a decision about their newest revision. */
export const listUndecidedResponses = responses.rows<[source: string, form: string]>`
  WHERE source = ? AND form = ? AND (decided_revision IS NULL OR decided_revision < revision)
    AND content ->> '$.partial' IS NOT 1 ORDER BY seq`;

export interface EvaluableResponse {
  seq: number;
  customerKey: string;
  content: SurveyResponse;
  hidden: ReadonlyMap<string, string>;
}

/** Finished responses of some sources submitted since an instant, page by page, newest first; none whose answers were erased. */
export const listResponsesSince = (sql: Sql, page: PageToEvaluate): EvaluableResponse[] =>
  readPageToEvaluate(sql, page)
    .map(responses.read)
    .map(({ incoming, ...row }) => ({ ...row, hidden: incoming?.hidden ?? new Map() }));

type PageToEvaluate = { sources: string[]; since: number; before: number; limit: number; withHidden: boolean };

const readPageToEvaluate = query.rows<SqlRow, [page: PageToEvaluate]>`
  SELECT seq, customer_key, content, CASE WHEN @withHidden THEN incoming END AS incoming FROM responses
    WHERE source IN (SELECT value FROM json_each(@sources)) AND is_feedback = 1 AND erased_at IS NULL
      AND submitted_at >= @since AND seq < @before ORDER BY seq DESC LIMIT @limit + 0`;

/** Of the `most` responses of a form that were stored last, those since the last answer to a question. */
export const countResponsesWithoutAnswer = query.number<
  [{ source: string; form: string; question: string; at: number; most: number }]
>`
  WITH newest AS (SELECT submitted_at AS at, EXISTS (
      SELECT 1 FROM json_each(content, '$.answers') AS answer WHERE answer.value ->> '$.question.id' = @question) AS answered
    FROM responses WHERE source = @source AND form = @form ORDER BY seq DESC LIMIT @most + 0)
  SELECT COUNT(*) FROM newest WHERE at > MAX(@at, COALESCE((SELECT MAX(at) FROM newest WHERE answered), 0))`;

/** Submission of the newest response of a form; null before the first. */
export const findNewestSubmission = query.value<number, [source: string, form: string]>`
  SELECT MAX(submitted_at) FROM responses WHERE source = ? AND form = ?`;

export const findResponse = responses.row<[id: string | null]>`WHERE id = ?`;

/** Feedback of a period, as reports count it. Instants are UTC milliseconds. */
export interface ResponseFilter extends Partial<Record<'source' | 'case' | 'again' | 'scored', string | undefined>> {
  from?: number | undefined;
  to?: number | undefined;
  acted?: 'yes' | 'no' | undefined;
  opened?: 'yes' | 'no' | undefined;
  attributes?: AttributeFilter | undefined;
}

export const ofCaseSql = `id IN (SELECT b.response_id FROM (SELECT ? AS id) c CROSS JOIN case_responses b ON b.case_id = c.id
    OR b.case_id IN (SELECT case_id FROM case_links WHERE linked_id = c.id AND kind = 'elevated-to'))`;

/** Responses, newest first; only some rows where they are named. */
export function listResponses(
  sql: Sql,
  before: number,
  limit: number,
  given: ResponseFilter & { rows?: number[] | undefined } = {},
): StoredResponse[] {
  const { rows, from, to, source, acted, opened, case: caseId, attributes = {}, again, scored } = given;
  const having = filterByAttributes('responses.customer_key', attributes);
  const few = findFewCustomers(sql, attributes);
  const isOfReport = from !== undefined || to !== undefined || acted !== undefined;
  const narrowed = allOf(
    [isOneOf('seq'), rows],
    [
      `id IN (SELECT origin_id FROM asks WHERE kind = 'resurvey' AND sent_at >= ? AND sent_at < ? AND rule = ?)`,
      ...[from ?? 0, to ?? Number.MAX_SAFE_INTEGER, again || undefined],
    ],
    ['is_feedback = 1', ...(isOfReport && !again ? [] : [undefined])],
    ['submitted_at >= ?', again ? undefined : from],
    ['submitted_at < ?', again ? undefined : to],
    ['source = ?', source || undefined],
    ['EXISTS (SELECT 1 FROM scores WHERE response_id = responses.id AND kind = ?)', scored || undefined],
    ['is_acted_on = ?', acted && acted === 'yes'],
    ['EXISTS (SELECT 1 FROM case_responses b WHERE b.response_id = responses.id) = ?', opened && opened === 'yes'],
    [ofCaseSql, caseId || undefined],
    [isOneOf('customer_key'), few ?? undefined],
    [having.sql, ...having.values],
    ['seq < ?', before],
  );
  return responses.select(sql, `WHERE ${narrowed.sql} ORDER BY seq DESC LIMIT ? + 0`, ...narrowed.values, limit);
}

/** The newest responses of a customer since an instant, oldest first, for conditions that use earlier ones. */
export function listResponsesOfCustomerSince(sql: Sql, customerKey: string, since: number): SurveyResponse[] {
  const keys = listKeysOfPerson(sql, customerKey);
  const own = `SELECT content FROM responses WHERE customer_key IN (${placesFor(keys)}) AND submitted_at >= ? ORDER BY submitted_at DESC LIMIT 500`;
  return columnOf<string>(sql, own, ...keys, since)
    .toReversed()
    .map((content) => JSON.parse(content));
}
