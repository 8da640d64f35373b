import type { z } from 'zod';
import * as kit from '../../kit.ts';

export interface FileColumn {
  index: number;
  id: string;
  title: string;
  names: string[];
  /** A question that spans several columns, and what this column is of it: a row, or a choice that may be ticked. */
  part: { heading: string; label: string } | null;
  zone: string | null;
}

const importId = /^\{\s*"ImportId"\s*:\s*"([^"]*)"/;
/** Qualtrics names the zone beside the id, or `Z`; Typeform writes `Submit Date (UTC)`. */
const zoneBesideId = /"timeZone"\s*:\s*"([^"]*)"/;
const plainLabel = /^((open-ended )?response|score)?$/i;

/** Header rows of a file: three where the third has the tool's ids, two where the second labels the first, else one. */
export function countHeaderRows([first = [], second = [], third = []]: string[][]): number {
  if (third.some((cell) => importId.test(cell)) && third.every((cell) => cell.trim() === '' || importId.test(cell)))
    return 3;
  const labels = second.map((cell) => cell.trim());
  const isContinuing = labels.some((label, index) => label !== '' && (first[index] ?? '').trim() === '');
  const isLabelling = labels.some((label) => label !== '' && plainLabel.test(label));
  return labels[0] === '' && (isContinuing || isLabelling) ? 2 : 1;
}

/** Columns and rows of a file: empty trailing columns are dropped, and columns with one name are numbered. */
export function readColumns(all: kit.CsvRow[], headerRows: number): { columns: FileColumn[]; rows: kit.CsvRow[] } {
  const heads = all.slice(0, headerRows).map(({ cells }) => cells.map((cell) => cell.trim()));
  const rows = all.slice(headerRows);
  const width = Math.max(0, ...heads.map((cells) => cells.findLastIndex((cell) => cell !== '') + 1));
  const widest = Math.max(width, ...rows.map(({ cells }) => cells.findLastIndex((cell) => cell.trim() !== '') + 1));
  const isWider = heads.some((cells) => cells.length >= widest);
  const count = isWider ? widest : width;
  let heading = '';
  const taken = new Map<string, number>();
  const columns = Array.from({ length: count }, (_, index): FileColumn => {
    const [first = '', second = '', third = ''] = heads.map((cells) => cells[index] ?? '');
    if (first !== '') heading = first;
    const isPart = headerRows === 2 && !plainLabel.test(second);
    const title = headerRows === 3 ? second || first : isPart ? `${heading} [${second}]` : first || heading;
    const name = (headerRows === 3 ? first : title) || `column ${index + 1}`;
    const number = (taken.get(name) ?? 0) + 1;
    taken.set(name, number);
    const id = number === 1 ? name : `${name} (${number})`;
    const names = [title, importId.exec(third)?.[1] ?? ''].filter((text) => text !== '' && text !== name);
    const zone = /\(utc\)$/i.test(name) ? 'UTC' : (zoneBesideId.exec(third)?.[1]?.replace(/^Z$/, 'UTC') ?? null);
    return { index, id, title: title || id, names, part: isPart ? { heading, label: second } : null, zone };
  });
  const problems = kit.checkRowLengths(
    rows,
    columns.map(({ id }) => id),
    Math.max(...heads.map((cells) => cells.length)),
  );
  if (problems.length > 0) throw kit.refused(problems);
  return { columns, rows };
}

export interface CellType {
  type: z.output<typeof kit.MappableAnswerType> | null;
  separator: string;
  hasDecimalComma: boolean;
}

/** Type and value of a cell, or its problem. */
export function readCell(
  text: string,
  { type, separator, hasDecimalComma }: CellType,
): Pick<kit.IncomingAnswer, 'type' | 'value'> | string {
  if (type === null) {
    if (/^(true|false)$/i.test(text)) return { type: 'yes-no', value: kit.toYesNo(text) === true };
    const score = kit.parseShortNumber(text) ?? (hasDecimalComma ? kit.toExactNumber(text) : null);
    return score === null ? { type: 'text', value: text } : { type: 'number', value: score };
  }
  if (type === 'number') {
    const number = kit.toExactNumber(text);
    if (number !== null) return { type, value: number };
    return text.includes(',')
      ? 'is not a number such as 8 or 8.5; a comma is read before one or two digits, and write no comma between thousands'
      : 'is not a number such as 8 or 8.5';
  }
  if (type === 'yes-no') {
    const isYes = kit.toYesNo(text);
    return isYes === null ? 'is neither yes nor no' : { type, value: isYes };
  }
  if (type !== 'choices' && type !== 'ranking') return { type, value: text };
  return { type, value: text.split(separator).flatMap((item) => item.trim() || []) };
}

/** Whether a column holds numbers alone, and fractions with a comma among them. */
export function isDecimalCommaColumn(cells: string[]): boolean {
  const filled = cells.filter((cell) => cell !== '');
  return filled.some((cell) => cell.includes(',')) && filled.every((cell) => /^-?\d{1,15}(,\d{1,2})?$/.test(cell));
}

const cellsPerStep = 500;

/** Order of day and month by which every time of a column can be read, in steps; null where two orders remain. */
export function* findDateOrder(
  cells: string[],
  named: kit.DateOrder,
  usual: kit.DateOrder = 'iso',
): Generator<void, kit.DateOrder | null> {
  if (named !== 'iso') return named;
  let left: kit.DateOrder[] = ['iso', 'day-first', 'month-first'];
  for (const [index, cell] of cells.entries()) {
    if (index % cellsPerStep === 0) yield;
    if (cell === '') continue;
    const fits = (order: kit.DateOrder) => kit.instant(cell, 'UTC', order) !== null;
    // A time that begins with the year is read alike in every order.
    if (!/^\d{4}\D/.test(cell) || !fits('iso')) left = left.filter(fits);
  }
  const orders = left.filter((order) => order !== 'iso');
  if (orders.length !== 2) return orders[0] ?? usual;
  return usual !== 'iso' || left.includes('iso') ? usual : null;
}
