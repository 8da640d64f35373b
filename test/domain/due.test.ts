import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeDue, toDueDate } from '#domain/templates/due.ts';
import { rankBySeverityOrder } from '#domain/templates/options.ts';
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
    expect(['a', 'b', 'c', 'd'].map((value) => rankBySeverityOrder(['a', 'b', 'c', 'd'], value))).toEqual([1, 2, 3, 4]);
    expect(rankBySeverityOrder(['a', 'b'], 'other')).toBe(3);
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
