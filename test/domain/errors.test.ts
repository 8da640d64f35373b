import { expect, it } from 'vitest';
import { AppError, describeProblems, IntegrationError, InvalidInputError } from '#domain/base/errors.ts';

const problems = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ field: `f${index}`, message: 'is wrong' }));

it('an invalid input holds fifty problems, and counts the others', () => {
  const { code, problems: shown, message } = new InvalidInputError('f0: is wrong', problems(1060));
  expect([code, message, shown.length]).toEqual(['invalid-input', 'f0: is wrong', 51]);
  expect(shown.slice(-2)).toEqual([
    { field: 'f49', message: 'is wrong' },
    { field: '…', message: 'and 1,010 more' },
  ]);
  expect(new InvalidInputError('', problems(50)).problems).toEqual(problems(50));
  expect(new InvalidInputError('none').problems).toEqual([]);
});

it('an invalid input echoes no more than a line of what was sent', () => {
  const long = `names nothing: ${'💥'.repeat(50_000)}`;
  const { message, problems: shown } = new InvalidInputError(`f: ${long}`, [{ field: 'f', message: long }]);
  expect([message.length <= 20_000, message.isWellFormed()]).toEqual([true, true]);
  expect([shown[0]?.message.length, shown[0]?.message.isWellFormed()]).toEqual([1000, true]);
});

it('problems read as lines, with the line of the file where there is one', () => {
  expect(describeProblems([...problems(1), { field: 'acme: words', message: 'is unknown', line: 3 }])).toBe(
    'f0: is wrong\nacme: words (line 3): is unknown',
  );
  expect(describeProblems(problems(52)).split('\n').slice(-2)).toEqual(['f49: is wrong', '…: and 2 more']);
});

it('a failed call says what failed, how, and which fields were refused', () => {
  const cause = new Error('reset');
  const fields = [
    { field: 'priority', why: 'unknown' },
    { field: 'summary', why: '' },
  ];
  const error = new IntegrationError('rejected', 'create issue', { status: 422, detail: 'not valid', fields, cause });
  expect(error.message).toBe('create issue: rejected: status 422: not valid: priority (unknown), summary');
  expect(error).toMatchObject({ name: 'IntegrationError', status: 422, fields, cause, code: 'rejected' });
  const bare = new IntegrationError('unknown', 'read issue');
  expect(bare.message).toBe('read issue: unknown');
  expect(bare).toMatchObject({ status: 0, fields: [], isPlaceClosed: false, retryAfterMs: null });
  expect('cause' in bare).toBe(false);
  expect(new AppError('conflict', 'no')).toMatchObject({ name: 'AppError', code: 'conflict', message: 'no' });
});
