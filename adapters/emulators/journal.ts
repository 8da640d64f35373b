import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

/** A changing request that the emulator answered with success, and the new id, if any. */
export interface JournalEntry {
  at: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  id: string | null;
}

export interface Journal {
  /** Entries of earlier runs, oldest first. */
  entries: JournalEntry[];
  append(entry: JournalEntry): void;
}

/** An append-only file with one entry per line. An incomplete last line, left by a crash, is cut off. */
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
