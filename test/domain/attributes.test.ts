import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { Condition, checkConditionAttributes } from '#domain/responses/condition.ts';
import {
  collectAttributes,
  DeclaredAttributes,
  explainUnknownAttribute,
  hasOwnField,
  parseAttributeText,
  readAttributeValue,
} from '#domain/settings/attributes.ts';

const declared: z.output<typeof DeclaredAttributes> = {
  region: { values: ['EMEA', 'APAC'], title: 'Sales region' },
  agent: {},
  seats: { type: 'number' },
  since: { type: 'date' },
  'on-trial': { type: 'yes-no' },
};
const collect = () => collectAttributes({ attributes: declared, tiers: { gold: {}, silver: {} } });
const attributes = collect();
const attribute = (name: string) => {
  const known = collect().get(name);
  if (!known) throw new Error(`no attribute ${name}`);
  return known;
};

describe('attributes of customers', () => {
  it('are those of every workspace and those that its file declares', () => {
    expect([...collect().keys()].join(' ')).toBe(
      'email name tier revenue language renewal region agent seats since on-trial',
    );
    expect(attribute('region')).toEqual({
      title: 'Sales region',
      type: 'choice',
      values: ['EMEA', 'APAC'],
      isPersonal: false,
    });
    expect(attribute('on-trial')).toMatchObject({ title: 'On trial', values: ['yes', 'no'] });
    expect(attribute('tier').values).toEqual(['gold', 'silver']);
  });

  it('are personal unless their values are listed', () => {
    const personal = [...collect()].filter(([, { isPersonal }]) => isPersonal).map(([name]) => name);
    expect(personal).toEqual(['email', 'name', 'agent', 'seats', 'since']);
  });

  it.each([
    ['email', ' Ada@Example.com ', 'Ada@example.com'],
    ['email', 'nobody', /is not an e-mail address/],
    ['tier', 'Gold', 'gold'],
    ['revenue', 12.5, 12.5],
    ['revenue', -1, /must be 0 or more/],
    ['revenue', '12 €', /a number, without a currency/],
    ['renewal', '2027-03-31', '2027-03-31'],
    ['renewal', '31.3.2027', /a day such as 2027-03-31/],
    ['region', 'emea', 'EMEA'],
    ['region', 'emae', /one of its values; did you mean EMEA\?/],
    ['region', 'mars', /there are EMEA, APAC/],
    ['agent', ' Maria ', 'Maria'],
    ['agent', '', /./],
    ['seats', -4, -4],
    ['seats', Number.NaN, /a number, without a currency/],
    ['since', '2027-02-30', /a day such as/],
    ['on-trial', true, 'yes'],
    ['on-trial', 'No', 'no'],
    ['on-trial', 0, 'no'],
    ['on-trial', 'perhaps', /must be yes or no/],
    ['on-trial', null, /must be yes or no/],
  ])('%s of %j is %s', (name, given, expected) => {
    const { value, problem } = readAttributeValue(attribute(name), given);
    if (expected instanceof RegExp) expect(problem).toMatch(expected);
    else expect(value).toBe(expected);
  });

  it.each([
    ['region', 'apac', 'APAC'],
    ['region', 'elsewhere', null],
    ['agent', 'two\nlines', 'two lines'],
    ['agent', 'x'.repeat(300), 'x'.repeat(200)],
    ['agent', '  ', null],
    ['seats', '40', 40],
    ['seats', 'many', null],
    ['revenue', '1e15', null],
    ['on-trial', 'Yes', 'yes'],
    ['since', null, null],
  ])('%s out of the text %j is %s', (name, text, expected) => {
    expect(parseAttributeText(attribute(name), text)).toBe(expected);
  });
});

it('attributes are named where one is unknown', () => {
  expect(explainUnknownAttribute('regoin', attributes)).toBe(
    'is not under attributes of the workspace file: regoin; did you mean region?',
  );
  expect(explainUnknownAttribute('kex', attributes, ['key'])).toMatch(/did you mean key\?$/);
  expect(collectAttributes({ attributes: { 'sales-area-code': {} }, tiers: {} }).get('sales-area-code')).toEqual({
    title: 'Sales area code',
    type: 'text',
    values: null,
    isPersonal: true,
  });
  expect(collectAttributes({ attributes: {}, tiers: {} }).get('tier')?.values).toBeNull();
  expect(['email', 'name', 'tier', 'revenue', 'language', 'renewal', 'region'].filter(hasOwnField)).toEqual([
    'email',
    'name',
    'tier',
    'revenue',
    'language',
  ]);
});

it.each([
  [{ type: 'choice' }, 'is missing; list what can be chosen, such as [emea, apac]'],
  [{ type: 'date', values: ['a'] }, 'belongs to type choice, not to date'],
  [{ type: 'choice', values: ['a', 'b'] }, undefined],
  [{ values: ['a', 'b'] }, undefined],
  [{ values: ['Ab', 'c', 'aB'] }, 'names ab twice'],
  [{ type: 'text' }, undefined],
])('the declaration %j: %s', (given, problem) => {
  expect(DeclaredAttributes.safeParse({ plan: given }).error?.issues[0]?.message).toBe(problem);
});

describe('conditions on attributes', () => {
  it.each([
    [{ customer: 'regio', is: 'emea' }, /attributes of the workspace file: regio; did you mean region\?/],
    [{ all: [{ customer: 'region', is: 'emae' }] }, /none of its values; did you mean EMEA\?/],
    [{ any: [{ customer: 'region', '<': 3 }] }, /no operator < for region; write one of is, any-of$/],
    [{ not: { customer: 'agent', '>=': 3 } }, /no operator >= for agent; write one of is, any-of, contains, matches/],
    [{ customer: 'seats', contains: '4' }, /no operator contains for seats/],
    [{ customer: 'seats', '>': '2027-03-31' }, /compares seats with 2027-03-31, which must be a number/],
    [{ customer: 'since', between: [1, 2] }, /compares since with 1, which must be a day such as 2027-03-31/],
    [{ customer: 'since', is: 'in 60 days' }, /compares since with in 60 days, which must be a day/],
    [{ customer: 'on-trial', is: 'perhaps' }, /must be yes or no/],
  ])('that do not fit are refused with a remedy: %j', (condition, problem) => {
    expect(checkConditionAttributes(Condition.parse(condition), attributes).join('; ')).toMatch(problem);
  });

  it.each([
    { customer: 'key', matches: '^k-' },
    { customer: 'tier', is: 'platinum' },
    { customer: 'revenue', between: [1, 2] },
    { customer: 'renewal', '<': '2027-03-31' },
    { customer: 'renewal', '<=': 'in 60 days' },
    { customer: 'since', between: ['in 1 days', 'in 60 days'] },
    { customer: 'region', 'any-of': ['emea', 'apac'] },
    { customer: 'seats', '>': 4 },
    { customer: 'on-trial', is: true },
    { question: 'ease', is: 3 },
  ])('that fit are taken: %j', (condition) => {
    expect(checkConditionAttributes(Condition.parse(condition), attributes)).toEqual([]);
  });
});
