import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeDue, computeWorkingMsOfCase, describePauses, findCalendar, toDueDate } from '#domain/templates/due.ts';
import { findSeverityRank } from '#domain/templates/options.ts';
import { chooseGoals, tierOf } from '#domain/templates/template.ts';
import type { CaseClock, ReopenGoalRule } from '#domain/time/clock.ts';
import { hourMs } from '#domain/time/units.ts';
import { acme, parseTemplate } from './samples.ts';

const { workspace: settings, templates } = acme();
const byTier = parseTemplate({
  name: 'By tier',
  kind: 'tactical',
  when: { source: 'upgrade-survey' },
  category: 'Installation issues',
  tracker: 'support',
  team: 'upgrade-response',
});
const opened = Date.UTC(2026, 10, 23, 8, 30);

describe('when a case is due', () => {
  it.each([
    ['gold', 'urgent', 1, 24, 4],
    ['silver', 'high', 2, 48, 24],
    ['bronze', 'normal', 3, 72, 24],
  ] as const)('follows the %s tier', (tier, severity, rank, goal, contact) => {
    const due = computeDue(settings, byTier, tier, opened);
    expect(due).toMatchObject({ severity, severityRank: rank });
    expect(due.dueAt - opened).toBe(goal * hourMs);
    expect((due.firstContactDueAt ?? 0) - opened).toBe(contact * hourMs);
    expect(due.why).toEqual([
      `Severity ${severity} (${tier} customers)`,
      `Close within ${goal} hours (${tier} customers), around the clock, from Mon 23 Nov, 09:30`,
    ]);
  });

  it.each([['platinum'], [null], ['constructor'], ['__proto__'], ['Gold ']])(
    'takes the last tier for %s, and never shows an unknown one',
    (tier) => {
      const due = computeDue(settings, byTier, tier, opened);
      expect(due.severity).toBe('normal');
      expect(due.dueAt - opened).toBe(72 * hourMs);
      expect(due.why[0]).toBe('Severity normal (no tier known, treated as bronze)');
      if (tier) expect(due.why.join()).not.toContain(tier);
    },
  );

  it('follows the template where it says so', () => {
    const template = templates.get('product-wish') ?? byTier;
    const due = computeDue(settings, template, 'gold', opened);
    expect(due).toMatchObject({ severity: 'low', severityRank: 4 });
    expect(due.dueAt - opened).toBe(60 * 24 * hourMs);
    expect(due.why[1]).toContain('Close within 60 days (set by the template)');
  });

  it('has a goal in a workspace without tiers as well', () => {
    const due = computeDue({ ...settings, tiers: {} }, byTier, 'gold', opened);
    expect(due).toMatchObject({ severity: 'normal', dueAt: opened + 72 * hourMs, firstContactDueAt: null });
  });

  it('ranks severities as the workspace lists them', () => {
    const severities = ['a', 'b', 'c', 'd'];
    const listing = { ...settings, 'case-options': { ...settings['case-options'], severities, priorities: {} } };
    expect(severities.map((value) => findSeverityRank(listing, value))).toEqual([1, 2, 3, 4]);
    expect(findSeverityRank(listing, 'other')).toBe(3);
  });
});

describe('a case in working hours', () => {
  const gold = { severity: 'high', 'closure-goal': 10 * hourMs, 'first-contact': 2 * hourMs, categories: {} };
  const tiers = { gold: { ...gold, calendar: 'office' } };
  const office = { ...settings, tiers };
  const due = computeDue(office, byTier, 'gold', opened);

  it('is due by the calendar, which its reason names', () => {
    expect(new Date(due.dueAt).toISOString()).toBe('2026-11-24T10:30:00.000Z');
    expect(new Date(due.firstContactDueAt ?? 0).toISOString()).toBe('2026-11-23T10:30:00.000Z');
    expect(due.why[1]).toBe(
      'Close within 10 hours (gold customers), in the hours of the calendar office, from Mon 23 Nov, 09:30',
    );
    expect(findCalendar(office, 'constructor')).toBeNull();
    expect(findCalendar({ ...office, calendars: {} }, 'office')).toBeNull();
  });

  it('has worked for the hours of its calendar since its opening, without pauses', () => {
    const until = opened + 24 * hourMs;
    const clock = { ...due.clock, startAt: until, pauses: [{ from: opened + hourMs, to: opened + 2 * hourMs }] };
    const worked = (given: CaseClock | null) =>
      computeWorkingMsOfCase(office, { clock: given, openedAt: opened }, until) / hourMs;
    expect(worked(due.clock)).toBe(8);
    expect(worked(clock)).toBe(7);
    expect(worked(null)).toBe(24);
  });

  it('tells its pauses', () => {
    const pauses = [
      { from: opened, to: opened + hourMs },
      { from: opened + 2 * hourMs, to: null },
    ];
    expect(describePauses({ ...due.clock, pauses }, 'Europe/Berlin', opened)).toEqual([
      'The clock was paused from Mon 23 Nov, 09:30 to Mon 23 Nov, 10:30',
      'The clock is paused since Mon 23 Nov, 11:30, while the customer is waited for',
    ]);
  });

  it.each<[ReopenGoalRule, number, string]>([
    ['half', 10, 'Close within 5 h (half of 10 hours after the reopening), in'],
    ['remaining', 4, 'Close within 6 h (what remained of 10 hours after the reopening: 6 h), in'],
    ['remaining', 10, 'Close at once (what remained of 10 hours after the reopening: nothing), in'],
  ])('that was reopened has %s after %i hours', (rule, used, why) => {
    const before = { goalMs: 10 * hourMs, usedWorkingMs: used * hourMs };
    expect(computeDue(office, byTier, 'gold', opened, { rule, before }).why[1]).toContain(why);
  });
});

