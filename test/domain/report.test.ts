import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '#domain/base/errors.ts';
import { shareFigure } from '#domain/reports/figure.ts';
import { listQuartersUntil, listReportRows, readPeriod, splitPeriod, valueScore } from '#domain/reports/report.ts';

const now = Date.parse('2026-11-30T23:30:00Z');
const read = (query: Parameters<typeof readPeriod>[0], timeZone = 'UTC') => readPeriod(query, now, timeZone);

describe('the value of a score in its mean', () => {
  it.each([
    ['nps', 10, 10, 100],
    ['nps', 9, 10, 100],
    ['nps', 8, 10, 0],
    ['nps', 7, 10, 0],
    ['nps', 6, 10, -100],
    ['nps', 0, 10, -100],
    ['nps', -1, 10, null],
    ['nps', 11, 11, null],
    ['nps', 9.5, 10, null],
    ['csat', 5, 5, 1],
    ['csat', 4, 6, 0],
    ['csat', 4, 5, 1],
    ['csat', 3, 5, 0],
    ['csat', 4, 3, 1],
    ['csat', 1, 5, 0],
    ['csat', 0, 5, null],
    ['csat', 6, 5, null],
    ['csat', 6, 7, 1],
    ['csat', 5, 7, 1],
    ['csat', 7, 10, 1],
    ['csat', 6, 10, 0],
    ['ces', 2.5, 7, 2.5],
  ] as const)('%s %d, of a scale up to %d, is %d', (kind, score, highest, value) => {
    expect(valueScore(kind, score, highest)).toBe(value);
  });
});

describe('the period of a report', () => {
  it.each([
    [{}, '2026-09-02', '2026-11-30', '2026-06-04', '2026-09-01'],
    [{ quarter: '2026-Q1' }, '2026-01-01', '2026-03-31', '2025-10-01', '2025-12-31'],
    [{ quarter: '2026-Q4', from: 'x' }, '2026-10-01', '2026-12-31', '2026-07-01', '2026-09-30'],
    [{ from: '2026-11-29' }, '2026-11-29', '2026-11-30', '2026-11-27', '2026-11-28'],
    [{ from: '2026-11-30' }, '2026-11-30', '2026-11-30', '2026-11-29', '2026-11-29'],
    [{ to: '2026-03-31' }, '2026-01-01', '2026-03-31', '2025-10-03', '2025-12-31'],
    [{ from: '2024-12-01', to: '2026-12-01' }, '2024-12-01', '2026-12-01', '2022-12-01', '2024-11-30'],
  ])('%j is %s to %s, after %s to %s', (query, from, to, formerFrom, formerTo) => {
    expect(read(query)).toEqual({ from, to, before: { from: formerFrom, to: formerTo } });
  });

  it('ends today, by the time zone of the workspace', () => {
    expect(read({}, 'Europe/Berlin').to).toBe('2026-12-01');
  });

  it.each([
    [{ quarter: '2026-Q5' }, 'quarter: must be a quarter, such as 2026-Q4'],
    [{ quarter: 'in 2026-Q4' }, 'quarter: must be a quarter, such as 2026-Q4'],
    [{ quarter: '2026-Q44' }, 'quarter: must be a quarter, such as 2026-Q4'],
    [{ from: '2026-1-1' }, 'from: must be a day, such as 2026-11-24'],
    [{ from: 'on 2026-01-01' }, 'from: must be a day, such as 2026-11-24'],
    [{ to: '2026-01-01T00' }, 'to: must be a day, such as 2026-11-24'],
    [{ from: '2026-02-30' }, 'from: must be a day, such as 2026-11-24'],
    [{ from: '2026-12-01' }, 'from: must be 1 to 731 days before the end'],
    [{ from: '2024-11-30', to: '2026-12-01' }, 'from: must be 1 to 731 days before the end'],
  ])('%j is refused by field', (query, problem) => {
    expect(() => read(query)).toThrow(new InvalidInputError(problem));
  });

  it.each([
    ['2026-01-01', '2026-01-01', 1, '2026-01-01', '2026-01-01'],
    ['2026-01-01', '2026-01-13', 13, '2026-01-01', '2026-01-13'],
    ['2026-01-01', '2026-01-14', 2, '2026-01-07', '2026-01-14'],
    ['2026-01-01', '2026-04-04', 14, '2026-01-07', '2026-04-04'],
    ['2026-01-01', '2026-04-05', 4, '2026-01-28', '2026-04-05'],
    ['2025-01-01', '2026-01-13', 14, '2025-01-28', '2026-01-13'],
    ['2025-01-01', '2025-12-31', 14, '2025-01-28', '2025-12-31'],
    ['2024-01-01', '2025-12-31', 9, '2024-03-31', '2025-12-31'],
    ['2020-01-01', '2025-12-31', 25, '2020-03-31', '2025-12-31'],
  ])('from %s to %s has %d parts for a trend', (from, to, count, firstEnd, lastEnd) => {
    const parts = splitPeriod({ from, to });
    expect([parts.length, parts[0], parts.at(-1)?.to]).toEqual([count, { from, to: firstEnd }, lastEnd]);
  });

  it('may be one of the last quarters', () => {
    expect(listQuartersUntil(Date.parse('2026-05-31T12:00:00Z'), 'UTC', 4)).toEqual([
      '2026-Q2',
      '2026-Q1',
      '2025-Q4',
      '2025-Q3',
    ]);
    expect(listQuartersUntil(Date.parse('2026-06-30T23:00:00Z'), 'Europe/Berlin', 1)).toEqual(['2026-Q3']);
  });
});

