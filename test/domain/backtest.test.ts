import { describe, expect, it } from 'vitest';
import { type Backtest, backtest } from '#domain/reports/backtest.ts';
import { renderBacktestMarkdown, renderBacktestText } from '#domain/reports/backtest-text.ts';
import type { CaseTemplate } from '#domain/templates/template.ts';
import { dayMs } from '#domain/time/units.ts';
import { acme, answer, parseTemplate, response } from './samples.ts';

/** Monday, 2 November 2026, 9:00 in Berlin. */
const monday = Date.UTC(2026, 10, 2, 8);
const { workspace: settings, templates } = acme();

const asking = (when: object, more: object = {}) =>
  parseTemplate({
    name: 'Hard to install',
    kind: 'tactical',
    state: 'draft',
    when: { source: 'upgrade-survey', ...when },
    category: 'Ease of installation',
    tracker: 'support',
    team: 'upgrade-response',
    ...more,
  });

const given = (id: string, days: number, customer: string | null, ease: number, tier = 'gold') =>
  response([answer('ease', ease, { type: 'number' }), answer('completed', ease > 2)], {
    responseId: id,
    submittedAt: monday + days * dayMs,
    customer: { key: customer, email: null, name: null, tier, revenue: null, language: null },
  });

const play = (template: CaseTemplate, more: Partial<Backtest> = {}) =>
  backtest({
    settings,
    name: 'hard-to-install',
    template,
    against: null,
    others: new Map([...templates].filter(([name]) => name === 'upgrade-not-installed')),
    responses: [
      given('d', 4, 'three', 3),
      given('a', 0, 'one', 2),
      given('b', 1, 'one', 5),
      given('c', 1, 'two', 9),
      given('e', 7, null, 4),
      given('f', 8, null, 10),
      given('g', 31, 'one', 1),
      given('h', 33, 'one', 5),
      { ...given('half', 2, 'six', 1), partial: true },
    ],
    ...more,
  });

const low = asking({ all: [{ question: 'ease', '<=': 5 }] });

