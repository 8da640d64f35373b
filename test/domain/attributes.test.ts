import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import {
  attributeOfText,
  attributesOf,
  type DeclaredAttributes,
  readAttribute,
} from '#domain/settings/attributes.ts';

const declared: z.output<typeof DeclaredAttributes> = {
  region: { values: ['EMEA', 'APAC'], title: 'Sales region' },
  agent: {},
  seats: { type: 'number' },
  since: { type: 'date' },
  'on-trial': { type: 'yes-no' },
};
const attributes = attributesOf({ attributes: declared, tiers: { gold: {}, silver: {} } });
const attribute = (name: string) => {
  const known = attributes.get(name);
  if (!known) throw new Error(`no attribute ${name}`);
  return known;
};

describe('attributes of customers', () => {
  it('are those of every workspace and those that its file declares', () => {
    expect([...attributes.keys()].join(' ')).toBe(
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
    const personal = [...attributes].filter(([, { isPersonal }]) => isPersonal).map(([name]) => name);
    expect(personal).toEqual(['email', 'name', 'agent', 'seats', 'since']);
  });

  it.each([
    ['email', ' Ada@Example.com ', 'ada@example.com'],
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
    const { value, problem } = readAttribute(attribute(name), given);
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
    expect(attributeOfText(attribute(name), text)).toBe(expected);
  });
});
