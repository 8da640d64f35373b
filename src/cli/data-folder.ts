import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SettingsFile } from '#domain/templates/template.ts';

/** Content of `run.json`, from which outside programs learn what runs where. */
export interface RunFile {
  url: string;
  token: string;
  workspace: string;
  trackers: Record<string, string>;
  emulated: Record<string, string>;
  inbox: string;
  desk: string;
  signIn: string;
  pids: { start: number; workerd: number };
}

/** SQLITE_BUSY: another process has the lock. */
const busy = 5;

type Pushed = Record<string, { hash: string; version: number }>;

export const readPushed = (path: string): Pushed => readJsonFile<Pushed>(join(path, 'pushed.json')) ?? {};

export const hashFiles = (files: SettingsFile[]): string =>
  createHash('sha256').update(JSON.stringify(files)).digest('hex');

/** Remembers a push, so that the next start pushes only files that were changed after it. */
export const rememberPush = (path: string, workspace: string, files: SettingsFile[], version: number): void =>
  replaceFile(
    join(path, 'pushed.json'),
    JSON.stringify({ ...readPushed(path), [workspace]: { hash: hashFiles(files), version } }),
  );

/** Replaces a file as a whole: a killed process leaves the earlier one, and a power cut none that is empty. */
function replaceFile(path: string, text: string): void {
  fs.writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true });
  fs.renameSync(`${path}.new`, path);
}

/** A running Caselite removes files of its databases at any time. */
function demandAccess(path: string): void {
  try {
    fs.accessSync(path, fs.constants.R_OK | fs.constants.W_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** The folder with everything that outlives a process: the objects' databases, the emulators' state, local secrets. */
export class DataFolder {
  readonly path: string;
  #lock: DatabaseSync | null = null;

  constructor(path: string) {
    this.path = path;
    try {
      // Node never ends where it makes folders in these.
      if (/^\/(proc|sys)\//.test(path)) throw new Error('it belongs to the kernel');
      for (const folder of ['objects', 'emulators']) fs.mkdirSync(join(path, folder), { recursive: true, mode: 0o700 });
      for (const name of ['..', '', ...fs.readdirSync(join(path, 'objects'), { recursive: true, encoding: 'utf8' })])
        demandAccess(join(path, 'objects', name));
    } catch (error) {
      throw new Error(`${path} cannot be used as a data folder: ${error instanceof Error ? error.message : error}.
Give it with all that is in it to the user who starts Caselite, or name another one with --data.`);
    }
  }

  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  readJson<Value>(name: string): Value | null {
    return readJsonFile<Value>(this.file(name));
  }

  /** Locks the folder until this process ends: the system keeps the lock, across containers too. @throws Error while another has it */
  lock(): void {
    this.#lock = new DatabaseSync(this.file('lock.sqlite'), { timeout: 0 });
    try {
      this.#lock.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== busy) throw error;
      throw new Error(
        `Caselite already runs on ${this.path} (process ${this.readJson<RunFile>('run.json')?.pids.start ?? 'unknown'}). Stop it first, or name another folder with --data.`,
      );
    }
  }

  release(): void {
    this.#lock?.close();
    this.#lock = null;
  }

  /** Start and length of each database are checked before anything is written; an Error names a damaged file. */
  requireWholeDatabases(): void {
    const names = fs.readdirSync(this.file('objects'), { recursive: true, encoding: 'utf8' });
    for (const path of names.filter((name) => name.endsWith('.sqlite')).map((name) => this.file('objects', name))) {
      const trouble = findDatabaseTrouble(path);
      if (trouble === null) continue;
      throw new Error(`The database ${path} ${trouble}, and nothing was changed. Put that file back as it was; or move ${this.path} away, start with
--empty, and bring a backup back with caselite restore (docs/operations.md#restore).`);
    }
  }

  writeText(name: string, text: string): void {
    replaceFile(this.file(name), text);
  }

  writeJson(name: string, value: unknown): void {
    this.writeText(name, `${JSON.stringify(value, null, 2)}\n`);
  }

  secrets(names: string[], environment: NodeJS.ProcessEnv): Map<string, string> {
    const kept = this.readJson<Record<string, string>>('secrets.json') ?? {};
    const made = names.filter((name) => !kept[name] && !environment[name]);
    for (const name of made) kept[name] = generateSecret(name);
    if (made.length > 0) this.writeJson('secrets.json', kept);
    return new Map(names.map((name) => [name, environment[name] || kept[name] || '']));
  }
}

/** Why no database can be read from a file; null where one can. Its first page says how long it is: sqlite.org/fileformat.html. */
function findDatabaseTrouble(path: string): string | null {
  const start = Buffer.alloc(100);
  const file = fs.openSync(path, 'r');
  const length = fs.readSync(file, start, 0, start.length, 0);
  fs.closeSync(file);
  // Pages of a process that was killed may be in the log still.
  const hasLog = fs.existsSync(`${path}-wal`) && fs.statSync(`${path}-wal`).size > 0;
  if (length === 0) return hasLog ? null : 'is empty';
  if (!start.toString('latin1').startsWith('SQLite format 3\0')) return 'is no database any more';
  const pageSize = start.readUInt16BE(16) === 1 ? 65_536 : start.readUInt16BE(16);
  return !hasLog && fs.statSync(path).size < pageSize * start.readUInt32BE(28) ? 'is cut off' : null;
}

/** @returns null for a missing file */
export function readJsonFile<Value>(path: string): Value | null {
  if (!fs.existsSync(path)) return null;
  try {
    return JSON.parse(fs.readFileSync(path, 'utf8')) as Value;
  } catch {
    const remedy = path.endsWith('secrets.json')
      ? 'bring it back from a copy, because without its CASELITE_KEY the data is worth nothing'
      : 'remove or correct it';
    throw new Error(`${path} is not readable JSON; ${remedy}.`);
  }
}

/** Secrets of survey tools have the form of Standard Webhooks, which suits the others as well. */
const generateSecret = (name: string): string =>
  name.endsWith('_SECRET') ? `whsec_${randomBytes(24).toString('base64')}` : randomBytes(24).toString('hex');
