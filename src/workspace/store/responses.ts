import type { Sql } from '#domain/ports.ts';
import type { Customer, SurveyResponse } from '#domain/response.ts';
import type { Decision } from '#domain/template.ts';

export interface StoredResponse {
  seq: number;
  id: string;
  customerKey: string;
  receivedAt: number;
  content: SurveyResponse;
  decisions: Decision[];
}

type Row = {
  seq: number;
  id: string;
  customer_key: string;
  received_at: number;
  content: string;
  decisions: string;
};

const toStored = (row: Row): StoredResponse => ({
  seq: row.seq,
  id: row.id,
  customerKey: row.customer_key,
  receivedAt: row.received_at,
  content: JSON.parse(row.content),
  decisions: JSON.parse(row.decisions),
});

/**
 * Keeps one response under its key. Insert first, then compare: an older or equal revision never overwrites.
 *
 * @returns `new`, `updated`, or `duplicate`
 */
export function upsertResponse(
  sql: Sql,
  row: { id: string; customerKey: string; receivedAt: number; content: SurveyResponse },
): 'new' | 'updated' | 'duplicate' {
  const { content } = row;
  const inserted = sql.all(
    `INSERT INTO responses (id, source, form, revision, submitted_at, received_at, customer_key, content)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING seq`,
    row.id,
    content.source,
    content.form,
    content.revision,
    content.submittedAt,
    row.receivedAt,
    row.customerKey,
    JSON.stringify(content),
  );
  if (inserted.length > 0) return 'new';
  const updated = sql.all(
    'UPDATE responses SET revision = ?, submitted_at = ?, customer_key = ?, content = ? WHERE id = ? AND revision < ? RETURNING seq',
    content.revision,
    content.submittedAt,
    row.customerKey,
    JSON.stringify(content),
    row.id,
    content.revision,
  );
  return updated.length > 0 ? 'updated' : 'duplicate';
}

export function setDecisions(sql: Sql, id: string, decisions: Decision[]): void {
  sql.run('UPDATE responses SET decisions = ? WHERE id = ?', JSON.stringify(decisions), id);
}

export function findResponse(sql: Sql, id: string): StoredResponse | null {
  const [row] = sql.all<Row>('SELECT * FROM responses WHERE id = ?', id);
  return row ? toStored(row) : null;
}

export function listResponses(sql: Sql, before: number, limit: number): StoredResponse[] {
  return sql
    .all<Row>('SELECT * FROM responses WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit)
    .map(toStored);
}

/** What a customer answered from an instant on, for conditions that look back. */
export function responsesOfCustomer(sql: Sql, customerKey: string, since: number): SurveyResponse[] {
  return sql
    .all<{ content: string }>(
      'SELECT content FROM responses WHERE customer_key = ? AND submitted_at >= ? ORDER BY submitted_at LIMIT 500',
      customerKey,
      since,
    )
    .map(({ content }) => JSON.parse(content));
}

export interface StoredCustomer extends Customer {
  key: string;
}

/** What a response says of its customer lies over what was known; silence forgets nothing. */
export function upsertCustomer(sql: Sql, key: string, customer: Customer, at: number): void {
  sql.run(
    `INSERT INTO customers (key, email, name, tier, revenue, language, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET email = COALESCE(excluded.email, email), name = COALESCE(excluded.name, name),
       tier = COALESCE(excluded.tier, tier), revenue = COALESCE(excluded.revenue, revenue),
       language = COALESCE(excluded.language, language), updated_at = excluded.updated_at`,
    key,
    customer.email,
    customer.name,
    customer.tier,
    customer.revenue,
    customer.language,
    at,
  );
}

export function findCustomer(sql: Sql, key: string): StoredCustomer | null {
  const [row] = sql.all<{
    key: string;
    email: string | null;
    name: string | null;
    tier: string | null;
    revenue: number | null;
    language: string | null;
  }>('SELECT key, email, name, tier, revenue, language FROM customers WHERE key = ?', key);
  return row ?? null;
}

export function optOut(sql: Sql, person: string, at: number): void {
  sql.run('INSERT INTO opt_outs (person, at) VALUES (?, ?) ON CONFLICT (person) DO NOTHING', person, at);
}

export function hasOptedOut(sql: Sql, person: string): boolean {
  return sql.all('SELECT 1 FROM opt_outs WHERE person = ?', person).length > 0;
}
