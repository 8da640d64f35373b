import { join, resolve } from 'node:path';
import { Client } from './client.ts';
import { type RunFile, readJsonFile } from './data-folder.ts';
import { projectRoot } from './workspace-files.ts';

/** Options of every command that talks to a running Caselite. */
export interface ConnectOptions {
  data?: string | undefined;
  url?: string | undefined;
  tokenVariable?: string | undefined;
  workspace?: string | undefined;
}

/**
 * The Caselite of the options: one started on a data folder, or one at an address.
 *
 * @throws Error with the missing option
 */
export function connect(options: ConnectOptions, workspace?: string): Client {
  const name = options.workspace ?? workspace;
  if (options.url) {
    const variable = options.tokenVariable;
    const token = variable && process.env[variable];
    if (!variable) throw new Error('--url wants --token-variable NAME: the environment variable with the API token.');
    if (!token) throw new Error(`The environment variable ${variable} is not set.`);
    if (!name) throw new Error('--url wants --workspace NAME.');
    return new Client({ url: options.url.replace(/\/+$/, ''), workspace: name, token });
  }
  const { run } = readStartedRun(options.data, ', or use --url');
  return new Client({ ...run, workspace: name ?? run.workspace });
}

/**
 * The running Caselite of a data folder, and its generated secrets.
 *
 * @throws Error with the remedy where nothing was started
 */
export function readStartedRun(data: string | undefined, otherwise = ''): { run: RunFile; kept: Kept } {
  const folder = resolve(data ?? join(projectRoot, '.caselite'));
  const read = <Value>(name: string): Value | null => readJsonFile<Value>(join(folder, name));
  const run = read<RunFile>('run.json');
  if (!run)
    throw new Error(
      `Nothing was started on ${folder}: run npm start first, or name its folder with --data${otherwise}.`,
    );
  return { run, kept: read<Kept>('secrets.json') ?? {} };
}

type Kept = Record<string, string>;

/** Runs a command. A known mistake prints its message without a trace, and exits with 2. */
export async function runCommand(run: () => Promise<number> | number): Promise<never> {
  try {
    process.exit(await run());
  } catch (error) {
    console.error(explainError(error));
    process.exit(2);
  }
}

function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' && path) return `There is no file ${path}.`;
  return code === 'EISDIR' ? `${path ?? 'What was named'} is a folder, and a file is wanted.` : error.message;
}
