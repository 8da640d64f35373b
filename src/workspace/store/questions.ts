import type { Sql } from '#domain/base/ports.ts';
import type { KnownQuestion, QuestionChange } from '#domain/responses/question.ts';

type Row = {
  id: string;
  names: string;
  title: string;
  type: string;
  choices: string;
  first_seen: number;
  last_seen: number;
  gone_since: number | null;
};

const toQuestion = (row: Row): KnownQuestion => ({
  id: row.id,
  names: JSON.parse(row.names),
  title: row.title,
  type: row.type as KnownQuestion['type'],
  choices: JSON.parse(row.choices),
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
  goneSince: row.gone_since,
});

export function questionsOf(sql: Sql, source: string, form: string): Map<string, KnownQuestion> {
  const rows = sql.all<Row>(
    'SELECT * FROM questions WHERE source = ? AND form = ? ORDER BY first_seen, rowid',
    source,
    form,
  );
  return new Map(rows.map((row) => [row.id, toQuestion(row)]));
}

export function saveQuestion(sql: Sql, source: string, form: string, question: KnownQuestion): void {
  sql.run(
    `INSERT INTO questions (source, form, id, names, title, type, choices, first_seen, last_seen, gone_since)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, form, id) DO UPDATE SET names = excluded.names,
       title = excluded.title, type = excluded.type, choices = excluded.choices, first_seen = excluded.first_seen,
       last_seen = excluded.last_seen, gone_since = excluded.gone_since`,
    source,
    form,
    question.id,
    JSON.stringify(question.names),
    question.title,
    question.type,
    JSON.stringify(question.choices),
    question.firstSeen,
    question.lastSeen,
    question.goneSince,
  );
}

export function addQuestionChange(sql: Sql, source: string, form: string, change: QuestionChange): void {
  sql.run(
    'INSERT INTO question_changes (source, form, question, at, what, was, now) VALUES (?, ?, ?, ?, ?, ?, ?)',
    source,
    form,
    change.question,
    change.at,
    change.what,
    change.was,
    change.now,
  );
}

export function questionChanges(sql: Sql, source: string, form: string, limit: number): QuestionChange[] {
  return sql.all<QuestionChange & Record<string, string | number>>(
    'SELECT question, at, what, was, now FROM question_changes WHERE source = ? AND form = ? ORDER BY at DESC, seq DESC LIMIT ?',
    source,
    form,
    limit,
  );
}
