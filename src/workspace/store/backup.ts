import { AppError } from '#domain/base/errors.ts';
import { columnOf, defineTable, listColumns, listTables, placesFor, query, type Sql, singleValue } from './table.ts';

/* A backup is a copy of all rows as lines of JSON with their table, without NULL, made in one transaction. */

const blobType = 'BLOB';
/** Columns per call of `json_object`: the runtime bounds the arguments of a function. */
const columnsPerCall = 12;

/** `filler` is there while an erasure cleans pages. */
const notBackedUp = new Set([
  'filler',
  'migrations',
  'backup_lines',
  'restoring',
  'case_counts',
  'customer_attributes',
  'response_hours',
]);

const listBackedUpTables = (sql: Sql): string[] => listTables(sql).filter((name) => !notBackedUp.has(name));

/** A row with as many bytes might be larger as JSON, which writes some signs as six, than the 2 MB of a value. */
const mostBytesOfRow = 300_000;
const pieceOfLine = new RegExp(`.{1,${mostBytesOfRow}}`, 'gsu');

/** Whether a row of the copy begins a line; a line that is too large for one goes on in the next ones. */
export const beginsLine = (row: string): boolean => row.startsWith('{"table":');

/** Copies every row into lines, in place of those of an earlier backup. @returns the first row of them, and their count */
export function copyRowsToLines(sql: Sql): { first: number; lines: number } {
  deleteBackupLines(sql);
  let furtherPieces = 0;
  for (const table of listBackedUpTables(sql)) {
    const columns = listColumns(sql, table);
    const size = columns.map(({ name }) => `COALESCE(length(CAST("${name}" AS BLOB)), 0)`).join(' + ');
    sql.run(
      `INSERT INTO backup_lines (line) SELECT json_object('table', '${table}', 'row', ${toJsonSql(columns)}) FROM "${table}"
        WHERE ${size} < ${mostBytesOfRow}`,
    );
    const key = columns.filter(({ pk }) => pk > 0).map(({ name }) => `"${name}"`);
    for (const large of sql.all(`SELECT ${key.join(', ')} FROM "${table}" WHERE ${size} >= ${mostBytesOfRow}`)) {
      const where = key.map((name) => `${name} = ?`).join(' AND ');
      const [row] = sql.all(`SELECT * FROM "${table}" WHERE ${where}`, ...Object.values(large));
      const line = JSON.stringify({ table, row }, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : (value ?? undefined),
      );
      const pieces = line.match(pieceOfLine) ?? [];
      for (const piece of pieces) sql.run('INSERT INTO backup_lines (line) VALUES (?)', piece);
      furtherPieces += pieces.length - 1;
    }
  }
  const lines = 'FROM backup_lines';
  const first = singleValue<number>(sql, `SELECT MIN(seq) ${lines}`) ?? 0;
  const last = singleValue<number>(sql, `SELECT MAX(seq) ${lines}`) ?? 0;
  return { first, lines: last - first + 1 - furtherPieces };
}

function toJsonSql(columns: ReturnType<typeof listColumns>): string {
  const objects: string[] = [];
  for (let from = 0; from < columns.length; from += columnsPerCall) {
    const pairs = columns
      .slice(from, from + columnsPerCall)
      .map(({ name, type }) => `'${name}', ${type === blobType ? `hex("${name}")` : `"${name}"`}`);
    objects.push(`json_object(${pairs.join(', ')})`);
  }
  return objects.reduce((merged, object) => `json_patch(${merged}, ${object})`, "'{}'");
}

/** Rows of the copy after a row. */
export const listBackupLines = query.rows<{ seq: number; line: string }, [after: number, limit: number]>`
  SELECT seq, line FROM backup_lines WHERE seq > ? ORDER BY seq LIMIT ?`;

/** Deletes the copy. It is overwritten first, so that its freed pages hold nothing of it. */
export function deleteBackupLines(sql: Sql): void {
  sql.run('UPDATE backup_lines SET line = zeroblob(length(CAST(line AS BLOB)))');
  sql.run('DELETE FROM backup_lines');
}
function insertBackupLines(sql: Sql, lines: string[]): void {
  const tables = new Map(listBackedUpTables(sql).map((table) => [table, listColumns(sql, table)]));
  for (const line of lines) {
    const { table, row } = parseBackupLine(line);
    if (notBackedUp.has(table)) continue;
    const columns = tables.get(table);
    if (!columns)
      throw new AppError('invalid-input', `The backup has rows of ${table}, which its schema does not have.`);
    const values = columns.map(({ name, type }) => {
      const value = row[name] ?? null;
      return type === blobType && typeof value === 'string' ? decodeHex(value) : value;
    });
    const names = columns.map(({ name }) => `"${name}"`);
    sql.run(`INSERT INTO "${table}" (${names.join(', ')}) VALUES (${placesFor(columns)})`, ...values);
  }
}

function parseBackupLine(line: string): { table: string; row: Record<string, string | number> } {
  try {
    return JSON.parse(line);
  } catch {
    throw new AppError('invalid-input', 'The backup has a line that is no JSON: the file is damaged.');
  }
}

const decodeHex = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16));

/** Lines of a restore that were taken so far; null without one under way. Its table is part of no schema. */
export const findLinesTaken = (sql: Sql): number | null =>
  listTables(sql).includes('restoring') ? singleValue<number>(sql, 'SELECT taken FROM restoring') : null;

/** Replaces everything by the empty schema of a backup. The restore stays under way until `endRestoring`. */
export function emptyForRestore(sql: Sql, schema: Migration[]): void {
  for (const table of [...listTables(sql), ...listTables(sql, 'virtual')]) sql.run(`DROP TABLE IF EXISTS "${table}"`);
  migrate(sql, schema);
  sql.run('CREATE TABLE restoring (taken INTEGER NOT NULL)');
  sql.run('INSERT INTO restoring (taken) VALUES (0)');
}

