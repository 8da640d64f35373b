import { describe, expect, it } from 'vitest';
import { elevateByHand, elevateByRules, listElevationTargets } from '#src/workspace/cases/elevate.ts';
import { actOnCase } from '#src/workspace/issues/act-on-case.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { readCaseLinks, readStrategicCaseJson } from '#src/workspace/queries/strategic.ts';
import { listTimelineEntries } from '#src/workspace/store/cases.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour } from '#test/harness/times.ts';

type SettingsChange = NonNullable<Parameters<typeof acme>[0]>;

const sam = '5b10ac8d82e05b22cc7d4ef2';

/** Acme polled once a day, with cases gathered by a strategic template that no response opens. */
const elevating = (rules: string, theme = '', change: SettingsChange = ({ text }) => text) =>
  acme(({ kind, name, text }) => {
    if (kind === 'workspace') return change({ kind, name, text: text.replace('every: 2 minutes', 'every: 1 day') });
    if (name !== 'upgrade-hard-to-install') return change({ kind, name, text });
    const taking = text.replace(/^when: .*/m, 'when: { source: [] }');
    return change({ kind, name, text: taking.replace(/^gather: .*/m, `gather: { ${theme}cases: [{ ${rules} }] }`) });
  });

const byCategory = elevating('category: Installation issues, count: 3, within: 7 days');

const failed = (customer: string) => ({ token: `r-${customer}`, customer, completed: false });
const strategicOf = (harness: Harness) => harness.cases().filter(({ kind }) => kind === 'strategic');
const whatOf = (harness: Harness, id: string) => listTimelineEntries(harness.sql, id).map(({ what }) => what);

async function elevated(): Promise<Harness> {
  const harness = new Harness(byCategory);
  for (const customer of ['a', 'b', 'c']) {
    await harness.receive(failed(customer));
    await harness.pass(day);
  }
  return harness;
}

describe('cases of one category', () => {
  it('open one strategic case with links to them, once there are enough', async () => {
    const harness = new Harness(byCategory);
    await harness.receive(failed('a'), failed('b'));
    expect(strategicOf(harness)).toEqual([]);
    await harness.receive(failed('c'));
    const [strategic, ...more] = strategicOf(harness);
    expect(more).toEqual([]);
    const schema = readStrategicCaseJson(harness.core, strategic?.id ?? '');
    expect(schema).toMatchObject({ customers: 3, revenueAtRisk: 3000, template: 'upgrade-hard-to-install' });
    expect(readCaseLinks(harness.core, strategic?.id ?? '').links.map(({ handle }) => handle)).toEqual([
      'C-1',
      'C-2',
      'C-3',
    ]);
    expect(strategic?.openedWhy).toEqual(['3 cases of category Installation issues within 7 days']);
    for (const { id } of harness.cases().filter(({ kind }) => kind === 'tactical')) {
      expect(whatOf(harness, id)).toContain('elevated');
    }
    expect(whatOf(harness, strategic?.id ?? '').filter((what) => what === 'case linked')).toHaveLength(3);
    expect(harness.trackers.product.issue().title).toContain('3 customers');
    expect(harness.trackers.support.issue(2).comments.map(({ text }) => text)).toEqual([
      expect.stringContaining('Part of a larger problem: linked to [C-4]'),
    ]);
  });

  it('join it while it is at work, each once', async () => {
    const harness = await elevated();
    await harness.receive(failed('d'), failed('d'));
    await harness.receive({ ...failed('a'), token: 'again' });
    const [strategic] = strategicOf(harness);
    expect(strategicOf(harness)).toHaveLength(1);
    const { customers } = readStrategicCaseJson(harness.core, strategic?.id ?? '');
    expect(readCaseLinks(harness.core, strategic?.id ?? '').links).toHaveLength(4);
    expect(customers).toBe(4);
    const before = harness.outbox().length;
    harness.sql.transaction(() => {
      for (const { id } of harness.cases()) elevateByRules(harness.core, id, 'category');
    });
    expect(harness.outbox()).toHaveLength(before);
  });

  it('never open a second one: the next needs as many new cases', async () => {
    const harness = await elevated();
    const [strategic] = strategicOf(harness);
    harness.trackers.product.close(0);
    await harness.poll();
    await harness.pass(hour);
    await harness.receive(failed('d'), failed('e'));
    expect(harness.cases().find(({ id }) => id === strategic?.id)?.loop).toBe('resolved');
    await harness.receive(failed('f'));
    await harness.pass(0);
    expect(strategicOf(harness)).toHaveLength(1);
    expect(harness.cases().find(({ id }) => id === strategic?.id)).toMatchObject({
      loop: 'working',
      generation: 2,
    });
    expect(readCaseLinks(harness.core, strategic?.id ?? '').links).toHaveLength(6);
  });

  it('are counted within their days only', async () => {
    const harness = new Harness(byCategory);
    for (const customer of ['a', 'b', 'c', 'd']) {
      await harness.receive(failed(customer));
      await harness.pass(4 * day);
    }
    expect(strategicOf(harness)).toEqual([]);
  });

  it('name the theme where the template gathers by one', async () => {
    const harness = new Harness(
      elevating('category: Installation issues, count: 1, within: 7 days', 'theme: customer.tier, '),
    );
    await harness.receive(failed('a'));
    expect(readStrategicCaseJson(harness.core, strategicOf(harness)[0]?.id ?? '').theme).toBe('Installation issues');
  });
});

