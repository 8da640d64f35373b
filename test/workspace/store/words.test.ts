import { expect, it } from 'vitest';
import { listWords } from '#src/workspace/queries/words.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';

const words = (harness: Harness, query = {}) =>
  listWords(harness.core, { cursor: null, limit: 50, ...query }).items.map(({ response }) => response.customer.key);

it('all answers behind a strategic case are read by its members, also where they are many', async () => {
  const harness = new Harness(slowAcme());
  const hard = (customer: string) => ({ token: customer, customer, completed: true, ease: 2, wish: 'A dark theme' });
  await harness.receive(hard('k-1'), hard('k-2'), { ...hard('k-3'), ease: 9 }, { ...hard('k-4'), wish: '' });
  const caseId = harness.cases().find(({ kind }) => kind === 'strategic')?.id ?? '';
  expect(caseId).not.toBe('');
  expect(words(harness, { case: caseId }).toSorted()).toEqual(['k-1', 'k-2']);
  const row = harness.responses().find(({ customerKey }) => customerKey === 'k-1');
  const numbers = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)';
  harness.sql.run(
    `${numbers} INSERT INTO responses (id, source, form, revision, submitted_at, received_at, customer_key, content, words)
     SELECT 'r_' || i, source, form, 1, submitted_at, received_at, 'many-' || i, content, words FROM n, responses WHERE id = ?`,
    row?.id ?? '',
  );
  harness.sql.run(
    `INSERT INTO case_responses (case_id, response_id, customer_key, at)
     SELECT ?, id, customer_key, 1 FROM responses WHERE customer_key LIKE 'many-%'`,
    caseId,
  );
  const all: string[] = [];
  let cursor: string | null = null;
  do {
    const page = listWords(harness.core, { case: caseId, limit: 200, cursor });
    all.push(...page.items.map(({ response }) => response.id));
    cursor = page.next;
  } while (cursor);
  expect(new Set(all).size).toBe(1003);
  expect(all).toHaveLength(1003);
});
