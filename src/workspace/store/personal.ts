import type { SurveyResponse } from '#domain/responses/response.ts';
import { deleteMergedKey } from './customers.ts';
import { isToOutsideSql } from './mails.ts';
import { columnOf, listColumns, query, type Sql, type SqlValue, singleValue } from './table.ts';
import { removeFromTriage } from './triage.ts';

/* Personal data of one person, emptied by an erasure; counts and dates stay under a keyed pseudonym. */

/** Keys of customers with an address: as their newest, on a case of theirs, or in a mail that was sent to them. */
export const listKeysOfAddress = query.column<string, [address: string]>`
  SELECT key FROM customers WHERE lower(email) = lower(?1)
    UNION SELECT customer_key FROM case_addresses WHERE lower(address) = lower(?1)
    UNION SELECT person FROM mails WHERE lower(address) = lower(?1) AND ${isToOutsideSql} AND person IN (SELECT key FROM customers)`;

/** Addresses of a customer, in any of these places. */
export const listAddressesOfKey = query.column<string, [key: string]>`
  SELECT lower(email) FROM customers WHERE key = ?1 AND email IS NOT NULL
    UNION SELECT address FROM case_addresses WHERE customer_key = ?1 AND address <> ''
    UNION SELECT address FROM mails WHERE person = ?1 AND address <> '' AND ${isToOutsideSql}`;

/** Key of the customer in this row; page addresses hold the row number only. */
export const findCustomerKeyByRow = query.value<string, [seq: number]>`SELECT key FROM customers WHERE rowid = ?`;

export const caseIdsOfCustomer = query.column<string, [keys: string[]]>`
  SELECT id FROM cases WHERE customer_key IN (SELECT value FROM json_each(?1))
    UNION SELECT case_id FROM case_responses WHERE customer_key IN (SELECT value FROM json_each(?1))
    UNION SELECT case_id FROM asks WHERE kind = 'customer' AND person IN (SELECT value FROM json_each(?1)) ORDER BY 1`;

/** Strategic cases that these cases are or were part of. */
export const listStrategicIdsOf = query.column<string, [caseIds: string[]]>`
  SELECT DISTINCT linked_id FROM case_links
    WHERE kind IN ('elevated-to', 'parted') AND case_id IN (SELECT value FROM json_each(?))`;

export const mailRowsOfCustomer = query.rows<Record<string, SqlValue>, [key: string]>`
  SELECT m.id, m.kind, m.address, m.subject, m.state, m.at, json_extract(o.payload, '$.text') AS text
    FROM mails m LEFT JOIN outbox o ON o.key = 'mail:' || m.id WHERE m.person = ? AND m.${isToOutsideSql} ORDER BY m.seq`;

/** Replaces a response by its emptied content. Later deliveries do not fill it again. */
export function eraseResponse(
  sql: Sql,
  id: string,
  emptied: { customerKey: string; content: SurveyResponse; at: number },
): void {
  const change =
    "UPDATE responses SET customer_key = ?, content = ?, words = '', incoming = NULL, erased_at = ? WHERE id = ?";
  sql.run(change, emptied.customerKey, JSON.stringify(emptied.content), emptied.at, id);
  removeFromTriage(sql, id, null);
  emptyDeliveries(sql, 'response_id = ?', id);
  // An imported file holds many people's rows, so its own bytes go with the first erasure.
  emptyDeliveries(sql, 'id IN (SELECT part_of FROM deliveries WHERE response_id = ?)', id);
  sql.run(`UPDATE outbox SET payload = '{}' WHERE ordering_key = ? AND state IN ('done', 'refused')`, `response:${id}`);
}

export const isResponseErased = query.has<[responseId: string]>`
  SELECT 1 FROM responses WHERE id = ? AND erased_at IS NOT NULL`;

/** Erases the bytes of deliveries; their arrival and outcome stay. @returns their number */
function emptyDeliveries(sql: Sql, where: string, ...values: SqlValue[]): number {
  const emptied = `UPDATE deliveries SET headers = '{}', body = ?, fetched = NULL WHERE ${where} RETURNING seq`;
  return sql.all(emptied, new Uint8Array(), ...values).length;
}

/** Erases the bytes of a delivery; its arrival and outcome stay. */
export const eraseDeliveryBytes = (sql: Sql, seq: number): number => emptyDeliveries(sql, 'seq = ?', seq);

