import type * as store from '../store/index.ts';
import initial from './0001-initial.sql';
import effect from './0003-effect.sql';
import replies from './0004-replies.sql';
import events from './0005-events.sql';
import setUp from './0006-set-up.sql';
import hooks from './0007-hooks.sql';
import fetching from './0008-fetching.sql';

export const migrations: store.Migration[] = [
  { name: '0001-initial.sql', sql: initial },
  { name: '0003-effect.sql', sql: effect },
  { name: '0004-replies.sql', sql: replies },
  { name: '0005-events.sql', sql: events },
  { name: '0006-set-up.sql', sql: setUp },
  { name: '0007-hooks.sql', sql: hooks },
  { name: '0008-fetching.sql', sql: fetching },
];
