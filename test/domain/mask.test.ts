import { describe, expect, it } from 'vitest';
import type { ResponseJson } from '#domain/json/intake-json.ts';
import {
  maskAddress,
  maskCase,
  maskCaseRow,
  maskCustomer,
  maskCustomerKey,
  maskName,
  maskResponse,
  maskStrategicCase,
} from '#domain/json/mask.ts';
import { presentFields } from '#domain/json/present.ts';
import * as z from 'zod';
import { toAttributesJson } from '#domain/json/case-json.ts';
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
    ['a@b', 'a…@b'],
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
    expect(customer).toMatchObject({ key: 'i…@customer.example', name: 'I…', isListed: true });
    expect(JSON.stringify(customer)).not.toMatch(/Vidal|ines@/);
    const attributes = { agent: { title: 'Agent', value: 'Maria Klein', isPersonal: true } };
    const known = { key: 'cust-7', name: 'Inés Vidal', tier: 'gold', revenue: 1, attributes };
    const caseJson = maskCase(sampleCase({ customer: known }));
    expect(caseJson.customer).toMatchObject({ key: 'c…', name: 'I…' });
    expect(JSON.stringify(caseJson)).not.toMatch(/Klein|Vidal/);
  });

  it('masks answers that are the address or the name, and a personal attribute of four letters', () => {
    const personal = (value: string | number, isPersonal = true) => ({ title: 'A', value, isPersonal });
    const typed = (text: string, type: 'text' | 'phone' = 'text') => ({
      alias: null,
      question: 'Q',
      type,
      value: text,
      text,
    });
    const attributes = { a: personal('Ann'), b: personal('Anna'), c: personal(1234567), d: personal('Region', false) };
    const texts = ['INES@customer.example', 'Ann', 'anna', '1234567', 'region', 'null', '555'];
    const masked = maskResponse({
      ...response,
      customer: { ...response.customer, name: null, attributes },
      answers: [...texts.map((text) => typed(text)), typed('030 555', 'phone')],
    });
    expect(masked.answers.map(({ text }) => text)).toEqual([
      'I…@customer.example',
      'Ann',
      'a…',
      '1234567',
      'region',
      'null',
      '555',
      '0…',
    ]);
    expect(masked.answers[2]?.value).toBe('…');
    expect(masked.answers[1]?.value).toBe('Ann');
    expect(masked.customer.name).toBeNull();
  });

  it('everywhere on a case is masked, but for what named nobody', () => {
    const at = '2026-11-24T08:00:00.000Z';
    const of = (customer: string) => ({ customer, generation: 1, verdict: 'confirmed' as const, why: '', at });
    const waiting = { id: 1, customer: 'cust-7', address: 'ines@customer.example', response: null, at };
    const followUps = ['cust-7', 'r_1', null].map((customer) => ({ customer })) as never[];
    const masked = maskCase(sampleCase({ addresses: [waiting], verdicts: [of('cust-7'), of('r_1')], followUps }));
    expect(masked.addresses).toEqual([{ ...waiting, customer: 'c…', address: 'i…@customer.example' }]);
    expect(masked.verdicts).toEqual([of('c…'), of('r_1')]);
    expect(masked.followUps).toEqual([{ customer: 'c…' }, { customer: 'r_1' }, { customer: null }]);
    const unnamed = { ...sampleCase().customer, key: 'r_1' };
    expect(maskCase(sampleCase({ customer: unnamed })).customer.key).toBe('r_1');
    expect(maskCase(sampleCase({ customer: { ...unnamed, key: null } })).customer.key).toBeNull();
  });

  it('in rows and lists of members is masked as well', () => {
    const row = (customer: object) => maskCaseRow({ customer } as Parameters<typeof maskCaseRow>[0]).customer;
    expect(row({ key: 'cust-7', name: 'Inés', isAnonymous: false, tier: 'gold' })).toEqual({
      key: 'c…',
      name: 'I…',
      isAnonymous: false,
      tier: 'gold',
    });
    expect(row({ key: 'r_1', name: null, isAnonymous: true })).toMatchObject({ key: 'r_1', name: null });
    expect(row({ key: null, name: null, isAnonymous: false }).key).toBeNull();
    const members = ['ines@customer.example', 'r_1'].map((customer) => ({ customer, name: 'Inés', tier: 'gold' }));
    const strategic = { severity: 'high', members } as never;
    expect(maskStrategicCase(strategic, ['r_1'])).toEqual({
      severity: 'high',
      members: [
        { customer: 'i…@customer.example', name: 'I…', tier: 'gold' },
        { customer: 'r_1', name: 'I…', tier: 'gold' },
      ],
    });
    expect([maskCustomerKey('cust-7'), maskCustomerKey(null)]).toEqual(['c…', null]);
  });
});

describe('a record as JSON', () => {
  it('has the fields of its schema, and instants as texts', () => {
    const json = z.object({
      at: z.string().nullable(),
      endedAt: z.string().nullable(),
      count: z.int(),
      extra: z.string(),
    });
    const entry = { at: 0, endedAt: null, count: 7, secret: 'x', extra: undefined };
    expect(Object.entries(presentFields(json, entry))).toEqual([
      ['at', '1970-01-01T00:00:00.000Z'],
      ['endedAt', null],
      ['count', 7],
    ]);
  });

  it('has the attributes that the workspace knows, in its order', () => {
    const attribute = (title: string, isPersonal: boolean) => ({ title, isPersonal }) as never;
    const known = new Map([
      ['seats', attribute('Seats', false)],
      ['none', attribute('None', false)],
      ['agent', attribute('Agent', true)],
    ]);
    expect(Object.entries(toAttributesJson(known, { agent: 'Maria', seats: 4, old: 'x' }))).toEqual([
      ['seats', { title: 'Seats', value: 4, isPersonal: false }],
      ['agent', { title: 'Agent', value: 'Maria', isPersonal: true }],
    ]);
    expect(toAttributesJson(known)).toEqual({});
  });
});