const listUnread = query.column<number>`SELECT seq FROM deliveries
  WHERE outcome IN ('waiting', 'fetching', 'set-aside', 'test') AND (length(body) > 0 OR fetched IS NOT NULL)`;
const readUnread = query.rows<{ body: Uint8Array; fetched: string | null }, [seq: number]>`
  SELECT body, fetched FROM deliveries WHERE seq = ?`;

/** Deliveries without a response, whose people only their bytes show, each in every form in which it may name them; one by one, because all of them may not fit into memory. */
export function* generateUnreadDeliveryTexts(sql: Sql): Generator<{ seq: number; text: string }> {
  for (const seq of listUnread(sql))
    for (const { body, fetched } of readUnread(sql, seq))
      for (const text of generateDecodedTexts(`${new TextDecoder().decode(body)} ${fetched ?? ''}`))
        yield { seq, text: text.toLowerCase() };
}

/** A text as it is, and decoded in each way in which it may be encoded. */
function* generateDecodedTexts(text: string): Generator<string> {
  yield text;
  for (const run of text.match(/(?:^[\w+/-]{4,}={0,2}\r?\n?)+/gm) ?? []) yield Buffer.from(run, 'base64').toString();
  for (const [sign, decode] of decoders) if (text.includes(sign)) yield decode(text);
}

/** UTF-16, quoted-printable, a URL, a form and JSON in ASCII, each by a sign without which a text is none of it. */
const decoders: [sign: string, decode: (text: string) => string][] = [
  ['\0', (text) => text.replaceAll('\0', '')],
  ['=', (text) => decodeBytes(text.replaceAll(/=\r?\n/g, ''), /=([0-9A-F]{2})/gi)],
  ['%', (text) => decodeBytes(text, /%([0-9A-F]{2})/gi)],
  ['+', (text) => decodeBytes(text.replaceAll('+', ' '), /%([0-9A-F]{2})/gi)],
  [
    '\\',
    (text) => text.replaceAll(/\\(?:u([0-9A-F]{4})|(.))/gi, (_, code, char) => (code ? readCharacter(code) : char)),
  ],
];

const readCharacter = (code: string): string => String.fromCharCode(Number.parseInt(code, 16));
const decodeBytes = (text: string, codes: RegExp): string =>
  Buffer.from(
    text.replaceAll(codes, (_, code) => readCharacter(code)),
    'latin1',
  ).toString();

/** Erases a delivery that was never read, so that it cannot be read later. */
export function eraseUnreadDelivery(sql: Sql, seq: number): void {
  eraseDeliveryBytes(sql, seq);
  sql.run("UPDATE deliveries SET outcome = 'test', error = 'its customer was erased' WHERE seq = ?", seq);
}

export function eraseOldDeliveryBytes(sql: Sql, before: number, limit: number): number {
  const processed = `seq IN (SELECT seq FROM deliveries WHERE received_at < ? AND (length(body) > 0 OR fetched IS NOT NULL)
      AND outcome IN ('stored', 'duplicate', 'test', 'set-aside') ORDER BY seq LIMIT ? + 0)`;
  return emptyDeliveries(sql, processed, before, limit);
}

/** Replaces a customer key by a pseudonym everywhere, and erases texts. @param reasons those to choose, as JSON */
export function eraseCustomer(sql: Sql, key: string, pseudonym: string, at: number, reasons: string): void {
  sql.run('DELETE FROM customers WHERE key = ?', key);
  sql.run('DELETE FROM customer_risks WHERE customer_key = ?', key);
  deleteMergedKey(sql, key);
  sql.run("UPDATE cases SET customer_key = ?, case_match_key = 'erased:' || id WHERE customer_key = ?", pseudonym, key);
  emptyDeliveries(sql, "id IN (SELECT origin_id FROM asks WHERE kind = 'invitation' AND person = ?)", key);
  // Somebody who was erased before has the same pseudonym, and one ask and one verdict in a generation of a case.
  const change = `UPDATE OR REPLACE asks SET person = ?, address = NULL, expires_at = 0,
       answers = CASE WHEN answers IS NULL THEN NULL ELSE
         (SELECT json_group_object(key, value) FROM json_each(asks.answers) WHERE (key = 'resolved' AND value IN ('yes', 'partly', 'no'))
           OR (key = 'handling' AND value GLOB '[1-5]')
           OR (key = 'reason' AND json_array(survey, value) IN (SELECT value FROM json_each(?)))) END
     WHERE kind <> 'closer' AND person = ?`;
  sql.run(change, pseudonym, reasons, key);
  // The page that somebody wanted after a sign-in may be a search for the customer.
  sql.run("UPDATE sign_in_links SET path = substr(path, 1, instr(path || '?', '?') - 1)");
  sql.run('DELETE FROM case_addresses WHERE customer_key = ?', key);
  sql.run('UPDATE reported_surveys SET address = NULL WHERE customer_key = ?', key);
  for (const table of ['case_responses', 'verdicts', 'reported_surveys', 'outcomes'])
    sql.run(`UPDATE OR REPLACE ${table} SET customer_key = ? WHERE customer_key = ?`, pseudonym, key);
  eraseMails(sql, 'person', key, at, 'the customer was erased');
  const mails = `UPDATE mails SET person = ?, subject = '', provider = NULL WHERE person = ? AND ${isToOutsideSql}`;
  sql.run(mails, pseudonym, key);
}

