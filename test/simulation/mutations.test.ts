import { describe, expect, it } from 'vitest';
import { applyEdit } from './mutate.ts';
import { mutations } from './mutations.ts';

describe('a mutation', () => {
  it.each(Object.entries(mutations))('%s still fits the code that it makes wrong', (_, { edits = [] }) => {
    for (const edit of edits) expect(applyEdit(edit)).toContain(edit.replace);
  });

  it('without its line names the file', () => {
    const edit = { file: 'src/domain/base/key.ts', find: 'no such line', replace: '' };
    expect(() => applyEdit(edit)).toThrow('does not stand exactly once in src/domain/base/key.ts');
  });
});
