import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '#domain/base/errors.ts';
import type { GivenRows } from '#domain/base/csv.ts';
import { type ReportedList, readReported } from '#domain/reports/reported.ts';

function read(list: ReportedList, given: GivenRows): unknown {
  try {
    return readReported(list, given);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.problems.map(({ field, message, line }) => [field, message, ...(line === undefined ? [] : [line])]);
  }
}

const table = (columns: string[], ...rows: string[][]): GivenRows =>
  ({ columns, rows: rows.map((cells, index) => ({ line: index + 2, cells })) }) as GivenRows;

describe('a reported list', () => {
  it('of a file is read by its columns, whatever their case', () => {
    expect(
      read(
        'outcomes',
        table(
          ['Customer', 'OUTCOME', 'day', 'value'],
          ['c-1', ' left ', '2026-11-24', '12.5'],
          ['c-2', 'grew', '2026-11-25', ' '],
        ),
      ),
    ).toEqual([
      { customer: 'c-1', outcome: 'left', day: '2026-11-24', value: 12.5 },
      { customer: 'c-2', outcome: 'grew', day: '2026-11-25' },
    ]);
  });

  it('of JSON is read by its names', () => {
    expect(read('values', [{ day: '2026-11-24', value: -3 }])).toEqual([{ day: '2026-11-24', value: -3 }]);
    expect(read('surveys', [{ email: 'Ada@Acme.example', survey: ' NPS ', at: '2026-11-24' }])).toEqual([
      { email: 'Ada@acme.example', survey: 'NPS', at: '2026-11-24' },
    ]);
  });

  const day = '2026-11-24';
  it.each<[ReportedList, Record<string, unknown>, unknown]>([
    ['surveys', { survey: 'NPS', at: day }, ['rows.0.customer', 'is missing; name the customer by key or email']],
    ['surveys', { customer: 'c', survey: ' ', at: day }, ['rows.0.survey', 'is missing']],
    ['surveys', { customer: 'c', at: day }, ['rows.0.survey', 'is missing']],
    [
      'surveys',
      { customer: 'c', survey: 'x', at: 'noon' },
      ['rows.0.at', 'must be a time such as 2026-11-24T09:30:00Z, or a day'],
    ],
    [
      'outcomes',
      { customer: 'c', outcome: 'x', day },
      ['rows.0.outcome', 'must be one of stayed, renewed, grew, left'],
    ],
    ['outcomes', { customer: 'c', outcome: 'left', day: 'x' }, ['rows.0.day', 'must be a day such as 2026-11-24']],
    [
      'outcomes',
      { customer: 'c', outcome: 'left', day, value: '3 €' },
      ['rows.0.value', 'must be a number, without a currency'],
    ],
    ...[null, true, '', [], '0x10', '1e999'].map((count): [ReportedList, Record<string, unknown>, unknown] => [
      'counts',
      { source: 's', day, count },
      ['rows.0.count', 'must be a number, without a currency'],
    ]),
    ['counts', { source: 's', day, count: 1.5 }, ['rows.0.count', 'must be a whole number']],
    ['counts', { source: 's', day, count: -1 }, ['rows.0.count', 'must be 0 or more']],
    [
      'counts',
      { source: 's', day, count: 1, kind: 'x' },
      ['rows.0.kind', 'is no column of this list; there are source, day, count'],
    ],
  ])('of %s refuses %j by field and remedy', (list, row, problem) => {
    expect(read(list, [row])).toEqual([problem]);
  });

  it('of a file names the cell of each problem', () => {
    const columns = ['Source', 'Day', 'Count'];
    expect(read('counts', table(columns, ['s', day, '0'], ['s', 'today', 'x']))).toEqual([
      ['line 3, column 2 (Day)', 'must be a day such as 2026-11-24', 3],
      ['line 3, column 3 (Count)', 'must be a number, without a currency', 3],
    ]);
    expect(read('counts', table(['source', 'count'], ['s', '1']))).toEqual([
      ['line 2, day', 'must be a day such as 2026-11-24', 2],
    ]);
    expect(read('counts', table([...columns, 'Kind'], ['s', day, '1', 'x']))).toEqual([
      ['line 2, column 4 (Kind)', 'is no column of this list; there are source, day, count', 2],
    ]);
  });
});
