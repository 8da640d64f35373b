import { expect, it } from 'vitest';
import { queueNoticeMail } from '#src/workspace/mail/send-mail.ts';
import { countTotals } from '#src/workspace/store/index.ts';
import { Harness } from '#test/harness/harness.ts';

it('totals count what was delivered or queued again once', async () => {
  const harness = new Harness();
  const deliver = (token: string) => harness.receive({ token, customer: token });
  for (const token of ['a', 'a', 'a', 'b']) await deliver(token);
  const queue = (once: string) =>
    harness.sql.transaction(() =>
      queueNoticeMail(harness.core, {
        ...{ once: [once], person: 'dana', address: 'dana@acme.example', subject: once },
        content: { paragraphs: ['A text.'], button: null, footer: [] },
      }),
    );
  expect(['a', 'a', 'a', 'b'].map((once) => queue(once) !== null)).toEqual([true, false, false, true]);
  expect(countTotals(harness.sql)).toEqual({ responses: 2, cases: 0, mails: 2 });
});
