import { existsSync, readFileSync } from 'node:fs';
import type { FileCheck } from '#domain/json/intake-json.ts';
import { registry } from '../wiring.ts';
import { toCsvBody } from './client.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { splitCsv } from './csv-parts.ts';

/** Imports a CSV file: responses into a source of kind csv, or the customer list. Importing twice is harmless. */
export async function importFile(
  path: string,
  options: ConnectOptions & { source?: string | undefined; customers?: true | undefined; check?: true | undefined },
): Promise<number> {
  const { source } = options;
  if ((source === undefined) === !options.customers) throw new Error('Name either --source NAME or --customers.');
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
  const [files] = registry.surveys.flatMap((survey) => survey.files ?? []);
  const parts = splitCsv(new Uint8Array(readFileSync(path)), source ? files?.countHeaderRows : undefined);
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

/** The checks of a file's parts, as lines. */
export function formatFileChecks(checks: FileCheck[]): string {
  const [first] = checks;
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
  const opens = new Map<string, number>();
  for (const { template, responses } of checks.flatMap((check) => check.opens))
    opens.set(template, (opens.get(template) ?? 0) + responses);
  const problems = checks.flatMap((check) => check.problems);
  return [
    `${sum(checks.map(({ rows }) => rows))} rows, of which ${sum(checks.map(({ stored }) => stored))} are stored already. Nothing was stored now.`,
    ...(first?.questions ?? []).map(
      ({ question, alias, type }) => `  column ${question}: ${type}${alias ? `, alias ${alias}` : ''}`,
    ),
    ...(first?.first ?? []).map(
      ({ line, id, submittedAt, partial, answers }) =>
        `  line ${line}: ${id}, ${submittedAt}${partial ? ', not finished' : ''}: ${answers.map(({ question, text }) => `${question} = ${text}`).join('; ')}`,
    ),
    ...[...opens].map(([template, count]) => `Would open or join cases of ${template}: ${count} responses.`),
    ...(problems.length === 0 && opens.size === 0 ? ['Would open no case.'] : []),
    ...problems.map(({ field, message }) => `${field}: ${message}`),
  ].join('\n');
}