/** Takes further lines, and counts them. */
export function takeLines(sql: Sql, lines: string[]): void {
  insertBackupLines(sql, lines);
  sql.run('UPDATE restoring SET taken = taken + ?', lines.length);
}

export const endRestoring = query.run`DROP TABLE restoring`;

/** Whether a store holds neither feedback nor cases. */
export const isStoreEmpty = query.has`
  SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM deliveries) AND NOT EXISTS (SELECT 1 FROM cases)`;

/** The last restore. Instants are UTC milliseconds. */
export interface Restore {
  backupAt: number;
  restoredAt: number;
  /** Whether the mail provider could list what it took; null before it was asked. */
  listsMails: boolean | null;
  /** Null while the workspace is held. */
  releasedAt: number | null;
  releasedBy: string | null;
}

interface LaterIssue {
  marker: string;
  tracker: string;
  issueId: string;
  issueKey: string;
  url: string;
  number: number;
  caseId: string;
}

export const restores = defineTable<Restore>('restores', { listsMails: 'flag' });
export const laterIssues = defineTable<LaterIssue>('later_issues', {});

export const isHeldSql = 'EXISTS (SELECT 1 FROM restores WHERE released_at IS NULL)';

/** The restore whose release everything waits for; null without one. */
export const findHold = restores.row`WHERE released_at IS NULL`;

/** Begins the hold: repeatable calls and comments are looked up, creates wait for the issues that polls find. */
export function insertHold(sql: Sql, backupAt: number, restoredAt: number): void {
  for (const table of ['restores', 'later_issues', 'later_mails']) sql.run(`DELETE FROM ${table}`);
  restores.insert(sql, { backupAt, restoredAt });
  sql.run(`${callUnknownSql} AND kind LIKE 'issue.%' AND kind NOT IN ('issue.create', 'issue.sub')`, restoredAt);
}

const callUnknownSql = `UPDATE outbox SET state = 'unknown', attempts = MAX(attempts, 1),
    started_at = COALESCE(started_at, ?1), deadline_at = COALESCE(deadline_at, ?1), due_at = ?1 WHERE state = 'waiting'`;

/** Stores an issue, and lets a create that waits for it find it. The oldest issue of a marker counts. */
export function insertLaterIssue(sql: Sql, issue: LaterIssue, at: number): void {
  laterIssues.add(sql, issue);
  findLaterIssueOfCreate(sql, issue.marker, at);
}

/** Lets a create find the issue that was made for its marker before the restore. */
export function findLaterIssueOfCreate(sql: Sql, marker: string, at: number): void {
  if (laterIssues.has(sql, { marker }))
    sql.run(`${callUnknownSql} AND json_extract(payload, '$.marker') = ?2`, at, marker);
}

export const listLaterIssues = query.rows<LaterIssue & { isCaseKnown: number }>`
  SELECT tracker, issue_key AS issueKey, url, number, case_id IN (SELECT id FROM cases) AS isCaseKnown
    FROM later_issues ORDER BY number`;

/** Number for a new case: that of its issue from before the restore, else one that no issue has; null for the next. */
export const findNumberAfterRestore = query.value<number, [caseId: string]>`
  SELECT COALESCE((SELECT number FROM later_issues WHERE case_id = ? LIMIT 1),
    MAX((SELECT MAX(number) FROM later_issues), COALESCE((SELECT MAX(number) FROM cases), 0)) + 1)`;

export const insertLaterMail = query.run<[mail: { provider: string; mark: string; at: number }]>`
  INSERT INTO later_mails (provider, mark, at) SELECT @provider, @mark, @at
    WHERE NOT EXISTS (SELECT 1 FROM mails WHERE provider = @provider) ON CONFLICT DO NOTHING`;

export const countLaterMails = query.number`SELECT COUNT(*) FROM later_mails`;

/** The provider's id of the oldest mail under a mark, which counts once. */
export const takeLaterMail = query.value<string, [mark: string]>`DELETE FROM later_mails WHERE provider =
  (SELECT provider FROM later_mails WHERE mark = ? ORDER BY at LIMIT 1) RETURNING provider`;

export interface Migration {
  /** `0001-initial.sql`; the number orders them. Never edited after release. */
  name: string;
  sql: string;
}

/** Brings a database up to the schema of this build. @throws AppError for a database that a newer build has written */
export function migrate(sql: Sql, migrations: Migration[]): void {
  sql.run('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)');
  const applied = new Set(columnOf<string>(sql, 'SELECT name FROM migrations ORDER BY name'));
  const unknown = [...applied].find((name) => migrations.every((migration) => migration.name !== name));
  if (unknown !== undefined) throw createNewerSchemaError(unknown, migrations);
  for (const migration of migrations.filter(({ name }) => !applied.has(name)))
    sql.transaction(() => {
      for (const statement of migration.sql.split(/;\s*(?:\n|$)/).filter((text) => text.trim() !== ''))
        sql.run(statement);
      sql.run('INSERT INTO migrations (name) VALUES (?)', migration.name);
    });
}
export function createNewerSchemaError(newer: string, migrations: Migration[]): AppError {
  const known = migrations.at(-1)?.name ?? '';
  return new AppError(
    'config',
    `This data has the schema ${newer} of a newer version of Caselite, and this version knows schemas up to ${known}. Start the newer version again, or restore a backup that is older than the upgrade.`,
  );
}

/** Name of the schema that a database has. */
export const readSchemaName = (sql: Sql): string => singleValue(sql, 'SELECT MAX(name) FROM migrations') ?? '';
