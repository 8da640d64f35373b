import { describe, expect, it } from 'vitest';
import { bounded, boundTimes, hasSameAnswers, joined, replaced } from '#domain/integrations/incoming-response.ts';
import {
  createSignedDelivery,
  type IncomingAnswer,
  type IncomingResponse,
  isProofHeader,
} from '#domain/integrations/survey-source.ts';
import { dayMs, minuteMs } from '#domain/time/units.ts';

const at = Date.UTC(2026, 10, 24, 8);

const says = (id: string, value: IncomingAnswer['value']): IncomingAnswer => ({
  question: { id, names: [], title: '' },
  type: 'text',
  value,
  freeText: true,
});

const incoming = (facts: Partial<IncomingResponse> = {}): IncomingResponse => ({
  form: 'upgrade',
  formTitle: null,
  responseId: 'r-1',
  revision: 7,
  submittedAt: at,
  partial: false,
  language: null,
  answers: [says('ease', '3')],
  hidden: new Map(),
  link: null,
  ...facts,
});

const answers = (count: number) => Array.from({ length: count }, (_, index) => says(`q${index}`, ''));
const fields = (count: number) => new Map(Array.from({ length: count }, (_, index) => [`f${index}`, '']));

describe('an incoming response', () => {
  it.each<[string, Partial<IncomingResponse>, string]>([
    ['too many answers', { answers: answers(1001) }, 'The response has more than 1000 answers.'],
    ['too many hidden fields', { hidden: fields(1001) }, 'The response has more than 1000 hidden fields.'],
    ['no id', { responseId: '' }, 'The response id is empty or longer than 500 characters.'],
    ['a long id', { responseId: 'x'.repeat(501) }, 'The response id is empty or longer than 500 characters.'],
    ['no form', { form: '' }, 'The form is empty or longer than 500 characters.'],
    ['no time', { submittedAt: Number.NaN }, 'The response has no time at which it was submitted.'],
    ['no order', { revision: Number.POSITIVE_INFINITY }, 'The response has no time at which it was submitted.'],
  ])('with %s is refused', (_, facts, message) => {
    expect(() => bounded(incoming(facts))).toThrow(message);
  });

  it('is taken up to its bounds', () => {
    const most = incoming({
      answers: answers(1000),
      hidden: fields(1000),
      responseId: 'x'.repeat(500),
      form: 'x'.repeat(500),
    });
    expect(bounded(most)).toEqual(most);
  });

  it('keeps the beginning of long texts and lists, and other values as they are', () => {
    const long = 'x'.repeat(70_000);
    const { answers, hidden } = bounded(
      incoming({
        answers: [says('a', long), says('b', [long, 'y']), says('c', Array(1001).fill('z')), says('d', 7)],
        hidden: new Map([['plan', long]]),
      }),
    );
    const most = 64 * 1024;
    expect(answers[0]?.value).toHaveLength(most);
    expect([answers[1]?.value].flat().map((value) => String(value).length)).toEqual([most, 1]);
    expect(answers[2]?.value).toHaveLength(1000);
    expect(answers[3]?.value).toBe(7);
    expect(hidden.get('plan')).toHaveLength(most);
  });
});

describe('a further part of a response', () => {
  const known = incoming({ partial: true, answers: [says('ease', '3'), says('wish', 'more')] });

  it.each<[string, Partial<IncomingResponse>, number]>([
    ['the same again', {}, 7],
    ['the same again, later', { revision: 9 }, 7],
    ['another answer', { revision: 8, answers: [says('ease', '4')] }, 9],
    ['an answer to a further question, of an earlier time', { revision: 2, answers: [says('why', 'slow')] }, 9],
    ['a further hidden field', { hidden: new Map([['plan', 'pro']]) }, 9],
    ['the end', { revision: 20, partial: false, answers: [] }, 20],
  ])('that brings %s', (_, part, revision) => {
    expect(joined(known, { ...known, ...part }).revision).toBe(revision);
  });

  it('of the same time has the last word', () => {
    expect(joined(known, { ...known, answers: [says('ease', '5')] }).answers).toEqual([
      says('wish', 'more'),
      says('ease', '5'),
    ]);
  });

  it('is finished once any part is, and as late as the latest', () => {
    const end = incoming({ revision: 5, answers: [], submittedAt: at + minuteMs });
    for (const whole of [joined(known, end), joined(end, known)])
      expect(whole).toMatchObject({ partial: false, submittedAt: at + minuteMs, answers: known.answers });
    expect(joined(known, known).partial).toBe(true);
  });

  it('of an earlier time changes no answer, field or fact of a later one', () => {
    const late = incoming({
      revision: 9,
      language: 'de',
      answers: [says('ease', '5')],
      hidden: new Map([['a', 'new']]),
    });
    const early = incoming({ language: 'en', answers: [says('ease', '1')], hidden: new Map([['a', 'old']]) });
    for (const whole of [joined(late, early), joined(early, late)]) {
      expect(whole).toMatchObject({ language: 'de', answers: late.answers });
      expect([...whole.hidden]).toEqual([['a', 'new']]);
    }
  });
});

