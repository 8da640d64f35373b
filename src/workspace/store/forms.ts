import type { SourceDetail, Stored } from '#domain/json/index.ts';
import type { KnownQuestion, QuestionChange } from '#domain/responses/question.ts';
import { defineTable, query, type Sql, singleValue } from './table.ts';

export interface Form {
  source: string;
  form: string;
  title: string | null;
  describedAt: number | null;
  watermark: number;
  error: string | null;
}

export const forms = defineTable<Form>('forms', {}, { order: 'form' });

/** Adds a form. A back-fill ignores everything before `watermark`. */
export function addForm(sql: Sql, source: string, form: string, title: string | null, watermark: number): void {
  const renamed = `ON CONFLICT (source, form) DO UPDATE SET title = excluded.title
     WHERE excluded.title IS NOT NULL AND excluded.title IS NOT title`;
  forms.insert(sql, { source, form, title, watermark }, renamed);
}

export interface BackFillRun extends Stored<SourceDetail['walks'][number], 'since' | 'startedAt' | 'endedAt'> {
  seq: number;
  cursor: string | null;
  pages: number;
  failures: number;
}

export const backFillRuns = defineTable<BackFillRun & { source: string }>('walks', {}, { order: 'seq DESC' });

export const findOpenBackFillRun = backFillRuns.row<[source: string, form: string]>`
  WHERE source = ? AND form = ? AND ended_at IS NULL ORDER BY seq LIMIT 1`;

/** Deletes uneventful walks of a form, except the newest. */
export const deleteOldEmptyBackFillRuns = query.run<[source: string, form: string, before: number]>`
  DELETE FROM walks WHERE source = ? AND form = ? AND ended_at < ? AND found = 0
    AND seq < (SELECT MAX(seq) FROM walks w WHERE w.source = walks.source AND w.form = walks.form)`;

export const questions = defineTable<KnownQuestion & { source: string; form: string }>(
  'questions',
  { names: 'json', choices: 'json' },
  { key: 'source, form, id', order: 'first_seen, rowid' },
);

export const questionChanges = defineTable<QuestionChange & { source: string; form: string }>(
  'question_changes',
  {},
  { order: 'at DESC, seq DESC' },
);

export const questionsOf = (sql: Sql, source: string, form: string): Map<string, KnownQuestion> =>
  new Map(questions.list(sql, { source, form }).map((question) => [question.id, question]));

/** Questions that people answer in words, the newest first. */
export const listOpenQuestions = questions.rows`WHERE type = 'text' ORDER BY last_answered_at DESC LIMIT 100`;

/** Ids and other names of all questions that a source has shown; null before it was described or brought 20 responses. */
export function findQuestionNames(sql: Sql, source: string): Set<string> | null {
  const enough = `SELECT EXISTS (SELECT 1 FROM forms WHERE source = ?1 AND described_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM responses WHERE source = ?1 LIMIT 1 OFFSET 19)`;
  if (singleValue<number>(sql, enough, source) !== 1) return null;
  return new Set(questions.list(sql, { source }).flatMap(({ id, names }) => [id, ...names]));
}

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

export const sources = defineTable<SourceState>('sources', { settings: 'json' }, { key: 'name', order: 'name' });

export const listSourcesToReread = sources.rows`WHERE reread_below_seq IS NOT NULL ORDER BY name`;

export const setLastDeliveryAt = query.run<[name: string, at: number]>`
  INSERT INTO sources (name, settings, last_delivery_at) VALUES (?, '{}', ?)
    ON CONFLICT (name) DO UPDATE SET last_delivery_at = MAX(COALESCE(last_delivery_at, 0), excluded.last_delivery_at),
      silence_notified_at = NULL`;
