import type { Sql } from '#domain/base/ports.ts';
import type { KnownQuestion, QuestionChange } from '#domain/responses/question.ts';
import { defineTable, singleValue } from './table.ts';

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

const forms = defineTable<Form>('forms', {});

export const listForms = (sql: Sql, source: string): Form[] =>
  forms.list(sql, 'WHERE source = ? ORDER BY form', source);

export const findForm = (sql: Sql, source: string, form: string): Form | null =>
  forms.find(sql, 'source = ? AND form = ?', source, form);

/** Adds a form. A back-fill ignores everything before `watermark`. */
export function addForm(sql: Sql, source: string, form: string, title: string | null, watermark: number): void {
  const renamed = `ON CONFLICT (source, form) DO UPDATE SET title = excluded.title
     WHERE excluded.title IS NOT NULL AND excluded.title IS NOT title`;
  forms.insert(sql, { source, form, title, watermark }, renamed);
}

export const updateForm = (
  sql: Sql,
  source: string,
  form: string,
  changes: Partial<Pick<Form, 'describedAt' | 'error' | 'watermark'>>,
): void => forms.update(sql, changes, 'source = ? AND form = ?', source, form);

/** One reading of the responses that a survey tool lists for a form. */
export interface BackFillRun {
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

const walks = defineTable<BackFillRun & { source: string }>('walks', {});

export const findOpenBackFillRun = (sql: Sql, source: string, form: string): BackFillRun | null =>
  walks.find(sql, 'source = ? AND form = ? AND ended_at IS NULL ORDER BY seq LIMIT 1', source, form);

export const findLastBackFillStart = (sql: Sql, source: string, form: string): number | null =>
  singleValue<number>(sql, 'SELECT MAX(started_at) FROM walks WHERE source = ? AND form = ?', source, form) ?? null;

export const startBackFillRun = (sql: Sql, source: string, form: string, since: number, now: number): boolean =>
  walks.insert(sql, { source, form, since, startedAt: now });

export const saveBackFillRun = (sql: Sql, walk: BackFillRun): void => walks.update(sql, walk, 'seq = ?', walk.seq);

export const listNewestBackFillRuns = (sql: Sql, source: string, limit: number): BackFillRun[] =>
  walks.list(sql, 'WHERE source = ? ORDER BY seq DESC LIMIT ?', source, limit);

/** Number of responses that back-fills found and no delivery had brought. */
export function countBackFilledResponses(sql: Sql, source: string): number {
  const count = "SELECT COUNT(*) FROM deliveries WHERE source = ? AND via = 'back-fill' AND line IS NULL";
  return singleValue<number>(sql, count, source) ?? 0;
}

/** Deletes uneventful walks of a form, except the newest. */
export function deleteOldEmptyBackFillRuns(sql: Sql, source: string, form: string, before: number): void {
  const change = `DELETE FROM walks WHERE source = ? AND form = ? AND ended_at < ? AND found = 0
       AND seq < (SELECT MAX(seq) FROM walks w WHERE w.source = walks.source AND w.form = walks.form)`;
  sql.run(change, source, form, before);
}

const questions = defineTable<KnownQuestion & { source: string }>('questions', { names: 'json', choices: 'json' });

const changes = defineTable<QuestionChange & { source: string; form: string }>('question_changes', {});

export function questionsOf(sql: Sql, source: string, form: string): Map<string, KnownQuestion> {
  const known = questions.list(sql, 'WHERE source = ? AND form = ? ORDER BY first_seen, rowid', source, form);
  return new Map(known.map((question) => [question.id, question]));
}

/** Questions that people answer in words, the newest first. */
export const listOpenQuestions = (sql: Sql): (KnownQuestion & { source: string })[] =>
  questions.list(sql, "WHERE type = 'text' ORDER BY last_answered_at DESC LIMIT 100");

/** Ids and other names of all questions that a source has shown; null before it was described or brought 20 responses. */
export function findQuestionNames(sql: Sql, source: string): Set<string> | null {
  const enough = `SELECT EXISTS (SELECT 1 FROM forms WHERE source = ?1 AND described_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM responses WHERE source = ?1 LIMIT 1 OFFSET 19)`;
  if (singleValue<number>(sql, enough, source) !== 1) return null;
  return new Set(questions.list(sql, 'WHERE source = ?', source).flatMap(({ id, names }) => [id, ...names]));
}

export const saveQuestion = (sql: Sql, source: string, form: string, { id, ...question }: KnownQuestion): void =>
  questions.put(sql, { source, form, id }, question);

export const addQuestionChange = (sql: Sql, source: string, form: string, change: QuestionChange): boolean =>
  changes.insert(sql, { source, form, ...change });

export function listQuestionChanges(sql: Sql, source: string, form: string, limit: number): QuestionChange[] {
  const newest = `SELECT question, at, what, was, now FROM question_changes WHERE source = ? AND form = ?
      ORDER BY at DESC, seq DESC LIMIT ?`;
  return sql.all(newest, source, form, limit);
}

/** State of a source beside its settings. */
export interface SourceState {
  name: string;
  /** Settings at the last push; a removed source is verified by them. */
  settings: unknown;
  /** Instant of its pause or removal; null while it is in use. */
  inactiveSince: number | null;
  lastDeliveryAt: number | null;
  /** Time of the silence alert; `null` once the source delivers again. */
  silenceNotifiedAt: number | null;
  /** Stored responses below this number wait to be reread; null for none. */
  rereadBelowSeq: number | null;
}

const sources = defineTable<SourceState>('sources', { settings: 'json' });

export const findSource = (sql: Sql, name: string): SourceState | null => sources.find(sql, 'name = ?', name);

export const listSourcesToReread = (sql: Sql): SourceState[] =>
  sources.list(sql, 'WHERE reread_below_seq IS NOT NULL ORDER BY name');

export const listSources = (sql: Sql): SourceState[] => sources.list(sql, 'ORDER BY name');

/** Writes the given fields of a source, which is new with its first settings. */
export const saveSource = (sql: Sql, name: string, changes: Partial<SourceState>): void =>
  changes.settings === undefined ? sources.update(sql, changes, 'name = ?', name) : sources.put(sql, { name }, changes);

export function setLastDeliveryAt(sql: Sql, name: string, at: number): void {
  const change = `INSERT INTO sources (name, settings, last_delivery_at) VALUES (?, '{}', ?)
     ON CONFLICT (name) DO UPDATE SET last_delivery_at = MAX(COALESCE(last_delivery_at, 0), excluded.last_delivery_at),
       silence_notified_at = NULL`;
  sql.run(change, name, at);
}
