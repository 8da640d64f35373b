import type { Sql } from '#domain/base/ports.ts';
import type { IncomingResponse } from '#domain/integrations/survey-source.ts';
import type { SurveyResponse } from '#domain/responses/response.ts';
import type { Decision } from '#domain/templates/template.ts';
import { packIncoming, unpackIncoming } from './incoming.ts';

export interface StoredResponse {
  seq: number;
  id: string;
  customerKey: string;
  receivedAt: number;
  content: SurveyResponse;
  decisions: Decision[];
  /** The response as its vendor's adapter read it, before aliases; null in older rows. */
  incoming: IncomingResponse | null;
  deliveryId: string | null;
  /** Revision of the last decision; null before the first. */
  decidedRevision: number | null;
}

type Row = {
  seq: number;
  id: string;
  customer_key: string;
  received_at: number;
  content: string;
  decisions: string;
  incoming: string | null;
  delivery_id: string | null;
  decided_revision: number | null;
};

const toStored = (row: Row): StoredResponse => ({
  seq: row.seq,
  id: row.id,
  customerKey: row.customer_key,
  receivedAt: row.received_at,
  content: JSON.parse(row.content),
  decisions: JSON.parse(row.decisions),
  incoming: row.incoming === null ? null : unpackIncoming(row.incoming),
  deliveryId: row.delivery_id,
  decidedRevision: row.decided_revision,
});

export interface KeptResponse {
  id: string;
  customerKey: string;
  receivedAt: number;
  content: SurveyResponse;
  incoming: IncomingResponse;
  deliveryId: string;
}

/**
 * Stores a response under its key. Insert first, then compare: an older or equal revision never overwrites.
 *
 * @returns `new`, `updated`, or `duplicate`
 */
export function upsertResponse(sql: Sql, row: KeptResponse): 'new' | 'updated' | 'duplicate' {
  const { content } = row;
  const inserted = sql.all(
    `INSERT INTO responses (id, source, form, revision, submitted_at, received_at, customer_key, content, incoming, delivery_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING seq`,
    row.id,
    content.source,
    content.form,
    content.revision,
    content.submittedAt,
    row.receivedAt,
    row.customerKey,
    JSON.stringify(content),
    packIncoming(row.incoming),
    row.deliveryId,
  );
  if (inserted.length > 0) return 'new';
  const updated = sql.all(
    `UPDATE responses SET revision = ?, submitted_at = ?, customer_key = ?, content = ?, incoming = ?, delivery_id = ?
     WHERE id = ? AND revision < ? AND erased_at IS NULL RETURNING seq`,
    content.revision,
    content.submittedAt,
    row.customerKey,
    JSON.stringify(content),
    packIncoming(row.incoming),
    row.deliveryId,
    row.id,
    content.revision,
  );
  return updated.length > 0 ? 'updated' : 'duplicate';
}

/** Stored revision of a response; null for an unknown one. */
export function storedRevision(sql: Sql, id: string): number | null {
  const [row] = sql.all<{ revision: number }>('SELECT revision FROM responses WHERE id = ?', id);
  return row?.revision ?? null;
}

/** Replaces the reading of a stored response; its decisions stay. */
export function rereadResponse(
  sql: Sql,
  row: { id: string; customerKey: string; content: SurveyResponse; incoming: IncomingResponse },
): void {
  sql.run(
    'UPDATE responses SET customer_key = ?, content = ?, incoming = ? WHERE id = ?',
    row.customerKey,
    JSON.stringify(row.content),
    packIncoming(row.incoming),
    row.id,
  );
}

/** Responses of a source in the order of rereading: newest first. */
export function responsesOfSource(sql: Sql, source: string, before: number, limit: number): StoredResponse[] {
  return sql
    .all<Row>('SELECT * FROM responses WHERE source = ? AND seq < ? ORDER BY seq DESC LIMIT ?', source, before, limit)
    .map(toStored);
}

/** Finished responses of a form without a decision about their newest revision. */
export function undecidedResponses(sql: Sql, source: string, form: string): StoredResponse[] {
  return sql
    .all<Row>(
      `SELECT * FROM responses WHERE source = ? AND form = ? AND (decided_revision IS NULL OR decided_revision < revision)
       ORDER BY seq`,
      source,
      form,
    )
    .map(toStored)
    .filter(({ content }) => !content.partial);
}

/** The parts of a response that evaluating it again needs. */
export interface EvaluableResponse {
  seq: number;
  customerKey: string;
  content: SurveyResponse;
  /** Read on request only. */
  hidden: ReadonlyMap<string, string>;
}

/** Responses of some sources submitted since an instant, page by page, newest first. */
export function responsesSince(
  sql: Sql,
  sources: string[],
  page: { since: number; before: number; limit: number; withHidden: boolean },
): EvaluableResponse[] {
  return sql
    .all<{ seq: number; customer_key: string; content: string; incoming: string | null }>(
      `SELECT seq, customer_key, content, CASE WHEN ? THEN incoming END AS incoming FROM responses
        WHERE source IN (SELECT value FROM json_each(?)) AND submitted_at >= ? AND seq < ?
        ORDER BY seq DESC LIMIT ?`,
      page.withHidden ? 1 : 0,
      JSON.stringify(sources),
      page.since,
      page.before,
      page.limit,
    )
    .map(({ seq, customer_key, content, incoming }) => ({
      seq,
      customerKey: customer_key,
      content: JSON.parse(content),
      hidden: incoming === null ? new Map() : unpackIncoming(incoming).hidden,
    }));
}

export function countSubmittedAfter(sql: Sql, source: string, form: string, at: number): number {
  const [row] = sql.all<{ count: number }>(
    'SELECT COUNT(*) AS count FROM responses WHERE source = ? AND form = ? AND submitted_at > ?',
    source,
    form,
    at,
  );
  return row?.count ?? 0;
}

export function setDecided(sql: Sql, id: string, decisions: Decision[], revision: number): void {
  sql.run(
    'UPDATE responses SET decisions = ?, decided_revision = ? WHERE id = ?',
    JSON.stringify(decisions),
    revision,
    id,
  );
}

export function setDecisions(sql: Sql, id: string, decisions: Decision[]): void {
  sql.run('UPDATE responses SET decisions = ? WHERE id = ?', JSON.stringify(decisions), id);
}

export function findResponse(sql: Sql, id: string): StoredResponse | null {
  const [row] = sql.all<Row>('SELECT * FROM responses WHERE id = ?', id);
  return row ? toStored(row) : null;
}

export function listResponses(sql: Sql, before: number, limit: number): StoredResponse[] {
  return sql.all<Row>('SELECT * FROM responses WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit).map(toStored);
}

/** Responses of a customer since an instant, for conditions that use earlier ones. */
export function responsesOfCustomer(sql: Sql, customerKey: string, since: number): SurveyResponse[] {
  return sql
    .all<{ content: string }>(
      'SELECT content FROM responses WHERE customer_key = ? AND submitted_at >= ? ORDER BY submitted_at LIMIT 500',
      customerKey,
      since,
    )
    .map(({ content }) => JSON.parse(content));
}
