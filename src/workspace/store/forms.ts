import type { Sql } from '#domain/base/ports.ts';

/** A form of a source: one survey of a survey tool. */
export interface Form {
  source: string;
  form: string;
  title: string | null;
  /** Instant at which its questions were last fetched. */
  describedAt: number | null;
  /** Everything submitted or changed before this instant is stored. */
  watermark: number;
  error: string | null;
}

type FormRow = {
  source: string;
  form: string;
  title: string | null;
  described_at: number | null;
  watermark: number;
  error: string | null;
};

const toForm = (row: FormRow): Form => ({
  source: row.source,
  form: row.form,
  title: row.title,
  describedAt: row.described_at,
  watermark: row.watermark,
  error: row.error,
});

export function formsOf(sql: Sql, source: string): Form[] {
  return sql.all<FormRow>('SELECT * FROM forms WHERE source = ? ORDER BY form', source).map(toForm);
}

export function findForm(sql: Sql, source: string, form: string): Form | null {
  const [row] = sql.all<FormRow>('SELECT * FROM forms WHERE source = ? AND form = ?', source, form);
  return row ? toForm(row) : null;
}

/** Adds a form. A back-fill ignores everything before `watermark`. */
export function addForm(sql: Sql, source: string, form: string, title: string | null, watermark: number): void {
  sql.run(
    `INSERT INTO forms (source, form, title, watermark) VALUES (?, ?, ?, ?)
     ON CONFLICT (source, form) DO UPDATE SET title = COALESCE(excluded.title, title)
     WHERE excluded.title IS NOT NULL AND excluded.title IS NOT title`,
    source,
    form,
    title,
    watermark,
  );
}

export function markDescribed(
  sql: Sql,
  source: string,
  form: string,
  facts: { describedAt: number | null; error: string | null },
): void {
  sql.run(
    'UPDATE forms SET described_at = COALESCE(?, described_at), error = ? WHERE source = ? AND form = ?',
    facts.describedAt,
    facts.error,
    source,
    form,
  );
}

export function setWatermark(sql: Sql, source: string, form: string, watermark: number): void {
  sql.run('UPDATE forms SET watermark = ? WHERE source = ? AND form = ?', watermark, source, form);
}

/** One reading of the responses that a survey tool lists for a form. */
export interface Walk {
  seq: number;
  form: string;
  since: number;
  cursor: string | null;
  startedAt: number;
  endedAt: number | null;
  pages: number;
  /** Number of listed responses, and of those that were not stored. */
  seen: number;
  found: number;
  failures: number;
  error: string | null;
}

type WalkRow = {
  seq: number;
  form: string;
  since: number;
  cursor: string | null;
  started_at: number;
  ended_at: number | null;
  pages: number;
  seen: number;
  found: number;
  failures: number;
  error: string | null;
};

const toWalk = ({ started_at, ended_at, ...row }: WalkRow): Walk => ({
  ...row,
  startedAt: started_at,
  endedAt: ended_at,
});

const walkColumns = 'seq, form, since, cursor, started_at, ended_at, pages, seen, found, failures, error';

export function openWalk(sql: Sql, source: string, form: string): Walk | null {
  const [row] = sql.all<WalkRow>(
    `SELECT ${walkColumns} FROM walks WHERE source = ? AND form = ? AND ended_at IS NULL ORDER BY seq LIMIT 1`,
    source,
    form,
  );
  return row ? toWalk(row) : null;
}

export function startWalk(sql: Sql, source: string, form: string, since: number, now: number): void {
  sql.run('INSERT INTO walks (source, form, since, started_at) VALUES (?, ?, ?, ?)', source, form, since, now);
}

export function saveWalk(sql: Sql, walk: Walk): void {
  sql.run(
    'UPDATE walks SET cursor = ?, ended_at = ?, pages = ?, seen = ?, found = ?, failures = ?, error = ? WHERE seq = ?',
    walk.cursor,
    walk.endedAt,
    walk.pages,
    walk.seen,
    walk.found,
    walk.failures,
    walk.error,
    walk.seq,
  );
}

export function newestWalks(sql: Sql, source: string, limit: number): Walk[] {
  return sql
    .all<WalkRow>(`SELECT ${walkColumns} FROM walks WHERE source = ? ORDER BY seq DESC LIMIT ?`, source, limit)
    .map(toWalk);
}

/** Number of responses that back-fills found and no delivery had brought. */
export function countFound(sql: Sql, source: string): number {
  const [row] = sql.all<{ found: number }>(
    "SELECT COUNT(*) AS found FROM deliveries WHERE source = ? AND via = 'back-fill' AND line IS NULL",
    source,
  );
  return row?.found ?? 0;
}

/** Deletes uneventful walks of a form, except the newest. */
export function pruneWalks(sql: Sql, source: string, form: string, before: number): void {
  sql.run(
    `DELETE FROM walks WHERE source = ? AND form = ? AND ended_at < ? AND found = 0
       AND seq < (SELECT MAX(seq) FROM walks w WHERE w.source = walks.source AND w.form = walks.form)`,
    source,
    form,
    before,
  );
}
