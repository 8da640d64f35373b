import { expect, it } from 'vitest';
import type { BacktestReport } from '#domain/reports/backtest.ts';
import { renderBacktestMarkdown, renderBacktestText } from '#domain/reports/backtest-text.ts';
import { dayMs, weekMs } from '#domain/time/units.ts';

const monday = Date.UTC(2026, 10, 2, 8);
const none: BacktestReport = {
  name: 'low',
  action: 'case',
  responses: 0,
  from: null,
  until: null,
  matched: 0,
  joined: 0,
  opened: 0,
  perWeek: [],
  perPerson: [],
  shown: [],
  overlaps: [],
  unhappy: { responses: 0, uncaught: 0, shown: [] },
  closedDays: null,
  difference: null,
};
const shown = {
  response: 'r-1',
  at: monday,
  tier: 'gold',
  severity: 'high',
  dueAt: monday + dayMs,
  assignee: null,
  onClosedDay: false,
  why: [],
};
const some: BacktestReport = {
  ...none,
  responses: 1,
  from: monday,
  until: monday + weekMs,
  matched: 3,
  joined: 2,
  opened: 1,
  perWeek: Array.from({ length: 14 }, (_, index) => ({
    weekOf: monday + index * weekMs,
    opened: index === 12 ? 9 : 1,
  })),
  perPerson: [{ person: 'sam', opened: 7, perWeek: 3.46 }],
  shown: [shown, { ...shown, response: 'x'.repeat(50), tier: null }],
  overlaps: [{ template: 'other', responses: 2 }],
  unhappy: { responses: 6, uncaught: 6, shown: ['a', 'b', 'c', 'd', 'e', 'f'] },
  closedDays: { calendar: 'office', due: 1 },
  difference: {
    opened: 3,
    openedBefore: 1,
    newlyMatched: { count: 5, shown: ['a', 'b', 'c', 'd', 'e'] },
    noLongerMatched: { count: 0, shown: [] },
    otherGoal: 4,
  },
};
const read = (report: BacktestReport) => renderBacktestText(report, 'Europe/Berlin').split('\n\n');

it('a backtest of nothing reads short', () => {
  expect(read(none)).toEqual([
    'Backtest of low',
    'How much\n  0 responses\n  0 match: 0 cases\n  0 in the busiest week',
    'Unhappy, and caught by no template\n  0 of 0 responses with a score among the lowest two fifths',
  ]);
});

it('a backtest reads section by section', () => {
  const weeks = [
    ...[
      '2026-11-16: 1',
      '2026-11-23: 1',
      '2026-11-30: 1',
      '2026-12-07: 1',
      '2026-12-14: 1',
      '2026-12-21: 1',
      '2026-12-28: 1',
    ],
    ...['2027-01-04: 1', '2027-01-11: 1', '2027-01-18: 1', '2027-01-25: 9', '2027-02-01: 1'],
  ].map((week) => `  week of ${week}\n`);
  expect(read(some)).toEqual([
    'Backtest of low',
    'How much\n  1 response, from 2026-11-02 to 2026-11-09\n  3 match: 1 case, 2 join one of them\n  9 in the busiest week',
    'Difference to the version before\n  3 cases instead of 1 (+2)\n  5 responses match newly: a, b, c, d, e\n  0 no longer match\n  4 keep matching with another severity or due time',
    `Per week\n${weeks.join('')}  and 2 earlier weeks with any`,
    'Per person\n  sam: 7, 3.5 a week',
    'Overlaps\n  2 also match other',
    'Unhappy, and caught by no template\n  6 of 6 responses with a score among the lowest two fifths: a, b, c, d, e, …',
    'Due on closed days\n  1 of 1, by calendar office',
    `The newest cases\n  r-1 on 2026-11-02: high, gold, due Tue 3 Nov, 09:00\n  ${'x'.repeat(39)}… on 2026-11-02: high, due Tue 3 Nov, 09:00`,
  ]);
  expect(read({ ...some, perWeek: some.perWeek.slice(0, 12) }).join()).not.toContain('earlier weeks');
  expect(read({ ...some, joined: 0, until: null })[1]).toMatch(/1 response\n {2}3 match: 1 case\n/);
  const fewer = some.difference && { ...some.difference, opened: 1, openedBefore: 1 };
  expect(read({ ...some, difference: fewer })[2]).toContain('1 case instead of 1 (0)');
});

it('notices have no due time', () => {
  expect(read({ ...some, action: 'notice' }).at(-1)).toMatch(
    /^The newest notices\n {2}r-1 on 2026-11-02: high, gold\n/,
  );
});

it('a comment has a list under each title', () => {
  expect(renderBacktestMarkdown(none, 'UTC').replaceAll('\u2060', '')).toBe(
    '### Backtest of low\n\n**How much**\n\n- 0 responses\n- 0 match: 0 cases\n- 0 in the busiest week\n\n**Unhappy, and caught by no template**\n\n- 0 of 0 responses with a score among the lowest two fifths',
  );
});
