import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { command, connect, connectOptions } from './connect.ts';
import { splitCsv } from './csv-parts.ts';

const use =
  'Use: npm run import -- FILE --source NAME, or npm run import -- FILE --customers; [--data DIR | --url URL --token-variable NAME --workspace NAME]';

/* Imports a CSV file: responses into a source of kind csv, or the customer list. Importing twice is harmless. */
await command(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...connectOptions, source: { type: 'string' }, customers: { type: 'boolean' } },
  });
  const [path] = positionals;
  const { source, customers = false } = values;
  if (!path || (source === undefined) === !customers) throw new Error(use);
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
  const parts = splitCsv(new Uint8Array(readFileSync(path)));
  const client = connect(values);
  let rows = 0;
  try {
    for (const { text } of parts) {
      rows += source ? (await client.importFile(source, text)).rows : (await client.putCustomers(text)).customers;
    }
  } catch (error) {
    if (rows > 0) console.error(`${rows} rows were taken before this; after mending, import the whole file again.`);
    throw error;
  }
  const what = source ? `rows are with source ${source}` : 'customers were taken over';
  console.log(`${rows} ${what}.${source ? ' What is new among them is taken in now.' : ''}`);
  return 0;
});
