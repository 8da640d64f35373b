import { describe, expect, it } from 'vitest';
import type { IncomingResponse } from '#domain/integrations/survey-source.ts';
import { toSurveyResponse } from '#domain/responses/response.ts';

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

  it('names nobody where nothing is mapped', () => {
    const nobody = toSurveyResponse('s', { ...settings, respondent: {} }, incoming({ id: 'k' })).customer;
    expect(nobody).toMatchObject({ key: null, email: null, name: null, tier: null });
  });

  it('takes an empty revenue for unknown', () => {
    expect(customer({ arr: '' }).revenue).toBeNull();
  });
});
