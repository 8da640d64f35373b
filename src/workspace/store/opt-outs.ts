import type { Sql } from '#domain/base/ports.ts';
import { hasRow, placesFor } from './table.ts';

export const hasNoMailMark = (sql: Sql, marks: string[]): boolean =>
  hasRow(sql, `SELECT 1 FROM opt_outs WHERE person IN (${placesFor(marks)}) LIMIT 1`, ...marks);

export function addNoMailMark(sql: Sql, mark: string, at: number): void {
  sql.run('INSERT INTO opt_outs (person, at) VALUES (?, ?) ON CONFLICT (person) DO NOTHING', mark, at);
}

export function removeNoMailMark(sql: Sql, mark: string): void {
  sql.run('DELETE FROM opt_outs WHERE person = ?', mark);
}
