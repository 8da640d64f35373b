import { describe, expect, it } from 'vitest';
import { finishSteps } from '#domain/base/steps.ts';
import { storeCustomerList } from '#src/workspace/intake/operator-actions.ts';
import { describeDoubts } from '#src/workspace/settings/describe-doubts.ts';
import { exemptOpenings } from '#test/domain/earnest.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';

/** Acme as shipped, where notices of openings do not sleep, with a change to the workspace file. */
const changed = (from: string | RegExp, to: string) =>
  acme(({ name, text }) => (name === 'acme' ? exemptOpenings(text).replace(from, to) : text));
const doubts = (harness: Harness) => describeDoubts(harness.core.settings, harness.sql);

describe('settings that are right and will not work as meant', () => {
  it('are none of the usual ones', async () => {
    const harness = new Harness(changed('', ''));
    await harness.receive({ completed: false, tier: 'gold' });
    expect(doubts(harness)).toEqual([]);
  });

  it('are a tier that is read, without tiers', () => {
    const [line, ...others] = describeDoubts(changed(/^tiers:\n( {2}.*\n)+/m, ''), null);
    expect(line).toContain('reads the customer’s tier, and there are no tiers');
    expect(others.every((other) => other.includes('reads the customer’s tier'))).toBe(true);
  });

  it('are people of a team without an account in its tracker', () => {
    expect(describeDoubts(changed(/^ {4}jira: .*2\n/m, ''), null)).toEqual([
      'sam of team upgrade-response cannot be assigned in tracker support; write their accounts there as jira under people',
    ]);
  });

  it('are short goals that run while the notices of their cases sleep', () => {
    const exempt = 'exempt: [opened, overdue, escalated]';
    const lines = describeDoubts(changed(exempt, 'exempt: [escalated]'), null);
    const short = lines.map((line) =>
      /goals of tier (\w+) run around the clock.*notices (.*) wait/.exec(line)?.slice(1),
    );
    expect(short).toEqual([
      ['gold', '“overdue”'],
      ['silver', '“opened” and “overdue”'],
      ['bronze', '“opened” and “overdue”'],
    ]);
    const inHours = `calendar: office, exempt: [] }\nclock: { calendar: office }`;
    expect(describeDoubts(changed(/calendar: office, exempt: \[.*\] \}/, inHours), null)).toEqual([]);
  });

  it('are a tier that customers have and nobody wrote down', () => {
    const harness = new Harness(changed('', ''));
    const tiers = ['gold', 'platinum', 'silver', 'platinum', 'basic'];
    const list = tiers.map((tier, index) => ({ key: `k-${index}`, tier }));
    finishSteps(storeCustomerList(harness.core, list, 'dana'));
    expect(doubts(harness)).toEqual([
      'customers have the tier “basic”, which is not under tiers; their cases get the goals of bronze',
      'customers have the tier “platinum”, which is not under tiers; their cases get the goals of bronze',
    ]);
  });

  it('are a template that asks about a question which its source never showed', async () => {
    const harness = new Harness(changed(/^ {6}completed: \S+/m, '      completed: finished-at-all'));
    for (let number = 0; number < 20; number += 1) {
      expect(doubts(harness)).toEqual([]);
      await harness.receive({ completed: false, token: `r-${number}`, wish: 'Dark mode' });
    }
    const line =
      'template upgrade-not-installed asks about completed, which is “finished-at-all” at source upgrade-survey';
    expect(doubts(harness)).toEqual([expect.stringContaining(line)]);
  });
});

it('a sender without an address is refused', () => {
  for (const sender of ['Acme feedback', 'a@b@c', 'Acme <feedback@acme>', 'Acme <a@acme.example'])
    expect(() => changed(/from: "Acme feedback <.*>"/, `from: ${sender}`)).toThrow(
      /mail.from.*has no address at its end/,
    );
});
