import { describe, expect, it } from 'vitest';
import {
  Condition,
  checkConditionAttributes,
  collectQuestionAliases,
  evaluateCondition,
  isHeld,
} from '#domain/responses/condition.ts';
import { type EvaluationContext, heads, nameQuestion, showAnswer } from '#domain/responses/heads.ts';
import type { SurveyResponse } from '#domain/responses/response.ts';
import { collectAttributes } from '#domain/settings/attributes.ts';
import { answer, response } from './samples.ts';

const dayMs = 86_400_000;

/** Whether a condition holds, and its sentences. */
function judge(condition: object, given: SurveyResponse, context?: EvaluationContext): [boolean, ...string[]] {
  const { held, findings } = evaluateCondition(Condition.parse(condition), given, context);
  return [held, ...findings.map(({ explain }) => explain())];
}

describe('a condition beside its source', () => {
  const both = { source: ['upgrade-survey', 'form'], question: 'ease', '<=': 3 };
  const low = response([answer('ease', 2)]);

  it('holds for that source alone', () => {
    expect(judge(both, low)).toEqual([true, 'From the survey upgrade-survey', 'Answered 2 to “ease” (at most 3)']);
    expect(judge(both, { ...low, source: 'other' })[0]).toBe(false);
    expect(judge({ source: 'form', all: [{ tier: 'gold' }] }, low)[0]).toBe(false);
  });

  it.each([
    [{ source: [], question: 'ease', is: 1 }, 'source'],
    [{ source: 's', question: 'ease', is: null }, 'is'],
  ])('says what is wrong with %j', (condition, path) => {
    expect(Condition.safeParse(condition).error?.issues[0]?.path.join('.')).toBe(path);
  });
});

describe('what is no condition', () => {
  it.each<[unknown, string]>([
    [null, 'is not a condition; write for example { question: completed, is: no }'],
    [{}, 'is empty, but a condition begins with one of question, customer, words,'],
    [{ a: 1, b: 2 }, 'begins with a, b, but a condition'],
    [{ question: 'a', tier: 'b', words: 'c' }, 'holds question and words and tier side by side; put both into all: ['],
    [{ not: {}, a: 1, b: 2 }, 'has a, b beside not, which stands alone'],
    [{ tier: 'gold', is: 'x', was: 'y' }, 'has no operator is, was; tier stands alone'],
    [{ question: 'q', was: 'y' }, 'has no operator was; write one of is, any-of, '],
    [{ customer: 'name', is: 'x' }, 'must be no attribute that names a person'],
    [{ customer: 'tier' }, 'tests nothing; write one of is, any-of, '],
    [{ question: 'q' }, 'tests nothing of q; write one of is, any-of, '],
    [{ question: 'q', is: 1, scale: 5 }, 'belongs to csat or ces, and there is neither'],
    [{ tier: 5 }, 'must be a text or a list of texts'],
  ])('%j is refused with a remedy', (given, message) => {
    expect(
      Condition.safeParse(given)
        .error?.issues.map((issue) => issue.message)
        .join(),
    ).toContain(message);
  });

  it('is refused at every place', () => {
    const all = [{ tier: 'gold' }, {}, { question: 'q' }];
    const issues = Condition.safeParse({ all }).error?.issues ?? [];
    expect(issues.map(({ path }) => path.join('.'))).toEqual(['all.1', 'all.2']);
  });
});

