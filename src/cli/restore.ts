import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import * as z from 'zod';
import type { Page } from '#domain/base/page.ts';
import { BackupHeader } from '#domain/json/settings-json.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { printProgress } from './progress.ts';
import { readLines } from './workspace-files.ts';

/** `sha256` is a checksum over all lines without itself; older backups have none. */
const FileHeader = BackupHeader.extend({ sha256: z.string().optional() });

/** Writes a backup of a workspace as lines of JSON, readable by its owner only. The file appears once it is whole. */
export async function backup(path: string | undefined, options: ConnectOptions): Promise<number> {
  const client = connect(options);
  const { header, next } = await client.call('POST backups', {});
  const target = path ?? `${header.workspace}-${header.at.slice(0, 16).replace(/[-:]/g, '')}.jsonl`;
  const file = openSync(`${target}.new`, 'w', 0o600);
  try {
    const hash = createHash('sha256').update(toLine(header));
    // It writes all or fails, while `writeSync` writes a part where the disk is full.
    writeFileSync(file, toLine({ ...header, sha256: '0'.repeat(64) }));
    let written = 0;
    for (let cursor: string | null = next; cursor; ) {
      const page: Page<string> = await client.call('GET backups/lines', {}, { cursor });
      const lines = page.items.map(toLine).join('');
      writeFileSync(file, lines);
      hash.update(lines);
      written += page.items.length;
      cursor = page.next;
      if (cursor) printProgress(`${written} of ${header.lines} rows`);
    }
    if (written !== header.lines)
      throw new Error(`The backup has ${written} rows instead of ${header.lines}; try again.`);
    writeSync(file, toLine({ ...header, sha256: hash.digest('hex') }), 0);
    fsyncSync(file);
    renameSync(`${target}.new`, target);
  } finally {
    closeSync(file);
    rmSync(`${target}.new`, { force: true });
    // The next backup drops the copy as well.
    await client.call('DELETE backups', {}).catch(() => undefined);
  }
  console.log(`${target} holds workspace ${header.workspace} as of ${header.at}: ${header.lines} rows.
Keep CASELITE_KEY (fingerprint ${header.key}) as well, in another place: without the key nobody can restore the backup.
A start without it made one in the file secrets.json of its data folder.`);
  return 0;
}

const toLine = (line: string | object): string => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`;

const mostCharactersPerCall = 2 * 1024 * 1024;
const mostLinesPerCall = 5000;

/** Sends a backup into its workspace, in parts. */
export async function restore(path: string, options: ConnectOptions & { replace?: true | undefined }): Promise<number> {
  const header = await readCheckedHeader(path);
  const reading = readLines(path);
  await reading.next();
  const client = connect({ ...options, workspace: options.workspace ?? header.workspace });
  for (let from = 0; from === 0 || from < header.lines; ) {
    const lines: string[] = [];
    for (let characters = 0; characters < mostCharactersPerCall && lines.length < mostLinesPerCall; ) {
      const { value: line } = await reading.next();
      if (line === undefined) break;
      lines.push(line);
      characters += line.length;
    }
    const body = { header, from, lines, replace: options.replace === true };
    from = (await client.call('POST restore', {}, body)).taken;
    printProgress(`${from} of ${header.lines} rows`);
  }
  console.log(`Workspace ${header.workspace} is as it was at ${header.at}. Nothing leaves it yet: issues and mails made since then are
being looked up. Every page of it leads to what was found, where an admin lets everything leave again.`);
  return 0;
}

/** Header of a file whose checksum fits, before anything is lost: a changed row would be taken without a word. */
async function readCheckedHeader(path: string): Promise<BackupHeader> {
  const lines = readLines(path);
  const { sha256, ...header } = readHeader(path, (await lines.next()).value ?? '');
  const hash = createHash('sha256').update(toLine(header));
  if (sha256) for await (const line of lines) hash.update(toLine(line));
  if (!sha256 || hash.digest('hex') === sha256) return header;
  throw new Error(
    `${path} was changed or cut after it was written: its checksum does not fit. Restore it as the backup wrote it, or restore another backup; the workspace is as it was.`,
  );
}

function readHeader(path: string, line: string): z.output<typeof FileHeader> {
  try {
    const json = JSON.parse(line);
    FileHeader.parse(json);
    return json;
  } catch {
    throw new Error(`${path} is not a backup that this version of Caselite can read.`);
  }
}