const mailsToErase = {
  person: `person = ? AND ${isToOutsideSql}`,
  'notices of case': `case_id = ? AND kind = 'notice' AND (SELECT state FROM outbox WHERE key = 'mail:' || mails.id) = 'waiting'`,
};

/** Erases the bytes and addresses of mails; what has not left yet never leaves. */
export function eraseMails(sql: Sql, which: keyof typeof mailsToErase, of: string, at: number, why: string): void {
  const ids = JSON.stringify(columnOf<string>(sql, `SELECT id FROM mails WHERE ${mailsToErase[which]}`, of));
  const change = `UPDATE outbox SET payload = '{}', ended_at = COALESCE(ended_at, ?),
       error = CASE WHEN state = 'done' THEN NULL ELSE ? END,
       state = CASE WHEN state = 'done' THEN 'done' ELSE 'refused' END
     WHERE key IN (SELECT 'mail:' || value FROM json_each(?))`;
  sql.run(change, at, why, ids);
  sql.run(
    `UPDATE mails SET address = CASE kind WHEN 'notice' THEN address ELSE '' END, why = NULL, state = CASE WHEN state = 'intent' THEN 'refused' ELSE state END
       WHERE id IN (SELECT value FROM json_each(?))`,
    ids,
  );
}

/** Customers without any contact since an instant and without an open case. */
export const listInactiveCustomerKeys = query.column<string, [since: number, limit: number]>`
  SELECT c.key FROM customers c WHERE c.updated_at < ?1
      AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.customer_key = c.key AND r.received_at >= ?1)
      AND NOT EXISTS (SELECT 1 FROM mails m WHERE m.person = c.key AND m.at >= ?1)
      AND NOT EXISTS (SELECT 1 FROM cases k WHERE (k.is_open = 1 OR k.loop IN ('resolved', 'asked')) AND k.id IN (
        SELECT case_id FROM case_responses WHERE customer_key = c.key
          UNION SELECT id FROM cases WHERE customer_key = c.key))
    ORDER BY c.updated_at LIMIT ?2 + 0`;

const texts: { table: string; column: string; where?: string; left?: string }[] = [
  { table: 'timeline', column: 'why' },
  { table: 'notices', column: 'headline' },
  { table: 'notices', column: 'because' },
  { table: 'contributions', column: 'text' },
  { table: 'comments', column: 'text' },
  { table: 'comments', column: 'author', where: "case_id = ?1 AND kind LIKE '%reply'", left: 'NULL' },
  { table: 'verdicts', column: 'why' },
  { table: 'mails', column: 'subject' },
  { table: 'mails', column: 'why' },
  { table: 'case_links', column: 'why', where: '?1 IN (case_id, linked_id)' },
  { table: 'strategic_cases', column: 'decision' },
  { table: 'cases', column: 'closing_note', where: 'id = ?1', left: 'NULL' },
  { table: 'cases', column: 'explanation', where: 'id = ?1', left: 'NULL' },
  { table: 'cases', column: 'what_changed', where: 'id = ?1', left: 'NULL' },
  { table: 'cases', column: 'root_cause', where: 'id = ?1', left: 'NULL' },
  { table: 'cases', column: 'closing', where: 'id = ?1', left: "json_set(closing, '$.note', NULL)" },
  { table: 'asks', column: 'why', left: "'the customer was erased'" },
  {
    table: 'asks',
    column: 'answers',
    where: "case_id = ?1 AND kind = 'closer'",
    left: "json_object('closed', json_extract(answers, '$.closed'), 'blocker', json_extract(answers, '$.blocker'))",
  },
  {
    table: 'outbox',
    column: 'payload',
    where:
      "state IN ('done', 'refused') AND (ordering_key IN ('case:' || ?1, 'acts:' || ?1) OR key IN (SELECT 'mail:' || id FROM mails WHERE case_id = ?1))",
    left: "'{}'",
  },
];

