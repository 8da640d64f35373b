import { describe, expect, it } from 'vitest';
import { finishSteps } from '#domain/base/steps.ts';
import { decideHeld, holdStoredMatches, listHeldMatches } from '#src/workspace/intake/decide-held.ts';
import { responseIdsOfCase } from '#src/workspace/store/case-links.ts';
import { listResponses } from '#src/workspace/store/responses.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { second } from '#test/harness/times.ts';

const settings = (matches: string, added: (template: string) => string = () => '') =>
  acme(({ kind, name, text }) =>
    kind === 'workspace' ? text.replace(/^words: /m, `matches: ${matches}\nwords: `) : text + added(name),
  );
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

it.each([
  ['all', 1],
  ['first', 0],
])('stored responses with a case are held for another template where %s matches open one', async (matches, count) => {
  const harness = new Harness(settings(matches, (name) => (name === 'upgrade-hard-to-install' ? 'state: off\n' : '')));
  await harness.receive(both);
  harness.core.settings = settings(matches);
  expect(finishSteps(holdStoredMatches(harness.core, 'upgrade-hard-to-install', { days: 1, who: 'dana' }))).toEqual({
    held: count,
  });
});

describe('a held match, where only the first match counts', () => {
  const installation = 'upgrade-not-installed';
  const hard = 'upgrade-hard-to-install';
  const oneAnHour = (name: string) => (name === installation ? 'cases-per-hour: 1\n' : '');
  /** Templates whose cases the second response belongs to. */
  const templatesOfLate = (harness: Harness) => {
    const late = harness.responses()[1]?.id ?? '';
    const own = harness.cases().filter(({ id }) => responseIdsOfCase(harness.sql, id).includes(late));
    return own.map(({ template }) => template);
  };
  const late = { ...both, token: 'late', customer: 'late' };
  const held = async () => {
    const harness = new Harness(settings('first', oneAnHour));
    await harness.receive({ ...both, token: 'early', customer: 'early' }, late);
    return harness;
  };
  const open = async (harness: Harness, template: string) => {
    harness.sql.transaction(() => decideHeld(harness.core, template, { decision: 'open', who: 'dana' }));
    await harness.pass(second);
  };

  it('takes the response, so that only its own template opens a case', async () => {
    const harness = await held();
    expect(listHeldMatches(harness.core)).toMatchObject([{ template: installation, count: 1 }]);
    expect(templatesOfLate(harness)).toEqual([]);
    await open(harness, installation);
    expect(templatesOfLate(harness)).toEqual([installation]);
  });

  it('opens no second case of a response that another template took meanwhile', async () => {
    const harness = await held();
    await harness.receive({ ...late, completed: true, at: harness.now + second });
    expect(templatesOfLate(harness)).toEqual([hard]);
    await harness.receive({ ...late, at: harness.now + 2 * second });
    await open(harness, installation);
    expect(templatesOfLate(harness)).toEqual([hard]);
    expect(listHeldMatches(harness.core)).toEqual([]);
  });
});
