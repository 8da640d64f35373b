import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftCaseLabels, draftDueLabel, overdueLabel, slug, toLabelName } from '#domain/cases/label.ts';

describe('a slug', () => {
  it.each([
    ['Installation issues', 'installation-issues'],
    ['  At-risk customer!  ', 'at-risk-customer'],
    ['Größe & Übergröße', 'große-ubergroße'],
    ['ÉCOLE', 'ecole'],
    ['İstanbul', 'istanbul'],
    ['ｆｕｌｌ　ｗｉｄｔｈ', 'full-width'],
    ['a,b;c:d', 'a-b-c-d'],
    ['---', ''],
  ])('of %j is %j', (text, expected) => {
    expect(slug(text)).toBe(expected);
  });

  it('holds letters, digits and single dashes, and is its own slug', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = slug(text);
        expect(once).toMatch(/^(?:[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*)?$/u);
        expect(slug(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a case's labels", () => {
  const facts = {
    category: 'Installation issues',
    severity: 'urgent',
    severityRank: 1,
    dueDate: '2026-11-24',
    tier: 'gold',
  };

  it('are slugs of what the case is', () => {
    expect(draftCaseLabels(facts).map(({ name }) => name)).toEqual([
      'category:installation-issues',
      'severity:urgent',
      'due:2026-11-24',
      'tier:gold',
    ]);
  });

  it('leave out what is not known', () => {
    expect(draftCaseLabels({ ...facts, dueDate: null, tier: null })).toHaveLength(2);
  });

  it('have colours that trackers take', () => {
    const labels = [1, 2, 3, 4, 9].flatMap((severityRank) => draftCaseLabels({ ...facts, severityRank }));
    for (const { color } of [...labels, overdueLabel, draftDueLabel('2026-01-01')])
      expect(color).toMatch(/^[0-9a-f]{6}$/);
  });
});

describe('finding 8: names of labels that every tracker takes', () => {
  const long = 'Installation and configuration problems on customer premises';

  it('are at most 50 characters, readable, stable, and apart', () => {
    const name = toLabelName('category', long);
    expect(name).toMatch(/^category:installation-and-configuration-[a-z-]+-[0-9a-z]{4}$/);
    expect(name.length).toBeLessThanOrEqual(50);
    expect(toLabelName('category', long)).toBe(name);
    expect(toLabelName('category', `${long} abroad`)).not.toBe(name);
    expect(toLabelName('category', 'x'.repeat(41))).toBe(`category:${'x'.repeat(41)}`);
  });

  it('have something after the prefix, whatever the text', () => {
    expect(toLabelName('category', '🔥')).toBe('category:u1f525');
    expect(toLabelName('category', '💧')).not.toBe(toLabelName('category', '🔥'));
    expect(toLabelName('category', '客'.repeat(60)).length).toBeLessThanOrEqual(50);
  });
});
