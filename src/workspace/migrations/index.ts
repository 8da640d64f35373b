import type { Migration } from '../migrate.ts';
import initial from './0001-initial.sql';
import intake from './0003-intake.sql';

export const migrations: Migration[] = [
  { name: '0001-initial.sql', sql: initial },
  { name: '0003-intake.sql', sql: intake },
];
