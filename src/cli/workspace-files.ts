import { isUtf8 } from 'node:buffer';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidInputError } from '#domain/base/errors.ts';
import type { Settings, SettingsFile } from '#domain/templates/template.ts';
import * as wiring from '../wiring.ts';
import { readSettings } from '../workspace/settings/read-settings.ts';

/** Lines of a file. Node's own reader also ends them at the line separators of Unicode, which JSON holds as they are. */
export async function* readLines(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const library = join(projectRoot, 'templates');

/** A workspace file with its case templates and surveys; those beside it take precedence over the starter library. */
export function readWorkspaceFiles(path: string): Settings & { files: SettingsFile[] } {
  const beside = findRoot(path);
  const files: SettingsFile[] = [
    { kind: 'workspace', name: basename(path).replace(/\.ya?ml$/, ''), text: readSettingsText(path) },
    ...readTemplatesAndSurveys(beside),
  ];
  try {
    return { files, ...readSettings(files, 0, wiring.WorkspaceFileSchema, files) };
  } catch (error) {
    if (!(error instanceof InvalidInputError) || !/names no (case template|survey)/.test(error.message)) throw error;
    const places = ['cases', 'surveys'].flatMap((folder) => [join(beside, folder), join(library, folder)]);
    throw new InvalidInputError(`${error.message}\nLooked in ${places.join(', ')}.`, error.problems);
  }
}

/** Bytes of a file that somebody named. */
export function readNamedFile(path: string): Uint8Array<ArrayBuffer> {
  if (statSync(path).isDirectory()) throw new Error(`${path} is a folder, and a file is wanted.`);
  return new Uint8Array(readFileSync(path));
}

/** Text of a file with settings. A named pipe, of which nobody writes the end, is none. */
export function readSettingsText(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Error(`There is no file ${path}.`);
  const text = readFileSync(path);
  if (!isUtf8(text) || text.includes(0)) throw new InvalidInputError(`${path}: is not UTF-8 text; save it as UTF-8`);
  return text.toString().replace(/^\ufeff/, '');
}

function findRoot(path: string): string {
  const folder = dirname(resolve(path));
  return basename(folder) === folders.workspace ? dirname(folder) : folder;
}

function readTemplatesAndSurveys(beside: string): SettingsFile[] {
  const result = new Map<string, SettingsFile>();
  for (const kind of ['case-template', 'survey'] as const)
    for (const path of [join(library, folders[kind]), join(beside, folders[kind])]) {
      if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) continue;
      for (const file of readdirSync(path).filter((value) => /\.ya?ml$/.test(value))) {
        const name = file.replace(/\.ya?ml$/, '');
        result.set(`${kind} ${name}`, { kind, name, text: readSettingsText(join(path, file)) });
      }
    }
  return [...result.values()];
}

export const readLibrary = (): SettingsFile[] => readTemplatesAndSurveys(library);

const folders = { workspace: 'workspaces', 'case-template': 'cases', survey: 'surveys' } as const;

export type Pulled = { workspace: string; version: number };

/** Version that a workspace file was pulled from; null for one written by hand. */
export function readPulledVersion(path: string, workspace: string): number | null {
  const file = toVersionFilePath(findRoot(path));
  if (!existsSync(file)) return null;
  const pulled: Pulled = JSON.parse(readFileSync(file, 'utf8'));
  return pulled.workspace === workspace ? pulled.version : null;
}

export const writePulledVersion = (path: string, pulled: Pulled): void =>
  writeFileSync(toVersionFilePath(findRoot(path)), `${JSON.stringify(pulled)}\n`);

/** Writes files where `readWorkspaceFiles` finds them. @returns the path of the workspace file */
export function writeWorkspaceFiles(folder: string, pulled: Pulled, files: SettingsFile[]): string {
  for (const { kind, name, text } of files) {
    mkdirSync(join(folder, folders[kind]), { recursive: true });
    writeFileSync(join(folder, folders[kind], `${name}.yaml`), text);
  }
  const workspace = files.find(({ kind }) => kind === 'workspace')?.name ?? pulled.workspace;
  const path = join(folder, folders.workspace, `${workspace}.yaml`);
  writePulledVersion(path, pulled);
  return path;
}

const toVersionFilePath = (folder: string) => join(folder, '.caselite-version');