describe('attributes that a condition asks about', () => {
  const attributes = collectAttributes({
    attributes: {
      region: { values: ['emea', 'apac'] },
      seats: { type: 'number' },
      agent: {},
      'on-trial': { type: 'yes-no' },
    },
    tiers: {},
  });
  const check = (customer: string, test: object) =>
    checkConditionAttributes(Condition.parse({ any: [{ tier: 'x' }, { not: { customer, ...test } }] }), attributes);

  it.each<[string, object]>([
    ['region', { is: 'EMEA' }],
    ['region', { 'any-of': ['emea', 'apac'] }],
    ['seats', { '>': 5 }],
    ['agent', { contains: 'x' }],
    ['agent', { is: 5 }],
    ['tier', { is: 'anything' }],
    ['tier', { is: 5 }],
    ['on-trial', { is: true }],
    ['key', { is: 'k-1', contains: 'k' }],
    ['renewal', { '<': '2027-01-01' }],
  ])('%s fits %j', (name, test) => expect(check(name, test)).toEqual([]));

  it.each<[string, object, string]>([
    ['plan', { is: 'x' }, 'asks about an attribute that is not under attributes of the workspace file: plan'],
    ['kye', { is: 'x' }, 'did you mean key?'],
    ['region', { '<': 5 }, 'has no operator < for region; write one of is, any-of'],
    ['key', { '<': 5 }, 'has no operator < for key; write one of is, any-of, contains, matches'],
    [
      'region',
      { 'any-of': ['emea', 'emae'] },
      'compares region with emae, which is none of its values; did you mean emea?',
    ],
    ['seats', { is: 'many' }, 'compares seats with many, which must be a number, without a currency'],
    ['on-trial', { is: 'perhaps' }, 'compares on-trial with perhaps, which must be yes or no; '],
  ])('%s does not fit %j', (name, test, problem) => {
    const problems = check(name, test);
    expect(problems).toHaveLength(1);
    expect(`${problems[0]}; `).toContain(problem);
  });
});

describe('sentences of what held', () => {
  const given = response([answer('ease', 2), answer('code', '12345678', { type: 'number' })], {
    language: 'pt_BR',
    customer: { ...response([]).customer, tier: 'gold' },
  });
  const comment = response([answer('story', 'Slow,  and “late”.', { freeText: true })]);

  it.each<[object, SurveyResponse, boolean, string]>([
    [{ words: 'late' }, given, false, 'There is no comment with late'],
    [{ words: 'early' }, comment, false, 'No comment has: early'],
    [{ words: 'slow and LATE' }, comment, true, 'A comment has: slow and LATE'],
    [{ tier: 'silver' }, given, false, 'Customer’s tier is not silver'],
    [{ language: 'pt-br' }, given, true, 'Language is pt-br'],
    [{ language: ['de', 'pt'] }, given, true, 'Language is de or pt'],
    [{ words: 'slow!' }, comment, true, 'A comment has: slow!'],
    [{ customer: 'plan', is: 'null' }, given, false, 'Customer’s plan is not null'],
    [{ language: 'p' }, given, false, 'Language is not p'],
    [{ source: 'upgrade-survey' }, given, true, 'From the survey upgrade-survey'],
    [{ customer: 'tier', is: 'gold' }, given, true, 'Customer’s tier is gold'],
    [{ customer: 'plan', is: 'gold' }, given, false, 'Customer’s plan is not gold'],
    [{ question: 'code', '<': 5 }, given, false, 'Answered a long number to “code”, not less than 5'],
    [{ question: 'story', answered: true }, comment, true, '“story” was answered in words'],
    [
      { question: 'story', matches: 'slow' },
      comment,
      true,
      '“story” was answered in words (a text that matches “slow”)',
    ],
  ])('%j', (condition, content, held, sentence) => {
    expect(judge(condition, content)).toEqual([held, sentence]);
  });

  it('go by the tier of the workspace where it has one', () => {
    const context = (tier: string | null) => ({ earlier: [], tier });
    for (const condition of [{ tier: 'silver' }, { customer: 'tier', is: 'silver' }]) {
      expect(judge(condition, given, context('silver'))[0]).toBe(true);
      expect(judge(condition, given, context(null))[0]).toBe(false);
    }
    expect(judge({ tier: 'gold' }, given, { earlier: [] })[0]).toBe(true);
  });

  it('go by the language of the customer where the response has none', () => {
    const customer = { ...given.customer, language: 'fr' };
    expect(judge({ language: 'fr' }, { ...given, language: null, customer })[0]).toBe(true);
    expect(judge({ language: 'fr' }, { ...given, language: null })[0]).toBe(false);
  });

  it('show an answer, but no words and no number of seven digits', () => {
    const shown = (value: string, facts: object) => showAnswer(answer('q', value, facts));
    expect(shown('7654321', { type: 'number' })).toBe('a long number');
    expect(shown('765432', { type: 'number' })).toBe('765432');
    expect(shown('7654321', { type: 'choice' })).toBe('7654321');
    expect(shown('x', { freeText: true })).toBeNull();
  });
});

