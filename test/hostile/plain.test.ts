import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, it, vi } from 'vitest';
import { writeCsv } from '#domain/base/csv.ts';
import { toShownText } from '#domain/text/safe-text.ts';
import { formatFileChecks } from '#src/cli/import.ts';
import { createConsoleLog } from '#src/log.ts';
import { hostileRuns, hostileWords } from './words.ts';

/* Tables, logs and terminals with the words of a customer who means it. */

/** What spreadsheets calculate; a quote or blank before it keeps it from that. */
const formula = /^[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/u;

it('a CSV file holds hostile words in their cells, and calculates none', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(hostileWords, hostileWords), { minLength: 1, maxLength: 4 }), (cells) => {
      const file = writeCsv(cells.map(([name, words]) => ({ name, customer: { words } })));
      const { data, errors } = Papa.parse<string[]>(file.replace(/^\ufeff/, ''), { skipEmptyLines: 'greedy' });
      expect(errors.filter(({ type }) => type !== 'Delimiter')).toEqual([]);
      expect(data[0]).toEqual(['name', 'customer.words']);
      for (const cell of data.slice(1).flat()) expect(cell).not.toMatch(formula);
    }),
    hostileRuns(500),
  );
});

it('a log is one line of JSON in ASCII, whatever it tells', () => {
  const printed: string[] = [];
  const spies = (['log', 'error'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((line) => printed.push(line)),
  );
  fc.assert(
    fc.property(hostileWords, (words) => {
      printed.length = 0;
      createConsoleLog('acme').info(words, { code: words });
      createConsoleLog(words).error('failed', { [`x${words}`]: words });
      for (const line of printed) expect(line).toMatch(/^[ -~]+$/);
      expect(printed.map((line) => JSON.parse(line))).toEqual([
        { level: 'info', event: words, workspace: 'acme', code: words },
        { level: 'error', event: 'failed', workspace: words, [`x${words}`]: words },
      ]);
    }),
    hostileRuns(300),
  );
  for (const spy of spies) spy.mockRestore();
});

/** Lines of a terminal with `words` in each place, as the command line prints them. */
const terminalOf = (words: string): string => {
  const check = {
    rows: 1,
    stored: 0,
    opens: [{ template: words, responses: 1 }],
    questions: [{ question: words, alias: words, type: 'text' as const }],
    first: [{ line: 2, id: words, submittedAt: words, partial: false, answers: [{ question: words, text: words }] }],
    problems: [{ field: words, message: words }],
  };
  // The command line prints everything through this.
  return toShownText(formatFileChecks([check]));
};

it('a terminal shows hostile words in their lines, and obeys none', () => {
  fc.assert(
    fc.property(hostileWords, (words) => {
      const text = terminalOf(words);
      expect(text).not.toMatch(/(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      expect(text.split('\n').length).toBe(terminalOf('word').split('\n').length);
    }),
    hostileRuns(300),
  );
});
