import { describe, expect, it } from 'vitest';
import { standardWebhooks } from '#adapters/surveys/standard-webhooks/definition.ts';
import { InvalidInputError } from '#domain/base/errors.ts';
import { toSurveyResponse } from '#domain/responses/response.ts';

const encoder = new TextEncoder();
const now = Date.UTC(2026, 10, 23, 8);

const settings = standardWebhooks.settings.parse({
  kind: 'standard-webhooks',
  secret: 'FEEDBACK_SECRET',
  response: {
    id: 'feedback.id',
    form: 'feedback.form',
    'submitted-at': 'feedback.at',
    'updated-at': 'feedback.changed',
    language: 'feedback.lang',
    link: 'feedback.link',
    answers: 'feedback.answers',
  },
  questions: { wish: 'wish', ease: 'q-2' },
  respondent: {
    key: 'hidden.feedback.customer.id',
    email: 'hidden.feedback.customer.mail',
    tier: 'hidden.plan',
  },
});

function parse(body: string | Uint8Array) {
  const bytes = typeof body === 'string' ? encoder.encode(body) : body;
  const parsed = standardWebhooks.parse({ body: bytes, headers: {}, receivedAt: now }, settings);
  if (parsed.kind !== 'response') throw new Error('not a response');
  return parsed.response;
}

const feedback = (facts: object) => JSON.stringify({ feedback: { id: 'fb-1', answers: {}, ...facts } });

