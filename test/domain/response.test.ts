import { describe, expect, it } from 'vitest';
import type { IncomingResponse } from '#domain/integrations/survey-source.ts';
import { hasAlias, readRespondentField, toSurveyResponse } from '#domain/responses/response.ts';

const settings = {
  kind: 'typeform',
  paused: false,
  questions: { completed: 'ref-1', ease: 'q2', mail: 'q3' },
  respondent: {
    key: 'hidden.id',
    email: 'mail',
    name: 'hidden.name',
    tier: 'hidden.tier',
    revenue: 'hidden.arr',
    language: 'hidden.lang',
  },
};
const incoming = (hidden: Record<string, string>, facts: Partial<IncomingResponse> = {}): IncomingResponse => ({
  form: 'f',
  formTitle: null,
  responseId: 'r',
  revision: 1,
  submittedAt: 0,
  partial: false,
  language: 'de',
  answers: [
    {
      question: { id: 'q1', names: ['ref-1'], title: 'Done?' },
      type: 'yes-no',
      value: false,
      freeText: false,
    },
    { question: { id: 'q2', names: [], title: 'Easy?' }, type: 'number', value: 3, freeText: false },
    {
      question: { id: 'q3', names: [], title: '' },
      type: 'email',
      value: ' Ines@C.Example ',
      freeText: true,
    },
    { question: { id: 'q4', names: ['x'], title: '' }, type: 'choices', value: ['a', 'b'], freeText: false },
  ],
  hidden: new Map(Object.entries(hidden)),
  link: null,
  ...facts,
});
const customer = (hidden: Record<string, string>) => toSurveyResponse('s', settings, incoming(hidden)).customer;

describe('a response', () => {
  it('knows its questions by alias, found by id or by another name', () => {
    const { answers } = toSurveyResponse('s', settings, incoming({}));
    expect(answers.map(({ alias, text }) => [alias, text])).toEqual([
      ['completed', 'No'],
      ['ease', '3'],
      ['mail', ' Ines@C.Example '],
      [null, 'a, b'],
    ]);
  });

  it('finds its customer where the workspace says', () => {
    expect(customer({ id: ' K-1 ', name: ' Ines ', tier: ' GOLD', arr: '1200.5', lang: 'fr' })).toEqual({
      key: 'K-1',
      email: 'Ines@c.example',
      name: 'Ines',
      tier: 'gold',
      revenue: 1200.5,
      language: 'fr',
    });
  });

  it('goes by the address where no key is given', () => {
    expect(customer({ id: '  ' }).key).toBe('ines@c.example');
  });

  it('takes what is empty or no number for unknown', () => {
    expect(customer({ name: ' ', tier: '', arr: 'a lot' })).toMatchObject({
      name: null,
      tier: null,
      revenue: null,
      language: 'de',
    });
  });

  it.each([
    ['Deutsch', 'de'],
    ['English (United States)\u200e', 'en'],
    ['FRANÇAIS ', 'fr'],
    ['日本語', 'ja'],
    ['Portuguese (Brazil)', 'pt'],
    ['pt_BR', 'pt_BR'],
    ['EN', 'EN'],
    ['de-informal', 'de-informal'],
    ['Klingon', 'Klingon'],
    ['', ''],
  ])('knows the language that a tool calls "%s"', (spoken, code) => {
    const response = toSurveyResponse('s', settings, { ...incoming({}), language: spoken });
    expect([response.language, response.customer.language]).toEqual([code, code]);
  });

  it('names nobody where nothing is mapped', () => {
    const nobody = toSurveyResponse('s', { ...settings, respondent: {} }, incoming({ id: 'k' })).customer;
    expect(nobody).toMatchObject({ key: null, email: null, name: null, tier: null });
  });

  it('takes an empty revenue for unknown', () => {
    expect(customer({ arr: '' }).revenue).toBeNull();
  });

  it('keeps questions with id, title, kind and value, and each further alias', () => {
    const twice = { ...settings, questions: { completed: 'ref-1', done: 'q1' } };
    const [answer, other] = toSurveyResponse('s', twice, incoming({})).answers;
    expect(answer).toStrictEqual({
      alias: 'completed',
      otherAliases: ['done'],
      question: { id: 'q1', title: 'Done?' },
      type: 'yes-no',
      value: false,
      text: 'No',
      freeText: false,
    });
    expect(other).not.toHaveProperty('otherAliases');
    expect([hasAlias(answer, 'done'), hasAlias(answer, 'completed'), hasAlias(answer, 'ease')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(hasAlias(undefined, 'ease')).toBe(false);
  });

  it('says yes, and notes an address that is refused', () => {
    const { answers } = incoming({});
    const [first, ...rest] = answers;
    const yes = toSurveyResponse(
      's',
      settings,
      incoming({}, { answers: [{ ...first, value: true } as (typeof answers)[0], ...rest] }),
    );
    expect(yes.answers[0]?.text).toBe('Yes');
    expect(yes).not.toHaveProperty('notes');
    const noted = (mail: string, notes?: string[]) =>
      toSurveyResponse(
        's',
        { ...settings, respondent: { email: 'hidden.mail' } },
        incoming({ mail }, notes ? { notes } : {}),
      ).notes;
    expect(noted('nobody')).toEqual(['the respondent’s e-mail address is not an e-mail address']);
    expect(noted('nobody', ['odd'])).toEqual(['odd', 'the respondent’s e-mail address is not an e-mail address']);
    expect(noted(' ines@c.example ', ['odd'])).toEqual(['odd']);
    expect(noted(' ')).toBeUndefined();
  });

  it.each([
    ['hidden.id', 'k'],
    ['hidden.other', null],
    ['q2', '3'],
    ['ref-1', 'No'],
    ['mail', ' Ines@C.Example '],
    ['x', 'a, b'],
    ['lost', null],
  ])('has for the path %s %j', (path, value) => {
    const given = incoming({ id: 'k' });
    expect(readRespondentField(path, given, toSurveyResponse('s', settings, given).answers)).toBe(value);
  });
});
