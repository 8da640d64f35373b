import { expect, it } from 'vitest';
import { listResponses } from '#src/workspace/store/responses.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';

const settings = (matches: string) =>
  acme(({ kind, text }) => (kind === 'workspace' ? text.replace(/^words: /m, `matches: ${matches}\nwords: `) : text));
const both = { completed: false, ease: 2 };
const decisionsOf = ({ sql }: Harness) =>
  listResponses(sql, Number.MAX_SAFE_INTEGER, 9).flatMap(({ decisions }) => decisions);

it('a response opens a case by each template that it matches, as long as the workspace does not say otherwise', async () => {
  const harness = new Harness(settings('all'));
  await harness.receive(both);
  expect(harness.cases().map(({ kind }) => kind)).toEqual(['tactical', 'strategic']);
});

it('where only the first match counts, the other templates say which one opened the case', async () => {
  const harness = new Harness(settings('first'));
  await harness.receive(both);
  expect(harness.cases()).toHaveLength(1);
  const others = decisionsOf(harness).filter(({ opened }) => !opened);
  expect(others.map(({ why }) => why)).toContainEqual([
    expect.stringMatching(/^Only the first match opens a case here, by /),
  ]);
  await harness.receive({ ...both, wish: 'edited' });
  expect(harness.cases()).toHaveLength(1);
});
