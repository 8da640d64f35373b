import { describe, expect, it } from 'vitest';
import { Condition, judge } from '#domain/condition.ts';
import { answer, response } from './samples.ts';

const given = response(
  [
    answer('completed', false),
    answer('spelled', 'Yes'),
    answer('english', 'TRUE'),
    answer('ease', 7),
    answer('typed', ' 7 '),
    answer('parts', ['Docs', 'Support team']),
    answer('nothing', ''),
    answer('story', 'Call me on 555-0100, secretword', { freeText: true }),
    answer('wide', 'ＡＢＣ'),
  ],
  {
    customer: { key: 'k-1', email: null, name: null, tier: 'gold', revenue: 5000, language: null },
  },
);

const held = (condition: unknown) => judge(Condition.parse(condition), given).held;

describe('a condition', () => {
  it.each([
    ['a bare no is a false', { question: 'completed', is: 'no' }, true],
    ['the word false is a false', { question: 'completed', is: 'False' }, true],
    ['a YAML false is a false', { question: 'completed', is: false }, true],
    ['a yes is no false', { question: 'completed', is: 'yes' }, false],
    ['"Yes" is a yes', { question: 'spelled', is: 'yes' }, true],
    ['"TRUE" is a yes', { question: 'english', is: 'yes' }, true],
    ['"Yes" is a true', { question: 'spelled', is: true }, true],
    ['"Yes" is no no', { question: 'spelled', is: 'no' }, false],
    ['a number is itself', { question: 'ease', is: 7 }, true],
    ['a number is itself as text', { question: 'ease', is: '7' }, true],
    ['a number is no other', { question: 'ease', is: 8 }, false],
    ['a typed number is a number', { question: 'typed', is: 7 }, true],
    ['one of several choices is chosen', { question: 'parts', is: 'docs' }, true],
    ['a choice that was not chosen is not', { question: 'parts', is: 'Price' }, false],
    ['half a choice is none', { question: 'parts', is: 'Support' }, false],
    ['full-width letters are letters', { question: 'wide', is: 'abc' }, true],
    ['an unanswered question is nothing', { question: 'absent', is: 'no' }, false],
    ['any-of takes one of its list', { question: 'ease', 'any-of': [1, 7] }, true],
    ['any-of takes nothing else', { question: 'ease', 'any-of': [1, 2] }, false],
    ['any-of looks into choices', { question: 'parts', 'any-of': ['Price', 'docs'] }, true],
    ['contains ignores case', { question: 'story', contains: 'SECRETWORD' }, true],
    ['contains finds nothing else', { question: 'story', contains: 'pricing' }, false],
    ['contains looks into choices', { question: 'parts', contains: 'support' }, true],
    ['< holds below', { question: 'ease', '<': 8 }, true],
    ['< does not hold at', { question: 'ease', '<': 7 }, false],
    ['<= holds at', { question: 'ease', '<=': 7 }, true],
    ['<= does not hold above', { question: 'ease', '<=': 6 }, false],
    ['> holds above', { question: 'ease', '>': 6 }, true],
    ['> does not hold at', { question: 'ease', '>': 7 }, false],
    ['>= holds at', { question: 'ease', '>=': 7 }, true],
    ['>= does not hold below', { question: 'ease', '>=': 8 }, false],
    ['between includes its lower end', { question: 'ease', between: [7, 9] }, true],
    ['between includes its upper end', { question: 'ease', between: [5, 7] }, true],
    ['between excludes the rest', { question: 'ease', between: [8, 9] }, false],
    ['a typed number compares', { question: 'typed', '<=': 7 }, true],
    ['words compare with no number', { question: 'story', '<=': 1e9 }, false],
    ['an empty answer is not zero', { question: 'nothing', '<=': 5 }, false],
    ['a yes or no is not a number', { question: 'completed', '<=': 5 }, false],
    ['an answered question is answered', { question: 'ease', answered: true }, true],
    ['an empty answer is none', { question: 'nothing', answered: false }, true],
    ['a question left out is not answered', { question: 'absent', answered: true }, false],
    ['a question left out is unanswered', { question: 'absent', answered: false }, true],
    ['two tests of one question hold together', { question: 'ease', '>=': 5, '<=': 7 }, true],
    ['two tests of one question fail with one', { question: 'ease', '>=': 5, '<=': 6 }, false],
    ['a customer has a tier', { customer: 'tier', is: 'Gold' }, true],
    ['a customer has one of some tiers', { customer: 'tier', 'any-of': ['silver', 'gold'] }, true],
    ['a customer has revenue', { customer: 'revenue', '>=': 5000 }, true],
    ['a customer has less revenue', { customer: 'revenue', '<': 5000 }, false],
    ['an unknown attribute is nothing', { customer: 'language', is: 'de' }, false],
  ])('%s', (_, condition, expected) => {
    expect(held(condition)).toBe(expected);
  });

  it('nests all, any and not', () => {
    const low = { question: 'ease', '<=': 3 };
    const failed = { question: 'completed', is: 'no' };
    expect(held({ all: [failed, low] })).toBe(false);
    expect(held({ any: [failed, low] })).toBe(true);
    expect(held({ not: low })).toBe(true);
    expect(held({ not: { not: low } })).toBe(false);
    expect(held({ all: [failed, { any: [low, { not: { all: [low, failed] } }] }] })).toBe(true);
    expect(held({ not: { any: [low, failed] } })).toBe(false);
  });

  it('says of each part whether it held', () => {
    const { findings } = judge(
      Condition.parse({ all: [{ question: 'completed', is: 'no' }, { not: { question: 'ease', '<=': 7 } }] }),
      given,
    );
    expect(findings).toEqual([
      { text: 'completed is no (answered No)', held: true },
      { text: 'not: ease <= 7 (answered 7)', held: false },
    ]);
  });

  it('never quotes what the respondent typed', () => {
    const operators = [
      { is: 'x' },
      { contains: 'call' },
      { answered: true },
      { '<': 3 },
      { between: [1, 2] },
    ];
    for (const operator of operators) {
      const { findings } = judge(Condition.parse({ question: 'story', ...operator }), given);
      expect(JSON.stringify(findings)).not.toMatch(/secretword|555/i);
      expect(findings[0]?.text).toContain('answered in words');
    }
  });

  it('shows no attribute of the customer', () => {
    const { findings } = judge(Condition.parse({ customer: 'key', is: 'k-2' }), given);
    expect(JSON.stringify(findings)).not.toContain('k-1');
  });

  it.each([
    [{ question: 'ease', smaller: 3 }],
    [{ question: 'ease', is: null }],
    [{ question: 'ease', between: [1] }],
    [{ question: 'ease', 'any-of': [] }],
    [{ customer: 'email', is: 'x' }],
    [{ all: [] }],
    [{ all: [{}] }],
    [{}],
    [{ all: [{ question: 'ease', is: 1 }], any: [{ question: 'ease', is: 1 }] }],
  ])('refuses %j', (condition) => {
    expect(Condition.safeParse(condition).success).toBe(false);
  });

  // BUG: src/domain/condition.ts: without an operator there is nothing that could fail, so it always holds.
  it.fails('refuses a question without a test', () => {
    expect(Condition.safeParse({ question: 'ease' }).success).toBe(false);
  });
});
