import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

/** One changing request that an emulator answered with success, and the id it gave, if any. */
export interface JournalEntry {
  at: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  id: string | null;
}

export interface Journal {
  /** What was kept from earlier runs, oldest first. */
  entries: JournalEntry[];
  append(entry: JournalEntry): void;
}

/** An append-only file, one line an entry. A last line that a crash tore is cut off. */
export function openJournal(file: string): Journal {
  mkdirSync(dirname(file), { recursive: true });
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const whole = bytes.lastIndexOf('\n') + 1;
  if (whole < bytes.length) truncateSync(file, whole);
  const lines = bytes.toString('utf8', 0, whole).split('\n').filter(Boolean);
  return {
    entries: lines.map((line) => JSON.parse(line) as JournalEntry),
    append: (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`),
  };
}
