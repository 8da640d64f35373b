import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Condition, computeNeededHistoryMs, evaluateCondition, isHeld } from '#domain/responses/condition.ts';
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
    answer('recommend', 6),
    answer('passive', 8),
    answer('promoter', 10),
    answer('off-scale', 11),
    answer('end-of-scale', '0 - Not at all likely'),
    answer('unseen', '\u200b３\u200b'),
    answer('days', '1 - 2 days'),
    answer('sat', 2),
    answer('middle', 3),
    answer('effort', 7),
    answer('half', 6.5),
    answer('negative', -1),
    answer('zero', 0),
    answer('five', 5),
    answer('german', true, { text: 'Ja' }),
  ],
  {
    language: 'de-AT',
    submittedAt: Date.parse('2026-12-01T15:00:00Z'),
    customer: {
      key: 'k-1',
      email: null,
      name: null,
      tier: 'gold',
      revenue: 5000,
      language: null,
      attributes: {
        region: 'EMEA',
        renewal: '2027-03-31',
        'on-trial': 'no',
        agent: 'Maria Klein',
        about: 'by 2027-03-31',
        hour: '2027-03-31 09:00',
      },
    },
  },
);

/** Evaluates a condition both ways: with the explanation and without. */
function held(raw: unknown): boolean {
  const condition = Condition.parse(raw);
  const evaluation = evaluateCondition(condition, given).held;
  expect(isHeld(condition, given)).toBe(evaluation);
  return evaluation;
}

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
    ['a customer has revenue between', { customer: 'revenue', between: [5000, 6000] }, true],
    ['a customer has more revenue', { customer: 'revenue', '>': 5000 }, false],
    ['a customer has at most that revenue', { customer: 'revenue', '<=': 5000 }, true],
    ['a customer has a declared attribute', { customer: 'region', is: 'emea' }, true],
    ['a customer has another value of it', { customer: 'region', is: 'apac' }, false],
    ['a customer has one of some values', { customer: 'region', 'any-of': ['apac', 'emea'] }, true],
    ['a customer has an attribute with a word', { customer: 'agent', contains: 'klein' }, true],
    ['a customer has an attribute of a pattern', { customer: 'agent', matches: '^Mar' }, true],
    ['a customer has an attribute that is no', { customer: 'on-trial', is: false }, true],
    ['a customer has an attribute that is yes', { customer: 'on-trial', is: 'yes' }, false],
    ['a day is before', { customer: 'renewal', '<': '2027-04-01' }, true],
    ['a day is not before itself', { customer: 'renewal', '<': '2027-03-31' }, false],
    ['a day is at most itself', { customer: 'renewal', '<=': '2027-03-31' }, true],
    ['a day is within days of the response', { customer: 'renewal', between: ['in 9 days', 'in 120 days'] }, true],
    ['a day is not yet near', { customer: 'renewal', '<=': 'in 60 days' }, false],
    ['a day is after', { customer: 'renewal', '>': '2027-04-01' }, false],
    ['a day is between', { customer: 'renewal', between: ['2027-01-01', '2027-12-31'] }, true],
    ['a day is', { customer: 'renewal', is: '2027-03-31' }, true],
    ['a day is no number', { customer: 'renewal', '>': 5 }, false],
    ['an attribute that nobody declared is nothing', { customer: 'plan', is: 'pro' }, false],
    ['a customer has a key', { customer: 'key', is: 'k-1' }, true],
    ['matches finds a pattern', { question: 'story', matches: '555-\\d{4}' }, true],
    ['matches ignores case', { question: 'story', matches: '^call ME' }, true],
    ['matches finds nothing else', { question: 'story', matches: '^secretword' }, false],
    ['matches of nothing does not hold', { question: 'absent', matches: '.*' }, false],
    ['6 detracts', { question: 'recommend', nps: 'detractor' }, true],
    ['6 is not passive', { question: 'recommend', nps: 'passive' }, false],
    ['8 is passive', { question: 'passive', nps: 'passive' }, true],
    ['10 promotes', { question: 'promoter', nps: 'promoter' }, true],
    ['11 is on no NPS scale', { question: 'off-scale', nps: 'promoter' }, false],
    ['0 with what it means detracts', { question: 'end-of-scale', nps: 'detractor' }, true],
    ['a 3 beside what nobody sees detracts', { question: 'unseen', nps: 'detractor' }, true],
    ['days are on no NPS scale', { question: 'days', nps: 'detractor' }, false],
    ['words are on no NPS scale', { question: 'story', nps: 'detractor' }, false],
    ['2 of 5 is dissatisfied', { question: 'sat', csat: 'dissatisfied', scale: 5 }, true],
    ['3 of 5 is neutral', { question: 'middle', csat: 'neutral', scale: 5 }, true],
    ['3 of 7 is dissatisfied', { question: 'middle', csat: 'dissatisfied', scale: 7 }, true],
    ['3 of 3 is satisfied', { question: 'middle', csat: 'satisfied', scale: 3 }, true],
    ['7 of 5 is off the scale', { question: 'effort', csat: 'satisfied', scale: 5 }, false],
    ['7 of 7 is easy', { question: 'effort', ces: 'easy', scale: 7 }, true],
    ['2 of 7 is hard', { question: 'sat', ces: 'hard', scale: 7 }, true],
    ['2 of 7 is not neutral', { question: 'sat', ces: 'neutral', scale: 7 }, false],
    ['part of a number is on no NPS scale', { question: 'half', nps: 'detractor' }, false],
    ['less than nothing is on no NPS scale', { question: 'negative', nps: 'detractor' }, false],
    ['0 is off the scale', { question: 'zero', csat: 'dissatisfied', scale: 5 }, false],
    ['5 of 11 is neutral', { question: 'five', csat: 'neutral', scale: 11 }, true],
    ['7 of 11 is neutral', { question: 'ease', csat: 'neutral', scale: 11 }, true],
    ['words are off the scale', { question: 'story', ces: 'hard', scale: 7 }, false],
    ['a yes in another language is a yes', { question: 'german', is: 'yes' }, true],
    ['a yes in another language is its word', { question: 'german', is: 'ja' }, true],
    ['a word is no yes', { question: 'story', is: 'yes' }, false],
    ['a number is no day', { customer: 'revenue', '<': '2027-01-01' }, false],
    ['a text with a day is no day', { customer: 'about', '<': '2028-01-01' }, false],
    ['a day with an hour is no day', { customer: 'hour', '<': '2028-01-01' }, false],
    ['a comment has a word', { words: ['refund', 'SecretWord'] }, true],
    ['a comment has words in a row', { words: 'call me' }, true],
    ['half a word is none', { words: 'secret' }, false],
    ['only comments have words', { words: 'Docs' }, false],
    ['a tier is one of a list', { tier: ['silver', 'Gold'] }, true],
    ['a tier is no other', { tier: 'bronze' }, false],
    ['a source is itself', { source: 'upgrade-survey' }, true],
    ['a source is no other', { source: ['other'] }, false],
    ['a language takes its regions', { language: 'de' }, true],
    ['a region is itself', { language: 'de-at' }, true],
    ['a region is no other', { language: ['de-CH', 'en'] }, false],
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

  describe('on a repeat', () => {
    const day = 86_400_000;
    const low = (days: number, ease: number, id = `r-${days}`) =>
      response([answer('ease', ease)], { submittedAt: days * day, responseId: id });
    const given = { repeat: { question: 'ease', '<=': 5, times: 2, within: '90 days' } };
    const twice = Condition.parse(given);
    it.each([
      ['the second low score in time', [low(11, 5)], 5, true],
      ['a low score on the last day of the time', [low(10, 3)], 5, true],
      ['a low score too long ago', [low(9, 3)], 5, false],
      ['a high score before', [low(50, 8)], 5, false],
      ['a high score now', [low(50, 3), low(60, 3)], 9, false],
      ['the first low score', [], 5, false],
      ['an earlier state of the same response', [low(50, 3, 'r-100')], 5, false],
      ['a response that came later', [low(101, 3)], 5, false],
    ])('%s', (_, earlier, ease, expected) => {
      const { held, findings } = evaluateCondition(twice, low(100, ease), { earlier });
      expect(held).toBe(expected);
      expect(findings[0]?.explain()).toMatch(
        /^(“ease” was answered with at most 5, (once|\d times) within 90 days|Answered 9 to “ease”, not at most 5)/,
      );
    });

    it('tells how far back it looks', () => {
      expect(computeNeededHistoryMs(null)).toBe(0);
      expect(computeNeededHistoryMs(Condition.parse({ any: [{ tier: 'gold' }, { not: given }] }))).toBe(90 * day);
    });
  });

  it.each([
    ['an operator', { question: 'ease', smaller: 3 }, '', /no operator smaller; write one of is, any-of, </],
    ['a head', { qestion: 'ease', is: 3 }, '', /begins with qestion.*one of question, customer, words/],
    ['a number', { all: [{ question: 'ease', '<=': 'five' }] }, 'all.0.<=', /must be a number/],
    ['a range', { question: 'ease', between: [6, 1] }, 'between', /begin with the smaller/],
    ['days', { customer: 'renewal', between: ['2027-12-31', '2027-01-01'] }, 'between', /begin with the smaller one/],
    ['days to come', { customer: 'renewal', between: ['in 9 days', 'in 3 days'] }, 'between', /begin with the smaller/],
    ['amounts', { customer: 'revenue', between: [5, 3] }, 'between', /begin with the smaller one/],
    ['an amount and a day', { customer: 'revenue', between: [5, '2027-01-01'] }, 'between', /begin with the smaller/],
    ['a look-around', { question: 'story', matches: '(?=a)b' }, 'matches', /RE2 accepts.*look-arounds/],
    ['a back reference', { question: 'story', matches: '(a)\\1' }, 'matches', /RE2 accepts/],
    ['half a pattern', { not: { question: 'story', matches: '(a' } }, 'not.matches', /RE2 accepts/],
    ['a band', { question: 'q', nps: 'critic' }, 'nps', /one of detractor, passive, promoter/],
    ['a missing scale', { question: 'q', csat: 'satisfied' }, '', /csat wants a scale, such as scale: 5/],
    ['a scale for nothing', { question: 'q', is: 3, scale: 5 }, 'scale', /neither/],
    ['an attribute', { customer: 'email', is: 'x' }, 'customer', /no attribute that names a person/],
    ['an attribute alone', { customer: 'tier' }, '', /tests nothing; write one of is/],
    ['a repeat once', { repeat: { question: 'q', is: 1, times: 1, within: '1 day' } }, 'repeat.times', /2 or/],
    ['a repeat in no time', { repeat: { question: 'q', is: 1, times: 2, within: 'x' } }, 'repeat.within', /90|24/],
    ['a repeat of nothing', { repeat: { question: 'q', times: 2, within: '1 day' } }, 'repeat', /tests nothing/],
    ['an empty list', { any: [] }, 'any', /must be a list of conditions, such as any/],
    ['two at once', { all: [], any: [] }, '', /side by side/],
    ['something beside', { all: [{ tier: 'a' }], times: 2 }, '', /has times beside all/],
    ['no condition', { all: ['gold'] }, 'all.0', /write for example/],
  ])('says what to write instead of %s', (_, given, path, message) => {
    const [issue] = Condition.safeParse(given).error?.issues ?? [];
    expect(issue?.path.join('.')).toBe(path);
    expect(issue?.message).toMatch(message);
  });

  it('runs any accepted pattern in linear time', () => {
    const story = (length: number) => response([answer('story', `${'a'.repeat(length)}!`, { freeText: true })]);
    const evil = Condition.parse({ question: 'story', matches: '^(a+)+$' });
    const started = performance.now();
    expect(evaluateCondition(evil, story(20_000)).held).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('says of each part whether it held', () => {
    const { findings } = evaluateCondition(
      Condition.parse({ all: [{ question: 'completed', is: 'no' }, { not: { question: 'ease', '<=': 7 } }] }),
      given,
    );
    expect(findings.map(({ held, explain }) => [explain(), held])).toEqual([
      ['Answered No to “completed”', true],
      ['Answered 7 to “ease” (at most 7)', false],
    ]);
  });

  it('is tested once for all templates that ask the same', () => {
    const [one, other] = [6, 6].map((limit) => Condition.parse({ all: [{ question: 'ease', '>=': limit }] }));
    const context = { earlier: [], done: new Map() };
    const results = [one, other].map((condition) => condition && evaluateCondition(condition, given, context));
    expect(results.map((result) => result?.held)).toEqual([true, true]);
    expect(context.done.size).toBe(1);
    expect(evaluateCondition(Condition.parse({ question: 'ease', '>=': 8 }), given, context).held).toBe(false);
  });

  it.each([
    [{ question: 'ease', '<': 5 }, 'Answered 7 to “ease”, not less than 5'],
    [{ question: 'ease', between: [5, 8] }, 'Answered 7 to “ease” (5 to 8)'],
    [{ question: 'parts', 'any-of': ['Docs', 'Desk', 'Suite'] }, 'Answered Docs, Support team to “parts”'],
    [{ question: 'nothing', answered: true }, '“nothing” was not answered'],
    [{ question: 'unknown', is: 'no' }, '“unknown” was not answered'],
    [{ question: 'story', contains: 'cancel' }, '“story” was answered in words, not a text with “cancel”'],
    [{ question: 'recommend', nps: 'detractor' }, 'Answered 6 to “recommend” (a detractor)'],
    [{ question: 'sat', csat: 'satisfied', scale: 5 }, 'Answered 2 to “sat”, not satisfied on a scale of 5'],
    [{ customer: 'region', is: 'APAC' }, 'Customer’s region is not APAC'],
    [{ tier: ['gold', 'silver'] }, 'Customer’s tier is gold or silver'],
    [{ question: 'ease', 'any-of': ['8', 'more, or less'] }, 'Answered 7 to “ease”, not 8 or more, or less'],
    [{ words: ['secretword', 'refund'] }, 'A comment has: secretword or refund'],
    [{ language: 'fr' }, 'Language is not fr'],
    [{ source: 'other' }, 'Not for the survey upgrade-survey (listens to other)'],
  ])('is explained in a sentence: %j', (condition, sentence) => {
    expect(evaluateCondition(Condition.parse(condition), given).findings[0]?.explain()).toBe(sentence);
  });

  it('names a question by its title, and by its alias where the title names the respondent', () => {
    const named = (title: string, name: string | null = 'Ada Moss') =>
      evaluateCondition(
        Condition.parse({ question: 'ease', is: 7 }),
        response([answer('ease', 7, { question: { id: 'q', title } })], {
          customer: { ...given.customer, key: 'k-1', email: 'ada@acme.example', name },
        }),
      ).findings[0]?.explain();
    expect(named('How easy was it?')).toBe('Answered 7 to “How easy was it?”');
    expect(named('Ada, how easy was it?')).toBe('Answered 7 to “ease”');
    expect(named('Hello ada@acme.example', null)).toBe('Answered 7 to “ease”');
  });

  it('never quotes what the respondent typed', () => {
    const operators = [
      { is: 'x' },
      { contains: 'call' },
      { matches: 'secret' },
      { answered: true },
      { '<': 3 },
      { between: [1, 2] },
    ];
    for (const operator of operators) {
      const { findings } = evaluateCondition(Condition.parse({ question: 'story', ...operator }), given);
      expect(JSON.stringify(findings)).not.toMatch(/secretword|555/i);
      expect(findings[0]?.explain()).toContain('was answered in words');
    }
  });

  it('shows no attribute of the customer', () => {
    const { findings } = evaluateCondition(Condition.parse({ customer: 'key', is: 'k-2' }), given);
    expect(JSON.stringify(findings)).not.toContain('k-1');
  });

  it.each([
    { question: 'ease', between: [7, 7] },
    { customer: 'revenue', between: [5000, 5000] },
    { customer: 'renewal', between: ['2027-03-31', '2027-03-31'] },
  ])('takes %j', (condition) => expect(held(condition)).toBe(true));

  it('is tested by each of its operators, whatever the alias', () => {
    const alias = fc.stringMatching(/^[a-z]{8}$/);
    const explained = (question: string, test: object) =>
      evaluateCondition(
        Condition.parse({ question, ...test }),
        response([answer(question, 'a')]),
      ).findings[0]?.explain();
    fc.assert(
      fc.property(alias, (name) => {
        expect(explained(name, { is: 'A' })).toBe(`Answered a to “${name}”`);
        expect(explained(name, { 'any-of': ['a', 'b'] })).toBe(`Answered a to “${name}”`);
        expect(explained(name, { 'any-of': ['b', 'c, d', 'e'] })).toBe(`Answered a to “${name}”, not b, c, d or e`);
        expect(explained(name, { is: true })).toBe(`Answered a to “${name}”, not Yes`);
        expect(explained(name, { contains: 'a' })).toBe(`Answered a to “${name}” (a text with “a”)`);
      }),
      { numRuns: 3 },
    );
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

  it('refuses a question without a test', () => {
    expect(Condition.safeParse({ question: 'ease' }).success).toBe(false);
  });
});

it('a question is named once for a response, however many conditions ask about it', () => {
  let readings = 0;
  const given = answer('ease', 3);
  const question = {
    id: given.question.id,
    get title() {
      readings += 1;
      return 'How easy was it?';
    },
  };
  const one = response([{ ...given, question }]);
  for (const limit of [1, 2, 3, 4]) {
    const { findings } = evaluateCondition(Condition.parse({ question: 'ease', '<=': limit }), one);
    expect(findings[0]?.explain()).toContain('Answered 3 to “How easy was it?”');
  }
  expect(readings).toBe(1);
});
