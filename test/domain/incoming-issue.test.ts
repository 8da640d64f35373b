import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { survicate } from '#adapters/surveys/survicate/definition.ts';
import { joined } from '#domain/integrations/incoming-response.ts';
import type { IncomingResponse } from '#domain/integrations/survey-source.ts';
import { readFixtures } from '#test/contracts/survey-fixtures.ts';

const settings = survicate.settings.parse({ kind: 'survicate', secret: 'SURVICATE_TOKEN' });
const parts = readFixtures('survicate')
  .filter(({ expected }) => !Object.hasOwn(expected as object, 'refused'))
  .flatMap(({ delivery }): IncomingResponse[] => {
    const parsed = survicate.parse(delivery, settings);
    return parsed.kind === 'response' ? [parsed.response] : [];
  });

const state = (response: IncomingResponse) => ({
  partial: response.partial,
  submittedAt: response.submittedAt,
  answers: Object.fromEntries(response.answers.map(({ question, value }) => [question.id, value])),
  hidden: Object.fromEntries([...response.hidden].sort()),
});
const fold = (given: IncomingResponse[]): IncomingResponse =>
  given.slice(1).reduce(joined, given[0] as IncomingResponse);

describe('parts of one response', () => {
  it('make the same response in every order, with any of them twice', () => {
    expect(parts.length).toBeGreaterThan(8);
    const inOrder = parts.toSorted((a, b) => a.revision - b.revision);
    const whole = state(fold(inOrder));
    expect(whole.partial).toBe(false);
    expect(Object.keys(whole.answers).length).toBeGreaterThan(10);
    const any = fc
      .tuple(
        fc.shuffledSubarray(parts, { minLength: parts.length }),
        fc.array(fc.constantFrom(...parts), { maxLength: 4 }),
      )
      .chain(([all, again]) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }));
    fc.assert(
      fc.property(any, (given) => {
        expect(state(fold(given))).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it('count as later only when they tell something new', () => {
    const [first, second] = parts.toSorted((a, b) => b.revision - a.revision);
    if (!first || !second) throw new Error('two parts are wanted');
    const both = joined(first, second);
    expect(both.revision).toBeGreaterThan(first.revision);
    expect(joined(both, second).revision).toBe(both.revision);
    expect(joined(both, first).revision).toBe(both.revision);
  });

  it('let a newer answer to the same question win', () => {
    const [part] = parts.filter(({ answers }) => answers.length === 1);
    const [answer] = part?.answers ?? [];
    if (!part || !answer) throw new Error('a part with one answer is wanted');
    const changed = { ...part, revision: part.revision + 2000, answers: [{ ...answer, value: 'changed' }] };
    expect(joined(part, changed).answers).toEqual(changed.answers);
    expect(joined(changed, part).answers).toEqual(changed.answers);
    expect(joined(changed, part).revision).toBe(changed.revision);
  });
});
