import type { Sql } from '#domain/base/ports.ts';
import type { TokenScope } from '#domain/json/settings-json.ts';
import { defineTable } from './table.ts';

export interface ApiToken {
  id: string;
  /** Keyed hash of the token, which itself is not stored. */
  hash: string;
  name: string;
  /** Person who acts with it; null for a program. */
  person: string | null;
  scopes: TokenScope[];
  createdBy: string;
  at: number;
  endsAt: number;
  lastUsedAt: number | null;
  endedAt: number | null;
}

export const tokens = defineTable<ApiToken>('api_tokens', { scopes: 'json' });

export const insertToken = (sql: Sql, token: Omit<ApiToken, 'lastUsedAt' | 'endedAt'>): boolean =>
  tokens.insert(sql, token);

/** The token with this hash, whether or not it is in force. */
export const findTokenByHash = (sql: Sql, hash: string): ApiToken | null => tokens.find(sql, 'hash = ?', hash);

export const findToken = (sql: Sql, id: string): ApiToken | null => tokens.find(sql, 'id = ?', id);

/** Tokens in force, the newest first. */
export const listOpenTokens = (sql: Sql, now: number): ApiToken[] =>
  tokens.list(sql, 'WHERE ended_at IS NULL AND ends_at > ? ORDER BY at DESC, id', now);

export const markTokenUsed = (sql: Sql, id: string, now: number): void =>
  tokens.update(sql, { lastUsedAt: now }, 'id = ?', id);

export const endToken = (sql: Sql, id: string, now: number): void => tokens.update(sql, { endedAt: now }, 'id = ?', id);
