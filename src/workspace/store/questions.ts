import type { Sql } from '#domain/base/ports.ts';
import type { KnownQuestion, QuestionChange } from '#domain/responses/question.ts';
import { defineTable } from './table.ts';

const questions = defineTable<KnownQuestion>('questions', {
  id: 'id',
  names: ['names', 'json'],
  title: 'title',
  type: 'type',
  choices: ['choices', 'json'],
  firstSeen: 'first_seen',
  lastAnsweredAt: 'last_seen',
  goneSince: 'gone_since',
});

export function questionsOf(sql: Sql, source: string, form: string): Map<string, KnownQuestion> {
  const known = questions.list(sql, 'WHERE source = ? AND form = ? ORDER BY first_seen, rowid', source, form);
  return new Map(known.map((question) => [question.id, question]));
}

export function saveQuestion(sql: Sql, source: string, form: string, { id, ...question }: KnownQuestion): void {
  questions.put(sql, { source, form, id }, question);
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

export function listQuestionChanges(sql: Sql, source: string, form: string, limit: number): QuestionChange[] {
  return sql.all<QuestionChange & Record<string, string | number>>(
    'SELECT question, at, what, was, now FROM question_changes WHERE source = ? AND form = ? ORDER BY at DESC, seq DESC LIMIT ?',
    source,
    form,
    limit,
  );
}