it('links the issues by the tracker’s own links where all live in one', async () => {
  const rule = 'category: Installation issues, count: 2, within: 7 days';
  const settings = elevating(rule, '', ({ name, text }) =>
    name === 'upgrade-hard-to-install' ? text.replace('tracker: product', 'tracker: support') : text,
  );
  const harness = new Harness(settings);
  await harness.receive(failed('a'), failed('b'));
  await harness.pass(hour);
  const { issues } = harness.trackers.support;
  const [strategic] = strategicOf(harness);
  const linked = issues.flatMap(({ snapshot, links }) => links.map((other) => [snapshot.id, other].sort()));
  expect(linked).toHaveLength(2);
  for (const pair of linked) expect(pair).toContain(strategic?.issue?.id);
  expect(harness.trackers.support.count('link')).toBe(2);
});

describe('closers who give the same reason', () => {
  it.each([
    ['blocker', 'policy', 'blocker: policy, count: 2, within: 30 days'],
    ['root-cause', 'driver', 'root-cause: driver, count: 2, within: 30 days'],
  ])('elevate their cases by %s', async (question, value, rule) => {
    const harness = new Harness(
      elevating(rule, '', ({ name, text }) => {
        if (name === 'acme')
          return text.replace('case-options:\n', 'case-options:\n  root-causes: [driver, licence]\n');
        return name === 'closer' && !text.includes('id: root-cause')
          ? `${text}  - { id: root-cause, type: choice, label: Why did it happen? }\n`
          : text;
      }),
    );
    await harness.receive(failed('a'), failed('b'));
    for (const index of [0, 1]) {
      harness.trackers.support.close(index, 'completed', sam);
      await harness.poll();
      const closer = harness.followUps(index).find(({ kind }) => kind === 'closer');
      const said = new Map([
        ['closed', 'unable'],
        [question, value],
      ]);
      expect(answerAsk(harness.core, closer?.id ?? '', said)).toEqual({ status: 'thanks' });
      expect(strategicOf(harness)).toHaveLength(index);
    }
  });
});

