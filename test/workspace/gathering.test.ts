import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStrategicCaseJson } from '#src/workspace/queries/strategic.ts';
import { strategicCases } from '#src/workspace/store/cases.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import type { SampleResponse } from '#test/harness/sample-response.ts';
import { day, hour } from '#test/harness/times.ts';

/** Acme with a changed strategic template. */
const gathering = (lines: string) =>
  acme(({ name, text }) => {
    if (name === 'acme') return text.replace('every: 2 minutes', 'every: 1 day');
    return name === 'upgrade-hard-to-install'
      ? `${text.replace(/^gather: .*\n/m, '').replace('severity: high\n', lines.includes('severity:') ? '' : 'severity: high\n')}${lines}\n`
      : text;
  });

const unhappy = (customer: string, more: SampleResponse = {}): SampleResponse => ({
  token: `r-${customer}`,
  customer,
  ease: 2,
  ...more,
});

const steps = `severity:
  by: customers
  steps: [{ from: 1, severity: low }, { from: 3, severity: high }, { from: 5, severity: urgent }]`;

describe('a strategic case', () => {
  it('is one for each theme, and its issue names it', async () => {
    const harness = new Harness(gathering('gather: { theme: hidden.tier, values: [Gold, silver] }'));
    await harness.receive(unhappy('a', { tier: 'gold' }), unhappy('b', { tier: 'silver' }));
    await harness.receive(unhappy('c', { tier: 'GOLD' }), unhappy('d', { tier: 'canary words' }));
    const themes = harness.cases().map(({ id }) => strategicCases.find(harness.sql, { caseId: id })?.theme);
    expect(themes).toEqual(['Gold', 'silver', 'other']);
    expect(harness.trackers.product.issues.map(({ title }) => title)).toEqual([
      'Found the upgrade hard to install · Gold, 2 customers · C-1',
      'Found the upgrade hard to install · silver, 1 customer · C-2',
      'Found the upgrade hard to install · other, 1 customer · C-3',
    ]);
    expect(harness.trackers.product.text).not.toContain('canary');
    const rates = harness.cases().map(({ id }) => readStrategicCaseJson(harness.core, id).rate.until);
    expect(rates.map(({ count, total }) => [count, total])).toEqual([
      [2, 4],
      [1, 4],
      [1, 4],
    ]);
  });

  it('has the tier of the workspace for a theme, also by revenue', async () => {
    const harness = new Harness(
      acme(({ name, text }) => {
        if (name === 'acme') return text.replace('gold: { severity', 'gold: { least-revenue: 500, severity');
        return name === 'upgrade-hard-to-install'
          ? text.replace(/^gather: .*/m, 'gather: { theme: customer.tier }')
          : text;
      }),
    );
    await harness.receive(unhappy('a', { tier: 'unknown' }), unhappy('b', { tier: 'silver' }));
    const themes = harness.cases().map(({ id }) => strategicCases.find(harness.sql, { caseId: id })?.theme);
    expect(themes).toEqual(['gold', 'silver']);
    const rates = harness.cases().map(({ id }) => readStrategicCaseJson(harness.core, id).rate.until.count);
    expect(rates).toEqual([1, 1]);
  });

  it('is one for all templates of a category that gather by it', async () => {
    const harness = new Harness(
      acme(({ name, text }) =>
        name === 'acme'
          ? text
          : name === 'product-wish' || name === 'upgrade-hard-to-install'
            ? `${text
                .replace(/^kind: .*/m, 'kind: strategic')
                .replace(/^category: .*/m, 'category: Ease of installation')
                .replace(/^(?:action|gather): .*\n/gm, '')}gather: { by: category }\n`
            : text,
      ),
    );
    await harness.receive(unhappy('a'));
    await harness.receive({ token: 'w', customer: 'b', wish: 'a wish' });
    expect(harness.cases()).toHaveLength(1);
    expect(harness.case().kind).toBe('strategic');
  });

  it('rises in severity as customers join, reports it, and never falls', async () => {
    const harness = new Harness(gathering(steps));
    await harness.receive(unhappy('a'));
    expect(harness.case().severity).toBe('low');
    await harness.receive(unhappy('b'), unhappy('b', { token: 'again' }));
    expect(harness.case().severity).toBe('low');
    await harness.receive(unhappy('c'));
    expect(harness.case().severity).toBe('high');
    expect(harness.timeline().filter((what) => what === 'severity raised')).toHaveLength(1);
    const { snapshot, body } = harness.trackers.product.issue();
    expect(snapshot.labels).toContain('severity:high');
    expect(snapshot.labels).not.toContain('severity:low');
    expect(body).toContain('**3 customers** · 3,000 a year');
    await harness.receive(unhappy('d'), unhappy('e'));
    expect(harness.case().severity).toBe('urgent');
  });

  it('rises by revenue from its first response on', async () => {
    const harness = new Harness(gathering(steps.replace('customers', 'revenue').replace('from: 5', 'from: 900')));
    await harness.receive(unhappy('a'));
    expect(harness.case().severity).toBe('urgent');
  });

  it('adds the new customers to its issue once a day, and nothing without any', async () => {
    const harness = new Harness(gathering('digest: 1 day'));
    await harness.receive(unhappy('a'));
    for (const customer of ['b', 'c', 'd']) {
      await harness.pass(hour);
      await harness.receive(unhappy(customer));
    }
    const comments = () => harness.trackers.product.issue().comments.map(({ text }) => text);
    expect(comments()).toEqual([]);
    await harness.pass(day);
    expect(comments()).toEqual([
      '3 more responses joined this issue; 4 customers in all now. Its severity is high. At most one such comment in 24 hours.',
    ]);
    await harness.pass(10 * day);
    expect(comments()).toHaveLength(1);
    await harness.receive(unhappy('e'));
    await harness.pass(day);
    expect(comments()).toHaveLength(2);
  });

  it('counts the same, in whatever order responses come', async () => {
    const told = ['a', 'b', 'b', 'c', 'd', 'd', 'e'].map((customer, index) =>
      unhappy(customer, { token: `r-${index}`, at: Date.UTC(2026, 10, 23, 8) - index * 1000 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(told, { minLength: told.length }), async (order) => {
        const harness = new Harness(gathering(steps));
        for (const reported of order) await harness.receive(reported);
        expect(harness.cases()).toHaveLength(1);
        expect(harness.case()).toMatchObject({ severity: 'urgent', revenue: 5000 });
        expect(harness.trackers.product.issue().title).toContain('5 customers');
      }),
      { numRuns: 15 },
    );
  });
});

describe('a template is refused', () => {
  it.each([
    ['gather: { theme: colour }', 'a question that none of its sources has under questions: colour'],
    ['gather: { theme: hidden.email, values: [x] }', 'names a person, and no theme: hidden.email'],
    ['severity: { by: customers, steps: [{ from: 1, severity: dire }] }', 'is not among case-options.severities: dire'],
    ['kind: tactical\ngather: { by: category }', 'belongs to a strategic template'],
  ])('with %s', (lines, message) => {
    const kind = lines.startsWith('kind');
    expect(() =>
      acme(({ name, text }) =>
        name === 'upgrade-hard-to-install'
          ? `${text.replace(/^(?:severity|gather).*\n/gm, '').replace(/^kind.*\n/m, kind ? '' : 'kind: strategic\n')}${lines}\n`
          : text,
      ),
    ).toThrow(message);
  });
});
