import { describe, expect, it } from 'vitest';
import { mostCasesPerHour } from '#src/workspace/cases/hold-match.ts';
import { decideHeld, listHeldMatches } from '#src/workspace/intake/decide-held.ts';
import { replay } from '#src/workspace/intake/operator-actions.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { Harness } from '#test/harness/harness.ts';
import type { SampleResponse } from '#test/harness/sample-response.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute, second } from '#test/harness/times.ts';

const template = 'upgrade-not-installed';

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

/** A storm of 60 alerts, of which ten are held. */
async function storm(harness = new Harness()): Promise<Harness> {
  await harness.receive(...alerts(60));
  return harness;
}

describe('a runaway template (issue 13, item 5)', () => {
  it('opens 50 cases an hour, holds the rest, and stores every response', async () => {
    const harness = await storm();
    expect(tactical(harness)).toHaveLength(mostCasesPerHour);
    expect(harness.responses()).toHaveLength(60);
    expect(listHeldMatches(harness.core)).toMatchObject([{ template, title: 'Upgrade not installed', count: 10 }]);
    expect(lastReason(harness, 55)).toMatchObject({ opened: false });
    expect(lastReason(harness, 55)?.why.at(-1)).toContain('held: the template opened 50 cases within an hour');
    // An hour later there is room again, and nothing that was held opens by itself.
    await harness.pass(hour + minute);
    await harness.receive(...alerts(1, 100));
    expect(tactical(harness)).toHaveLength(mostCasesPerHour + 1);
    expect(listHeldMatches(harness.core)).toMatchObject([{ count: 10 }]);
  });

  it('asks the case managers once with the number, and again each day until they decide', async () => {
    const harness = await storm();
    const asked = () => harness.mail.accepted.filter(({ subject }) => subject.startsWith('Decide: '));
    await harness.pass(minute);
    expect(asked().map(({ to, subject }) => [to, subject])).toEqual([
      ['dana@acme.example', 'Decide: 10 matches of Upgrade not installed held'],
    ]);
    await harness.receive(...alerts(5, 200));
    await harness.pass(10 * minute);
    expect(asked()).toHaveLength(1);
    await harness.pass(day);
    expect(asked()).toHaveLength(2);
    expect(asked()[1]?.subject).toContain('15 matches');
    decide(harness, 'drop');
    await harness.pass(3 * day);
    expect(asked()).toHaveLength(2);
  });

  it('opens what was held at a click, with duplicates joined as usual and more let through for an hour', async () => {
    const harness = await storm();
    await harness.receive({ token: 'again', customer: 'k-55', completed: false, ease: 9 });
    expect(listHeldMatches(harness.core)).toMatchObject([{ count: 11 }]);
    expect(decide(harness, 'open')).toEqual({ decided: 11 });
    expect(decide(harness, 'open')).toEqual({ decided: 0 });
    await harness.pass(second);
    expect(tactical(harness)).toHaveLength(60);
    expect(new Set(tactical(harness).map(({ customerKey }) => customerKey)).size).toBe(60);
    expect(listHeldMatches(harness.core)).toEqual([]);
    expect(lastReason(harness, 55)).toMatchObject({ opened: true });
    expect(lastReason(harness, 60)?.why.at(-1)).toMatch(/^joined C-\d+$/);
    await harness.receive(...alerts(5, 300));
    expect(tactical(harness)).toHaveLength(65);
    await harness.pass(hour);
    await harness.receive(...alerts(60, 400));
    expect(listHeldMatches(harness.core)).toMatchObject([{ count: 10 }]);
  });

  it('keeps what was dropped dropped, whatever triggers the response again', async () => {
    const harness = await storm();
    decide(harness, 'drop');
    await harness.receive({ ...alerts(1, 55)[0], at: harness.now + second });
    harness.sql.transaction(() => replay(harness.core, { outcome: 'set-aside' }));
    await harness.pass(2 * hour);
    await harness.receive({ ...alerts(1, 55)[0], at: harness.now });
    expect(tactical(harness)).toHaveLength(mostCasesPerHour);
    expect(lastReason(harness, 55)?.why.at(-1)).toBe('dropped by Dana Reyes');
  });

  it('never makes a second case of a response that is sent again while it is held, or while it opens', async () => {
    const harness = await storm();
    await harness.receive({ ...alerts(1, 55)[0], at: harness.now + second, ease: 8 });
    expect(listHeldMatches(harness.core)).toMatchObject([{ count: 10 }]);
    decide(harness, 'open');
    harness.arrive({ ...alerts(1, 55)[0], at: harness.now + 2 * second, ease: 7 });
    await harness.pass(second);
    expect(harness.cases().filter(({ customerKey }) => customerKey === 'k-55')).toHaveLength(1);
  });

  it('joins an alert to its open case at once, for nothing new opens', async () => {
    const harness = await storm();
    await harness.receive({ token: 'again', customer: 'k-3', completed: false, ease: 9 });
    expect(listHeldMatches(harness.core)).toMatchObject([{ count: 10 }]);
    expect(lastReason(harness, 60)?.why.at(-1)).toBe('joined C-4');
  });

  it('opens nothing for a person who was erased meanwhile, nor by a template that is off', async () => {
    const harness = await storm();
    harness.sql.transaction(() => erasePerson(harness.core, 'k-55', 'dana'));
    expect(listHeldMatches(harness.core)).toMatchObject([{ count: 9 }]);
    const { core } = harness;
    const off = slowAcme();
    const entry = off.templates.get(template);
    if (entry) off.templates.set(template, { ...entry, state: 'off' });
    core.settings = off;
    expect(() => decide(harness, 'open')).toThrow('switch it on first');
    core.settings = slowAcme();
    decide(harness, 'open');
    core.settings = off;
    await harness.pass(second);
    expect([tactical(harness).length, listHeldMatches(core)[0]?.count]).toEqual([mostCasesPerHour, 9]);
    core.settings = slowAcme();
    decide(harness, 'open');
    await harness.pass(second);
    expect(tactical(harness)).toHaveLength(mostCasesPerHour + 9);
  });
});
