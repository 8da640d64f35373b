import type * as store from '../store/index.ts';
import initial from './0001-initial.sql';

export const migrations: store.Migration[] = [{ name: '0001-initial.sql', sql: initial }];