describe('the name of a question', () => {
  const customer = { ...response([]).customer, key: 'k', email: 'ada@acme.example', name: 'Ada  B Moss' };
  const named = (title: string, alias: string | null = 'ease') => {
    const one = answer('ease', 7, { alias, question: { id: 'q', title } });
    const given = response([answer('other', 1), one], { customer });
    return [nameQuestion('ease', given), nameQuestion(one, given)];
  };

  it.each([
    ['How easy was it?', 'How easy was it?'],
    ['Mail @ work?', 'Mail @ work?'],
    ['Is it plan B, k?', 'Is it plan B, k?'],
    ['Adaptable?', 'Adaptable?'],
    ['', 'ease'],
    ['Well, ADA?', 'ease'],
    ['Is moss green?', 'ease'],
    ['Mail a@b', 'ease'],
  ])('with the title %j is %s', (title, name) => expect(named(title)).toEqual([name, name]));

  it('without an alias is that of one more question', () => {
    expect(named('', null)[1]).toBe('One more question');
    expect(nameQuestion('lost', response([]))).toBe('lost');
  });
});

describe('a condition on a repeat', () => {
  const low = (at: number, facts: Partial<SurveyResponse> = {}, ease = 2) =>
    response([answer('ease', ease)], { submittedAt: at * dayMs, responseId: `r-${at}`, ...facts });
  const repeat = (times: number, test: object = { '<=': 3 }) => ({
    repeat: { question: 'ease', ...test, times, within: '30 days' },
  });
  const judgeAfter = (times: number, earlier: SurveyResponse[], test?: object) =>
    judge(repeat(times, test), low(100), { earlier });

  it.each<[string, number, SurveyResponse[], boolean, string]>([
    ['the first', 2, [], false, 'once within 30 days, not 2 times'],
    ['the second', 2, [low(90)], true, '2 times within 30 days'],
    ['the second of three', 3, [low(90)], false, '2 times within 30 days, not 3 times'],
    ['another form', 2, [low(90, { form: 'other', responseId: 'r-100' })], true, '2 times within 30 days'],
    ['another source', 2, [low(90, { source: 'other', responseId: 'r-100' })], true, '2 times within 30 days'],
    ['an earlier state', 2, [low(90, { responseId: 'r-100' })], false, 'once within 30 days, not 2 times'],
  ])('counts %s', (_, times, earlier, held, often) => {
    expect(judgeAfter(times, earlier)).toEqual([held, `“ease” was answered with at most 3, ${often}`]);
  });

  it('counts what passes all of its tests', () => {
    const test = { '>=': 2, '<=': 3 };
    expect(judgeAfter(2, [low(90, {}, 1)], test)[0]).toBe(false);
    expect(judgeAfter(2, [low(90)], test)).toEqual([
      true,
      '“ease” was answered with at most 3 and at least 2, 2 times within 30 days',
    ]);
    expect(judge(repeat(2, test), low(100, {}, 7), { earlier: [low(90)] })).toEqual([
      false,
      'Answered 7 to “ease”, not at most 3 and at least 2',
    ]);
  });

  it('counts answers of any kind, or none', () => {
    expect(judge(repeat(2, { answered: true }), low(100))[1]).toBe(
      '“ease” was answered with something, once within 30 days, not 2 times',
    );
    expect(judge(repeat(2, { answered: false }), response([]))[1]).toBe(
      '“ease” was answered with nothing, once within 30 days, not 2 times',
    );
  });

  it('needs its question', () => {
    const all = [repeat(2), { question: 'wish', answered: true }, { tier: 'gold' }];
    expect(collectQuestionAliases(Condition.parse({ all }))).toEqual(['ease', 'wish']);
    expect(heads.customer.needs({ customer: 'tier' })).toEqual({ questions: [], historyMs: 0, steps: 0 });
  });

  it('is not held without earlier responses', () => {
    expect(isHeld(Condition.parse(repeat(2)), low(100))).toBe(false);
  });
});
