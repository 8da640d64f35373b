import { existsSync, readFileSync } from 'node:fs';
import { registry } from '../wiring.ts';
import { toCsvBody } from './client.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { splitCsv } from './csv-parts.ts';

/** Imports a CSV file: responses into a source of kind csv, or the customer list. Importing twice is harmless. */
export async function importFile(
  path: string,
  options: ConnectOptions & { source?: string | undefined; customers?: true | undefined },
): Promise<number> {
  const { source } = options;
  if ((source === undefined) === !options.customers) throw new Error('Name either --source NAME or --customers.');
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
  const [files] = registry.surveys.flatMap((survey) => survey.files ?? []);
  const parts = splitCsv(new Uint8Array(readFileSync(path)), source ? files?.countHeaderRows : undefined);
  const client = connect(options);
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