describe('signed JSON', () => {
  it('is read where the settings say', () => {
    const body = JSON.stringify({
      plan: 'Gold',
      feedback: {
        id: 17,
        form: 'contact',
        at: '2026-11-20T10:00:00+01:00',
        changed: 1_795_000_000,
        lang: 'de',
        link: 'https://tool.example/17',
        customer: { id: 42, mail: 'Ines@Customer.Example' },
        answers: {
          wish: 'darker colours',
          'q-2': 3,
          ok: false,
          parts: ['a', 7],
          none: '',
          gone: null,
          deep: {},
        },
      },
    });
    const incoming = parse(body);
    expect(incoming).toMatchObject({
      responseId: '17',
      form: 'contact',
      submittedAt: Date.UTC(2026, 10, 20, 9),
      revision: 1_795_000_000_000 * 2 + 1,
      language: 'de',
      link: 'https://tool.example/17',
      partial: false,
    });
    const { customer, answers } = toSurveyResponse('feedback-form', settings, incoming);
    expect(customer).toMatchObject({ key: '42', email: 'Ines@customer.example', tier: 'gold' });
    expect(answers.map(({ alias, type, value, freeText }) => [alias, type, value, freeText])).toEqual([
      ['wish', 'text', 'darker colours', true],
      ['ease', 'number', 3, false],
      [null, 'yes-no', false, false],
      [null, 'choices', ['a', '7'], true],
    ]);
  });

  it('may list its answers', () => {
    const answers = [
      { id: 'wish', title: 'Your wish?', value: 'more' },
      { question: 'q-2', answer: 0 },
      { title: 'nameless', value: 1 },
      'no answer',
      null,
    ];
    expect(parse(feedback({ answers })).answers).toEqual([
      {
        question: { id: 'wish', names: [], title: 'Your wish?' },
        type: 'text',
        value: 'more',
        freeText: true,
      },
      { question: { id: 'q-2', names: [], title: 'q-2' }, type: 'number', value: 0, freeText: false },
      { question: { id: 'nameless', names: [], title: 'nameless' }, type: 'number', value: 1, freeText: false },
      { question: { id: 'answer-4', names: [], title: '' }, type: 'other', value: 'no answer', freeText: true },
    ]);
  });

  it('keeps every digit of ids beyond 2^53', () => {
    const ids = ['9007199254740992', '9007199254740993', '123456789012345678901234567890'];
    const read = ids.map((id) => parse(feedback({}).replace('"fb-1"', id)).responseId);
    expect(read).toEqual(ids);
    const customer = parse(feedback({ customer: { id: 'X' } }).replace('"X"', '9007199254740993'));
    expect(customer.hidden.get('feedback.customer.id')).toBe('9007199254740993');
  });

  it.each([
    [{ id: undefined }, 'response.id', 'feedback.id'],
    [{ id: null }, 'response.id', 'feedback.id'],
    [{ id: '' }, 'response.id', 'feedback.id'],
    [{ id: {} }, 'response.id', 'feedback.id'],
    [{ answers: undefined }, 'response.answers', 'feedback.answers'],
    [{ answers: 'x' }, 'response.answers', 'feedback.answers'],
  ])('with %j is set aside by the name of the setting', (facts, setting, path) => {
    let thrown: unknown;
    try {
      parse(feedback(facts));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidInputError);
    expect((thrown as InvalidInputError).message).toContain(path);
    expect((thrown as InvalidInputError).problems).toEqual([{ field: setting, message: `nothing usable at ${path}` }]);
  });

  it('without an id is one response with its equals, where the settings name no id (hostile 15)', () => {
    const { id: _, ...response } = settings.response;
    const idOf = (facts: object) => {
      const delivery = { body: encoder.encode(feedback(facts)), headers: {}, receivedAt: now };
      const parsed = standardWebhooks.parse(delivery, { ...settings, response });
      return parsed.kind === 'response' ? parsed.response.responseId : null;
    };
    expect(idOf({ answers: { ease: 2 } })).toMatch(/^[0-9a-f]{64}$/);
    expect(idOf({ answers: { ease: 2 } })).toBe(idOf({ answers: { ease: 2 } }));
    expect(idOf({ answers: { ease: 3 } })).not.toBe(idOf({ answers: { ease: 2 } }));
  });

  it('never follows names into a prototype', () => {
    const odd = { ...settings, response: { ...settings.response, id: 'constructor.name' } };
    const read = () => standardWebhooks.parse({ body: encoder.encode('{}'), headers: {}, receivedAt: now }, odd);
    expect(read).toThrow(/constructor\.name/);
    const { answers, hidden } = parse(
      '{"feedback":{"id":"1","answers":{"__proto__":"p","constructor":"c","toString":"t"}},"__proto__":{"polluted":"yes"}}',
    );
    expect(answers.map(({ question }) => question.id)).toEqual(['constructor', 'toString']);
    expect(hidden.get('polluted')).toBeUndefined();
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it('takes the last of two keys of one name', () => {
    expect(parse('{"feedback":{"id":"1","id":"2","answers":{}}}').responseId).toBe('2');
  });

  it('is read up to 64 levels deep', () => {
    const nested = (depth: number) => feedback({ deep: 'X' }).replace('"X"', '['.repeat(depth) + ']'.repeat(depth));
    expect(parse(nested(62)).responseId).toBe('fb-1');
    expect(() => parse(nested(63))).toThrow(/deeper than 64/);
    expect(() => parse(`${'['.repeat(400_000)}`)).toThrow(/deeper than 64/);
    for (const note of ['[[[{{{', '"[', '\\"[', '\\'])
      expect(parse(feedback({ note: note.repeat(400) })).responseId).toBe('fb-1');
  });

  it('is read up to 10 000 keys and 1000 answers', () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
    expect(parse(feedback({ more: many(9_996) })).responseId).toBe('fb-1');
    expect(() => parse(feedback({ more: many(9_997) }))).toThrow(/more than 10000 keys/);
    expect(parse(feedback({ answers: many(1000) })).answers).toHaveLength(1000);
    expect(() => parse(feedback({ answers: many(1001) }))).toThrow(/more than 1000 answers/);
  });

  it.each([
    ['no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), /not UTF-8/],
    ['a cut character', Uint8Array.of(0x22, 0xc3), /not UTF-8/],
    ['no JSON', encoder.encode('id=1&x=2'), /not JSON/],
    ['half of it', encoder.encode('{"feedback":'), /not JSON/],
    ['nothing', new Uint8Array(), /not JSON/],
    ['a text', encoder.encode('"x"'), /feedback\.id/],
    ['nobody', encoder.encode('null'), /feedback\.id/],
  ])('that is %s is set aside', (_, body, message) => {
    expect(() => parse(body)).toThrow(message);
    expect(() => parse(body)).toThrow(InvalidInputError);
  });

  it('with a byte order mark is read', () => {
    expect(parse(`\ufeff${feedback({})}`).responseId).toBe('fb-1');
  });

  it('without any time is the same however late its copy comes', () => {
    const at = (receivedAt: number) => {
      const parsed = standardWebhooks.parse({ body: encoder.encode(feedback({})), headers: {}, receivedAt }, settings);
      return parsed.kind === 'response' ? parsed.response.revision : 0;
    };
    expect(at(now + 86_400_000)).toBe(at(now));
  });

  it('takes no number without end', () => {
    expect(parse(feedback({ answers: { n: 'X' } }).replace('"X"', '1e400')).answers).not.toContainEqual(
      expect.objectContaining({ value: Number.POSITIVE_INFINITY }),
    );
  });
});
