import Papa from 'papaparse';
import { InvalidInputError, type Problem } from './errors.ts';
import { finishSteps } from './steps.ts';

/** Rows under named columns. Cells are text; no formula is ever calculated. */
export type CsvTable = { columns: string[]; rows: CsvRow[] };

export type CsvRow = { line: number; cells: string[] };

const maxColumns = 1000;
const maxRows = 20_000;
const maxProblemsShown = 20;
const charactersPerStep = 50_000;
/** How exports keep a spreadsheet from making a number of an id. */
const textFormula = /^="([^"]*)"$/;
const utf8 = 'save the file as "CSV UTF-8"';

/** Values separated by commas, semicolons, tabs or bars, in UTF-8 or marked UTF-16; InvalidInputError names line and column of each problem. */
export const readCsv = (bytes: Uint8Array, most = maxRows): CsvTable => finishSteps(readCsvTable(bytes, most));

/** As `readCsv`, in steps. */
export function* readCsvTable(bytes: Uint8Array, most = maxRows): Generator<void, CsvTable> {
  const [head, ...given] = yield* readCsvSteps(bytes, most);
  const length = (head?.cells.findLastIndex((name) => name.trim() !== '') ?? -1) + 1;
  const columns = (head?.cells ?? []).slice(0, length).map((name) => name.trim());
  const problems = [...checkColumns(columns, head?.line ?? 1), ...checkRowLengths(given, columns)];
  if (problems.length > 0) throw refused(problems);
  return { columns, rows: given.map(({ line, cells }) => ({ line, cells: cells.slice(0, length) })) };
}

/** Rows of a file with its header rows, of any length, in steps; blank lines are skipped. */
export function* readCsvSteps(bytes: Uint8Array, most = maxRows): Generator<void, CsvRow[]> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    throw refused([{ field: 'file', message: `is an Excel workbook or another archive; ${utf8} and import that` }]);
  const { text, isUtf8 } = decode(bytes);
  const { body, delimiter, skipped } = detectDelimiter(text);
  const rows: CsvRow[] = [];
  const problems: Problem[] = [];
  let at = 0;
  let line = 1 + skipped;
  const readRow = (start: number, { data: [data = []], errors, meta }: Papa.ParseResult<string[]>) => {
    const [quotes] = errors.filter(({ type }) => type === 'Quotes');
    if (quotes) {
      const before = body.slice(at, start + (quotes.index ?? 0));
      const column = Papa.parse<string[]>(before, { delimiter, newline: '\n' }).data.at(-1)?.length ?? 1;
      const place = { line: line + count(before, '\n'), column };
      problems.push(
        createCellProblem(place, rows[0]?.cells, 'has a quote that is never closed, or text after the closing one'),
      );
    } else if (data.some((cell) => cell.trim() !== ''))
      rows.push({ line, cells: data.map((cell) => textFormula.exec(cell)?.[1] ?? cell) });
    line += count(body.slice(at, start + meta.cursor), '\n');
    at = start + meta.cursor;
  };
  while (at < body.length && rows.length <= most + 1) {
    const start = at;
    const parser = new Papa.Parser({
      delimiter,
      newline: '\n',
      // Its fast mode splits the whole rest of the file in each step.
      fastMode: false,
      step(result: Papa.ParseResult<string[]>) {
        readRow(start, result);
        if (at - start > charactersPerStep || rows.length > most + 1) parser.abort();
      },
    });
    parser.parse(body.slice(start), 0, false);
    yield;
  }
  const [head, ...given] = rows;
  if (!head) throw refused([{ field: 'file', message: 'holds no line with the names of its columns' }]);
  if (!isUtf8) throw refused([createNonUtf8CellProblem(rows)]);
  if (given.length > most) throw refused([{ field: 'file', message: `has more than ${most} rows; send it in parts` }]);
  if (problems.length > 0) throw refused(problems);
  return rows;
}

/** @param width cells of the header row, whose empty trailing columns are not among `columns` */
export function checkRowLengths(rows: CsvRow[], columns: string[], width = columns.length): Problem[] {
  const { length } = columns;
  return rows.flatMap(({ line, cells }) => {
    const extra = cells.slice(Math.max(length, width)).findIndex((cell) => cell !== '');
    if (extra < 0 && cells.length >= length) return [];
    const column = extra >= 0 ? Math.max(length, width) + extra + 1 : cells.length;
    const message = `the line has ${cells.length} cells, but there are ${length} columns`;
    return [createCellProblem({ line, column }, columns, message)];
  });
}

/** A problem with one cell; `column` counts from 1. */
export function createCellProblem(
  { line, column }: { line: number; column: number },
  columns: string[] | undefined,
  message: string,
): Problem {
  const name = columns?.[column - 1];
  return { field: `line ${line}, column ${column}${name ? ` (${name})` : ''}`, message, line };
}

export type GivenRows = CsvTable | Record<string, unknown>[];

