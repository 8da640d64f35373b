import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';

const Inner = z.strictObject({ name: z.string(), 'closure-goal': z.number().optional() });
const schema = z.strictObject({
  text: z.string().min(1).max(3).optional(),
  count: z.int().min(2).max(5).optional(),
  flag: z.boolean().optional(),
  list: z.array(z.string()).min(1).max(2).optional(),
  pair: z.tuple([z.string(), z.string()]).optional(),
  inner: Inner.optional(),
  many: z.record(z.string().regex(/^[a-z]+$/, 'is no name'), Inner).optional(),
  kinds: z.partialRecord(z.enum(['red', 'green']), z.number()).optional(),
  choice: z.enum(['open', 'closed']).optional(),
  only: z.literal('yes').optional(),
  either: z.union([z.literal('all'), z.strictObject({ from: z.string(), until: z.string() })]).optional(),
  simple: z.union([z.string(), z.number()]).optional(),
  long: z.union([z.literal(0), z.string().min(3)]).optional(),
  nested: z.union([z.literal('x'), z.union([z.literal('y'), z.number()])]).optional(),
  items: z.array(Inner).default([]),
  later: z.lazy(() => Inner).optional(),
  maybe: Inner.nullable().optional(),
  piped: Inner.transform((value) => value).optional(),
  at: z.iso.datetime().optional(),
  preset: Inner.prefault({ name: 'x' }),
});

const findingsOf = (content: unknown, unknown?: string) =>
  (parseWithPlainFindings(schema, content, unknown).findings ?? []).map(
    ({ path, message }) => `${path.map(String).join('.')}: ${message}`,
  );

describe('findings in plain words', () => {
  it.each<[unknown, unknown[]]>([
    [{ text: 5 }, ['text: must be a text; write it in quotes']],
    [{ text: true }, ['text: must be a text; write it in quotes']],
    [{ text: {} }, ['text: must be a text']],
    [{ text: '' }, ['text: is empty']],
    [{ at: '2026-02-30T00:00:00Z' }, ['at: must be a time such as 2026-11-24T09:30:00Z']],
    [{ text: 'four' }, ['text: must be 3 characters or less']],
    [{ count: 'x' }, ['count: must be a number']],
    [{ count: 2.5 }, ['count: must be a whole number']],
    [{ count: 1 }, ['count: must be 2 or more']],
    [{ count: 6 }, ['count: must be 5 or less']],
    [{ flag: 1 }, ['flag: must be true or false']],
    [{ list: 'x' }, ['list: must be a list, such as [one, two]']],
    [{ list: [] }, ['list: is empty']],
    [{ list: ['a', 'b', 'c'] }, ['list: must be 2 entries or less']],
    [{ pair: 'x' }, ['pair: must be a list, such as [one, two]']],
    [{ inner: 'x' }, ['inner: must be a group of settings, such as { name: value }']],
    [{ many: 'x' }, ['many: must be a group of settings, such as { name: value }']],
    [{ inner: {} }, ['inner.name: is missing; it wants a text']],
    [{ many: { A: { name: 'x' } } }, ['many.A: is no name']],
    [{ many: { a: {} } }, ['many.a.name: is missing; it wants a text']],
    [{ choice: 'opne' }, ['choice: must be one of open, closed; did you mean open?']],
    [{ choice: 'x' }, ['choice: must be one of open, closed']],
    [{ choice: 5 }, ['choice: must be one of open, closed']],
    [{ only: 'no' }, ['only: must be yes']],
    [{ either: { from: 'a' } }, ['either.until: is missing; it wants a text']],
    [{ either: { from: 'a', until: 'b', x: 1 } }, ['either.x: is no setting here; there are from, until']],
    [{ either: 'x' }, ['either: must be all, or a group of settings, such as { name: value }']],
    [{ simple: true }, ['simple: must be a text, or a number']],
    [{ long: 'x' }, ['long: must be 3 characters or more']],
    [{ nested: true }, ['nested: must be x, or y, or a number']],
    [{ nope: 1 }, [expect.stringMatching(/^nope: is no setting here; there are text, count, .*, …$/)]],
    [{ txt: 1 }, ['txt: is no setting here; did you mean text?']],
    [{ items: [{ name: 'x', nam: 1 }] }, ['items.0.nam: is no setting here; did you mean name?']],
    [
      { many: { a: { name: 'x', 'closure-gaol': 1 } } },
      ['many.a.closure-gaol: is no setting here; did you mean closure-goal?'],
    ],
    [{ later: { name: 'x', nam: 1 } }, ['later.nam: is no setting here; did you mean name?']],
    [{ maybe: { name: 'x', nam: 1 } }, ['maybe.nam: is no setting here; did you mean name?']],
    [{ piped: { name: 'x', nam: 1 } }, ['piped.nam: is no setting here; did you mean name?']],
    [{ preset: { name: 'x', nam: 1 } }, ['preset.nam: is no setting here; did you mean name?']],
    [5, [': must be a group of settings, such as { name: value }']],
  ])('%j', (content, findings) => {
    expect(findingsOf(content)).toEqual(findings);
  });

  it('name what is unknown in the words of the caller, and suggest for the first fifty only', () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`txt${index}`.slice(0, 5), 1]));
    const findings = findingsOf({ ...many, inner: { name: 'x', y: 1 } }, 'is no field');
    expect(findings.every((finding) => finding.includes('is no field'))).toBe(true);
    const unknown = findings.filter((finding) => finding.startsWith('txt'));
    expect(unknown.map((finding) => finding.includes('; '))).toEqual(unknown.map((_, index) => index < 50));
  });

  it('are none for what is right', () => {
    expect(parseWithPlainFindings(schema, { text: 'abc' })).toEqual({
      value: { text: 'abc', items: [], preset: { name: 'x' } },
      findings: null,
    });
    expect(parseWithPlainFindings(schema, 5).value).toBeNull();
  });
});
