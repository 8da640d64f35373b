import { dayMs, type port } from '../core.ts';
import { incomingCodec } from './responses.ts';
import { allOf, type Codec, defineTable, query, type Sql } from './table.ts';

export type DeliveryOutcome = 'waiting' | 'fetching' | 'stored' | 'duplicate' | 'set-aside' | 'test';

export interface Delivery extends Omit<port.RawDelivery, 'query'> {
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
  fetched: port.IncomingResponse | null;
  error: string | null;
}

const bytes: Codec<Uint8Array> = { store: (body) => body, load: (stored) => new Uint8Array(stored as Uint8Array) };

export const deliveries = defineTable<Delivery>(
  'deliveries',
  { headers: 'json', body: bytes, fetched: incomingCodec },
  { order: 'seq' },
);

export const insertDeliveries = (sql: Sql, arrived: { id: string; source: string; raw: port.RawDelivery }[]): void =>
  deliveries.insertAll(
    sql,
    arrived.map(({ id, source, raw: { receivedAt, headers, body } }) => ({
      id,
      source,
      receivedAt,
      headers,
      body,
      outcome: 'waiting',
    })),
  );

/** Whether an earlier delivery for the response has the same bytes. */
export const isCopy = query.has<[deliveryId: string, responseId: string]>`
  SELECT 1 FROM deliveries now JOIN deliveries was ON was.response_id = ?2 AND was.seq < now.seq AND was.body = now.body
    WHERE now.id = ?1 LIMIT 1`;

/** Receipt of waiting deliveries; those with the lowest numbers came first. */
export const oldestWaitingSql = `SELECT received_at FROM deliveries WHERE outcome = 'waiting'`;

/** Receipt of a source's oldest delivery that could not be read yet, or `otherwise` where that is earlier. */
export const findOldestUnreadTime = query.number<[source: string, otherwise: number]>`
  SELECT MIN(?2, COALESCE(MIN(received_at), ?2)) FROM (
      SELECT * FROM deliveries INDEXED BY deliveries_waiting WHERE outcome = 'waiting'
      UNION ALL SELECT * FROM deliveries INDEXED BY deliveries_fetching WHERE outcome = 'fetching'
      UNION ALL SELECT * FROM deliveries INDEXED BY deliveries_set_aside WHERE outcome = 'set-aside'
    ) WHERE source = ?1`;

export const listWaitingDeliveries = query.column<number, [limit: number]>`
  SELECT seq FROM deliveries WHERE outcome = 'waiting' ORDER BY seq LIMIT ? + 0`;

export const setDeliveryOutcome = (
  sql: Sql,
  seq: number,
  outcome: DeliveryOutcome,
  { responseId, error = null }: { responseId?: string; error?: string | null } = {},
): void => deliveries.update(sql, { seq }, { outcome, error, ...(responseId && { responseId }) });

/** Counts a try that may fail, outside the try's own transaction, and returns the number. */
export const countDeliveryTry = query.number<[seq: number]>`
  UPDATE deliveries SET tries = tries + 1 WHERE seq = ? RETURNING tries`;

export interface DeliveryFilter<Instant = number>
  extends Partial<Record<'source' | 'id' | 'response' | 'error', string | undefined>> {
  outcome?: DeliveryOutcome | undefined;
  after?: Instant | undefined;
  before?: Instant | undefined;
}

const narrow = (filter: DeliveryFilter) =>
  allOf(
    ['source = ?', filter.source],
    // A delivery that is being fetched counts as stored, because its bytes are.
    [filter.outcome === 'stored' ? "outcome IN (?, 'waiting', 'fetching')" : 'outcome = ?', filter.outcome],
    ['id = ?', filter.id],
    ['response_id = ?', filter.response],
    ['instr(lower(error), lower(?)) > 0', filter.error],
    ['received_at >= ?', filter.after],
    ['received_at < ?', filter.before],
  );

export function listDeliveries(sql: Sql, before: number, limit: number, filter: DeliveryFilter = {}): Delivery[] {
  const narrowed = narrow(filter);
  const newest = `WHERE seq < ? AND ${narrowed.sql} ORDER BY seq DESC LIMIT ? + 0`;
  return deliveries.select(sql, newest, before, ...narrowed.values, limit);
}

/** Makes set-aside deliveries wait again, with new tries. @returns their number */
export function replaySetAsideDeliveries(sql: Sql, filter: Omit<DeliveryFilter, 'outcome'>): number {
  const narrowed = narrow(filter);
  return sql.all(
    `UPDATE deliveries SET outcome = 'waiting', tries = 0, replays = replays + 1, error = NULL
     WHERE outcome = 'set-aside' AND ${narrowed.sql} RETURNING seq`,
    ...narrowed.values,
  ).length;
}

export const countSetAsideBySource = query.pairs<string, number>`
  SELECT source, COUNT(*) AS count FROM deliveries WHERE outcome = 'set-aside' GROUP BY +source`;

/** Instants of a source's own deliveries since an instant, oldest first; at most the newest 5000. */
export const listDeliveryTimes = query.column<number, [source: string, since: number]>`SELECT * FROM (
    SELECT received_at FROM deliveries WHERE source = ? AND via = 'push' AND received_at >= ?
    ORDER BY received_at DESC LIMIT 5000
  ) ORDER BY received_at`;

/** Refused deliveries of a source for one reason within an hour. Instants are UTC milliseconds. */
export interface RefusedDeliveries {
  source: string;
  reason: string;
  hour: number;
  count: number;
  firstAt: number;
  lastAt: number;
}

const keptMs = 7 * dayMs;
const refused = defineTable<RefusedDeliveries>('refused_deliveries', {});

export function addRefusedDeliveries(sql: Sql, row: RefusedDeliveries): void {
  const added = 'DO UPDATE SET count = count + excluded.count, last_at = MAX(last_at, excluded.last_at)';
  refused.insert(sql, row, `ON CONFLICT (source, reason, hour) ${added}`);
  sql.run('DELETE FROM refused_deliveries WHERE hour < ?', row.hour - keptMs);
}

/** Refused deliveries of a source since an instant, one row per reason, the latest first. */
export const listRefusedDeliveries = query.rows<RefusedDeliveries, [source: string, since: number]>`
  SELECT source, reason, MAX(hour) AS hour, SUM(count) AS count, MIN(first_at) AS firstAt, MAX(last_at) AS lastAt
    FROM refused_deliveries WHERE source = ? AND last_at >= ? GROUP BY reason ORDER BY lastAt DESC`;