describe('the tier of a customer', () => {
  const bronze = { severity: 'low', 'closure-goal': hourMs, categories: {} };
  const from = (revenue: number) => ({ ...bronze, 'least-revenue': revenue });
  const tiers = { gold: from(1000), vip: from(5000), bronze };
  const tier = (name: string | null, revenue: number | null, given: typeof settings.tiers = tiers) =>
    tierOf({ ...settings, tiers: given }, { tier: name, revenue });

  it.each([
    ['bronze', 9000, 'bronze', 'bronze customers'],
    [null, 999, null, 'no tier known, treated as bronze'],
    [null, null, null, 'no tier known, treated as bronze'],
    [null, 1000, 'gold', 'gold customers, by a revenue from 1,000'],
    ['odd', 4999, 'gold', 'gold customers, by a revenue from 1,000'],
    [null, 5000, 'vip', 'vip customers, by a revenue from 5,000'],
  ])('named %s with a revenue of %s', (name, revenue, found, why) => {
    expect(tier(name, revenue)).toEqual({ name: found, why });
  });

  it('is not known by a revenue that is unknown', () => {
    expect(tier(null, null, { ...tiers, bronze: from(0) }).name).toBeNull();
  });

  it('is none of no tiers', () => {
    expect(tier('gold', 5000, {})).toEqual({ name: null, why: 'no tiers are set' });
  });
});

describe('goals of a case', () => {
  const cell = { severity: 'high', 'closure-goal': 5 * hourMs, 'first-contact': hourMs };
  const row = { severity: 'low', 'closure-goal': 9 * hourMs, 'first-contact': 3 * hourMs };
  const tiers = { gold: { ...row, categories: { [byTier.category]: cell } }, bronze: { severity: 'urgent' } };
  const choose = (
    changes: object,
    of: object = tiers,
    name: string | null = 'gold',
    options = settings['case-options'],
  ) =>
    chooseGoals(
      {
        ...settings,
        'case-options': options,
        tiers: of as typeof settings.tiers,
        clock: { ...settings.clock, calendar: 'office' },
      },
      { ...byTier, ...changes },
      { name, why: 'gold customers' },
    );

  it('are those of tier and category, then of the tier', () => {
    expect(choose({})).toEqual({
      severity: 'high',
      severityWhy: 'gold customers, Installation issues',
      closureGoalMs: 5 * hourMs,
      closureGoalWhy: 'gold customers, Installation issues',
      firstContactGoalMs: hourMs,
      calendar: 'office',
    });
    const other = {
      severity: 'low',
      severityWhy: 'gold customers',
      closureGoalMs: 9 * hourMs,
      firstContactGoalMs: 3 * hourMs,
    };
    for (const category of ['Product wish', 'constructor']) expect(choose({ category })).toMatchObject(other);
    const calendar = 'night';
    expect(choose({}, { gold: { ...row, calendar } })).toMatchObject({
      ...other,
      closureGoalWhy: 'gold customers',
      calendar,
    });
  });

  it('are those of the template before all others', () => {
    const steps = {
      by: 'customers' as const,
      steps: [
        { from: 0, severity: 'low' },
        { from: 1, severity: 'normal' },
      ],
    };
    const own = { severity: steps, 'closure-goal': hourMs, 'first-contact': 2 * hourMs };
    expect(choose(own)).toMatchObject({
      severity: 'normal',
      severityWhy: 'set by the template',
      closureGoalMs: hourMs,
      closureGoalWhy: 'set by the template',
      firstContactGoalMs: 2 * hourMs,
    });
  });

  it('are those of the last tier for customers without one, else usual ones', () => {
    expect(choose({}, tiers, null)).toMatchObject({
      severity: 'urgent',
      closureGoalMs: 72 * hourMs,
      firstContactGoalMs: null,
    });
    expect(choose({}, tiers, 'toString').severity).toBe('normal');
    const options = (...severities: string[]) => ({ ...settings['case-options'], severities });
    expect(choose({}, {}, null, options('a', 'b', 'c')).severity).toBe('c');
    expect(choose({}, {}, null, options()).severity).toBe('normal');
  });
});

describe('the date of an instant', () => {
  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'America/St_Johns',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Pacific/Kiritimati',
    'Africa/Casablanca',
    'America/Havana',
    'UTC',
  ];
  // ISO dates from the Swedish locale: an oracle that shares no code with Temporal.
  const oracle = (at: number, timeZone: string) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at);

  it('is that of the time zone, over every change of the clock', () => {
    const changes = [Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1), Date.UTC(2027, 2, 14, 7)];
    const instant = fc.oneof(
      fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2038, 0, 1) }),
      fc
        .tuple(fc.constantFrom(...changes), fc.integer({ min: -36 * hourMs, max: 36 * hourMs }))
        .map(([change, off]) => change + off),
    );
    fc.assert(
      fc.property(instant, fc.constantFrom(...zones), (at, zone) => {
        expect(toDueDate(at, zone)).toBe(oracle(at, zone).slice(0, 10));
      }),
      { numRuns: 2000 },
    );
  });

  it('changes at midnight there, not at midnight UTC', () => {
    const midnight = Date.UTC(2026, 10, 23, 23);
    expect(toDueDate(midnight - 1, 'Europe/Berlin')).toBe('2026-11-23');
    expect(toDueDate(midnight, 'Europe/Berlin')).toBe('2026-11-24');
  });

  it('takes instants with parts of a millisecond', () => {
    expect(toDueDate(Date.UTC(2026, 0, 1) + 0.5, 'UTC')).toBe('2026-01-01');
  });
});
