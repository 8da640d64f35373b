import type { Sql } from '#domain/base/ports.ts';
import { defineTable, hasRow } from './table.ts';

export interface AuditLine {
  seq: number;
  at: number;
  who: string;
  what: string;
  /** Person, case, delivery or pseudonym of the customer concerned; empty for none. */
  about: string;
  details: string;
}

const lines = defineTable<AuditLine>('audit_log', {});

export const insertAuditLine = (sql: Sql, line: Omit<AuditLine, 'seq'>): boolean => lines.insert(sql, line);

/** Lines before a number, newest first. */
export const listAuditLines = (sql: Sql, before: number, limit: number): AuditLine[] =>
  lines.list(sql, 'WHERE seq < ? ORDER BY seq DESC LIMIT ?', before, limit);

export const hasAuditLineSince = (sql: Sql, since: number, { who, what, about }: Omit<AuditLine, 'seq' | 'at'>) =>
  hasRow(sql, 'SELECT 1 FROM audit_log WHERE at > ? AND who = ? AND what = ? AND about = ?', since, who, what, about);
