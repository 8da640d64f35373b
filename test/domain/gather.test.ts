import { describe, expect, it } from 'vitest';
import {
  buildGatheringCaseKey,
  chooseSeverityByThreshold,
  findThemeHiddenField,
  GatheringRule,
  listGatheringCaseKeys,
  SeverityThresholds,
} from '#domain/responses/gather.ts';
import { answer, response } from './samples.ts';

const template = (rule: unknown) => ({
  gather: GatheringRule.parse(rule),
  category: 'Ease of installation',
});
const keysOf = (rule: unknown, given = response([]), hidden = new Map<string, string>()) =>
  listGatheringCaseKeys('hard', template(rule), given, hidden).map(({ key }) => key);

describe('a strategic template gathers', () => {
  it('everything under one case, unless it says otherwise', () => {
    expect(listGatheringCaseKeys('hard', template({}), response([]), new Map())).toEqual([
      { scope: 'hard', key: 'all customers', theme: null },
    ]);
  });

  it('by category across templates', () => {
    const gathered = buildGatheringCaseKey('hard', template({ by: 'category' }), null);
    expect(
      buildGatheringCaseKey('another', { ...template({ by: 'category' }), category: 'ease of  Installation' }, null),
    ).toEqual({
      ...gathered,
      theme: 'ease of  Installation',
    });
    expect(gathered.scope).not.toBe('hard');
  });

  it('by a chosen option, whatever its case and spaces', () => {
    const given = (value: string) => response([answer('part', value)]);
    expect(keysOf({ theme: 'part' }, given('Driver signing'))).toEqual(['theme: driver signing']);
    expect(keysOf({ theme: 'part' }, given(' driver  signing '))).toEqual(['theme: driver signing']);
  });

  it('a response with several choices under each of them, once', () => {
    const given = response([answer('part', ['Driver', 'Licence', 'driver '])]);
    expect(keysOf({ theme: 'part' }, given)).toEqual(['theme: driver', 'theme: licence']);
  });

  it.each([
    ['without the answer', response([])],
    ['with an answer in its own words', response([answer('part', 'My name is Ann', { freeText: true })])],
    ['with no choice', response([answer('part', [])])],
    ['with a long number', response([answer('part', 'call 5550100')])],
  ])('a response %s under "other"', (_, given) => {
    expect(listGatheringCaseKeys('hard', template({ theme: 'part' }), given, new Map())).toEqual([
      { scope: 'hard', key: 'theme: other', theme: 'other' },
    ]);
  });

  it('by a hidden field only what is listed', () => {
    const by = { theme: 'hidden.product', values: ['Suite', 'Desk'] };
    expect(keysOf(by, response([]), new Map([['product', 'SUITE']]))).toEqual(['theme: suite']);
    expect(keysOf(by, response([]), new Map([['product', '@everyone Ann was here']]))).toEqual(['theme: other']);
    expect(GatheringRule.safeParse({ theme: 'hidden.product' }).error?.issues[0]).toMatchObject({
      path: ['values'],
      message: expect.stringContaining('list the accepted values of the hidden field'),
    });
  });

  it('by the answer to its question alone, whatever short numbers it has', () => {
    const given = response([answer('first', 'Desk'), answer('part', 'Suite 2026')]);
    expect(keysOf({ theme: 'part' }, given)).toEqual(['theme: suite 2026']);
    expect(keysOf({ theme: 'hidden.product', values: ['Suite'] })).toEqual(['theme: other']);
    expect(keysOf({ theme: 'customer.tier', values: ['gold'] })).toEqual(['theme: other']);
    expect(keysOf({ theme: 'customer.language', values: ['de'] })).toEqual(['theme: other']);
    const customer = { ...given.customer, language: 'de' };
    expect(keysOf({ theme: 'customer.language', values: ['de'] }, { ...given, customer })).toEqual(['theme: de']);
  });

  it('names its hidden field', () => {
    const find = (rule: object) => findThemeHiddenField(GatheringRule.parse(rule));
    expect(find({ theme: 'hidden.product', values: ['a'] })).toBe('product');
    expect([find({ theme: 'part' }), find({})]).toEqual([null, null]);
  });

  it.each<[object, string, string]>([
    [{ by: 'category', theme: 'part' }, 'by', 'is category; leave out either by or theme'],
    [{ values: ['a'] }, 'theme', 'is missing; name the question or field that has these values'],
    [{ theme: 'customer.language' }, 'values', 'is missing; list the accepted languages, such as values: [en, de]'],
    [{ cases: [{ count: 2, within: '1 day' }] }, 'cases.0', 'names exactly one of category, root-cause, blocker and'],
    [
      { cases: [{ count: 2, within: '1 day', category: 'a', blocker: 'b' }] },
      'cases.0.blocker',
      'names exactly one of',
    ],
  ])('nothing by %j', (rule, path, message) => {
    const issues = GatheringRule.safeParse(rule).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
    expect(issues[0]?.message).toContain(message);
  });

  it('cases by one of their fields', () => {
    const cases = [{ count: 2, within: '1 hour', blocker: 'policy' }];
    expect(GatheringRule.parse({ cases }).cases).toEqual([
      { field: 'blocker', value: 'policy', count: 2, within: 3_600_000 },
    ]);
  });

  it('by tier or language of the customer, and by nothing personal', () => {
    const customer = { ...response([]).customer, tier: 'gold' };
    const tiers = { theme: 'customer.tier', values: ['gold', 'silver'] };
    expect(keysOf(tiers, response([], { customer }))).toEqual(['theme: gold']);
    const languages = { theme: 'customer.language', values: ['de', 'en'] };
    expect(keysOf(languages, response([], { language: 'de' }))).toEqual(['theme: de']);
    expect(GatheringRule.safeParse({ theme: 'customer.language' }).success).toBe(false);
    expect(GatheringRule.safeParse({ theme: 'customer.email' }).success).toBe(false);
  });
});

describe('a strategic template that gathers what is elevated', () => {
  it('has one case for each category, root cause or blocker', () => {
    const by = template({ by: 'elevation' });
    expect(buildGatheringCaseKey('larger', by, 'policy')).toEqual({
      scope: 'larger',
      key: 'theme: policy',
      theme: 'policy',
    });
  });
});

describe('severity by steps', () => {
  const steps = SeverityThresholds.parse({
    by: 'customers',
    steps: [
      { from: 2, severity: 'low' },
      { from: 5, severity: 'high' },
      { from: 600, severity: 'urgent' },
    ],
  });

  it.each([
    [1, 'low'],
    [2, 'low'],
    [4, 'low'],
    [5, 'high'],
    [500, 'high'],
    [600, 'urgent'],
  ])('is for %i customers %s', (customers, severity) => {
    expect(chooseSeverityByThreshold(steps, { customers, revenue: 0 })).toBe(severity);
  });

  it('counts revenue where it says so', () => {
    const by = { ...steps, by: 'revenue' as const };
    expect(chooseSeverityByThreshold(by, { customers: 100, revenue: 4.9 })).toBe('low');
    expect(chooseSeverityByThreshold(by, { customers: 1, revenue: 5 })).toBe('high');
  });

  it('wants its steps in order', () => {
    const wrong = SeverityThresholds.safeParse({ ...steps, steps: steps.steps.toReversed() });
    expect(wrong.error?.issues[0]).toMatchObject({
      path: ['steps', 1],
      message: 'must be more than that of the step before, 600',
    });
    const twice = SeverityThresholds.safeParse({ ...steps, steps: [steps.steps[0], steps.steps[0]] });
    expect(twice.error?.issues[0]?.path).toEqual(['steps', 1]);
  });
});
