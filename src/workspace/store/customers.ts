import type { Sql } from '#domain/base/ports.ts';
import {
  type AttributeName,
  type CustomerAttributes,
  effective,
  type ListedCustomer,
  type Reported,
  tell,
} from '#domain/responses/customer.ts';

export interface StoredCustomer extends CustomerAttributes {
  seq: number;
  key: string;
  updatedAt: number;
  isListed: boolean;
  /** Whether an attribute comes from the customer list or from a response. */
  from: Partial<Record<AttributeName, 'list' | 'response'>>;
}

type Row = { seq: number; key: string; updated_at: number; listed: string | null; told: string };

const columns = 'rowid AS seq, key, updated_at, listed, told';

function toStored(row: Row): StoredCustomer {
  const { attributes, from } = effective(
    row.listed === null ? null : JSON.parse(row.listed),
    JSON.parse(row.told),
  );
  const { seq, key, updated_at: updatedAt } = row;
  return { seq, key, updatedAt, isListed: row.listed !== null, from, ...attributes };
}

const findRow = (sql: Sql, key: string): Row | null =>
  sql.all<Row>(`SELECT ${columns} FROM customers WHERE key = ?`, key)[0] ?? null;

export function findCustomer(sql: Sql, key: string): StoredCustomer | null {
  const row = findRow(sql, key);
  return row && toStored(row);
}

function save(
  sql: Sql,
  key: string,
  listed: Partial<CustomerAttributes> | null,
  told: Reported,
  at: number,
): void {
  const { attributes } = effective(listed, told);
  sql.run(
    `INSERT INTO customers (key, email, name, tier, revenue, language, renewal, listed, told, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET email = excluded.email, name = excluded.name,
       tier = excluded.tier, revenue = excluded.revenue, language = excluded.language, renewal = excluded.renewal,
       listed = excluded.listed, told = excluded.told, updated_at = excluded.updated_at`,
    key,
    attributes.email,
    attributes.name,
    attributes.tier,
    attributes.revenue,
    attributes.language,
    attributes.renewal,
    listed && JSON.stringify(listed),
    JSON.stringify(told),
    at,
  );
}

/** Adds what a response says of its customer; silence forgets nothing, and an older response overrides nothing. */
export function writeToPerson(
  sql: Sql,
  key: string,
  said: Partial<CustomerAttributes>,
  times: { submittedAt: number; now: number },
): void {
  const row = findRow(sql, key);
  const told: Reported = row ? JSON.parse(row.told) : {};
  save(sql, key, row?.listed ? JSON.parse(row.listed) : null, tell(told, said, times.submittedAt), times.now);
}

/** Takes over a row of the customer list, in place of what the list said of this customer before. */
export function listCustomer(sql: Sql, { key, ...listed }: ListedCustomer, now: number): void {
  const row = findRow(sql, key);
  save(sql, key, listed as Partial<CustomerAttributes>, row ? JSON.parse(row.told) : {}, now);
}

/** The customer whom the list knows by an address, where it is exactly one. */
export function listedByEmail(sql: Sql, email: string): string | null {
  const rows = sql.all<{ key: string }>(
    'SELECT key FROM customers WHERE email = ? AND listed IS NOT NULL LIMIT 2',
    email,
  );
  return rows.length === 1 ? (rows[0]?.key ?? null) : null;
}

export function listCustomers(sql: Sql, before: number, limit: number, search: string): StoredCustomer[] {
  return sql
    .all<Row>(
      `SELECT ${columns} FROM customers WHERE rowid < ? AND (? = '' OR instr(lower(key || ' ' || COALESCE(name, '') || ' ' || COALESCE(email, '')), lower(?)) > 0)
       ORDER BY rowid DESC LIMIT ?`,
      before,
      search,
      search,
      limit,
    )
    .map(toStored);
}
