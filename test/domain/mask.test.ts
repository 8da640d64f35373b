import { describe, expect, it } from 'vitest';
import type { ResponseJson } from '#domain/json/intake-json.ts';
import { maskAddress, maskCase, maskCustomer, maskName, maskResponse } from '#domain/json/mask.ts';
import { sampleCase } from '#test/views/sample-case.ts';

const response: ResponseJson = {
  id: 'r_1',
  source: 'upgrade-survey',
  form: 'upgrade',
  formTitle: null,
  submittedAt: '2026-11-24T08:00:00.000Z',
  receivedAt: '2026-11-24T08:00:00.000Z',
  language: 'en',
  partial: false,
  notes: [],
  customer: {
    key: 'cust-7',
    email: 'ines@customer.example',
    name: 'Inés Vidal',
    tier: 'gold',
    revenue: 5,
    attributes: {
      agent: { title: 'Agent', value: 'Maria Klein', isPersonal: true },
      seats: { title: 'Seats', value: 40, isPersonal: true },
      region: { title: 'Region', value: 'emea', isPersonal: false },
    },
    fromList: [],
  },
  answers: [
    {
      alias: null,
      question: 'Your address',
      type: 'email',
      value: 'other@home.example',
      text: 'other@home.example',
    },
    { alias: null, question: 'Your name', type: 'text', value: 'Inés Vidal', text: 'inés vidal' },
    { alias: 'wish', question: 'Wish', type: 'text', value: 'Faster', text: 'Faster' },
    { alias: null, question: 'Who helped you?', type: 'text', value: 'Maria Klein', text: 'maria klein' },
    { alias: 'ease', question: 'Ease', type: 'number', value: 40, text: '40' },
  ],
  decisions: [],
  link: 'https://survey.example/r/1',
};

describe('what members see of a customer', () => {
  it.each([
    ['ines@customer.example', 'i…@customer.example'],
    ['@customer.example', '…'],
    ['no address', '…'],
  ])('of the address %s is %s', (address, seen) => expect(maskAddress(address)).toBe(seen));

  it('of a name is its first character, whole', () => {
    expect(maskName('Ana')).toBe('A…');
    expect(maskName('👩‍👧 family')).toBe('👩‍👧…');
    expect(maskName('')).toBe('…');
  });

  it('is no way to the person, and all of the problem', () => {
    const seen = maskResponse(response);
    expect(seen.customer).toMatchObject({
      key: 'c…',
      email: 'i…@customer.example',
      name: 'I…',
      tier: 'gold',
    });
    expect(seen.answers.map(({ text }) => text)).toEqual(['o…@home.example', 'i…', 'Faster', 'm…', '40']);
    expect(seen.customer.attributes).toMatchObject({
      agent: { value: '…' },
      seats: { value: '…' },
      region: { value: 'emea' },
    });
    expect(JSON.stringify(seen)).not.toMatch(/Vidal|klein|cust-7|ines@|other@|survey\.example/i);
  });

  it('of a respondent who named nobody is what everybody sees', () => {
    const unnamed = { ...response, customer: { ...response.customer, key: 'r_1' } };
    expect(maskResponse(unnamed).customer.key).toBe('r_1');
  });

  it('on the customer list and on a case is masked as well', () => {
    const customer = maskCustomer({
      id: 1,
      key: 'ines@customer.example',
      email: 'ines@customer.example',
      name: 'Inés Vidal',
      tier: null,
      revenue: null,
      language: null,
      renewal: null,
      attributes: { agent: { title: 'Agent', value: 'Maria Vidal', isPersonal: true } },
      isListed: true,
      from: {},
      updatedAt: '2026-11-24T08:00:00.000Z',
    });
    expect(JSON.stringify(customer)).not.toMatch(/Vidal|ines@/);
    const attributes = { agent: { title: 'Agent', value: 'Maria Klein', isPersonal: true } };
    const caseJson = maskCase(sampleCase({ customer: { key: 'cust-7', tier: 'gold', revenue: 1, attributes } }));
    expect(caseJson.customer.key).toBe('c…');
    expect(JSON.stringify(caseJson)).not.toContain('Klein');
  });
});
