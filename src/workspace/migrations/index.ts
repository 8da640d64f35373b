import type { Migration } from '../migrate.ts';
import initial from './0001-initial.sql';
import templates from './0005-templates.sql';

export const migrations: Migration[] = [
  { name: '0001-initial.sql', sql: initial },
  { name: '0005-templates.sql', sql: templates },
];
