import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addResponseAttributes,
  effective,
  replaceListAttributes,
  toAttributeValues,
  toCustomerFields,
} from '#domain/responses/customer.ts';
import { guessRespondentFields } from '#domain/responses/guess-respondent.ts';
import { emptied, listComments, readCustomerAttribute, type SurveyResponse } from '#domain/responses/response.ts';
import { findMood, findUnhappyScore, isUnhappyScore, listScores } from '#domain/responses/unhappy.ts';
import { answer, response } from './samples.ts';

describe('attributes of a customer', () => {
  it('are those of the newest response in whatever order they come, the greater text of two at once', () => {
    const statements = fc.array(fc.tuple(fc.constantFrom('a', 'b', null, undefined), fc.nat(3)), { maxLength: 6 });
    fc.assert(
      fc.property(statements, (given) => {
        const said = given.filter(([tier]) => tier !== null && tier !== undefined);
        const [newest] = said.toSorted(([a, at], [b, then]) => then - at || (String(b) > String(a) ? 1 : -1));
        const known = given.reduce((all, [tier, at]) => addResponseAttributes(all, { tier }, at), {});
        expect(known).toEqual(newest ? { tier: { response: { value: newest[0], at: newest[1] } } } : {});
      }),
    );
  });

  it('of the list count before, and go with their row', () => {
    const said = addResponseAttributes({}, { tier: 'gold', revenue: 5, name: null }, 1);
    const listed = replaceListAttributes(said, { tier: 'silver', region: 'north', name: null, seats: undefined }, 2);
    expect(listed).toEqual({
      tier: { response: { value: 'gold', at: 1 }, list: { value: 'silver', at: 2 } },
      revenue: { response: { value: 5, at: 1 } },
      region: { list: { value: 'north', at: 2 } },
    });
    expect(effective(listed)).toEqual({
      values: { tier: 'silver', revenue: 5, region: 'north' },
      from: { tier: 'list', revenue: 'response', region: 'list' },
    });
    expect(replaceListAttributes(listed, {}, 3)).toEqual(said);
    expect(addResponseAttributes(listed, { tier: 'bronze' }, 9).tier?.list?.value).toBe('silver');
    expect(effective({ tier: {} })).toStrictEqual({ values: {}, from: {} });
  });

  it('are fields of the customer, all others by name', () => {
    const fields = { email: 'a@b.example', name: 'Ana', tier: 'gold', revenue: 5, language: 'de' };
    expect(toCustomerFields(fields)).toEqual(fields);
    const more = { ...fields, attributes: { region: 'north', seats: 3 } };
    expect(toCustomerFields(toAttributeValues(more))).toEqual(more);
    expect(toCustomerFields({ email: 1, name: 2, tier: 3, revenue: 'x', language: 4, region: null })).toEqual({
      email: null,
      name: null,
      tier: null,
      revenue: null,
      language: null,
    });
    const customer = { ...more, key: 'k-1', fromList: ['tier'] };
    const read = ['key', 'tier', 'revenue', 'region', 'fromList', 'attributes', 'none'].map((name) =>
      readCustomerAttribute(customer, name),
    );
    expect(read).toEqual(['k-1', 'gold', 5, 'north', null, null, null]);
  });
});

describe('the respondent of an unknown form', () => {
  const fieldsOf = (hidden: string[], answers: [id: string, title?: string, type?: string, names?: string[]][] = []) =>
    guessRespondentFields({
      hidden: new Map(hidden.map((name) => [name, 'x'])),
      answers: answers.map(([id, title = '', type = 'text', names = []]) => ({
        question: { id, title, names },
        type,
        value: 'x',
      })) as never,
    });

  it.each([
    [
      'key',
      ['customer_id', 'accountKey', 'client.number', 'company no', 'crm-uuid', 'user-id', 'contact_id', 'person.id'],
    ],
    ['email', ['email', 'e-mail', 'Courriel', 'email_address', 'recipientEmail', 'recipient-email']],
    ['name', ['name', 'full-name', 'customer name', 'contact_name', 'firstName', 'recipientfirst-name']],
    ['tier', ['tier', 'plan', 'segment', 'level', 'customer_tier', 'account plan']],
    ['revenue', ['arr', 'MRR', 'revenue', 'annual_revenue', 'contract value']],
    ['language', ['lang', 'language', 'locale', 'user-language']],
  ])('has a %s in a hidden field that is named so', (what, names) => {
    for (const name of names) expect(fieldsOf([name]), name).toEqual({ [what]: `hidden.${name}` });
  });

  it.each([
    'my_customer_id',
    'customer_ids',
    'emails',
    'my email',
    'renamed',
    'xtier',
    'tiers',
    'arrow',
    'harr',
    'langs',
    'slang',
    'survey.name',
    'form.name',
    'question.name',
    'choice.name',
    'project.name',
    'Workspace.name',
  ])('has nothing in %s', (name) => {
    expect(fieldsOf([name])).toEqual({});
  });

  it('is found below other fields, in answers by id, name or title, and by the type of an address', () => {
    expect(fieldsOf(['data.email', 'x.surveys.name'])).toEqual({
      email: 'hidden.data.email',
      name: 'hidden.x.surveys.name',
    });
    expect(fieldsOf(['customer.id'])).toEqual({ key: 'hidden.customer.id' });
    expect(fieldsOf(['data.customer.id', 'mysurvey.tier', 'customerid.x'])).toEqual({
      key: 'hidden.data.customer.id',
      tier: 'hidden.mysurvey.tier',
    });
    expect(fieldsOf([], [['q1', ' Full name '], ['email'], ['q3', '', 'text', ['tier']]])).toEqual({
      email: 'email',
      name: 'q1',
      tier: 'q3',
    });
    expect(fieldsOf([], [['q0'], ['q1', 'Where?', 'email']])).toEqual({ email: 'q1' });
    expect(fieldsOf(['email'], [['q1', 'Email']])).toEqual({ email: 'hidden.email' });
  });
});

