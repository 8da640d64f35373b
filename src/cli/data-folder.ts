import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What outside programs read to find out what runs where. */
export interface RunFile {
  url: string;
  token: string;
  workspace: string;
  trackers: { github: string; jira: string; linear: string };
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
    for (const folder of ['objects', 'emulators']) mkdirSync(join(path, folder), { recursive: true });
  }

  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  readJson<Shape>(name: string): Shape | null {
    const path = this.file(name);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Shape) : null;
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

/** Survey tools' secrets are written as Standard Webhooks wants them, which suits the others as well. */
function newSecret(name: string): string {
  return name.endsWith('_SECRET')
    ? `whsec_${randomBytes(24).toString('base64')}`
    : randomBytes(24).toString('hex');
}