/** Erases the texts of a case that `isPersonal` tells; counts, dates and choices stay. */
export function eraseCaseTexts(sql: Sql, caseId: string, isPersonal: (text: string) => boolean): void {
  for (const { table, column, where = 'case_id = ?1', left = "''" } of texts) {
    const rows = sql.all<{ row: number; text: string | null }>(
      `SELECT rowid AS row, ${column} AS text FROM ${table} WHERE ${where}`,
      caseId,
    );
    for (const { row, text } of rows)
      if (text && isPersonal(text)) sql.run(`UPDATE ${table} SET ${column} = ${left} WHERE rowid = ?`, row);
  }
}

/* SQLite leaves deleted bytes in free parts of its pages, so rows move to new tables while zeros fill those parts. */

function listDefinitions(sql: Sql, types: string, table: string): string[] {
  const query = `SELECT sql FROM sqlite_schema WHERE type IN (${types}) AND tbl_name = ? AND sql IS NOT NULL
      ORDER BY type`;
  return columnOf(sql, query, table);
}

/** Bytes of the texts and blobs of a table, with some for each row. */
export function estimateBytes(sql: Sql, table: string): number {
  const lengths = listColumns(sql, table).map(({ name }) => `COALESCE(octet_length("${name}"), 0)`);
  return singleValue<number>(sql, `SELECT COALESCE(SUM(64 + ${lengths.join(' + ')}), 0) FROM "${table}"`) ?? 0;
}

function describeTable(sql: Sql, name: string) {
  const [definition = ''] = listDefinitions(sql, "'table'", name);
  const isNumbered = /INTEGER PRIMARY KEY|WITHOUT ROWID/i.test(definition);
  const columns = listColumns(sql, name).map((column) => `"${column.name}"`);
  const isCounted = /AUTOINCREMENT/i.test(definition);
  return {
    name,
    copy: `"copy of ${name}"`,
    definitions: [definition, ...listDefinitions(sql, "'index', 'trigger'", name)],
    columns: [...(isNumbered ? [] : ['rowid']), ...columns].join(', '),
    sequence: isCounted ? singleValue<number>(sql, 'SELECT seq FROM sqlite_sequence WHERE name = ?', name) : null,
  };
}

/** @param bytes of these tables, which zeros are to fill */
export function rewriteTables(sql: Sql, names: string[], bytes: number): void {
  const tables = names.map((name) => describeTable(sql, name));
  for (const { name, copy, columns } of tables) sql.run(`CREATE TABLE ${copy} AS SELECT ${columns} FROM "${name}"`);
  for (const { name } of tables) sql.run(`DROP TABLE "${name}"`);
  fillFreePages(sql, 2 * bytes);
  dropFiller(sql);
  for (const { name, copy, definitions, columns, sequence } of tables) {
    const [definition = '', ...others] = definitions;
    sql.run(definition);
    sql.run(`INSERT INTO "${name}" (${columns}) SELECT * FROM ${copy}`);
    sql.run(`DROP TABLE ${copy}`);
    for (const other of others) sql.run(other);
    if (sequence === null) continue;
    sql.run('DELETE FROM sqlite_sequence WHERE name = ?', name);
    sql.run('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', name, sequence);
  }
}

const fillerRowBytes = 1_000_000;

export function fillFreePages(sql: Sql, bytes: number): void {
  sql.run('CREATE TABLE filler (zeros BLOB NOT NULL)');
  for (let filled = 0; filled < bytes; filled += fillerRowBytes)
    sql.run('INSERT INTO filler (zeros) VALUES (zeroblob(?))', fillerRowBytes);
}

export const dropFiller = query.run`DROP TABLE IF EXISTS filler`;
