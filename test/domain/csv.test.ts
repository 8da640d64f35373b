import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it, vi } from 'vitest';
import { readCsv, writeCsv } from '#domain/base/csv.ts';
import { InvalidInputError } from '#domain/base/errors.ts';
import { finishSteps } from '#domain/base/steps.ts';
import { readCustomers } from '#domain/responses/customer-file.ts';
import { builtInAttributes } from '#domain/settings/attributes.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readCsv(bytes(text));

function problems(given: () => unknown): string[] {
  try {
    given();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems.map(({ field, message }) => `${field}: ${message}`);
    throw error;
  }
  return [];
}

describe('a CSV file', () => {
  it.each([
    ['commas', 'a,b\n1,2\n'],
    ['semicolons', 'a;b\n1;2\n'],
    ['tabs', 'a\tb\n1\t2\n'],
    ['a byte order mark', '\ufeffa,b\r\n1,2\r\n'],
    ['old line ends', 'a,b\r1,2\r'],
    ['no last line end', 'a,b\n1,2'],
    ['a line that says its separator', 'sep=;\na;b\n1;2\n'],
    ['the same in quotes', '"sep=;"\na;b\n1;2\n'],
    ['bars', 'a|b\n1|2\n'],
    ['blank lines and empty rows', 'a,b\n\n1,2\n,\n  \n'],
    ['empty cells behind the last column', 'a,b\n1,2,,\n'],
  ])('with %s is read', (_, text) => {
    const { columns, rows } = read(text);
    expect(columns).toEqual(['a', 'b']);
    expect(rows.map(({ cells }) => cells)).toEqual([['1', '2']]);
  });

  it('in UTF-16 is read as Excel writes it', () => {
    const text = Buffer.from('\ufeffa\tb\r\nGröße\t2\r\n', 'utf16le');
    expect(readCsv(text).rows[0]?.cells).toEqual(['Größe', '2']);
    expect(readCsv(text.swap16()).rows[0]?.cells).toEqual(['Größe', '2']);
  });

  it('keeps quotes, line breaks, separators and formulas of a cell as text, and tells on which line a row begins', () => {
    const { rows } = read('a,b\n"one\r\n""two"", three",=1+1\n\n"+1","@SUM(A1)"\n');
    expect(rows).toEqual([
      { line: 2, cells: ['one\n"two", three', '=1+1'] },
      { line: 5, cells: ['+1', '@SUM(A1)'] },
    ]);
  });

  it.each([
    ['', 'file: holds no line with the names of its columns'],
    ['a,,c\n1,2,3', 'line 1, column 2: has no name'],
    ['a,b,a\n1,2,3', 'line 1, column 3 (a): has the name of column 1; every name must stand once'],
    ['a,b\n1\n', 'line 2, column 1 (a): the line has 1 cells, but there are 2 columns'],
    ['a,b\n1,2\n\n1,2,3\n', 'line 4, column 3: the line has 3 cells, but there are 2 columns'],
    ['a,b\n1,"2\n3,4\n', 'line 2, column 2 (b): has a quote that is never closed, or text after the closing one'],
    ['a,b\n1,2\n"x"y,2\n', 'line 3, column 1 (a): has a quote that is never closed, or text after the closing one'],
    ['a,b\n1,\0\n', 'line 2: holds NUL characters; save the file as "CSV UTF-8"'],
  ])('like %j is refused where it is wrong', (text, problem) => {
    expect(problems(() => read(text))).toContain(problem);
  });

  it.each([
    [
      'Windows-1252',
      [...bytes('a,b\n1,'), 0xfc, 0x0a],
      'line 2, column 2 (b): is not UTF-8 text; save the file as "CSV UTF-8"',
    ],
  ])('in %s is refused with the remedy', (_, given, problem) => {
    expect(problems(() => readCsv(Uint8Array.from(given)))).toEqual([problem]);
  });

  it.each([
    ['UTF-16', [0xff, 0xfe, 0x61, 0, 0x09, 0, 0x62, 0, 0x0a, 0, 0xfc, 0, 0x09, 0, 0x32, 0], []],
    ['UTF-16 of the other order', [0xfe, 0xff, 0, 0x61, 0, 0x0a, 0, 0xfc], []],
    [
      'UTF-16 cut off',
      [0xff, 0xfe, 0x61],
      ['line 1, column 1 (\ufffd): is not UTF-8 text; save the file as "CSV UTF-8"'],
    ],
    [
      'a workbook',
      [0x50, 0x4b, 3, 4],
      ['file: is an Excel workbook or another archive; save the file as "CSV UTF-8" and import that'],
    ],
    ['a first column P', bytes('P,K\n1,2'), []],
    ['a first column K', bytes('aK,b\n1,2'), []],
    [
      'a bad first cell',
      [0xfc, ...bytes(',b\n1,2')],
      ['line 1, column 1 (\ufffd): is not UTF-8 text; save the file as "CSV UTF-8"'],
    ],
    [
      'a header with two bad bytes',
      [0xff, 0x61, ...bytes(',b\n1,2')],
      ['line 1, column 1 (\ufffda): is not UTF-8 text; save the file as "CSV UTF-8"'],
    ],
    ['NUL at its beginning', [0, ...bytes('a,b\n')], ['line 1: holds NUL characters; save the file as "CSV UTF-8"']],
    ['separators within quotes', bytes('"a,b,c";d\n1;2'), []],
    ['blank lines first', bytes('\n\na;b\n1;2'), []],
    [
      'no separator line further down',
      bytes('a,b\nsep=;\n'),
      ['line 2, column 1 (a): the line has 1 cells, but there are 2 columns'],
    ],
    [
      'a name twice after blank lines',
      bytes('\n\na,a\n'),
      ['line 3, column 2 (a): has the name of column 1; every name must stand once'],
    ],
    [
      'a short row after a line of its separator',
      bytes('sep=;\na;b\n1\n'),
      ['line 3, column 1 (a): the line has 1 cells, but there are 2 columns'],
    ],
    [
      'a cell behind empty ones',
      bytes('a,b,\n1,2,,x\n'),
      ['line 2, column 4: the line has 4 cells, but there are 2 columns'],
    ],
  ])('with %s is read or refused with the place', (_, given, expected) => {
    expect(problems(() => readCsv(Uint8Array.from(given)))).toEqual(expected);
  });

  it('has names without blanks, and no columns without a name at its end', () => {
    expect(read(' a , b , ,\n1,2,,\n')).toEqual({ columns: ['a', 'b'], rows: [{ line: 2, cells: ['1', '2'] }] });
  });

  it('names twenty problems, and counts the others', () => {
    const rows = (count: number) => () => read(`a,b\n${'1\n'.repeat(count)}`);
    const line = 'column 1 (a): the line has 1 cells, but there are 2 columns';
    const twenty = Array.from({ length: 20 }, (_, index) => `line ${index + 2}, ${line}`);
    expect(rows(22)).toThrow(expect.objectContaining({ message: [...twenty, 'and 2 more'].join('\n') }));
    expect(rows(20)).toThrow(expect.objectContaining({ message: twenty.join('\n') }));
    expect(problems(rows(22))).toEqual(twenty);
  });

  it('has at most 20,000 rows and 1,000 columns', () => {
    const rows = (count: number) => `a\n${'x\n'.repeat(count)}`;
    expect(read(rows(20_000)).rows).toHaveLength(20_000);
    expect(problems(() => read(rows(20_001)))).toEqual(['file: has more than 20000 rows; send it in parts']);
    const wide = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`).join(',');
    expect(read(wide(1000)).columns).toHaveLength(1000);
    expect(problems(() => read(wide(1001)))).toEqual(['line 1: has more than 1000 columns']);
  });

  it('of blank lines is read in steps that do not each look at the rest of it', () => {
    const split = vi.spyOn(String.prototype, 'split');
    expect(read(`a\n${'\n'.repeat(300_000)}1`).rows).toEqual([{ line: 300_002, cells: ['1'] }]);
    const long = split.mock.contexts.filter((text) => String(text).length > 100_000);
    split.mockRestore();
    expect(long.length).toBeLessThan(2);
  });

  it('is read back as it was written, whatever stands in the cells', () => {
    const cell = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replace(/[\0\r\ufffd\ufeff]/g, ''));
    const row = fc.tuple(cell, cell, cell).filter((cells) => cells.some((value) => value.trim() !== ''));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.constantFrom(',', ';', '\t'), (rows, delimiter) => {
        const text = Papa.unparse([['a', 'b', 'c'], ...rows], { delimiter });
        expect(read(text).rows.map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });

  it('of any bytes is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (given) => {
        for (const problem of problems(() => readCsv(given))) expect(problem).toMatch(/^(line \d+|file)/);
      }),
    );
  });
});

describe('a customer list as a file', () => {
  const list = (text: string) => finishSteps(readCustomers(read(text), builtInAttributes));

  it('gives what each customer is known for; an empty cell says nothing', () => {
    expect(
      list('Key;Email;Name;Tier;Revenue;Renewal\nc-1;Ines@Customer.example;=Ines;Gold;12000.50;2027-03-31\nc-2;;;;;\n'),
    ).toEqual([
      {
        key: 'c-1',
        email: 'Ines@customer.example',
        name: '=Ines',
        tier: 'gold',
        revenue: 12_000.5,
        renewal: '2027-03-31',
      },
      { key: 'c-2' },
    ]);
  });

  it('names line and column of everything that is wrong, and takes none of it then', () => {
    expect(
      problems(() =>
        list('key,email,revenue,renewal\nc-1,nobody,"1.000,00",soon\n,a@b.example,1,\nc-3,,1,\nc-3,,2,\n'),
      ),
    ).toEqual([
      'line 2, column 2 (email): is not an e-mail address',
      'line 2, column 3 (revenue): must be a number, without a currency',
      'line 2, column 4 (renewal): must be a day such as 2027-03-31',
      'line 3, column 1 (key): is missing; write the id by which responses name the customer',
      'line 5, column 1 (key): is a duplicate of line 4',
    ]);
    expect(problems(() => list('email,__proto__\na@b.example,x\n'))).toEqual([
      'line 1, column 2 (__proto__): is not under attributes of the workspace file: __proto__; there are key, email, name, tier, revenue, language, renewal',
      'line 1: has no column key',
    ]);
  });
});

describe('written rows', () => {
  it('say in one cell what an entry of a list holds itself', () => {
    const rows = [{ list: [{ name: 'a', more: { deep: 1 }, count: 2 }, null, 'b'], none: null }];
    expect(writeCsv(rows)).toBe('\ufefflist,none\r\na 2; null; b,\r\n');
  });

  it('are an empty file where there are none', () => {
    expect(writeCsv([])).toBe('\ufeff\r\n');
  });

  it('have the columns of all of them, lists in one cell, and no formula', () => {
    const rows = [
      { id: 'c_1', customer: { key: '=HYPERLINK("x")', revenue: -5 }, words: '+1, "quoted"', labels: ['a', 'b'] },
      { id: 'c_2', customer: { key: '@SUM(A1)', revenue: null }, answers: [{ question: 'Why?', text: '-2' }] },
    ];
    const text = writeCsv(rows);
    expect(text.split('\r\n')).toEqual([
      '\ufeffid,customer.key,customer.revenue,words,labels,answers',
      `c_1,"'=HYPERLINK(""x"")",-5,"'+1, ""quoted""",a; b,`,
      `c_2,"'@SUM(A1)",,,,Why? -2`,
      '',
    ]);
    expect(readCsv(new TextEncoder().encode(text)).rows).toHaveLength(2);
  });
});
