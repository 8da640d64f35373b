import type { Sql } from '#domain/base/ports.ts';
import type { TokenScope } from '#domain/json/settings-json.ts';
import { defineTable, singleValue } from './table.ts';

export interface SignInLink {
  id: string;
  person: string;
  /** Whether somebody asked for it on the sign-in page, where nobody is known yet. */
  requested: boolean;
  /** Page that the person wanted to open. */
  path: string;
  at: number;
  expiresAt: number;
  usedAt: number | null;
}

export interface Session {
  id: string;
  person: string;
  /** Browser and system in a few words. */
  device: string;
  at: number;
  lastUsedAt: number;
  endedAt: number | null;
}

type Identity = { id: string; person: string; at: number };

const identities = defineTable<Identity>('identities', {});
const links = defineTable<SignInLink>('sign_in_links', { requested: 'flag' });
const sessions = defineTable<Session>('sessions', {});

/** Stores a link, and removes those from before `oldest`. */
export function insertSignInLink(sql: Sql, link: Omit<SignInLink, 'usedAt'>, oldest: number): void {
  sql.run('DELETE FROM sign_in_links WHERE at < ?', oldest);
  links.insert(sql, link);
}

/** Number of links requested since an instant; of one person if given. */
export function countRequestedLinks(sql: Sql, since: number, person: string | null = null): number {
  const query = 'SELECT COUNT(*) FROM sign_in_links WHERE requested = 1 AND at > ? AND (? IS NULL OR person = ?)';
  return singleValue<number>(sql, query, since, person, person) ?? 0;
}

/** An unused link that is still valid; null otherwise. */
export const findSignInLink = (sql: Sql, id: string, now: number): SignInLink | null =>
  links.find(sql, 'id = ? AND used_at IS NULL AND expires_at > ?', id, now);

/** The person of a link, whether or not it still works. */
export const findPersonOfLink = (sql: Sql, id: string): string | null => links.find(sql, 'id = ?', id)?.person ?? null;

export const markSignInLinkUsed = (sql: Sql, id: string, now: number): void =>
  links.update(sql, { usedAt: now }, 'id = ?', id);

/** Stores a session, and removes those that were last used before `oldest`. */
export function insertSession(sql: Sql, session: Omit<Session, 'endedAt'>, oldest: number): void {
  sql.run('DELETE FROM sessions WHERE last_used_at < ?', oldest);
  sessions.insert(sql, session);
}

export const findSession = (sql: Sql, id: string): Session | null =>
  sessions.find(sql, 'id = ? AND ended_at IS NULL', id);

export const listOpenSessions = (sql: Sql): Session[] =>
  sessions.list(sql, 'WHERE ended_at IS NULL ORDER BY last_used_at DESC, id');

export const markSessionUsed = (sql: Sql, id: string, now: number): void =>
  sessions.update(sql, { lastUsedAt: now }, 'id = ?', id);

export const markSessionEnded = (sql: Sql, id: string, now: number): void =>
  sessions.update(sql, { endedAt: now }, 'id = ?', id);

/** The person of an account at an issuer of OpenID Connect; null for an unknown account. */
export const findPersonOfIdentity = (sql: Sql, id: string): string | null =>
  identities.find(sql, 'id = ?', id)?.person ?? null;

export const saveIdentity = (sql: Sql, identity: Identity): boolean =>
  identities.insert(sql, identity, 'ON CONFLICT (id) DO UPDATE SET person = excluded.person');

/** @returns whether the account was the person's */
export const deleteIdentity = (sql: Sql, id: string, person: string): boolean =>
  sql.all('DELETE FROM identities WHERE id = ? AND person = ? RETURNING id', id, person).length > 0;

/** Accounts at issuers, each by a keyed hash, the newest first. */
export const listIdentities = (sql: Sql): Identity[] => identities.list(sql, 'ORDER BY at DESC, id');

/** Ends the sessions, unused links, accounts and tokens of everybody who is not named; tokens of programs stay. */
export function endAccessExceptOf(sql: Sql, people: string[], now: number): void {
  const others = 'person NOT IN (SELECT value FROM json_each(?))';
  const named = JSON.stringify(people);
  sessions.update(sql, { endedAt: now }, `ended_at IS NULL AND ${others}`, named);
  links.update(sql, { usedAt: now }, `used_at IS NULL AND ${others}`, named);
  tokens.update(sql, { endedAt: now }, `ended_at IS NULL AND ${others}`, named);
  sql.run(`DELETE FROM identities WHERE ${others}`, named);
}

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

const tokens = defineTable<ApiToken>('api_tokens', { scopes: 'json' });

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
