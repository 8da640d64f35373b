import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What outside programs read to find out what runs where. */
export interface RunFile {
  url: string;
  token: string;
  workspace: string;
  /** Addresses by kind of tracker. */
  trackers: Record<string, string>;
  /** Base addresses of emulated vendors by the deployment's variables. */
  emulated: Record<string, string>;
  inbox: string;
  desk: string;
  signIn: string;
  pids: { start: number; workerd: number };
}

/** One folder with all that must outlive a process: the objects' databases, the emulators' state, local secrets. */
export class DataFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    try {
      for (const folder of ['objects', 'emulators'])
        mkdirSync(join(path, folder), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new Error(
        `${path} cannot be used as a data folder: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  readJson<Shape>(name: string): Shape | null {
    return readJsonFile<Shape>(this.file(name));
  }

  /**
   * Takes the folder for this process alone.
   *
   * @throws Error naming the process that has it
   */
  lock(): void {
    const path = this.file('lock');
    for (let tries = 0; tries < 2; tries += 1) {
      try {
        writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
        process.once('exit', () => rmSync(path, { force: true }));
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const pid = Number(readFileSync(path, 'utf8'));
      if (isStart(pid)) {
        throw new Error(
          `Caselite already runs on ${this.path} (process ${pid}). Stop it first, or name another folder with --data.`,
        );
      }
      rmSync(path, { force: true });
    }
    throw new Error(`${path} cannot be taken; another start may be under way.`);
  }

  /** Whole or not at all, readable by its owner only. */
  writeJson(name: string, value: unknown): void {
    const path = this.file(name);
    writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  /**
   * The secrets of this installation. What the environment names wins; what it leaves out is made up once and
   * kept here, since nothing but emulators on this machine ever sees it.
   */
  secrets(names: string[], environment: NodeJS.ProcessEnv): Map<string, string> {
    const kept = this.readJson<Record<string, string>>('secrets.json') ?? {};
    const made = names.filter((name) => !kept[name] && !environment[name]);
    for (const name of made) kept[name] = newSecret(name);
    if (made.length > 0) this.writeJson('secrets.json', kept);
    return new Map(names.map((name) => [name, environment[name] || kept[name] || '']));
  }
}

/** @returns null where there is no such file */
export function readJsonFile<Shape>(path: string): Shape | null {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Shape;
  } catch {
    throw new Error(`${path} is not readable JSON; take it away or mend it.`);
  }
}

/** Whether a process lives that was started as this one was; a number may have passed to somebody else. */
function isStart(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('src/cli/start.ts');
}

/** Survey tools' secrets are written as Standard Webhooks wants them, which suits the others as well. */
function newSecret(name: string): string {
  return name.endsWith('_SECRET')
    ? `whsec_${randomBytes(24).toString('base64')}`
    : randomBytes(24).toString('hex');
}
