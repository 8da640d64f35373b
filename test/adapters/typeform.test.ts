import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import { InvalidInputError } from '#domain/base/errors.ts';
import { receivedAt, typeformSettings } from '#test/contracts/survey-fixtures.ts';

const folder = new URL('../fixtures/survey/typeform/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder));

const settings = typeform.settings.parse(typeformSettings);

function parse(body: Uint8Array) {
  const parsed = typeform.parse({ body, headers: {}, receivedAt }, settings);
  if (parsed.kind !== 'response') throw new Error('not a response');
  return parsed.response;
}

const json = (change: (form: Record<string, unknown>) => void) => {
  const delivery = JSON.parse(read('partial.json').toString()) as { form_response: Record<string, unknown> };
  change(delivery.form_response);
  return new TextEncoder().encode(JSON.stringify(delivery));
};

describe('a Typeform delivery', () => {
  it('that is finished comes after every part of it, whatever the order', () => {
    const [finished, partial] = ['every-answer-type', 'partial'].map((name) => parse(read(`${name}.json`)));
    expect(finished?.responseId).toBe(partial?.responseId);
    expect(finished?.revision).toBeGreaterThan(partial?.revision ?? Number.POSITIVE_INFINITY);
    const half = parse(
      json((form) => {
        form.submitted_at = '2026-11-20T09:15:30Z';
      }),
    );
    expect(finished?.revision).toBeGreaterThan(half.revision);
  });

  it('offers no link but to https', () => {
    const linked = (url: unknown) =>
      parse(
        json((form) => {
          form.response_url = url;
        }),
      ).link;
    expect(linked('https://admin.typeform.com/x')).toBe('https://admin.typeform.com/x');
    for (const url of ['javascript:alert(1)', 'http://admin.typeform.com', null]) expect(linked(url)).toBeNull();
  });

  it.each([
    ['token', undefined, 'form_response.token'],
    ['token', '', 'form_response.token'],
    ['token', 12, 'form_response.token'],
    ['form_id', undefined, 'form_response.form_id'],
    ['answers', 'none', 'form_response.answers'],
  ])('with %s = %j is set aside by the name of the field', (field, value, path) => {
    const body = json((form) => {
      form[field] = value;
    });
    let thrown: unknown;
    try {
      parse(body);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidInputError);
    expect((thrown as InvalidInputError).message).toContain(path);
    expect((thrown as InvalidInputError).problems[0]?.field).toBe(path);
  });

  it('with more than 1000 answers is set aside', () => {
    const answers = (count: number) =>
      json((form) => {
        form.answers = Array.from({ length: count }, () => ({
          type: 'number',
          number: 1,
          field: { id: 'a' },
        }));
      });
    expect(parse(answers(1000)).answers).toHaveLength(1000);
    expect(() => parse(answers(1001))).toThrow(/more than 1000 answers/);
  });

  it('may name hidden fields like parts of a prototype', () => {
    const text = JSON.stringify({
      event_type: 'form_response',
      form_response: { form_id: 'f', token: 't', hidden: { constructor: 'c', toString: 's' }, answers: [] },
    }).replace('"toString"', '"__proto__":"p","toString"');
    const { hidden } = parse(new TextEncoder().encode(text));
    expect([...hidden]).toEqual([
      ['constructor', 'c'],
      ['toString', 's'],
    ]);
  });

  it('without any time is the same however late its copy comes', () => {
    const body = json((form) => {
      delete form.submitted_at;
      delete form.landed_at;
    });
    const at = (when: number) => {
      const parsed = typeform.parse({ body, headers: {}, receivedAt: when }, settings);
      return parsed.kind === 'response' ? parsed.response.revision : 0;
    };
    expect(at(receivedAt + 86_400_000)).toBe(at(receivedAt));
  });
});
