import { expect, test } from 'vitest';
import { Table } from '#src/views/lists.tsx';

const columnsOf = (cells: string[]): string =>
  String(Table({ name: 'Sums', columns: ['Name', 'Sum'], rows: cells.map((cell) => ['a', cell]) }));

test('a table sets a column of figures alone at the end of its cells', () => {
  for (const cell of ['7', '1,250', '−3.5', '12 %', '0 of 9', '2 d 4 h', '1 case'])
    expect(columnsOf([cell, '']), cell).toContain('<td class="figure"');
  for (const cell of ['too few', '2026-11-20', `9${'a'.repeat(40)}!`])
    expect(columnsOf([cell, '7'])).not.toContain('figure');
});
