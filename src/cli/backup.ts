import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import type { Page } from '#domain/base/page.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { printProgress } from './progress.ts';

/** Writes a backup of a workspace as lines of JSON, readable by its owner only. The file appears once it is whole. */
export async function backup(path: string | undefined, options: ConnectOptions): Promise<number> {
  const client = connect(options);
  const { header, next } = await client.call('POST backups', {});
  const target = path ?? `${header.workspace}-${header.at.slice(0, 16).replace(/[-:]/g, '')}.jsonl`;
  const file = openSync(`${target}.new`, 'w', 0o600);
  try {
    writeSync(file, `${JSON.stringify(header)}\n`);
    let written = 0;
    for (let cursor: string | null = next; cursor; ) {
      const page: Page<string> = await client.call('GET backups/lines', {}, { cursor });
      writeSync(file, page.items.map((line) => `${line}\n`).join(''));
      written += page.items.length;
      cursor = page.next;
      if (cursor) printProgress(`${written} of ${header.lines} rows`);
    }
    if (written !== header.lines)
      throw new Error(`The backup has ${written} rows instead of ${header.lines}; try again.`);
  } finally {
    closeSync(file);
    await client.call('DELETE backups', {});
  }
  renameSync(`${target}.new`, target);
  console.log(`${target} holds workspace ${header.workspace} as of ${header.at}: ${header.lines} rows.
Keep CASELITE_KEY (fingerprint ${header.key}) with it, but in another place: without the key the backup is worth nothing.`);
  return 0;
}