it('the file of a report has a row for every figure', () => {
  const days = { from: '2026-01-01', to: '2026-03-31' };
  const before = { from: '2025-10-01', to: '2025-12-31' };
  const earlier = { from: '2026-01-01', to: '2026-01-31' };
  const [some, few, other] = [shareFigure(30, 40), shareFigure(1, 2), shareFigure(9, 30)];
  const row = { id: 'confirmed', title: 'Confirmed', unit: 'share', now: some } as const;
  const ours = { source: 'nps', how: 'counted', theirs: 9, ours: 8, ...earlier } as const;
  const money = { keptValue: 0, lostValue: 0, list: '' };
  const rows = listReportRows({
    ...days,
    before,
    figures: [{ ...row, how: '', before: few, list: null }],
    by: 'team',
    groups: [
      { name: 'desk', cases: 1, figures: [row] },
      { name: null, cases: 1, figures: [{ ...row, id: 'unknown' }] },
    ],
    trends: [{ title: 'Confirmed', unit: 'share', points: [{ ...few, ...earlier }] }],
    sources: [ours],
    effect: {
      note: '',
      groups: [
        { ...money, by: 'verdict', name: 'yes', kept: few },
        { ...money, by: 'verdict', name: null, kept: other },
      ],
      scores: [{ kind: 'nps', before: other, after: some, change: few }],
    },
  });
  const share = { ...days, unit: 'share' };
  expect(rows).toEqual([
    { figure: 'Confirmed', group: null, ...share, ...some },
    { figure: 'Confirmed', group: null, ...share, ...before, ...few },
    { figure: 'Confirmed', group: 'team desk', ...share, ...some },
    { figure: 'unknown', group: 'team not known', ...share, ...some },
    { figure: 'Confirmed', group: 'trend', ...share, ...few, ...earlier },
    { figure: 'Ours of theirs, counted', group: 'source nps', ...share, ...earlier, count: 8, total: 9 },
    { figure: 'Kept', group: 'verdict yes', ...share, ...few },
    { figure: 'Kept', group: 'verdict none', ...share, ...other },
    { figure: 'NPS', group: 'before the case', ...share, unit: 'score', ...other },
    { figure: 'NPS', group: 'after the case', ...share, unit: 'score', ...some },
  ]);
  expect(
    listReportRows({ ...days, before, figures: [], by: 'team', groups: [], trends: [], sources: [], effect: null }),
  ).toEqual([]);
});
