import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { Condition } from '#domain/responses/condition.ts';
import { findPatternProblem, matchesPattern } from '#domain/responses/operators.ts';
import { computeReadable, evaluate, matchesTemplate } from '#domain/templates/template.ts';
import { acme, answer, response } from '#test/domain/samples.ts';

/** Steps times characters that a pattern may take, of about 50 ns each. */
const mostWork = 1_000_000;
const stepsOf = (pattern: string) => RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE).programSize();

describe('a pattern (security 2, hostile 19)', () => {
  it('is refused when it is so large that a text of 2,000 characters would take more than 50 ms', () => {
    for (const pattern of ['([\\pL\\pN]{1,1000})!', '(\\w+\\s){0,100}refund', '(a?){200}a{200}']) {
      expect(stepsOf(pattern)).toBeGreaterThan(500);
      expect(findPatternProblem(pattern)).toMatch(/is too large \(\d+ steps of at most 500\): repeat less/);
    }
    for (const pattern of ['([\\pL\\pN]{1,200})!', '(\\w+\\s){0,50}refund', Array(60).fill('refunds').join('|')])
      expect(findPatternProblem(pattern)).toBeNull();
  });

  it('never reads more of a text than its size allows: the worst accepted one takes 1,000,000 steps', () => {
    for (const pattern of ['([\\pL\\pN]{1,247})!', '(\\w+\\s){0,50}refund!', 'a{20}!', 'cancel!']) {
      const steps = stepsOf(pattern);
      const read = Math.floor(mostWork / steps);
      expect(findPatternProblem(pattern)).toBeNull();
      expect(read).toBeGreaterThanOrEqual(2000);
      const [, end = ''] = /(\w{6})!$/.exec(pattern) ?? [];
      const ending = `${end || 'a'.repeat(20)}!`;
      const at = (length: number) => `${'. '.repeat(read).slice(0, length - ending.length)}${ending}`;
      expect([matchesPattern(pattern, at(read)), matchesPattern(pattern, at(read + 1))], pattern).toEqual([
        true,
        false,
      ]);
    }
  });

  it('of 500 steps is the largest', () => {
    const most = Array.from({ length: 500 }, (_, index) => 'a'.repeat(index + 1)).find((each) => stepsOf(each) === 500);
    expect(findPatternProblem(most ?? '')).toBeNull();
    expect(findPatternProblem(`${most}a`)).toContain('501 steps of at most 500');
  });

  it('that cannot be read is told on one short line', () => {
    const problem = findPatternProblem(`(a\n\n b${'c'.repeat(300)}`) ?? '';
    expect(problem).toContain('(a b');
    expect(problem.length).toBeLessThan(300);
  });

  it('reads no more where invisible characters go or letters become several', () => {
    expect(matchesPattern('x', `${'\u200b'.repeat(5)}x`, 5)).toBe(false);
    expect([8, 7].map((readable) => matchesPattern('الله', 'ﷺ', readable))).toEqual([true, false]);
  });

  it('of plain words reads a whole answer of 64 kB', () => {
    expect(matchesPattern('cancel', `${'A fair and long complaint. '.repeat(2400)}I cancel.`)).toBe(true);
  });
});

describe('the patterns of one template, and of one response (security 2)', () => {
  const large = '([\\pL\\pN]{1,247})!';
  const asks = (pattern: string) => ({ question: 'story', matches: pattern });
  const templateOf = (condition: object) => {
    const template = acme().templates.get('upgrade-not-installed');
    if (!template) throw new Error('no template');
    return { ...template, when: { ...template.when, condition: Condition.parse(condition) } };
  };
  const template = templateOf({ any: [asks(large), asks(`${large}x`)] });
  const steps = stepsOf(large) + stepsOf(`${large}x`);
  /** A response in which only the last of so many characters matches. */
  const story = (length: number) =>
    response([answer('story', `${'. '.repeat(length).slice(0, length - 2)}a!`, { freeText: true })]);
  const reads = (by: typeof template, length: number, context = {}) => {
    const { matched } = evaluate(by, story(length), { earlier: [], ...context });
    expect(matchesTemplate(by, story(length), { earlier: [], ...context })).toBe(matched);
    return matched;
  };

  it('share 1,000,000 steps times characters: with two of the largest, each reads half', () => {
    const most = Math.floor(mostWork / steps);
    expect([reads(template, most), reads(template, most + 1)]).toEqual([true, false]);
  });

  it('read less of each where they look at earlier responses too', () => {
    const repeat = templateOf({ repeat: { ...asks('([a!]{1,90})!'), times: 2, within: '30 days' } });
    const earlier = Array.from({ length: 100 }, (_, index) => ({ ...story(40), responseId: `e-${index}` }));
    const most = Math.floor(mostWork / (stepsOf('([a!]{1,90})!') * 102));
    expect([reads(repeat, most, { earlier }), reads(repeat, most + 1, { earlier })]).toEqual([true, false]);
  });

  it('read as much of a response whatever others read of earlier ones', () => {
    const simple = templateOf(asks('refund|chargeback'));
    const repeat = templateOf({ repeat: { ...asks('slow|late|gone'), times: 2, within: '30 days' } });
    const few = computeReadable([simple, repeat], 0);
    const many = computeReadable([simple, repeat], 500);
    expect(many.readable).toBe(few.readable);
    expect(many.readable).toBeGreaterThan(2000);
    expect(many.readableEarlier).toBeLessThan(few.readableEarlier);
  });

  const acmeWith = (...patterns: string[]) =>
    acme(({ name, text }) => {
      const any = JSON.stringify(patterns.map((matches) => ({ question: 'wish', matches })));
      return name === 'upgrade-not-installed'
        ? text.replace(/^when: (\{ source: [^,]*, ).*$/m, (_, source) => `when: ${source}any: ${any} }`)
        : text;
    });

  it('are refused at push when they are too large together, with field and remedy', () => {
    expect(() => acmeWith(large, large, large)).toThrow(
      /upgrade-not-installed: when .*: has patterns that are too large together \(1494 steps of at most 1000\): repeat less/,
    );
  });

  it('of all templates share four times as much, so that a response takes 200 ms at most', () => {
    expect(computeReadable(Array(4).fill(template), 0).readable).toBe(Math.floor(mostWork / steps));
    const { readable } = computeReadable(Array(12).fill(template), 0);
    expect(readable).toBe(Math.floor((4 * mostWork) / (12 * steps)));
    expect([reads(template, readable, { readable }), reads(template, readable + 1, { readable })]).toEqual([
      true,
      false,
    ]);
    expect(computeReadable(acmeWith(large, large).templates.values(), 0).readable).toBe(
      Math.floor(mostWork / (2 * stepsOf(large))),
    );
  });
});