describe('a response that is read again', () => {
  const known = incoming({ answers: [says('ease', '3'), says('wish', 'old')] });
  it.each<[string, Partial<IncomingResponse>, boolean, number]>([
    ['unchanged', {}, true, 7],
    ['with a title', { formTitle: 'Upgrade' }, true, 7],
    ['with an answer to another question', { answers: [says('ease', '3'), says('why', 'old')] }, false, 9],
    ['with a further answer', { answers: [...answers(1), says('ease', '3'), says('wish', 'old')] }, false, 9],
    ['without an answer', { answers: [] }, false, 9],
    ['unfinished', { partial: true }, false, 9],
    ['with one of two answers changed', { answers: [says('ease', '3'), says('wish', 'new')] }, false, 9],
    ['with another answer of a later time', { revision: 8, answers: [] }, false, 8],
    ['with another answer of an earlier count', { revision: 5, answers: [] }, false, 5],
    ['with another answer and no time', { revision: 1, answers: [] }, false, 9],
    ['unfinished and without a time', { revision: 0, answers: [], partial: true }, false, 0],
  ])('%s', (_, facts, isSame, revision) => {
    const read = { ...known, ...facts };
    expect(hasSameAnswers(known, read)).toBe(isSame);
    expect(replaced(known, read)).toEqual({ ...read, revision });
  });
});

describe('the time of a submission', () => {
  const note = (text: string) => [`submitted at ${text}: the time of the receipt counts`];

  it.each<[string, number, boolean, string[] | undefined]>([
    ['now', 0, true, undefined],
    ['ahead by a clock that goes wrong', 15 * minuteMs, true, undefined],
    ['in the future', 15 * minuteMs + 1, true, note('2026-11-24T08:15:00.001Z, after its receipt')],
    ['a year ago', -365 * dayMs, true, undefined],
    ['longer ago', -365 * dayMs - 1, true, note('2025-11-24T07:59:59.999Z, long before its receipt')],
    ['longer ago, read by Caselite', -365 * dayMs - 1, false, undefined],
    ['at the start of the century', Date.UTC(2000, 0, 1) - at, false, undefined],
    ['before it', Date.UTC(2000, 0, 1) - at - 1, false, note('1999-12-31T23:59:59.999Z, long before its receipt')],
  ])('%s', (_, offset, isPushed, notes) => {
    const response = boundTimes(incoming({ submittedAt: at + offset }), at, isPushed);
    expect(response.submittedAt).toBe(notes ? at : at + offset);
    expect(response.notes).toEqual(notes);
  });

  it('adds to notes that are there', () => {
    expect(boundTimes(incoming({ submittedAt: 0, notes: ['odd'] }), at, true).notes).toHaveLength(2);
  });

  it.each([
    ['a count', 12, false, 12],
    ['the latest time', 2 * (at + 15 * minuteMs) + 1, false, 2 * (at + 15 * minuteMs) + 1],
    ['a future time', 2 * (at + 15 * minuteMs) + 2, false, 2 * at + 1],
    ['a future time of an unfinished one', 2 * (at + dayMs), true, 2 * at],
  ])('of a response ordered by %s', (_, revision, partial, kept) => {
    expect(boundTimes(incoming({ revision, partial }), at, true).revision).toBe(kept);
  });
});

describe('headers of a delivery', () => {
  it.each([
    'svix-id',
    'x-hub-signature-256',
    'webhook-timestamp',
    'x-hmac',
    'x-token',
    'x-secret',
    'apikey',
    'x-api-key',
    'authorization',
    'x-timestamp',
    'x-event',
    'x-delivery',
  ])('%s is kept', (name) => expect(isProofHeader(name)).toBe(true));

  it.each(['content-type', 'user-agent', 'cookie', 'x-request-id', 'x-forwarded-for'])('%s is dropped', (name) =>
    expect(isProofHeader(name)).toBe(false),
  );
});

describe('a delivery that is signed as its vendor does', () => {
  const plain = new Uint8Array([1]);
  const delivery = { id: 'd', now: 5 };
  const sign = (signer: Parameters<typeof createSignedDelivery>[0]['signer'], settings?: unknown) =>
    createSignedDelivery({ kind: 'tool', signer }, plain, 'key', delivery, settings);
  const signer = { sign: async (...given: unknown[]) => ({ signed: JSON.stringify(given.slice(1)) }) };

  it('carries the body as it is, or as the vendor wraps it', async () => {
    const headers = { signed: '["key",{"id":"d","now":5},{"a":1}]' };
    expect(await sign(signer, { a: 1 })).toEqual({ body: plain, query: {}, headers });
    const wrapped = { body: new Uint8Array([2]), query: { token: 'x' } };
    const wraps = { ...signer, wrap: async () => wrapped };
    expect(await sign(wraps, { a: 1 })).toEqual({ ...wrapped, headers });
    expect(await sign(wraps)).toMatchObject({ body: plain, query: {} });
  });

  it('is refused where the vendor signs nothing', async () => {
    await expect(sign(undefined)).rejects.toMatchObject({
      code: 'config',
      message: 'deliveries of tool cannot be signed here',
    });
  });
});
