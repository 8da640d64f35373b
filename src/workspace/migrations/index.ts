import type { Migration } from '../store/migrate.ts';
import initial from './0001-initial.sql';

export const migrations: Migration[] = [{ name: '0001-initial.sql', sql: initial }];
