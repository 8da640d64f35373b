import Papa from 'papaparse';
import { readCsvSteps } from '#domain/base/csv.ts';
import { InvalidInputError } from '#domain/base/errors.ts';
import { finishSteps } from '#domain/base/steps.ts';
import { describeFileCheck, type FileCheck } from '#domain/json/intake-json.ts';
import * as wiring from '../wiring.ts';
import { type ConnectOptions, connect, toCsvBody } from './connect.ts';
import { readNamedFile } from './workspace-files.ts';

const maxPartBytes = 900 * 1024;
const maxRowsPerPart = 5000;

/** Parts of a large file, each with the header rows; blank lines replace earlier parts, so that lines keep numbers. */
export function splitCsv(bytes: Uint8Array, countHeaderRows: (rows: string[][]) => number = () => 1) {
  const all = finishSteps(readCsvSteps(bytes, Number.POSITIVE_INFINITY));
  const headerRows = countHeaderRows(all.slice(0, 3).map(({ cells }) => cells));
  const write = (cells: string[]) => `${Papa.unparse([cells], { newline: '\n' })}\n`;
  const head = all.slice(0, headerRows).reduce((text, { cells }) => text + write(cells), '');
  const parts: { text: string; rows: number }[] = [];
  let part: { text: string; rows: number } | null = null;
  let line = 0;
  for (const row of all.slice(headerRows)) {
    const cells = write(row.cells);
    if (Buffer.byteLength(cells) > maxPartBytes)
      throw new InvalidInputError(`line ${row.line}: is larger than ${maxPartBytes / 1024} KiB; shorten its cells`);
    const gap = '\n'.repeat(Math.max(0, row.line - line));
    if (!part || part.rows >= maxRowsPerPart || part.text.length + gap.length + cells.length > maxPartBytes / 3) {
      part = { text: head + '\n'.repeat(Math.max(0, row.line - 1 - lines(head))), rows: 0 };
      parts.push(part);
    } else part.text += gap;
    part.text += cells;
    part.rows += 1;
    line = row.line + lines(cells);
  }
  return parts;
}

const lines = (text: string): number => text.split('\n').length - 1;

/** Imports a CSV file: responses into a source of kind csv, or the customer list. Importing twice is harmless. */
export async function importFile(
  path: string,
  options: ConnectOptions & { source?: string | undefined; customers?: true | undefined; check?: true | undefined },
): Promise<number> {
  const { source } = options;
  if ((source === undefined) === !options.customers) throw new Error('Name either --source NAME or --customers.');
  const [files] = wiring.registry.surveys.flatMap((survey) => survey.files ?? []);
  const parts = splitCsv(readNamedFile(path), source ? files?.countHeaderRows : undefined);
  const client = connect(options);
  if (options.check) {
    if (!source) throw new Error('--check is for files of responses; name --source NAME.');
    const checks = await Promise.all(
      parts.map(({ text }) => client.call('POST sources/:name/import/check', { name: source }, toCsvBody(text))),
    );
    console.log(formatFileChecks(checks));
    return checks.some(({ problems }) => problems.length > 0) ? 1 : 0;
  }
  let rows = 0;
  try {
    for (const { text } of parts) {
      const body = toCsvBody(text);
      rows += source
        ? (await client.call('POST sources/:name/import', { name: source }, body)).rows
        : (await client.call('PUT customers', {}, body)).customers;
    }
  } catch (error) {
    if (rows > 0) console.error(`${rows} rows were taken before this; after mending, import the whole file again.`);
    throw error;
  }
  const what = source ? `rows are with source ${source}` : 'customers were taken over';
  console.log(`${rows} ${what}.${source ? ' What is new among them is taken in now.' : ''}`);
  return 0;
}

/** The checks of a file's parts as that of one file, in lines. */
export function formatFileChecks(checks: FileCheck[]): string {
  const { questions = [], first = [] } = checks[0] ?? {};
  const whole: FileCheck = { rows: 0, stored: 0, questions, first, opens: [], problems: [] };
  for (const { rows, stored, opens, problems } of checks) {
    whole.rows += rows;
    whole.stored += stored;
    whole.problems.push(...problems);
    for (const { template, responses } of opens) {
      const known = whole.opens.find((each) => each.template === template);
      if (known) known.responses += responses;
      else whole.opens.push({ template, responses });
    }
  }
  return describeFileCheck(whole).join('\n');
}