describe('a backtest', () => {
  // Played in each test, because mutants are active only there.
  const report = () => play(low);

  it('counts cases as they would have been opened, a draft like any other', () => {
    // Response a opens a case for a day and 30 more, b and g (day 31) join it, h comes too late.
    expect(report()).toMatchObject({ responses: 8, matched: 6, opened: 4, joined: 2 });
    expect(report().shown.map(({ response: id }) => id)).toEqual(['h', 'e', 'd', 'a']);
    expect(report().shown.at(-1)).toMatchObject({
      severity: 'urgent',
      dueAt: monday + dayMs,
      why: ['Answered 2 to “ease” (at most 5)'],
    });
  });

  it('counts by week and by person', () => {
    const week = (days: number) => Date.UTC(2026, 10, 2) + days * dayMs;
    expect(report().perWeek).toEqual([
      { weekOf: week(0), opened: 2 },
      { weekOf: week(7), opened: 1 },
      { weekOf: week(28), opened: 1 },
    ]);
    expect(report().perPerson).toEqual([{ person: 'sam', opened: 4, perWeek: 4 / (33 / 7) }]);
    const three = ['sam', 'priya', 'dana'];
    const [team] = Object.values(settings.teams);
    if (!team) throw new Error('no team');
    const shared = play(low, {
      settings: { ...settings, teams: { 'upgrade-response': { ...team, members: three } } },
    });
    expect(shared.perPerson.map(({ opened }) => opened)).toEqual([2, 1, 1]);
  });

  it('finds what other templates take as well, and the unhappy that none takes', () => {
    expect(report().overlaps).toEqual([{ template: 'upgrade-not-installed', responses: 2 }]);
    // The highest score is 10, so scores up to 4 are unhappy: a, d, e and g.
    expect(report().unhappy).toEqual({ responses: 4, uncaught: 0, shown: [] });
    const strict = play(asking({ all: [{ question: 'ease', is: 4 }] }));
    expect(strict.unhappy).toEqual({ responses: 4, uncaught: 1, shown: ['d'] });
  });

  it('finds due times on closed days', () => {
    // d comes on a Friday with a goal of one day, due on Saturday; h comes on a Saturday, due on Sunday.
    expect(report().closedDays).toEqual({ calendar: 'office', due: 2 });
    expect(
      report()
        .shown.filter(({ onClosedDay }) => onClosedDay)
        .map(({ response: id }) => id),
    ).toEqual(['h', 'd']);
    expect(
      play(low, {
        settings: {
          ...settings,
          clock: { calendar: 'office', 'after-reopen': 'half' },
        },
      }).closedDays,
    ).toEqual({ calendar: 'office', due: 0 });
  });

  it('tells the difference to the version before', () => {
    const before = asking({ all: [{ question: 'ease', between: [3, 9] }] });
    expect(play(low, { against: before }).difference).toEqual({
      opened: 4,
      openedBefore: 5,
      newlyMatched: { count: 2, shown: ['g', 'a'] },
      noLongerMatched: { count: 1, shown: ['c'] },
      otherGoal: 0,
    });
    const slower = asking({ all: [{ question: 'ease', '<=': 5 }] }, { 'closure-goal': '5 days' });
    expect(play(low, { against: slower }).difference).toMatchObject({ otherGoal: 6 });
  });

  it('opens one case in all by a strategic template, and counts notices singly', () => {
    const strategic = play(asking({ all: [{ question: 'ease', '<=': 5 }] }, { kind: 'strategic' }));
    expect(strategic).toMatchObject({ opened: 2, joined: 4 });
    const notice = { action: 'notice', notify: { opened: 'team' } };
    const told = play(asking({ all: [{ question: 'ease', '<=': 5 }] }, notice));
    expect(told).toMatchObject({ opened: 6, joined: 0, perPerson: [], closedDays: null });
  });

  it('opens one case for each theme by a strategic template that gathers by one', () => {
    const hard = { all: [{ question: 'ease', '<=': 5 }] };
    const byTier = asking(hard, { kind: 'strategic', gather: { theme: 'customer.tier', values: ['gold', 'silver'] } });
    const tiers = ['gold', 'silver', 'gold', 'silver'];
    const answers = tiers.map((tier, index) => given(`t-${index}`, index, `t-${index}`, 1, tier));
    expect(play(byTier, { responses: answers })).toMatchObject({ opened: 2, joined: 2 });
    const byProduct = asking(hard, {
      kind: 'strategic',
      gather: { theme: 'hidden.product', values: ['Suite', 'Desk'] },
    });
    const ids = ['one', 'two', 'three'].map((id, index) => given(id, index, id, 1));
    const hidden = new Map(
      ids.map(({ responseId }, index) => [responseId, new Map([['product', index === 1 ? 'desk' : 'suite']])]),
    );
    expect(play(byProduct, { responses: ids, hidden })).toMatchObject({ opened: 2, joined: 1 });
    expect(play(byProduct, { responses: ids })).toMatchObject({ opened: 1, joined: 2 });
  });

  it('looks back at earlier responses', () => {
    const again = asking({ repeat: { question: 'ease', '<=': 5, times: 2, within: '2 days' } });
    expect(play(again).shown.map(({ response: id }) => id)).toEqual(['h', 'b']);
  });

  it('looks back for the version before, too', () => {
    const again = asking({ repeat: { question: 'ease', '<=': 5, times: 2, within: '2 days' } });
    expect(play(low, { against: again }).difference).toMatchObject({ openedBefore: 2, newlyMatched: { count: 4 } });
  });

  it('opens a case for each response without a customer', () => {
    expect(play(low, { responses: [given('a', 0, null, 1), given('b', 0, null, 1)] }).opened).toBe(2);
  });

  it('shows the newest twenty', () => {
    const responses = Array.from({ length: 25 }, (_, day) => given(`r-${day}`, day, `c-${day}`, 1));
    const { shown, perWeek, overlaps } = play(low, { responses });
    expect([shown.length, shown[0]?.response, shown.at(-1)?.response]).toEqual([20, 'r-24', 'r-5']);
    expect(perWeek.map(({ opened }) => opened)).toEqual([7, 7, 7, 4]);
    expect(overlaps).toEqual([{ template: 'upgrade-not-installed', responses: 25 }]);
  });

  it('names the templates that take most first', () => {
    const others = new Map([
      ['some', asking({ all: [{ question: 'ease', '<=': 2 }] }, { state: 'on' })],
      ['most', asking({ all: [{ question: 'ease', '<=': 4 }] }, { state: 'on' })],
    ]);
    expect(play(low, { others }).overlaps).toEqual([
      { template: 'most', responses: 4 },
      { template: 'some', responses: 2 },
    ]);
  });

  it('tells of another severity alone', () => {
    const milder = asking({ all: [{ question: 'ease', '<=': 5 }] }, { severity: 'low' });
    const [tiers, responses] = [{}, [given('a', 0, 'one', 1)]];
    const plain = { settings: { ...settings, tiers }, responses };
    expect(play(low, { ...plain, against: milder }).difference).toMatchObject({ otherGoal: 1 });
    expect(play(low, { ...plain, against: low }).difference).toMatchObject({ otherGoal: 0 });
  });

  it('goes without calendars, and without the team', () => {
    const bare = { ...settings, calendars: {}, clock: { ...settings.clock, calendar: undefined }, teams: {} };
    expect(play(low, { settings: bare })).toMatchObject({ closedDays: null, opened: 4, perPerson: [] });
  });

  it('names who has most cases first', () => {
    const [team] = Object.values(settings.teams);
    const teams = team && {
      'upgrade-response': { ...team, assign: { 'by-field': { ease: { 1: 'sam', 2: 'priya' } } } },
    };
    const responses = [1, 2, 2].map((ease, index) => {
      const one = given(`${index}`, index, `c-${index}`, ease);
      return { ...one, answers: [{ ...answer('ease', ease, { type: 'number' }), text: String(ease) }] };
    });
    const { perPerson } = play(low, { settings: { ...settings, teams: teams ?? {} }, responses });
    expect(perPerson).toEqual([
      { person: 'priya', opened: 2, perWeek: 2 },
      { person: 'sam', opened: 1, perWeek: 1 },
    ]);
  });

  it('reads like a report, and is escaped in a comment', () => {
    const text = renderBacktestText(play(low, { against: low }), 'Europe/Berlin');
    expect(text).toContain('8 responses, from 2026-11-02 to 2026-12-05');
    expect(text).toContain('6 match: 4 cases, 2 join one of them');
    expect(text).toContain('4 cases instead of 4 (0)');
    expect(text).toContain('a on 2026-11-02: urgent, gold, due Tue 3 Nov, 09:00');
    const evil = play(low, { responses: [given('@everyone <b>#1', 0, 'one', 1)] });
    const comment = renderBacktestMarkdown(evil, 'Europe/Berlin');
    expect(comment).toMatch(/^### Backtest of hard-to-install\n\n\*\*How much\*\*\n\n- /);
    expect(comment).not.toMatch(/@everyone|<b>|#1/);
  });

  it('of nothing finds nothing', () => {
    expect(play(low, { responses: [] })).toMatchObject({ responses: 0, opened: 0, from: null, shown: [] });
  });
});
