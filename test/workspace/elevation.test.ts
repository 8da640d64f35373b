import { describe, expect, it } from 'vitest';
import { elevateByHand, elevateByRules, elevationTargets } from '#src/workspace/cases/elevate.ts';
import { answerFollowUp } from '#src/workspace/loop/answer.ts';
import { strategicCase } from '#src/workspace/queries/strategic.ts';
import { timelineOf } from '#src/workspace/store/timeline.ts';
import { acme } from '#test/domain/samples.ts';
import { day, hour, Rig } from './rig.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';

const withRules = (acme: string, rules: string) =>
  acme
    .replace('every: 2 minutes', 'every: 1 day')
    .replace(/^elevations:\n(?: {2}.*\n)*/m, `elevations:\n${rules.trim().replace(/^/gm, '  ')}\n`);

/** Acme with rules, and with a strategic template that no response opens. */
const elevating = (rules: string, template = '') =>
  acme(({ name, text }) => {
    if (name === 'acme') return withRules(text, rules);
    return name === 'upgrade-hard-to-install'
      ? `${text.replace(/^when: .*/m, 'when: { source: [] }')}${template}`
      : text;
  });

const byCategory = elevating(
  '- { when: { category: Installation issues }, count: 3, within: 7 days, opens: upgrade-hard-to-install }',
);

const failed = (customer: string) => ({ token: `r-${customer}`, customer, completed: false });
const strategicOf = (rig: Rig) => rig.cases().filter(({ kind }) => kind === 'strategic');
const whatOf = (rig: Rig, id: string) => timelineOf(rig.sql, id).map(({ what }) => what);

async function elevated(): Promise<Rig> {
  const rig = new Rig(byCategory);
  for (const customer of ['a', 'b', 'c']) {
    await rig.receive(failed(customer));
    await rig.pass(day);
  }
  return rig;
}

describe('cases of one category', () => {
  it('open one strategic case with them behind it, once there are enough', async () => {
    const rig = new Rig(byCategory);
    await rig.receive(failed('a'), failed('b'));
    expect(strategicOf(rig)).toEqual([]);
    await rig.receive(failed('c'));
    const [strategic, ...more] = strategicOf(rig);
    expect(more).toEqual([]);
    const shape = strategicCase(rig.core, strategic?.id ?? '');
    expect(shape).toMatchObject({ customers: 3, revenueAtRisk: 3000, template: 'upgrade-hard-to-install' });
    expect(shape.linked.map(({ handle }) => handle)).toEqual(['C-1', 'C-2', 'C-3']);
    expect(strategic?.openedWhy).toEqual(['3 cases of category Installation issues within 7 days']);
    for (const { id } of rig.cases().filter(({ kind }) => kind === 'tactical')) {
      expect(whatOf(rig, id)).toContain('elevated');
    }
    expect(whatOf(rig, strategic?.id ?? '').filter((what) => what === 'case linked')).toHaveLength(3);
    expect(rig.trackers.product.issue().title).toContain('3 customers');
    expect(rig.trackers.support.issue(2).comments.map(({ text }) => text)).toEqual([
      expect.stringContaining('Part of a larger problem: this stands behind [C-4]'),
    ]);
  });

  it('join it while it is at work, each once', async () => {
    const rig = await elevated();
    await rig.receive(failed('d'), failed('d'));
    await rig.receive({ ...failed('a'), token: 'again' });
    const [strategic] = strategicOf(rig);
    expect(strategicOf(rig)).toHaveLength(1);
    const { linked, customers } = strategicCase(rig.core, strategic?.id ?? '');
    expect(linked).toHaveLength(4);
    expect(customers).toBe(4);
    const before = rig.outbox().length;
    rig.sql.transaction(() => {
      for (const { id } of rig.cases()) elevateByRules(rig.core, id, 'category');
    });
    expect(rig.outbox()).toHaveLength(before);
  });

  it('never open a second one: the next needs as many new cases', async () => {
    const rig = await elevated();
    const [strategic] = strategicOf(rig);
    rig.trackers.product.close(0);
    await rig.poll();
    await rig.pass(hour);
    await rig.receive(failed('d'), failed('e'));
    expect(rig.cases().find(({ id }) => id === strategic?.id)?.loop).toBe('resolved');
    await rig.receive(failed('f'));
    await rig.pass(0);
    expect(strategicOf(rig)).toHaveLength(1);
    expect(rig.cases().find(({ id }) => id === strategic?.id)).toMatchObject({
      loop: 'working',
      generation: 2,
    });
    expect(strategicCase(rig.core, strategic?.id ?? '').linked).toHaveLength(6);
  });

  it('are counted within their days only', async () => {
    const rig = new Rig(byCategory);
    for (const customer of ['a', 'b', 'c', 'd']) {
      await rig.receive(failed(customer));
      await rig.pass(4 * day);
    }
    expect(strategicOf(rig)).toEqual([]);
  });

  it('name the theme where the template gathers by one', async () => {
    const rig = new Rig(
      elevating(
        '- { when: { category: Installation issues }, count: 1, within: 7 days, opens: upgrade-hard-to-install }',
        'gather-by: { theme: customer.tier }\n',
      ),
    );
    await rig.receive(failed('a'));
    expect(strategicCase(rig.core, strategicOf(rig)[0]?.id ?? '').theme).toBe('Installation issues');
  });
});