type GivenRow = { row: Record<string, unknown>; line?: number; toProblem(name: string, message: string): Problem };

/** Rows of a file, without empty cells and under small names of columns, or of JSON; and a problem of each by its place. */
export function listGivenRows(given: GivenRows, list: string): Iterable<GivenRow> {
  if (Array.isArray(given))
    return given.map((row, index) => ({
      row,
      toProblem: (name, message) => ({ field: `${list}.${index}.${name}`, message }),
    }));
  const { columns, rows } = given;
  const names = columns.map((name) => name.toLowerCase());
  return rows.values().map(({ line, cells }) => ({
    row: Object.fromEntries(names.map((name, index) => [name, cells[index]?.trim()]).filter(([, text]) => text)),
    line,
    toProblem: (name, message) =>
      names.includes(name)
        ? createCellProblem({ line, column: names.indexOf(name) + 1 }, columns, message)
        : { field: `line ${line}, ${name}`, message, line },
  }));
}

/** An error for a refused file, with its first problems. */
export function refused(problems: Problem[]): InvalidInputError {
  const shown = problems.slice(0, maxProblemsShown);
  const more = problems.length - shown.length;
  const lines = shown.map(({ field, message }) => `${field}: ${message}`);
  if (more > 0) lines.push(`and ${more} more`);
  return new InvalidInputError(lines.join('\n'), shown);
}

function decode(bytes: Uint8Array): { text: string; isUtf8: boolean } {
  const [first, second] = bytes;
  // Excel's "Unicode text" and exports with tabs begin with the mark of UTF-16.
  const charset =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  const read = (fatal: boolean) =>
    new TextDecoder(charset, { fatal }).decode(bytes).replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  let text: string;
  let isUtf8 = true;
  try {
    text = read(true);
  } catch {
    text = read(false);
    isUtf8 = false;
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const line = 1 + count(text.slice(0, nul), '\n');
    throw refused([{ field: `line ${line}`, message: `holds NUL characters; ${utf8}`, line }]);
  }
  return { text, isUtf8 };
}

function createNonUtf8CellProblem(rows: CsvRow[]): Problem {
  for (const { line, cells } of rows) {
    const index = cells.findIndex((cell) => cell.includes('\ufffd'));
    if (index >= 0) return createCellProblem({ line, column: index + 1 }, rows[0]?.cells, `is not UTF-8 text; ${utf8}`);
  }
  return { field: 'file', message: `is not UTF-8 text; ${utf8}` };
}

/** Finds the delimiter: the one in a spreadsheet's line `sep=;`, else the most frequent in the first line. */
function detectDelimiter(text: string): { body: string; delimiter: string; skipped: number } {
  const [declared, mark] = /^"?sep=([,;\t|])"?\n/.exec(text) ?? [];
  if (declared && mark) return { body: text.slice(declared.length), delimiter: mark, skipped: 1 };
  const [first = ''] = text
    .trimStart()
    .replace(/"[^"]*"/g, '')
    .split('\n', 1);
  const [found] = [',', ';', '\t', '|'].toSorted((a, b) => count(first, b) - count(first, a));
  return { body: text, delimiter: found ?? ',', skipped: 0 };
}

function checkColumns(columns: string[], line: number): Problem[] {
  if (columns.length > maxColumns)
    return [{ field: `line ${line}`, message: `has more than ${maxColumns} columns`, line }];
  return columns.flatMap((name, index) => {
    const place = { line, column: index + 1 };
    if (name === '') return [createCellProblem(place, columns, 'has no name')];
    const first = columns.indexOf(name);
    return first < index
      ? [createCellProblem(place, columns, `has the name of column ${first + 1}; every name must stand once`)]
      : [];
  });
}

const count = (text: string, mark: string): number => text.split(mark).length - 1;

/** Fields of a row by their paths, such as `customer.key`; lists in one cell. */
const flatten = (row: object, path = ''): [column: string, value: unknown][] =>
  Object.entries(row).flatMap(([name, value]): [string, unknown][] => {
    if (Array.isArray(value)) return [[path + name, value.map(toCellText).join('; ')]];
    return typeof value === 'object' && value !== null ? flatten(value, `${path}${name}.`) : [[path + name, value]];
  });

const toCellText = (item: unknown): string =>
  typeof item === 'object' && item !== null
    ? Object.values(item)
        .filter((value) => typeof value !== 'object')
        .join(' ')
    : String(item);

/** The default of Papa Parse misses cells of several lines. */
const formula = /^[\s\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r]/u;

/** Rows as a CSV file with the columns of all of them. Cells that a table program would calculate begin with a quote. */
export function writeCsv(rows: object[]): string {
  const flat = rows.map((row) => Object.fromEntries(flatten(row)));
  const columns = [...new Set(flat.flatMap((row) => Object.keys(row)))];
  return `\ufeff${columns.length > 0 ? Papa.unparse(flat, { columns, escapeFormulae: formula }) : ''}\r\n`;
}
