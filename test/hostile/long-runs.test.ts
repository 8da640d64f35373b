import { expect, it } from 'vitest';
import { readSenderDomain } from '#adapters/sender.ts';
import { isWebhookSecret } from '#adapters/signature.ts';
import { toPlainText } from '#adapters/trackers/jira/text.ts';
import { isMailAddress } from '#domain/base/mail-address.ts';
import { readCommands } from '#domain/cases/command.ts';
import { reportedLists } from '#domain/reports/reported.ts';
import { guessRespondentFields } from '#domain/responses/guess-respondent.ts';
import { maskIdentifiers } from '#domain/text/mask-identifiers.ts';

/* Readers of strangers' texts that a long run of one sign once held up for minutes. */

const run = (sign: string) => sign.repeat(1_000_000);

it.each<[string, () => unknown, unknown]>([
  ['an address', () => isMailAddress(`a@${run('.')}@`), false],

  [
    'an answer',
    () =>
      guessRespondentFields({
        hidden: new Map(),
        answers: [
          { question: { id: 'q', title: '', names: [] }, type: 'text', value: `a@${run('.')} `, freeText: true },
        ],
      }),
    {},
  ],
  ['a password', () => maskIdentifiers(`password: ${run('.')}x`), 'password: ..[password]'],
  ['a link', () => maskIdentifiers(`https://a${run('.')}x`).length, 1_000_010],
  ['a command', () => readCommands(`/severity high${run('-')}.`).length, 1],
  ['a fence of code', () => readCommands(`${run('`')}x\``), []],
  ['a secret', () => isWebhookSecret(`whsec_${run('=')}x`), false],
  ['a sender', () => readSenderDomain(`${run('@')} `), 'caselite.invalid'],
  ['a number', () => reportedLists.outcomes.shape.value.safeParse(`${run('1')}!`).success, false],
  ['a comment', () => toPlainText({ type: 'doc', content: [{ type: 'text', text: `${run('\n')}a\n` }] }).at(-1), 'a'],
])('%s of one sign a million times is read at once', (_, read, expected) => {
  expect(read()).toEqual(expected);
});

it('the respondent is guessed among a thousand hidden fields in one short turn', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `data.thing${index}`);
  const hidden = new Map([...names, 'data.customer_id'].map((name) => [name, 'x']));
  const startedAt = performance.now();
  expect(guessRespondentFields({ hidden, answers: [] }, true)).toEqual({ key: 'hidden.data.customer_id' });
  expect(performance.now() - startedAt).toBeLessThan(200);
});
