import { expect, it } from 'vitest';
import { queueNoticeMail } from '#src/workspace/mail/send-mail.ts';
import { countResponsesWithoutAnswer, countTotals } from '#src/workspace/store/index.ts';
import { Harness } from '#test/harness/harness.ts';
import { minute } from '#test/harness/times.ts';

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

it('however many responses leave a question out, the newest of the form alone are looked at', async () => {
  const harness = new Harness();
  for (let number = 0; number < 30; number += 1)
    await harness.receive({ token: `t-${number}`, customer: `k-${number}` });
  const asked = { source: 'upgrade-survey', form: 'upgrade', question: 'wish', at: 0 };
  expect([20, 100].map((most) => countResponsesWithoutAnswer(harness.sql, { ...asked, most }))).toEqual([20, 30]);
  await harness.receive({ token: 'wished', customer: 'wished', wish: 'A dark mode' });
  await harness.pass(minute);
  await harness.receive({ token: 'after', customer: 'after' });
  expect(countResponsesWithoutAnswer(harness.sql, { ...asked, most: 20 })).toBe(1);
});
