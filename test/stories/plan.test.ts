import { describe, expect, it } from 'vitest';
import { passUntil } from '#test/harness/calendar.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { simulatedSettings } from '#test/harness/settings.ts';

/* A response plan as sub-issues on each of the three trackers: steps by person, done in the tracker and in Caselite. */

describe.each([
  { tracker: 'support', kind: 'jira' },
  { tracker: 'product', kind: 'github' },
  { tracker: 'growth', kind: 'linear' },
] as const)('on $kind', ({ tracker, kind }) => {
  it('has a sub-issue for each step, whose closing ticks it, and which a tick closes', async () => {
    const acme = new EmulatedHarness(
      simulatedSettings(undefined, (name, text) =>
        name === 'upgrade-not-installed'
          ? text.replace('tracker: support', `tracker: ${tracker}`).replace('plan:\n', 'plan:\n  as: sub-issues\n')
          : text,
      ),
    );
    const trackerUser = acme.trackerUser[tracker];
    const accounts = Object.fromEntries(
      Object.entries(acme.core.settings.workspace.people).map(([name, person]) => [name, person.accounts[kind] ?? '']),
    );
    const issue = async (handle: string) => {
      const [match, ...more] = (await trackerUser.list()).filter(({ title }) => title.endsWith(`· ${handle}`));
      expect(more).toEqual([]);
      if (!match) throw new Error(`no issue of ${handle}`);
      return match;
    };
    const plan = () => acme.call('case', acme.case().id).plan;

    // Monday. A customer could not install: one issue, with a sub-issue for each of the two steps.
    await acme.deliver({ completed: false, tier: 'gold' });
    await passUntil(acme, '2026-11-23 10:00');
    expect((await issue('C-1-1')).assignee).toBe(accounts.dana || null);
    expect((await issue('C-1-2')).assignee).toBe(accounts.sam || null);
    expect((await issue('C-1')).body).toContain((await issue('C-1-1')).key);
    expect(plan().map(({ issue: part }) => part?.state)).toEqual(['open', 'open']);

    // Dana closes hers in the tracker: the step is done, the case still open.
    await trackerUser.close((await issue('C-1-1')).key, accounts.dana || (trackerUser.people[0] ?? ''));
    await passUntil(acme, '2026-11-23 14:00');
    expect(plan().map(({ doneAt }) => doneAt !== null)).toEqual([true, false]);
    expect(acme.case().loop).toBe('working');

    // Sam ticks his on the page, which closes its issue.
    acme.call('tickPlan', acme.case().id, { position: 2, done: true, who: 'sam' });
    await passUntil(acme, '2026-11-23 15:00');
    expect((await issue('C-1-2')).state).toBe('closed');
    expect((await issue('C-1')).state).toBe('open');

    // Dana reopens hers, because there is more to do. Sam takes his back.
    await trackerUser.reopen((await issue('C-1-1')).key, accounts.dana || (trackerUser.people[0] ?? ''));
    acme.call('tickPlan', acme.case().id, { position: 2, done: false, who: 'sam' });
    await passUntil(acme, '2026-11-23 20:00');
    expect(plan().map(({ doneAt, issue: part }) => [doneAt, part?.state])).toEqual([
      [null, 'open'],
      [null, 'open'],
    ]);
    expect((await issue('C-1-2')).state).toBe('open');
    expect(acme.history().filter((line) => line.startsWith('plan step'))).toEqual([
      'plan step done: account management: Call the customer and find out what stopped the installation',
      'plan step done: quality assurance: Check that the installation works now',
      'plan step open again: quality assurance: Check that the installation works now',
      'plan step open again: account management: Call the customer and find out what stopped the installation',
    ]);
    expect(acme.hosts.offSpec).toEqual([]);
  });
});
