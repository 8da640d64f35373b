import { describe, expect, it } from 'vitest';
import { takeApart } from '#src/cli/take-apart.ts';
import { WorkspaceFile } from '#src/wiring.ts';
import { readFixtures } from '#test/contracts/survey-fixtures.ts';
import { surveyRigs } from '#test/contracts/survey-rigs.ts';

const needMapping = new Set(['json', 'standard-webhooks']);
const readable = surveyRigs
  .filter(({ kind }) => !needMapping.has(kind))
  .flatMap(({ kind }) => readFixtures(kind).map((fixture) => ({ kind, ...fixture })))
  .filter(({ name, expected }) => !name.startsWith('api-') && !Object.hasOwn(expected as object, 'refused'));

describe('a delivery taken apart', () => {
  it.each(readable)('is known as $kind by its shape: $name', ({ kind, body }) => {
    expect(takeApart(body)?.kind).toBe(kind);
  });

  it.each(readable)('gives an entry that a workspace file takes: $kind $name', ({ body }) => {
    const entry = takeApart(body)?.entry;
    const read = WorkspaceFile.safeParse({ sources: { survey: entry } });
    expect(read.error?.issues.filter(({ path }) => path[0] === 'sources')).toEqual([]);
  });

  it('guesses who answered and what to call the questions', () => {
    const tally = readable.find(({ name }) => name === 'every-field-type');
    expect(takeApart(tally?.body ?? new Uint8Array())?.entry).toMatchObject({
      questions: { 'is-the-upgrade-complete': 'question_c1', 'how-easy-was-it': 'question_e3' },
      respondent: { key: 'hidden.customer_id', email: 'question_b3', tier: 'hidden.tier' },
    });
    const asknicely = readable.find(({ kind }) => kind === 'asknicely');
    expect(takeApart(asknicely?.body ?? new Uint8Array())?.entry.respondent).toMatchObject({
      key: 'hidden.person.id',
      email: 'hidden.person.email',
      name: 'hidden.person.name',
    });
  });

  it('of a file names the columns with times and ids, however times are written', () => {
    const entry = (text: string) => takeApart(new TextEncoder().encode(text))?.entry;
    expect(
      entry('Response ID,Date,email,Score\n1,11/24/2026 8:05 PM,a@b.example,9\n2,11/25/2026,,3\n'),
    ).toMatchObject({
      columns: { id: 'Response ID', 'submitted-at': 'Date' },
      dates: 'month-first',
      questions: { score: 'Score' },
      respondent: { email: 'hidden.email' },
    });
    expect(entry('Score;Zeit\n9;2026-11-24 08:00\n')).toMatchObject({ columns: { 'submitted-at': 'Zeit' } });
    expect(entry('Score,Words\n9,fine\n')).toBeUndefined();
  });

  it('is nothing that is known', () => {
    for (const text of ['', '{}', '[]', 'a=b', '--x', '{"id":1}'])
      expect(takeApart(new TextEncoder().encode(text))).toBeNull();
  });
});
