import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataFolder, readPushed, rememberPush } from '#src/cli/data-folder.ts';
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

it('says of a folder of another user what to do, before anything is written', () => {
  const isRoot = process.geteuid?.() === 0;
  new DataFolder(path);
  chmodSync(path, 0o755);
  chmodSync(join(path, 'objects'), 0o500);
  if (isRoot) process.seteuid?.(65_534);
  try {
    expect(() => new DataFolder(path)).toThrow(/cannot be used as a data folder: EACCES.*\n.*--data/);
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(join(path, 'objects'), 0o755);
  }
});

it('tells nobody to remove the file with the key of the data', () => {
  writeFileSync(join(path, 'secrets.json'), '');
  expect(() => new DataFolder(path).secrets(['CASELITE_KEY'], {})).toThrow('bring it back from a copy');
});

it('remembers a push in a new file, so that a killed process leaves the earlier one whole', () => {
  rememberPush(path, 'acme', [], 1);
  linkSync(join(path, 'pushed.json'), join(path, 'earlier.json'));
  rememberPush(path, 'acme', [], 2);
  expect(readPushed(path).acme?.version).toBe(2);
  expect(JSON.parse(readFileSync(join(path, 'earlier.json'), 'utf8')).acme.version).toBe(1);
});

it('is locked against every other start, also one of another container with the same process number', () => {
  const first = new DataFolder(path);
  first.lock();
  first.writeJson('run.json', { pids: { start: 7 } });
  const second = new DataFolder(path);
  expect(() => second.lock()).toThrow(`Caselite already runs on ${path} (process 7). Stop it first`);
  first.release();
  expect(() => second.lock()).not.toThrow();
  second.release();
});

it('is free again though a killed start left its lock, and its number belongs to another start now', () => {
  const script = join(import.meta.dirname, '..', '..', 'src', 'cli', 'data-folder.ts');
  const start = `import(${JSON.stringify(script)}).then(({ DataFolder }) => {
    new DataFolder(${JSON.stringify(path)}).lock(); process.kill(process.pid, 'SIGKILL'); })`;
  expect(spawnSync(process.execPath, ['-e', start]).signal).toBe('SIGKILL');
  const folder = new DataFolder(path);
  expect(() => folder.lock()).not.toThrow();
  folder.release();
});