describe('a person who changes', () => {
  const byPerson = (harness: Harness, index: number, action: 'category' | 'root-cause', value: string) => {
    const none = { because: null, rootCause: null, whatChanged: null, mention: [], once: null };
    const input = { ...none, action, value, who: 'dana' };
    harness.sql.transaction(() => actOnCase(harness.core, harness.case(index).id, input));
  };

  it.each([
    ['category', 'Ease of installation', 'category: Ease of installation, count: 2, within: 7 days'],
    ['root-cause', 'driver', 'root-cause: driver, count: 2, within: 7 days'],
  ] as const)('the %s elevates the cases at the last one', async (action, value, rule) => {
    const harness = new Harness(
      elevating(rule, '', ({ name, text }) =>
        name === 'acme' ? text.replace('case-options:\n', 'case-options:\n  root-causes: [driver, licence]\n') : text,
      ),
    );
    await harness.receive(failed('a'), failed('b'));
    byPerson(harness, 0, action, value);
    expect(strategicOf(harness)).toEqual([]);
    byPerson(harness, 1, action, value);
    const [strategic] = strategicOf(harness);
    expect(readStrategicCaseJson(harness.core, strategic?.id ?? '').customers).toBe(2);
  });
});

describe('a known gap', () => {
  it('is elevated by a rule', async () => {
    const harness = new Harness(elevating('verdict: known-gap, count: 1, within: 30 days'));
    await harness.receive(failed('a'));
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    await harness.pass(day + hour);
    const closer = harness.followUps().find(({ kind }) => kind === 'closer');
    answerAsk(harness.core, closer?.id ?? '', new Map([['closed', 'unable']]));
    expect(strategicOf(harness)).toEqual([]);
    answerAsk(harness.core, harness.customerFollowUp().id, new Map([['resolved', 'no']]));
    const [strategic] = strategicOf(harness);
    expect(readCaseLinks(harness.core, strategic?.id ?? '').links).toMatchObject([
      { handle: 'C-1', loop: 'known-gap', why: 'verdict known gap' },
    ]);
  });
});

describe('a case manager', () => {
  const wish = { to: 'upgrade-hard-to-install', reason: 'the third this month', who: 'dana' };

  it('elevates a case by hand, and a second one to the same', async () => {
    const harness = new Harness(byCategory);
    await harness.receive(failed('a'), failed('b'));
    const first = harness.sql.transaction(() => elevateByHand(harness.core, harness.case(0).id, wish));
    const second = harness.sql.transaction(() =>
      elevateByHand(harness.core, harness.case(1).id, { ...wish, to: 'C-3' }),
    );
    expect(() => elevateByHand(harness.core, harness.case(1).id, { ...wish, to: 'c-3' })).toThrow(
      'C-2 is linked to C-3 already',
    );
    await harness.pass(0);
    expect(second.id).toBe(first.id);
    expect(readStrategicCaseJson(harness.core, first.id).customers).toBe(2);
    expect(listTimelineEntries(harness.sql, harness.case(0).id).at(-1)).toMatchObject({
      what: 'elevated',
      who: 'dana',
      why: 'linked to C-3: the third this month',
    });
    expect(harness.trackers.support.text + harness.trackers.product.text).not.toContain('third this month');
    expect(listElevationTargets(harness.core)[0]).toEqual({
      to: first.id,
      text: 'C-3 Upgrade hard to install',
      takesTheme: false,
    });
  });

  it.each([
    ['a member', { who: 'sam' }, 'Only a case manager'],
    ['no reason', { reason: ' ' }, 'reason: is empty'],
    ['a tactical template', { to: 'upgrade-not-installed' }, 'to: names no strategic case'],
  ])('is asked for more: %s', async (_, change, message) => {
    const harness = new Harness(byCategory);
    await harness.receive(failed('a'));
    expect(() => elevateByHand(harness.core, harness.case().id, { ...wish, ...change })).toThrow(message);
    expect(harness.cases()).toHaveLength(1);
  });
});

describe('a rule is refused', () => {
  it.each([
    ['category: Nonsense', '', 'is not among case-options'],
    ['blocker: Nonsense', '', 'is not among case-options'],
    ['category: Installation issues', 'kind: tactical', 'belongs to a strategic template'],
  ])('with %s %s', (named, kind, message) => {
    const change: SettingsChange = ({ text }) => (kind ? text.replace('kind: strategic', kind) : text);
    expect(() => elevating(`${named}, count: 2, within: 7 days`, '', change)).toThrow(message);
  });
});
