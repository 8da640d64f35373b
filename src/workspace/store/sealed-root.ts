import type { Sql } from '#domain/base/ports.ts';
import { singleValue } from './table.ts';

/** The sealed root of the workspace's keys; null before the first start. */
export const findSealedRoot = (sql: Sql): string | null => singleValue(sql, 'SELECT sealed FROM sealed_roots');

/** Fingerprint of the secret under which the root is sealed. */
export const findSealFingerprint = (sql: Sql): string => findSealedRoot(sql)?.split('.')[0] ?? '';

export function saveSealedRoot(sql: Sql, sealed: string): void {
  sql.run('DELETE FROM sealed_roots');
  sql.run('INSERT INTO sealed_roots (sealed) VALUES (?)', sealed);
}
