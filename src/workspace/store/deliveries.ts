import type { Sql, SqlValue } from '#domain/base/ports.ts';
import type { IncomingResponse, RawDelivery } from '#domain/integrations/survey-source.ts';
import { packIncoming, unpackIncoming } from './incoming.ts';

export type DeliveryOutcome = 'waiting' | 'fetching' | 'stored' | 'duplicate' | 'set-aside' | 'test';

export interface Delivery extends RawDelivery {
  seq: number;
  id: string;
  source: string;
  /** `back-fill`: found by asking, or imported from a file. */
  via: 'push' | 'back-fill';
  /** Delivery id of the file that holds this row, and the row's first line; 0 for the file itself. */
  partOf: string | null;
  line: number | null;
  outcome: DeliveryOutcome;
  tries: number;
  replays: number;
  responseId: string | null;
  /** Fetched response, where the bytes only name one; a back-fill has nothing else. */
  fetched: IncomingResponse | null;
  error: string | null;
}

type Row = {
  seq: number;
  id: string;
  source: string;
  received_at: number;
  headers: string;
  body: Uint8Array;
  via: Delivery['via'];
  part_of: string | null;
  line: number | null;
  outcome: DeliveryOutcome;
  tries: number;
  replays: number;
  response_id: string | null;
  fetched: string | null;
  error: string | null;
};

const toDelivery = (row: Row): Delivery => ({
  seq: row.seq,
  id: row.id,
  source: row.source,
  receivedAt: row.received_at,
  headers: JSON.parse(row.headers),
  body: new Uint8Array(row.body),
  via: row.via,
  partOf: row.part_of,
  line: row.line,
  outcome: row.outcome,
  tries: row.tries,
  replays: row.replays,
  responseId: row.response_id,
  fetched: row.fetched === null ? null : unpackIncoming(row.fetched),
  error: row.error,
});

export function insertDelivery(sql: Sql, id: string, source: string, raw: RawDelivery, imported?: { line: 0 }): void {
  sql.run(
    "INSERT INTO deliveries (id, source, received_at, headers, body, via, line, outcome) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting')",
    id,
    source,
    raw.receivedAt,
    JSON.stringify(raw.headers),
    raw.body,
    imported ? 'back-fill' : 'push',
    imported?.line ?? null,
  );
}

/** Stores a response found by back-fill or in a file as a waiting delivery. */
export function insertFound(
  sql: Sql,
  result: {
    id: string;
    source: string;
    at: number;
    responseId: string;
    response: IncomingResponse;
    row?: { partOf: string; line: number };
  },
): void {
  sql.run(
    `INSERT INTO deliveries (id, source, received_at, headers, body, via, outcome, response_id, fetched, part_of, line)
     VALUES (?, ?, ?, '{}', ?, 'back-fill', 'waiting', ?, ?, ?, ?)`,
    result.id,
    result.source,
    result.at,
    new Uint8Array(),
    result.responseId,
    packIncoming(result.response),
    result.row?.partOf ?? null,
    result.row?.line ?? null,
  );
}

/** Whether this state of a response waits for processing already. */
export function isFoundWaiting(sql: Sql, responseId: string, response: IncomingResponse): boolean {
  return (
    sql.all(
      "SELECT 1 FROM deliveries WHERE response_id = ? AND via = 'back-fill' AND outcome IN ('waiting', 'set-aside') AND fetched = ? LIMIT 1",
      responseId,
      packIncoming(response),
    ).length > 0
  );
}

/** Empties a file whose rows are stored, so that each person's data is in their own rows only. */
export function forgetFile(sql: Sql, seq: number): void {
  sql.run('UPDATE deliveries SET line = 0, body = ? WHERE seq = ?', new Uint8Array(), seq);
}

export function findDelivery(sql: Sql, id: string): Delivery | null {
  const [row] = sql.all<Row>('SELECT * FROM deliveries WHERE id = ?', id);
  return row ? toDelivery(row) : null;
}

