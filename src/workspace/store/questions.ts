import type { Sql } from '#domain/base/ports.ts';
import type { KnownQuestion, QuestionChange } from '#domain/responses/question.ts';
import { defineTable } from './table.ts';

const questions = defineTable<KnownQuestion>('questions', { names: 'json', choices: 'json' });

const changes = defineTable<QuestionChange & { source: string; form: string }>('question_changes', {});

export function questionsOf(sql: Sql, source: string, form: string): Map<string, KnownQuestion> {
  const known = questions.list(sql, 'WHERE source = ? AND form = ? ORDER BY first_seen, rowid', source, form);
  return new Map(known.map((question) => [question.id, question]));
}

export function saveQuestion(sql: Sql, source: string, form: string, { id, ...question }: KnownQuestion): void {
  questions.put(sql, { source, form, id }, question);
}

export function addQuestionChange(sql: Sql, source: string, form: string, change: QuestionChange): void {
  changes.insert(sql, { source, form, ...change });
}

export function listQuestionChanges(sql: Sql, source: string, form: string, limit: number): QuestionChange[] {
  const newest = `SELECT question, at, what, was, now FROM question_changes WHERE source = ? AND form = ?
      ORDER BY at DESC, seq DESC LIMIT ?`;
  return sql.all(newest, source, form, limit);
}
