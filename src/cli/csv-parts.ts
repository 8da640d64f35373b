import Papa from 'papaparse';
import { readCsvRows } from '#domain/base/csv.ts';
import { InvalidInputError } from '#domain/base/errors.ts';

const maxPartBytes = 900 * 1024;
const maxRowsPerPart = 5000;

/**
 * Splits a large file into parts to send one by one, each with the header rows. Blank lines replace earlier parts, so
 * that every line keeps its number.
 *
 * @throws InvalidInputError with line and column of each problem
 */
export function splitCsv(
  bytes: Uint8Array,
  countHeaderRows: (rows: string[][]) => number = () => 1,
): { text: string; rows: number }[] {
  const all = readCsvRows(bytes, Number.POSITIVE_INFINITY);
  const headerRows = countHeaderRows(all.slice(0, 3).map(({ cells }) => cells));
  const rows = all.slice(headerRows);
  const write = (cells: string[]) => `${Papa.unparse([cells], { newline: '\n' })}\n`;
  const head = all
    .slice(0, headerRows)
    .map(({ cells }) => write(cells))
    .join('');
  const parts: { text: string; rows: number }[] = [];
  let text = head;
  let count = 0;
  let line = 1 + lines(head);
  for (const row of rows) {
    const cells = write(row.cells);
    if (Buffer.byteLength(cells) > maxPartBytes)
      throw new InvalidInputError(`line ${row.line}: is larger than ${maxPartBytes / 1024} KiB; shorten its cells`);
    const next = '\n'.repeat(Math.max(0, row.line - line)) + cells;
    if (count > 0 && (count >= maxRowsPerPart || text.length + next.length > maxPartBytes / 3)) {
      parts.push({ text, rows: count });
      text = head + '\n'.repeat(Math.max(0, row.line - 1 - lines(head))) + cells;
      count = 0;
    } else text += next;
    count += 1;
    line = row.line + lines(cells);
  }
  if (count > 0) parts.push({ text, rows: count });
  return parts;
}

const lines = (text: string): number => text.split('\n').length - 1;