it('links the issues by the tracker’s own links where all live in one', async () => {
  const rule =
    '- { when: { category: Installation issues }, count: 2, within: 7 days, opens: upgrade-hard-to-install }';
  const settings = acme(({ name, text }) => {
    if (name === 'acme') return withRules(text, rule);
    if (name !== 'upgrade-hard-to-install') return text;
    return text.replace(/^when: .*/m, 'when: { source: [] }').replace('tracker: product', 'tracker: support');
  });
  const rig = new Rig(settings);
  await rig.receive(failed('a'), failed('b'));
  await rig.pass(hour);
  const { issues } = rig.trackers.support;
  const [strategic] = strategicOf(rig);
  const linked = issues.flatMap(({ snapshot, links }) => links.map((other) => [snapshot.id, other].sort()));
  expect(linked).toHaveLength(2);
  for (const pair of linked) expect(pair).toContain(strategic?.issue?.id);
  expect(rig.trackers.support.count('link')).toBe(2);
});

describe('closers who give the same reason', () => {
  it.each([
    [
      'blocker',
      'policy',
      '- { when: { blocker: policy }, count: 2, within: 30 days, opens: upgrade-hard-to-install }',
    ],
    [
      'root-cause',
      'driver',
      '- { when: { root-cause: driver }, count: 2, within: 30 days, opens: upgrade-hard-to-install }',
    ],
  ])('elevate their cases by %s', async (question, value, rule) => {
    const rig = new Rig(
      acme(({ name, text }) => {
        if (name === 'acme')
          return withRules(text, rule).replace(
            'case-options:\n',
            'case-options:\n  root-causes: [driver, licence]\n',
          );
        if (name === 'closer' && !text.includes('id: root-cause'))
          return `${text}  - { id: root-cause, type: choice, label: Why did it happen? }\n`;
        return name === 'upgrade-hard-to-install' ? text.replace(/^when: .*/m, 'when: { source: [] }') : text;
      }),
    );
    await rig.receive(failed('a'), failed('b'));
    for (const index of [0, 1]) {
      rig.trackers.support.close(index, 'completed', sam);
      await rig.poll();
      const closer = rig.followUps(index).find(({ kind }) => kind === 'closer');
      const said = new Map([
        ['closed', 'unable'],
        [question, value],
      ]);
      expect(answerFollowUp(rig.core, closer?.id ?? '', said)).toEqual({ status: 'thanks' });
      expect(strategicOf(rig)).toHaveLength(index);
    }
  });
});

describe('a known gap', () => {
  it('is elevated where a rule says so', async () => {
    const rig = new Rig(
      elevating(
        '- { when: { verdict: known-gap }, count: 1, within: 30 days, opens: upgrade-hard-to-install }',
      ),
    );
    await rig.receive(failed('a'));
    rig.trackers.support.close(0, 'completed', sam);
    await rig.poll();
    await rig.pass(day + hour);
    const closer = rig.followUps().find(({ kind }) => kind === 'closer');
    answerFollowUp(rig.core, closer?.id ?? '', new Map([['closed', 'unable']]));
    expect(strategicOf(rig)).toEqual([]);
    answerFollowUp(rig.core, rig.customerFollowUp().id, new Map([['resolved', 'no']]));
    const [strategic] = strategicOf(rig);
    expect(strategicCase(rig.core, strategic?.id ?? '').linked).toMatchObject([
      { handle: 'C-1', loop: 'known-gap', why: 'verdict known gap' },
    ]);
  });
});

describe('a case manager', () => {
  const wish = { to: 'upgrade-hard-to-install', reason: 'the third this month', who: 'dana' };

  it('elevates a case by hand, and a second one to the same', async () => {
    const rig = new Rig(byCategory);
    await rig.receive(failed('a'), failed('b'));
    const first = rig.sql.transaction(() => elevateByHand(rig.core, rig.case(0).id, wish));
    const second = rig.sql.transaction(() => elevateByHand(rig.core, rig.case(1).id, { ...wish, to: 'C-3' }));
    expect(() => elevateByHand(rig.core, rig.case(1).id, { ...wish, to: 'c-3' })).toThrow(
      'C-2 stands behind C-3 already',
    );
    await rig.pass(0);
    expect(second.id).toBe(first.id);
    expect(strategicCase(rig.core, first.id).customers).toBe(2);
    expect(timelineOf(rig.sql, rig.case(0).id).at(-1)).toMatchObject({
      what: 'elevated',
      who: 'dana',
      why: 'stands behind C-3 now: the third this month',
    });
    expect(rig.trackers.support.text + rig.trackers.product.text).not.toContain('third this month');
    expect(elevationTargets(rig.core)[0]).toEqual({
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
    const rig = new Rig(byCategory);
    await rig.receive(failed('a'));
    expect(() => elevateByHand(rig.core, rig.case().id, { ...wish, ...change })).toThrow(message);
    expect(rig.cases()).toHaveLength(1);
  });
});

describe('a rule is refused', () => {
  it.each([
    ['{ category: Nonsense }', 'upgrade-hard-to-install', 'is not among case-options'],
    ['{ blocker: Nonsense }', 'upgrade-hard-to-install', 'is not among case-options'],
    ['{ category: Installation issues }', 'upgrade-not-installed', 'names no strategic case template'],
  ])('with %s that opens %s', (when, opens, message) => {
    expect(() => elevating(`- { when: ${when}, count: 2, within: 7 days, opens: ${opens} }`)).toThrow(
      message,
    );
  });
});
