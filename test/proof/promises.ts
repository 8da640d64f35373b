import { existsSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { projectRoot } from '#src/cli/workspace-files.ts';

export interface Promised {
  id: string;
  says: string;
  tests: { file: string; title: string }[];
}

/** The documents whose tables name promises with their tests. */
export const promiseDocuments = ['SECURITY.md', 'docs/promises.md'];

/** The promises of a document: rows that begin with an id, and name tests by file and title. */
export function readPromises(document: string): Promised[] {
  const rows = readFileSync(join(projectRoot, document), 'utf8')
    .split('\n')
    .filter((line) => /^\| [A-Z]?\d/.test(line));
  return rows.map((row) => {
    const [id = '', says = '', cell = ''] = row.split(' | ').map((part) => part.replace(/^\| | \|$/g, ''));
    const tests = [...cell.matchAll(/\]\(([^)]+\.test\.ts)\): (.+?)(?=<br>|$)/g)].map(([, link = '', title = '']) => ({
      file: normalize(join(document, '..', link)),
      title,
    }));
    return { id, says, tests };
  });
}

/** Level of the ladder that a test stands on, by where it is and how it searches. */
export function levelOf(file: string): string {
  if (file.startsWith('test/simulation/exhaustive')) return 'X';
  if (file.startsWith('test/simulation/') || file.startsWith('test/stories/')) return 'S';
  if (file.startsWith('test/worker/')) return 'R';
  if (file.startsWith('test/contracts/')) return 'E';
  if (file.startsWith('test/browser/')) return 'B';
  const path = join(projectRoot, file);
  return existsSync(path) && readFileSync(path, 'utf8').includes("'fast-check'") ? 'P' : 'V';
}

/** Titles that a title in the source becomes: `%s` and `$name` stand for anything. */
export const patternOf = (title: string): RegExp =>
  new RegExp(
    title
      .split(/%[a-z]|\$[\w.]+/)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );
