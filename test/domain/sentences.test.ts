import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { Condition } from '#domain/responses/condition.ts';
import { comparisons, readSentences, type Sentence, writeSentences } from '#domain/templates/sentences.ts';
import { CaseTemplateFile } from '#domain/templates/template.ts';
import { changeTemplateText, readTemplateForm, templateFields, writeField } from '#src/settings-parts.ts';

const folder = new URL('../../templates/cases/', import.meta.url);
const texts = readdirSync(folder).map((file): [string, string] => [file, readFileSync(new URL(file, folder), 'utf8')]);

/** What a browser posts of a template's form that nobody touched. */
function post(text: string): Map<string, string> {
  const { values, sentences } = readTemplateForm(text) ?? { values: {}, sentences: null };
  const rows = sentences?.rows ?? [];
  return new Map([
    ...templateFields.map((field): [string, string] => [field.name, writeField(field, values[field.name])]),
    ...(sentences ? ([['join', sentences.join]] as [string, string][]) : []),
    ...rows.flatMap(({ about, comparison, value }, index): [string, string][] => [
      [`about${index}`, about],
      [`comparison${index}`, comparison],
      [`value${index}`, value],
    ]),
  ]);
}

const change = (text: string, changes: Record<string, string>) => {
  const posted = new Map([...post(text), ...Object.entries(changes)]);
  return changeTemplateText(text, (name) => posted.get(name) ?? '');
};

describe('a condition as sentences', () => {
  it.each(texts)('leaves %s as it is where nobody changed anything', (_, text) => {
    expect(parse(change(text, {}))).toEqual(parse(text));
    expect(change(text, {}).replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
  });

  it('changes, adds and removes a test, and keeps the others with all their settings', () => {
    const when = {
      source: 's',
      all: [{ question: 'satisfaction', csat: 'dissatisfied', scale: 5 }, { tier: ['gold'] }],
    };
    const { rows = [] } = readSentences(when) ?? {};
    expect(rows).toEqual([
      { about: 'question satisfaction', comparison: 'csat', value: 'dissatisfied' },
      { about: 'tier', comparison: 'any-of', value: 'gold' },
    ]);
    const added = { about: 'question ease', comparison: '<=', value: '5' };
    expect(writeSentences(when, { join: 'any', rows: [rows[0] as Sentence, added] })).toEqual({
      source: 's',
      any: [
        { question: 'satisfaction', csat: 'dissatisfied', scale: 5 },
        { question: 'ease', '<=': 5 },
      ],
    });
  });

  it('is none without a sentence, so that the template takes every response', () => {
    expect(writeSentences({ source: 's' }, { join: 'all', rows: [] })).toEqual({ source: 's' });
    const [, text = ''] = texts.find(([file]) => file === 'product-wish.yaml') ?? [];
    const { rows = [] } = readTemplateForm(text)?.sentences ?? {};
    const cleared = change(text, Object.fromEntries(rows.map((_, index) => [`value${index}`, ''])));
    const { when } = CaseTemplateFile.parse(parse(cleared));
    expect([rows.length > 0, when.condition]).toEqual([true, null]);
  });

  it('keeps the scale of a changed test, and gives a new one the usual scale', () => {
    const when = { all: [{ question: 'sat', csat: 'dissatisfied', scale: 7 }] };
    const rows = ['neutral', 'satisfied'].map((value, index) => ({
      about: index === 0 ? 'question sat' : 'question help',
      comparison: 'csat',
      value,
    }));
    expect(writeSentences(when, { join: 'all', rows })).toEqual({
      all: [
        { question: 'sat', csat: 'neutral', scale: 7 },
        { question: 'help', csat: 'satisfied', scale: 5 },
      ],
    });
  });

  it('keeps digits that a number would change', () => {
    const rows = [{ about: 'question code', comparison: 'any-of', value: '007, 12345678901234567890, 7' }];
    expect(writeSentences({}, { join: 'all', rows })).toEqual({
      all: [{ question: 'code', 'any-of': ['007', '12345678901234567890', 7] }],
    });
    const no = [{ about: 'question code', comparison: 'answered', value: 'false' }];
    expect(writeSentences({}, { join: 'all', rows: no })).toEqual({ all: [{ question: 'code', answered: false }] });
  });

  it('leaves more tests than a form shows, and values with a comma, to the text', () => {
    const many = { any: Array.from({ length: 14 }, (_, index) => ({ question: `q${index}`, '<=': 3 })) };
    expect(readSentences(many)).toBeNull();
    const text = stringify({ name: 'Many', when: many });
    expect(parse(change(text, { name: 'More' }))).toEqual({ name: 'More', when: many });
    expect(readSentences({ all: [{ question: 'q', 'any-of': ['Price, contract', 'Other'] }] })).toBeNull();
  });

  it('says nothing of what it cannot say', () => {
    expect(readSentences({ not: { tier: 'gold' } })).toBeNull();
    expect(readSentences({ all: [{ any: [{ tier: 'gold' }] }] })).toBeNull();
    expect(readSentences({ all: [{ question: 'ease', '<=': 5, '>': 1 }] })).toBeNull();
    expect(readSentences({ source: [] })).toEqual({ join: 'all', rows: [] });
  });

  it.each<[string, object, Sentence[] | null]>([
    [
      'a test alone',
      { source: 's', customer: 'tier', is: 'gold' },
      [{ about: 'customer tier', comparison: 'is', value: 'gold' }],
    ],
    ['words', { words: ['slow', 'late'] }, [{ about: 'words', comparison: 'any-of', value: 'slow, late' }]],
    ['a yes', { question: 'q', answered: true }, [{ about: 'question q', comparison: 'answered', value: 'yes' }]],
    ['a no', { question: 'q', is: false }, [{ about: 'question q', comparison: 'is', value: 'no' }]],
    ['words beside another test', { words: 'slow', '<=': 5 }, null],
    ['lists side by side', { all: [{ tier: 'gold' }], any: [{ tier: 'gold' }] }, null],
    ['a test beside a list', { all: [{ tier: 'gold' }], question: 'q' }, null],
    ['a list that is none', { all: { tier: 'gold' } }, null],
    ['a word in place of a test', { all: ['gold'] }, null],
    ['nothing in place of a test', { all: [null] }, null],
    ['an empty test', { all: [{}] }, null],
    ['a test of nothing', { all: [{ question: 'q' }] }, null],
    ['an unknown beginning', { all: [{ colour: 'q', is: 'red' }] }, null],
    ['an unknown comparison', { all: [{ question: 'q', constructor: 'red' }] }, null],
  ])('reads %s', (_, when, rows) => {
    expect(readSentences(when as Record<string, unknown>)?.rows ?? null).toEqual(rows);
  });

  it('shows twelve tests', () => {
    const all = Array.from({ length: 12 }, () => ({ tier: 'gold' }));
    expect(readSentences({ all })?.rows).toHaveLength(12);
    expect(readSentences({ all: [...all, ...all] })).toBeNull();
  });

  it.each<[Sentence, object]>([
    [{ about: 'tier', comparison: 'any-of', value: 'gold, silver' }, { tier: ['gold', 'silver'] }],
    [
      { about: 'question two words', comparison: 'is', value: '7' },
      { question: 'two words', is: 7 },
    ],
    [
      { about: 'question q', comparison: 'matches', value: '7, a' },
      { question: 'q', matches: '7, a' },
    ],
    [
      { about: 'question q', comparison: 'contains', value: '7' },
      { question: 'q', contains: '7' },
    ],
    [
      { about: 'question q', comparison: 'answered', value: 'No' },
      { question: 'q', answered: false },
    ],
    [
      { about: 'question q', comparison: 'answered', value: 'yes' },
      { question: 'q', answered: true },
    ],
    [
      { about: 'question q', comparison: 'between', value: '1, 5' },
      { question: 'q', between: [1, 5] },
    ],
    [
      { about: 'question q', comparison: 'ces', value: 'hard' },
      { question: 'q', ces: 'hard', scale: 7 },
    ],
  ])('writes %j, in place of a condition that sentences cannot say as well', (row, test) => {
    const nested = { all: [{ any: [{ tier: 'gold' }] }] };
    for (const when of [{}, nested])
      expect(writeSentences(when, { join: 'all', rows: [row] })).toStrictEqual({ all: [test] });
  });

  it('keeps tests as they are written, and puts no other in the place of a new one', () => {
    const when = { all: [{ tier: 'gold' }, { question: 'q', is: true }] };
    const rows = readSentences(when)?.rows ?? [];
    const added = { about: 'words', comparison: 'any-of', value: 'slow' };
    expect(writeSentences(when, { join: 'all', rows: [added, ...rows] })).toEqual({
      all: [{ words: ['slow'] }, ...when.all],
    });
  });

  it('keeps a test alone with its scale, and gives it to no other comparison', () => {
    const when = { source: 's', question: 'sat', csat: 'dissatisfied', scale: 9 };
    const rows = readSentences(when)?.rows ?? [];
    const { source: _, ...alone } = when;
    expect(writeSentences(when, { join: 'all', rows })).toEqual({ source: 's', all: [alone] });
    const other = { about: 'question sat', comparison: 'ces', value: 'hard' };
    expect(writeSentences(when, { join: 'all', rows: [other] }).all).toEqual([
      { question: 'sat', ces: 'hard', scale: 7 },
    ]);
  });

  it('gives conditions that the engine takes, and the same sentences again', () => {
    const values: Record<string, fc.Arbitrary<string>> = {
      between: fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 5, max: 9 })).map((pair) => pair.join(', ')),
      answered: fc.constantFrom('yes', 'no'),
      nps: fc.constantFrom('detractor', 'passive', 'promoter'),
      'any-of': fc.constantFrom('Docs, Desk', '1, 2', 'Suite'),
      is: fc.constantFrom('yes', 'no', '3', 'Very hard'),
      contains: fc.constantFrom('too slow', '1, 2'),
    };
    const numeric = fc.constantFrom('5', '0', '7.5');
    const row = fc
      .constantFrom(...Object.keys(comparisons).filter((name) => !['csat', 'ces', 'matches'].includes(name)))
      .chain((comparison) =>
        fc.record({
          about: fc.constantFrom('question ease', 'question call-me'),
          comparison: fc.constant(comparison),
          value: values[comparison] ?? numeric,
        }),
      );
    fc.assert(
      fc.property(
        fc.constantFrom('all' as const, 'any' as const),
        fc.array(row, { minLength: 1, maxLength: 6 }),
        (join, rows) => {
          const when = writeSentences({}, { join, rows });
          expect(Condition.safeParse(when).success).toBe(true);
          expect(readSentences(when)).toEqual({ join, rows });
        },
      ),
    );
  });
});

describe('the form of a template', () => {
  const text = texts.find(([file]) => file === 'upgrade-not-installed.yaml')?.[1] ?? '';

  it('changes what was changed, and nothing else', () => {
    const changed = change(text, {
      'closure-goal': '2 days',
      state: 'off',
      value0: 'yes',
      about1: 'customer tier',
      comparison1: 'is',
      value1: 'gold',
    });
    expect(parse(changed)).toEqual({
      ...parse(text),
      'closure-goal': '2 days',
      state: 'off',
      when: {
        all: [
          { question: 'completed', is: 'yes' },
          { customer: 'tier', is: 'gold' },
        ],
      },
    });
    expect(changed).toMatch(/^# yaml-language-server/);
  });

  it('leaves out a setting whose field was emptied', () => {
    expect(parse(change(text, { 'follow-up': '' }))['follow-up']).toBeUndefined();
  });
});

it.each([
  { question: 'wish', is: '' },
  { question: 'wish', contains: ' no ' },
  { question: 'wish', matches: 'a\nb' },
])('a value that no line of a form holds is left to the text: %j', (test) => {
  expect(readSentences({ all: [test] })).toBeNull();
});
