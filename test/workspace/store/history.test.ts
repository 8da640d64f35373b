import { expect, it } from 'vitest';
import { listResponsesOfCustomerSince } from '#src/workspace/store/responses.ts';
import { Harness } from '#test/harness/harness.ts';

it('the history of a customer is the newest 500 responses, oldest first', async () => {
  const harness = new Harness();
  await harness.receive({ token: 'a', customer: 'k-1', ease: 9 });
  const [row] = harness.responses();
  harness.sql.run(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
     INSERT INTO responses (id, source, form, revision, submitted_at, received_at, customer_key, content)
     SELECT 'r_' || i, source, form, 1, submitted_at + i, received_at, customer_key,
       json_set(content, '$.submittedAt', submitted_at + i) FROM n, responses WHERE id = ?`,
    row?.id ?? '',
  );
  const first = row?.content.submittedAt ?? 0;
  const times = listResponsesOfCustomerSince(harness.sql, row?.customerKey ?? '', 0).map(
    (one) => one.submittedAt - first,
  );
  expect(times).toEqual(Array.from({ length: 500 }, (_, index) => index + 101));
});