describe('scores of a response', () => {
  const score = (alias: string, value: number, more = {}) => ({
    ...answer(alias, value, { type: 'number', freeText: false }),
    ...more,
  });
  const given = (...answers: ReturnType<typeof answer>[]) => response(answers);
  const highest = (limit: number) => () => limit;

  it('are numbers that nobody typed', () => {
    const typed = score('typed', 3, { freeText: true });
    const text = score('text', 3, { type: 'text' });
    expect(listScores(given(score('a', 3), typed, text)).map(({ score: found }) => found)).toEqual([3]);
  });

  it.each([
    [2, 5, true],
    [3, 5, false],
    [4, 10, true],
    [5, 10, false],
    [1, 2, false],
    [1, 3, true],
    [40, 100, true],
    [1, 101, false],
  ])('%d of %d is unhappy: %s', (value, limit, isUnhappy) => {
    expect(isUnhappyScore(score('a', value), value, {}, limit)).toBe(isUnhappy);
  });

  it('follow limits by alias where there are any', () => {
    const limited = (alias: string | null, value: number) =>
      isUnhappyScore({ ...score('a', value), alias }, value, { a: 6 }, 10);
    expect([limited('a', 6), limited('a', 7), limited('b', 0), limited(null, 0)]).toEqual([true, false, false, false]);
  });

  it('name the first unhappy one', () => {
    const title = (text: string) => ({ question: { id: 'q', title: text } });
    const find = (...answers: ReturnType<typeof answer>[]) => findUnhappyScore(given(...answers), {}, highest(10));
    expect(find(score('a', 9), score('b', 2, title('How?')))).toBe('2 of 10: How?');
    expect(find(score('b', 2, title('')))).toBe('2 of 10: b');
    expect(find(score('b', 2, { ...title(''), alias: null }))).toBe('2 of 10');
    expect(find(score('b', 9))).toBeNull();
    expect(findUnhappyScore(given(score('b', 7, title('x'))), { b: 9 }, highest(3))).toBe('7 of 7: x');
  });

  it.each([
    [[2, 9], 10, 'unhappy'],
    [[7, 9], 10, 'happy'],
    [[6, 9], 10, 'middling'],
    [[7], 2, null],
    [[7], 101, null],
    [[90], 100, 'happy'],
    [[3], 4, null],
    [[1], 3, 'unhappy'],
    [[4], 5, 'happy'],
    [[], 10, null],
  ] as const)('%j of %d is %s', (values, limit, mood) => {
    expect(findMood(given(...values.map((value) => score('a', value))), {}, highest(limit))).toBe(mood);
  });
});

describe('words and remains of a response', () => {
  const typed = (text: string, more = {}) => answer('a', text, { type: 'text', freeText: true, text, ...more });

  it('are comments where they do not only name the respondent', () => {
    const customer = { ...response([]).customer, name: 'Ana', email: 'Ana@b.example', key: 'K-1' };
    const answers = [
      typed('Words'),
      typed(' ANA '),
      typed('ana@B.example'),
      typed('k-1'),
      typed('x', { freeText: false }),
      typed('x', { type: 'choice' }),
    ];
    expect(listComments({ answers, customer }).map(({ text }) => text)).toEqual(['Words']);
    expect(listComments({ answers: [typed('null')], customer: { ...customer, name: null } })).toHaveLength(1);
  });

  it('hold scores only after an erasure', () => {
    const kept = [answer('a', 3, { type: 'number' }), answer('b', true, { type: 'yes-no' })];
    const gone = [typed('Words'), answer('c', '3', { type: 'number' }), answer('d', 4, { type: 'text' })];
    const whole: SurveyResponse = {
      ...response([...kept, ...gone]),
      notes: ['x'],
      language: 'de',
      link: 'https://x',
      responseId: 'r',
    };
    const nobody = { key: null, email: null, name: null, tier: null, revenue: null, language: null };
    expect(emptied(whole)).toEqual({
      ...whole,
      responseId: '',
      notes: [],
      language: null,
      customer: nobody,
      answers: kept,
      link: null,
    });
  });
});
