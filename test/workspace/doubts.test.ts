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
    expect(describeDoubts(changed(/calendar: office, exempt: \[.*\] \}/, inHours), null)).toEqual([
      expect.stringContaining('upgrade-hard-to-install: its goal of 30 days is 720 working hours, about 126 days'),
      expect.stringContaining('product-wish: its goal of 60 days is 1440 working hours, about 252 days'),
    ]);
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

it('rules that never hold, and goals in days of a calendar, are doubted', () => {
  const lines = describeDoubts(
    acme(({ name, text }) => {
      if (name === 'upgrade-not-installed')
        return text
          .replace('is: no }', 'is: no }, { tier: [Gold, glod] }')
          .replace('closure-goal: by tier', 'closure-goal: 10 days');
      return name === 'acme'
        ? exemptOpenings(text)
            .replace('by-category: { Ease of installation', 'by-category: { Ease of instalation')
            .replace(
              'loop-owner: dana, ',
              'loop-owner: dana, assign: { by-field: { prodct: { a: sam }, wish: { b: sam } } }, ',
            )
            .replace('assign: round-robin, ', '')
            .replace('  severities:', '  priorities: { urgnt: 1 }\n  severities:')
            .replace('reminder: 5 days', 'reminder: 14 days')
            .replace(/^tiers:/m, 'clock: { calendar: office }\ntiers:')
        : text;
    }),
    null,
  );
  expect(lines.filter((line) => !line.startsWith('goals of tier') && !line.includes('becomes the label'))).toEqual([
    expect.stringContaining('team upgrade-response names prodct, which is not among the fields; there are completed,'),
    'team product-review names Ease of instalation, which is not among the categories; did you mean Ease of installation?',
    'template upgrade-not-installed names glod, which is not among the tiers; did you mean gold?',
    'case-options.priorities names urgnt, which is not among the severities; did you mean urgent?',
    'follow-up.reminder is not before the end of follow-up.window, so nobody is reminded; shorten it',
    expect.stringContaining('upgrade-not-installed: its goal of 10 days is 240 working hours, about 42 days'),
    expect.stringContaining('upgrade-hard-to-install: its goal of 30 days'),
    expect.stringContaining('product-wish: its goal of 60 days'),
  ]);
});
