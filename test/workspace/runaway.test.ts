import { describe, expect, it } from 'vitest';
import { decideHeld, listHeldMatches } from '#src/workspace/intake/decide-held.ts';
import { replay } from '#src/workspace/intake/operator-actions.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import type { SampleResponse } from '#test/harness/sample-response.ts';
import { day, hour, minute, second } from '#test/harness/times.ts';

const template = 'upgrade-not-installed';
/** Most cases of an hour in these tests; 50 by default. */
const most = 5;

/** Alerts of as many customers, from a number on. */
const alerts = (count: number, from = 0): SampleResponse[] =>
  Array.from({ length: count }, (_, index) => {
    const customer = `k-${from + index}`;
    return { token: `r-${from + index}`, customer, completed: false, ease: 9 };
  });

const decide = (harness: Harness, decision: 'open' | 'drop') =>
  harness.sql.transaction(() => decideHeld(harness.core, template, { decision, who: 'dana' }));

/** The storm also elevates a strategic case. */
const tactical = (harness: Harness) => harness.cases().filter(({ kind }) => kind === 'tactical');

const lastReason = (harness: Harness, index: number) =>
  harness.responses()[index]?.decisions.find((decision) => decision.template === template);

const fewCases = () =>
  acme(({ name, text }) => {
    if (name === 'acme') return text.replace('every: 2 minutes', 'every: 1 day');
    return name === template ? `${text}cases-per-hour: ${most}\n` : text;
  });

/** A storm of eight alerts, of which three are held. */
async function storm(harness = new Harness(fewCases())): Promise<Harness> {
  await harness.receive(...alerts(8));
  return harness;
}

describe('a runaway template (issue 13, item 5)', () => {
  it('opens 50 cases an hour, holds the rest, and stores every response', async () => {
    const harness = new Harness();
    await harness.receive(...alerts(60));
    expect(tactical(harness)).toHaveLength(50);
    expect(harness.responses()).toHaveLength(60);
    expect(listHeldMatches(harness.core)).toMatchObject([{ template, title: 'Upgrade not installed', count: 10 }]);
    expect(lastReason(harness, 55)).toMatchObject({ opened: false });
    expect(lastReason(harness, 55)?.why.at(-1)).toContain(
      'held: the template opened as many cases as it may within an hour',
    );
    // An hour later there is room again, and nothing that was held opens by itself.
    await harness.pass(hour + minute);
    await harness.receive(...alerts(1, 100));
    expect(tactical(harness)).toHaveLength(51);
    expect(listHeldMatches(harness.core)).toMatchObject([{ count: 10 }]);
  });

  it('asks the case managers once with the number, and again each day until they decide', async () => {
    const harness = await storm();
    const asked = () => harness.mail.accepted.filter(({ subject }) => subject.startsWith('Decide: '));
    await harness.pass(minute);
    expect(asked().map(({ to, subject }) => [to, subject])).toEqual([
      ['dana@acme.example', 'Decide: 3 matches of Upgrade not installed held'],
    ]);
    await harness.receive(...alerts(2, 200));
    await harness.pass(10 * minute);
    expect(asked()).toHaveLength(1);
    await harness.pass(day);
    expect(asked()).toHaveLength(2);
    expect(asked()[1]?.subject).toContain('5 matches');
    decide(harness, 'drop');
    await harness.pass(3 * day);
    expect(asked()).toHaveLength(2);
  });

  it('opens what was held at a click, with duplicates joined as usual and more let through for an hour', async () => {
    const harness = await storm();
    await harness.receive({ token: 'again', customer: 'k-6', completed: false, ease: 9 });
    expect(listHeldMatches(harness.core)).toMatchObject([{ count: 4 }]);
    expect(decide(harness, 'open')).toEqual({ decided: 4 });
    expect(decide(harness, 'open')).toEqual({ decided: 0 });
    await harness.pass(second);
    expect(tactical(harness)).toHaveLength(8);
    expect(new Set(tactical(harness).map(({ customerKey }) => customerKey)).size).toBe(8);
    expect(listHeldMatches(harness.core)).toEqual([]);
    expect(lastReason(harness, 6)).toMatchObject({ opened: true });
    expect(lastReason(harness, 8)?.why.at(-1)).toMatch(/^joined C-\d+$/);
    await harness.receive(...alerts(5, 300));
    expect(tactical(harness)).toHaveLength(13);
    await harness.pass(hour);
    await harness.receive(...alerts(8, 400));
    expect(listHeldMatches(harness.core)).toMatchObject([{ count: 3 }]);
  });

  it('keeps what was dropped dropped, whatever triggers the response again', async () => {
    const harness = await storm();
    decide(harness, 'drop');
    await harness.receive({ ...alerts(1, 6)[0], at: harness.now + second });
    harness.sql.transaction(() => replay(harness.core, { outcome: 'set-aside' }));
    await harness.pass(2 * hour);
    await harness.receive({ ...alerts(1, 6)[0], at: harness.now });
    expect(tactical(harness)).toHaveLength(most);
    expect(lastReason(harness, 6)?.why.at(-1)).toBe('dropped by Dana Reyes');
  });

  it('never makes a second case of a response that is sent again while it is held, or while it opens', async () => {
    const harness = await storm();
    await harness.receive({ ...alerts(1, 6)[0], at: harness.now + second, ease: 8 });
    expect(listHeldMatches(harness.core)).toMatchObject([{ count: 3 }]);
    decide(harness, 'open');
    harness.arrive({ ...alerts(1, 6)[0], at: harness.now + 2 * second, ease: 7 });
    await harness.pass(second);
    expect(harness.cases().filter(({ customerKey }) => customerKey === 'k-6')).toHaveLength(1);
  });

  it('joins an alert to its open case at once, for nothing new opens', async () => {
    const harness = await storm();
    await harness.receive({ token: 'again', customer: 'k-3', completed: false, ease: 9 });
    expect(listHeldMatches(harness.core)).toMatchObject([{ count: 3 }]);
    expect(lastReason(harness, 8)?.why.at(-1)).toBe('joined C-4');
  });

  it('opens nothing for a person who was erased meanwhile, nor by a template that is off', async () => {
    const harness = await storm();
    harness.sql.transaction(() => erasePerson(harness.core, 'k-6', 'dana'));
    expect(listHeldMatches(harness.core)).toMatchObject([{ count: 2 }]);
    const { core } = harness;
    const off = fewCases();
    const entry = off.templates.get(template);
    if (entry) off.templates.set(template, { ...entry, state: 'off' });
    core.settings = off;
    expect(() => decide(harness, 'open')).toThrow('switch it on first');
    core.settings = fewCases();
    decide(harness, 'open');
    core.settings = off;
    await harness.pass(second);
    expect([tactical(harness).length, listHeldMatches(core)[0]?.count]).toEqual([most, 2]);
    core.settings = fewCases();
    decide(harness, 'open');
    await harness.pass(second);
    expect(tactical(harness)).toHaveLength(most + 2);
  });
});
