import { type CsvTable, problemAt, refused } from '../base/csv.ts';
import type { Problem } from '../base/errors.ts';
import { attributeNames, ListedCustomer } from './customer.ts';

const known = ['key', ...attributeNames];

/**
 * The customer list as a file: columns named key, email, name, tier, revenue, language and renewal, of which only
 * key must be there. An empty cell says nothing.
 *
 * @throws InvalidInputError naming line and column of each problem
 */
export function readCustomerFile({ columns, rows }: CsvTable): ListedCustomer[] {
  const names = columns.map((name) => name.toLowerCase());
  const problems: Problem[] = names.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [problemAt({ line: 1, column: index + 1 }, columns, `is none of ${known.join(', ')}`)],
  );
  if (!names.includes('key')) problems.push({ field: 'line 1', message: 'has no column key', line: 1 });
  if (problems.length > 0) throw refused(problems);
  const seen = new Map<string, number>();
  const customers = rows.flatMap(({ line, cells }): ListedCustomer[] => {
    const filled = names.flatMap((name, index): [string, string | number][] => {
      const text = cells[index]?.trim() ?? '';
      if (text === '') return [];
      return [[name, name === 'revenue' ? Number(text) : text]];
    });
    const read = ListedCustomer.safeParse(Object.fromEntries(filled));
    if (!read.success) {
      for (const { path, message } of read.error.issues) {
        const column = names.indexOf(String(path[0])) + 1;
        problems.push(problemAt({ line, column }, columns, message));
      }
      return [];
    }
    const first = seen.get(read.data.key);
    if (first !== undefined) {
      const place = { line, column: names.indexOf('key') + 1 };
      problems.push(problemAt(place, columns, `stands on line ${first} already`));
    }
    seen.set(read.data.key, line);
    return [read.data];
  });
  if (problems.length > 0) throw refused(problems);
  return customers;
}
