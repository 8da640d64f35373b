import { readdirSync, readFileSync } from 'node:fs';
import type { Migration } from '#src/workspace/store/backup.ts';

const folder = new URL('../../src/workspace/migrations/', import.meta.url);

/** All migrations in order, as the bundler gives them to the object. */
export const migrations: Migration[] = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name) => ({ name, sql: readFileSync(new URL(name, folder), 'utf8') }));
