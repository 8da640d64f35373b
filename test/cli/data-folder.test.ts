import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataFolder } from '#src/cli/data-folder.ts';
import { fillPages } from '#test/workspace/store/tampering.ts';

let path: string;
let database: string;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'caselite-data-'));
  mkdirSync(join(path, 'objects', 'workspace'), { recursive: true });
  database = join(path, 'objects', 'workspace', 'one.sqlite');
  const made = new DatabaseSync(database);
  for (const statement of fillPages) made.exec(statement);
  made.close();
});
afterEach(() => rmSync(path, { recursive: true }));

const look = () => new DataFolder(path).requireWholeDatabases();

it('takes databases that are whole', () => {
  expect(look).not.toThrow();
});

it.each<[string, () => void]>([
  ['is empty', () => writeFileSync(database, '')],
  [
    'is no database any more',
    () => writeFileSync(database, `garbage${readFileSync(database, 'latin1').slice(7)}`, 'latin1'),
  ],
  ['is cut off', () => truncateSync(database, 8192)],
])('names a database that %s, and what to do', (trouble, damage) => {
  damage();
  expect(look).toThrow(`The database ${database} ${trouble}`);
  expect(look).toThrow('caselite restore');
});

it('takes a new database whose pages are still in its log', () => {
  writeFileSync(database, '');
  writeFileSync(`${database}-wal`, 'pages');
  expect(look).not.toThrow();
});
