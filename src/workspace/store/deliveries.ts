import type { Sql } from '#domain/ports.ts';
import type { RawDelivery } from '#domain/survey-source.ts';

export type DeliveryOutcome = 'waiting' | 'stored' | 'duplicate' | 'set-aside' | 'test';

export interface Delivery extends RawDelivery {
  seq: number;
  id: string;
  source: string;
  outcome: DeliveryOutcome;
  tries: number;
  responseId: string | null;
  error: string | null;
}

type Row = {
  seq: number;
  id: string;
  source: string;
  received_at: number;
  headers: string;
  body: Uint8Array;
  outcome: DeliveryOutcome;
  tries: number;
  response_id: string | null;
  error: string | null;
};

const toDelivery = (row: Row): Delivery => ({
  seq: row.seq,
  id: row.id,
  source: row.source,
  receivedAt: row.received_at,
  headers: JSON.parse(row.headers),
  body: new Uint8Array(row.body),
  outcome: row.outcome,
  tries: row.tries,
  responseId: row.response_id,
  error: row.error,
});

export function insertDelivery(sql: Sql, id: string, source: string, raw: RawDelivery): void {
  sql.run(
    "INSERT INTO deliveries (id, source, received_at, headers, body, outcome) VALUES (?, ?, ?, ?, ?, 'waiting')",
    id,
    source,
    raw.receivedAt,
    JSON.stringify(raw.headers),
    raw.body,
  );
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
    'UPDATE deliveries SET outcome = ?, response_id = ?, error = ? WHERE seq = ?',
    outcome,
    facts.responseId ?? null,
    facts.error ?? null,
    seq,
  );
}

/** Counts a try and tells how many there were; kept outside the try's own transaction. */
export function countTry(sql: Sql, seq: number): number {
  sql.run('UPDATE deliveries SET tries = tries + 1 WHERE seq = ?', seq);
  return sql.all<{ tries: number }>('SELECT tries FROM deliveries WHERE seq = ?', seq)[0]?.tries ?? 0;
}

export function listDeliveries(sql: Sql, before: number, limit: number): Delivery[] {
  return sql
    .all<Row>('SELECT * FROM deliveries WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit)
    .map(toDelivery);
}
