import { expect, it } from 'vitest';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { listWords, readRisingTerms } from '#src/workspace/queries/words.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day } from '#test/harness/times.ts';

const said = (harness: Harness, ...customers: string[]) =>
  harness.receive(
    ...customers.map((customer) => ({
      token: `${customer}-${harness.now}`,
      customer,
      completed: true,
      ease: 9,
      wish: 'A dark theme',
    })),
  );
const terms = (harness: Harness) => readRisingTerms(harness.core, {}).terms;
const words = (harness: Harness, query = {}) =>
  listWords(harness.core, { cursor: null, limit: 50, ...query }).items.map(({ response }) => response.customer.key);

it('an erasure takes the words of a person from the list and from the counts', async () => {
  const harness = new Harness(slowAcme());
  await said(harness, 'k-1', 'k-2', 'k-3');
  expect(terms(harness)).toEqual([{ term: 'dark theme', now: 3, before: 0 }]);
  harness.sql.transaction(() => erasePerson(harness.core, 'k-2', 'dana'));
  expect(terms(harness)).toEqual([]);
  expect(words(harness).toSorted()).toEqual(['k-1', 'k-3']);
});

it('a term rises over the period before, and both periods move with the days', async () => {
  const harness = new Harness(slowAcme());
  await said(harness, 'k-1');
  await harness.pass(31 * day);
  await said(harness, 'k-2', 'k-3', 'k-4');
  expect(terms(harness)).toEqual([]);
  await harness.receive({ token: 'other', customer: 'k-5', completed: true, ease: 9, wish: 'Nothing, thanks' });
  await harness.pass(30 * day);
  await said(harness, 'k-6', 'k-7', 'k-8', 'k-9');
  expect(terms(harness)).toEqual([{ term: 'dark theme', now: 4, before: 3 }]);
  expect(words(harness, { term: 'dark theme', search: 'theme' })).toHaveLength(8);
});
