import type * as store from '../store/index.ts';
import initial from './0001-initial.sql';
import events from './0005-events.sql';

export const migrations: store.Migration[] = [
  { name: '0001-initial.sql', sql: initial },
  { name: '0005-events.sql', sql: events },
];