export function nextWaitingDelivery(sql: Sql): Delivery | null {
  const [row] = sql.all<Row>("SELECT * FROM deliveries WHERE outcome = 'waiting' ORDER BY seq LIMIT 1");
  return row ? toDelivery(row) : null;
}

export function settleDelivery(
  sql: Sql,
  seq: number,
  outcome: DeliveryOutcome,
  facts: { responseId?: string; error?: string } = {},
): void {
  sql.run(
    'UPDATE deliveries SET outcome = ?, response_id = COALESCE(?, response_id), error = ? WHERE seq = ?',
    outcome,
    facts.responseId ?? null,
    facts.error ?? null,
    seq,
  );
}

/** Makes a delivery wait again, with its fetched answers. */
export function attachFetchedResponse(sql: Sql, id: string, response: IncomingResponse): void {
  sql.run(
    "UPDATE deliveries SET fetched = ?, outcome = 'waiting', tries = 0 WHERE id = ? AND outcome = 'fetching'",
    packIncoming(response),
    id,
  );
}

/** Counts a try, outside the try's own transaction, and returns the number. */
export function countTry(sql: Sql, seq: number): number {
  const [row] = sql.all<{ tries: number }>(
    'UPDATE deliveries SET tries = tries + 1 WHERE seq = ? RETURNING tries',
    seq,
  );
  return row?.tries ?? 0;
}

/** Filter of the delivery log. Times are UTC milliseconds, `before` excluded. */
export interface DeliveryFilter {
  source?: string | undefined;
  outcome?: DeliveryOutcome | undefined;
  id?: string | undefined;
  response?: string | undefined;
  error?: string | undefined;
  after?: number | undefined;
  before?: number | undefined;
}

function clauses(filter: DeliveryFilter): { where: string; values: SqlValue[] } {
  const result: [string, SqlValue | undefined][] = [
    ['source = ?', filter.source],
    // A delivery that is being fetched counts as stored, because its bytes are.
    [filter.outcome === 'stored' ? "outcome IN (?, 'waiting', 'fetching')" : 'outcome = ?', filter.outcome],
    ['id = ?', filter.id],
    ['response_id = ?', filter.response],
    ['instr(lower(error), lower(?)) > 0', filter.error],
    ['received_at >= ?', filter.after],
    ['received_at < ?', filter.before],
  ];
  const used = result.filter((clause): clause is [string, SqlValue] => clause[1] !== undefined);
  return { where: used.map(([text]) => ` AND ${text}`).join(''), values: used.map(([, value]) => value) };
}

export function listDeliveries(sql: Sql, before: number, limit: number, filter: DeliveryFilter = {}): Delivery[] {
  const { where, values } = clauses(filter);
  return sql
    .all<Row>(`SELECT * FROM deliveries WHERE seq < ?${where} ORDER BY seq DESC LIMIT ?`, before, ...values, limit)
    .map(toDelivery);
}

/**
 * Makes set-aside deliveries wait again, with new tries.
 *
 * @returns their number
 */
export function replaySetAside(sql: Sql, filter: Omit<DeliveryFilter, 'outcome'>): number {
  const { where, values } = clauses(filter);
  return sql.all(
    `UPDATE deliveries SET outcome = 'waiting', tries = 0, replays = replays + 1, error = NULL
     WHERE outcome = 'set-aside'${where} RETURNING seq`,
    ...values,
  ).length;
}

/** Number of set-aside deliveries per source. */
export function countSetAside(sql: Sql): Map<string, number> {
  const rows = sql.all<{ source: string; count: number }>(
    "SELECT source, COUNT(*) AS count FROM deliveries WHERE outcome = 'set-aside' GROUP BY source",
  );
  return new Map(rows.map(({ source, count }) => [source, count]));
}

/** Instants of a source's own deliveries since an instant, oldest first; at most the newest 5000. */
export function pushTimes(sql: Sql, source: string, since: number): number[] {
  return sql
    .all<{ at: number }>(
      "SELECT received_at AS at FROM deliveries WHERE source = ? AND via = 'push' AND received_at >= ? ORDER BY received_at DESC LIMIT 5000",
      source,
      since,
    )
    .map(({ at }) => at)
    .reverse();
}
