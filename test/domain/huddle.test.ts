import { expect, it } from 'vitest';
import { shareFigure } from '#domain/reports/figure.ts';
import { describeFigure, findMoved } from '#domain/reports/huddle.ts';
import type { ReportRow } from '#domain/reports/report.ts';

const row = (id: string, now: [number, number], before: [number, number]): ReportRow => ({
  ...{ id, title: id, how: '', unit: 'share', list: null },
  now: shareFigure(...now),
  before: shareFigure(...before),
});

it('goes through the figures that moved most, by where they stood', () => {
  const rows = [
    row('same', [10, 20], [20, 40]),
    row('a little', [11, 20], [10, 20]),
    row('fell', [5, 20], [10, 20]),
    row('few', [4, 5], [3, 5]),
    row('few now', [3, 5], [30, 40]),
    row('none before', [1, 3], [0, 3]),
    row('measured now', [20, 40], [19, 19]),
    row('nothing', [0, 20], [0, 20]),
    row('still few', [2, 3], [2, 4]),
  ];
  const moved = (count: number) => findMoved(rows, count).map(({ id }) => id);
  expect(moved(9)).toEqual(['none before', 'few now', 'fell', 'few', 'a little', 'measured now']);
  expect(moved(2)).toEqual(['none before', 'few now']);
  expect(describeFigure(row('x', [9, 20], [2, 5]))).toBe('45 %, 2 of 5 before');
});

it('goes by the size of figures below zero', () => {
  const score = (id: string, now: number, before: number): ReportRow => ({
    ...row(id, [9, 20], [9, 20]),
    now: { ...shareFigure(9, 20), value: now },
    before: { ...shareFigure(9, 20), value: before },
  });
  expect(findMoved([score('half', -20, -40), score('tenth', -40, -36)], 2).map(({ id }) => id)).toEqual([
    'half',
    'tenth',
  ]);
});
