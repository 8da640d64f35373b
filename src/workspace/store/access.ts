import type { json, SettingsFile } from '../core.ts';
import { defineTable, query, type Sql } from './table.ts';

export type SettingsVersion = { version: number; files: SettingsFile[]; author: string; at: number; why: string };

export const settingsVersions = defineTable<SettingsVersion>('settings', { files: 'json' }, { order: 'version DESC' });

export const findLatestSettingsVersion = settingsVersions.row`ORDER BY version DESC LIMIT 1`;

/** The sealed root of the workspace's keys; null before the first start. */
export const findSealedRoot = query.value<string>`SELECT sealed FROM sealed_roots`;

/** Fingerprint of the secret under which the root is sealed. */
export const findSealFingerprint = (sql: Sql): string => findSealedRoot(sql)?.split('.')[0] ?? '';

export function saveSealedRoot(sql: Sql, sealed: string): void {
  sql.run('DELETE FROM sealed_roots');
  sql.run('INSERT INTO sealed_roots (sealed) VALUES (?)', sealed);
}

export type SealedSecret = { name: string; host: string; sealed: string; who: string; at: number };

export const sealedSecrets = defineTable<SealedSecret>('sealed_secrets', {}, { key: 'name', order: 'name' });

/** Counts up and returns the value before, for round robin. */
export const takeRoundRobinTurn = query.number<[name: string]>`
  INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1
    RETURNING value - 1`;

export type AuditLine = json.Stored<Omit<json.AuditLineJson, 'id'>, 'at'> & { seq: number };

export const auditLog = defineTable<AuditLine>('audit_log', {});

export const hasAuditLineSince = query.has<[line: Omit<AuditLine, 'seq' | 'details'>]>`
  SELECT 1 FROM audit_log WHERE at > @at AND who = @who AND what = @what AND about = @about`;

export interface SignInLink {
  id: string;
  person: string;
  /** Whether somebody asked for it on the sign-in page, where nobody is known yet. */
  requested: boolean;
  path: string;
  at: number;
  expiresAt: number;
  usedAt: number | null;
}

export interface Session {
  id: string;
  person: string;
  device: string;
  at: number;
  lastUsedAt: number;
  endedAt: number | null;
}

type Identity = { id: string; person: string; at: number };

export const identities = defineTable<Identity>('identities', {}, { order: 'at DESC, id' });
export const signInLinks = defineTable<SignInLink>('sign_in_links', { requested: 'flag' });
export const sessions = defineTable<Session>('sessions', {}, { order: 'last_used_at DESC, id' });

/** Stores a link, and removes those from before `oldest`. */
export function insertSignInLink(sql: Sql, link: Omit<SignInLink, 'usedAt'>, oldest: number): void {
  sql.run('DELETE FROM sign_in_links WHERE at < ?', oldest);
  signInLinks.insert(sql, link);
}

/** Number of links requested since an instant; of one person if given. */
export const countRequestedLinks = query.number<[since: number, person: string | null]>`
  SELECT COUNT(*) FROM sign_in_links WHERE requested = 1 AND at > ?1 AND (?2 IS NULL OR person = ?2)`;

/** Stores a session, and removes those that were last used before `oldest`. */
export function insertSession(sql: Sql, session: Omit<Session, 'endedAt'>, oldest: number): void {
  sql.run('DELETE FROM sessions WHERE last_used_at < ?', oldest);
  sessions.insert(sql, session);
}

export const saveIdentity = (sql: Sql, identity: Identity): boolean =>
  identities.insert(sql, identity, 'ON CONFLICT (id) DO UPDATE SET person = excluded.person');

/**
 * Ends the sessions, unused links and tokens of everybody who is not named; tokens of programs stay.
 * @param reached people whose address is as it was; unused links of all others end
 */
export function endAccessExceptOf(sql: Sql, people: string[], reached: string[], now: number): void {
  const others = 'person NOT IN (SELECT value FROM json_each(?))';
  const named = JSON.stringify(people);
  sessions.update(sql, [`ended_at IS NULL AND ${others}`, named], { endedAt: now });
  signInLinks.update(sql, [`used_at IS NULL AND ${others}`, JSON.stringify(reached)], { usedAt: now });
  apiTokens.update(sql, [`ended_at IS NULL AND ${others}`, named], { endedAt: now });
}

export const deleteIdentitiesExceptOf = (sql: Sql, people: string[]): void =>
  sql.run('DELETE FROM identities WHERE person NOT IN (SELECT value FROM json_each(?))', JSON.stringify(people));

export interface ApiToken extends json.Stored<Omit<json.TokenJson, 'createdAt'>, 'endsAt' | 'lastUsedAt'> {
  /** Keyed hash of the token, which itself is not stored. */
  hash: string;
  at: number;
  endedAt: number | null;
}

export const apiTokens = defineTable<ApiToken>('api_tokens', { scopes: 'json' });

/** Tokens in force, the newest first. */
export const listOpenTokens = apiTokens.rows<[now: number]>`
  WHERE ended_at IS NULL AND ends_at > ? ORDER BY at DESC, id`;
