import { feedback } from '../core.ts';
import { allOf, columnOf, defineTable, isOneOf, query, type Sql, singleValue } from './table.ts';

export interface StoredCustomer extends feedback.CustomerFields {
  seq: number;
  key: string;
  updatedAt: number;
  isListed: boolean;
  from: Record<string, feedback.Origin>;
}

/** Attributes and the values that they must have, as `{ region: 'emea' }`. */
export type AttributeFilter = Record<string, string>;

type Row = { seq: number; key: string; updatedAt: number; listedAt: number | null; attributes: string };

const customers = defineTable<Omit<Row, 'seq'>>('customers', {});

const columns = 'rowid AS seq, key, updated_at AS updatedAt, listed_at AS listedAt, attributes';

function toStoredCustomer({ seq, key, updatedAt, listedAt, attributes }: Row): StoredCustomer {
  const { values, from } = feedback.effective(JSON.parse(attributes));
  return { seq, key, updatedAt, isListed: listedAt !== null, from, ...feedback.toCustomerFields(values) };
}

export function findCustomer(sql: Sql, key: string | null): StoredCustomer | null {
  const [row] = sql.all<Row>(`SELECT ${columns} FROM customers WHERE key = ?`, key);
  return row ? toStoredCustomer(row) : null;
}

function save(
  sql: Sql,
  key: string,
  change: (known: feedback.OriginValuesByAttribute) => feedback.OriginValuesByAttribute,
  times: { updatedAt: number; listedAt: number | null },
): void {
  const known = singleValue<string>(sql, 'SELECT attributes FROM customers WHERE key = ?', key);
  const merged = `ON CONFLICT (key) DO UPDATE SET attributes = excluded.attributes,
      listed_at = COALESCE(excluded.listed_at, listed_at), updated_at = MAX(updated_at, excluded.updated_at)`;
  const attributes = JSON.stringify(change(known === null ? {} : JSON.parse(known)));
  customers.insert(sql, { key, attributes, ...times }, merged);
}

/** Adds reported attributes; missing ones forget nothing, and an older response overrides nothing. */
export const addReportedAttributes = (
  sql: Sql,
  key: string,
  statement: feedback.Statement,
  { submittedAt, now }: { submittedAt: number; now: number },
): void =>
  save(sql, key, (known) => feedback.addResponseAttributes(known, statement, submittedAt), {
    updatedAt: now,
    listedAt: null,
  });

/** Stores a row of the customer list in place of the customer's earlier row. */
export const storeListedCustomer = (sql: Sql, { key, ...listed }: feedback.ListedCustomer, now: number): void =>
  save(sql, key, (known) => feedback.replaceListAttributes(known, listed, now), { updatedAt: now, listedAt: now });

export const findListedCustomerKeyByEmail = query.value<string, [email: string]>`
  SELECT MIN(key) FROM (SELECT key FROM customers WHERE lower(email) = lower(?) AND listed_at IS NOT NULL LIMIT 2)
    HAVING COUNT(*) = 1`;

/** Whether a customer has all attributes of a filter, as a condition on the column with the key. */
export function filterByAttributes(keyColumn: string, attributes: AttributeFilter): { sql: string; values: string[] } {
  const has = `EXISTS (SELECT 1 FROM customer_attributes WHERE name = ? AND value = lower(?) AND customer_key = ${keyColumn})`;
  const pairs = Object.entries(attributes);
  return { sql: pairs.map(() => has).join(' AND ') || 'true', values: pairs.flat() };
}

/** More customers are cheaper to check case by case. */
const mostCustomersLookedUp = 100;

/** Keys of the customers with one of the attributes that few have; null where many have each. */
export function findFewCustomers(sql: Sql, attributes: AttributeFilter): string[] | null {
  const having = `SELECT customer_key FROM customer_attributes WHERE name = ? AND value = lower(?) LIMIT ${mostCustomersLookedUp + 1}`;
  const found = Object.entries(attributes).map((pair) => columnOf<string>(sql, having, ...pair));
  return found.find((keys) => keys.length <= mostCustomersLookedUp) ?? null;
}

/** Numbers of the cases of customers with one of the attributes that few have; null where many have each. */
export function findCasesOfFewCustomers(sql: Sql, attributes: AttributeFilter): number[] | null {
  const keys = findFewCustomers(sql, attributes);
  const cases = `SELECT number FROM cases WHERE customer_key IN (SELECT value FROM json_each(?1)) UNION SELECT c.number
      FROM case_responses r JOIN cases c ON c.id = r.case_id WHERE r.customer_key IN (SELECT value FROM json_each(?1))`;
  return keys && columnOf(sql, cases, JSON.stringify(keys));
}

export function listCustomers(
  sql: Sql,
  before: number,
  limit: number,
  { rows, attributes = {} }: { rows?: number[] | undefined; attributes?: AttributeFilter } = {},
): StoredCustomer[] {
  const having = filterByAttributes('customers.key', attributes);
  const narrowed = allOf(['rowid < ?', before], [isOneOf('rowid'), rows], [having.sql, ...having.values]);
  const newest = `SELECT ${columns} FROM customers WHERE ${narrowed.sql} ORDER BY rowid DESC LIMIT ? + 0`;
  return sql.all<Row>(newest, ...narrowed.values, limit).map(toStoredCustomer);
}

const mergedKeys = defineTable<{ key: string; person: string; who: string; at: number }>('merged_keys', {});

/** The person of the key in `column`, as an expression: the same for all keys that were merged. */
export const personOf = (column: string): string =>
  `COALESCE((SELECT person FROM merged_keys WHERE key = ${column}), ${column})`;

/** Tiers that customers have, at most 100. */
export const listTiersOfCustomers = query.column<string>`
  WITH RECURSIVE seen (tier) AS (
      SELECT MIN(tier) FROM customers
      UNION ALL SELECT (SELECT MIN(tier) FROM customers WHERE tier > seen.tier) FROM seen WHERE seen.tier IS NOT NULL LIMIT 101)
    SELECT tier FROM seen WHERE tier IS NOT NULL`;

/** All keys of the person with this key, itself first. */
export const listKeysOfPerson = query.column<string, [key: string]>`
  SELECT key FROM (SELECT ?1 AS key, -1 AS at
      UNION ALL SELECT other.key, other.at FROM merged_keys own JOIN merged_keys other ON other.person = own.person
        WHERE own.key = ?1 AND other.key <> ?1) ORDER BY at, key`;

/** Makes one person of all these keys, and of those merged with them before. */
export function storeMergedKeys(sql: Sql, keys: string[], row: { person: string; who: string; at: number }): void {
  moveMergedKeys(sql, row.person, keys);
  for (const key of keys) mergedKeys.add(sql, { key, ...row });
}

const moveMergedKeys = query.run<[person: string, keys: string[]]>`UPDATE merged_keys SET person = ? WHERE person IN
  (SELECT person FROM merged_keys WHERE key IN (SELECT value FROM json_each(?)))`;

/** Parts a key from its person; a single key that remains is no merged one any more. */
export function deleteMergedKey(sql: Sql, key: string): void {
  mergedKeys.delete(sql, { key });
  sql.run(
    'DELETE FROM merged_keys WHERE person IN (SELECT person FROM merged_keys GROUP BY person HAVING COUNT(*) = 1)',
  );
}

/** Keyed marks of people and addresses that get no more mail. */
export const optOuts = defineTable<{ person: string; at: number }>('opt_outs', {});
