import { afterEach, describe, expect, it } from 'vitest';
import { Played } from './played.ts';

/* A response plan as sub-issues on each of the three trackers: steps by person, done in the tracker and in Caselite. */

let acme: Played;
afterEach(() => acme.end());

describe.each([
  { tracker: 'support', kind: 'jira' },
  { tracker: 'product', kind: 'github' },
  { tracker: 'growth', kind: 'linear' },
] as const)('on $kind', ({ tracker, kind }) => {
  it('has a sub-issue for each step, whose closing ticks it, and which a tick closes', async () => {
    acme = new Played(undefined, (name, text) =>
      name === 'upgrade-not-installed'
        ? text.replace('tracker: support', `tracker: ${tracker}`).replace('plan:\n', 'plan:\n  as: sub-issues\n')
        : text,
    );
    const trackerUser = acme.trackerUser[tracker];
    const accounts = Object.fromEntries(
      Object.entries(acme.world.settings.workspace.people).map(([name, person]) => [name, person.accounts[kind] ?? '']),
    );
    const issue = async (handle: string) => {
      const found = (await trackerUser.list()).filter(({ title }) => title.endsWith(`(${handle})`));
      expect(found).toHaveLength(1);
      return found[0] as (typeof found)[number];
    };
    const plan = () => acme.ask('case', acme.caseId()).plan;

    // Monday. A customer could not install: one issue, with a sub-issue for each of the two steps.
    await acme.respond({ completed: false, tier: 'gold' });
    await acme.until('2026-11-23 10:00');
    expect((await issue('C-1-1')).assignee).toBe(accounts.dana || null);
    expect((await issue('C-1-2')).assignee).toBe(accounts.sam || null);
    expect((await issue('C-1')).body).toContain((await issue('C-1-1')).key);
    expect(plan().map(({ issue: one }) => one?.state)).toEqual(['open', 'open']);

    // Dana closes hers in the tracker: the step is done, the case still open.
    await trackerUser.close((await issue('C-1-1')).key, accounts.dana || (trackerUser.people[0] ?? ''));
    await acme.until('2026-11-23 14:00');
    expect(plan().map(({ doneAt }) => doneAt !== null)).toEqual([true, false]);
    expect(acme.found().loop).toBe('working');

    // Sam ticks his on the page, which closes its issue.
    acme.ask('tickPlan', acme.caseId(), { position: 2, done: true, who: 'sam' });
    await acme.until('2026-11-23 15:00');
    expect((await issue('C-1-2')).state).toBe('closed');
    expect((await issue('C-1')).state).toBe('open');

    // Dana reopens hers, because there is more to do. Sam takes his back.
    await trackerUser.reopen((await issue('C-1-1')).key, accounts.dana || (trackerUser.people[0] ?? ''));
    acme.ask('tickPlan', acme.caseId(), { position: 2, done: false, who: 'sam' });
    await acme.until('2026-11-23 20:00');
    expect(plan().map(({ doneAt, issue: one }) => [doneAt, one?.state])).toEqual([
      [null, 'open'],
      [null, 'open'],
    ]);
    expect((await issue('C-1-2')).state).toBe('open');
    expect(acme.timeline().filter((line) => line.startsWith('plan step'))).toEqual([
      'plan step done: account management: Call the customer and find out what stopped the installation',
      'plan step done: quality assurance: Check that the installation works now',
      'plan step open again: quality assurance: Check that the installation works now',
      'plan step open again: account management: Call the customer and find out what stopped the installation',
    ]);
    expect(acme.world.offSpec).toEqual([]);
  });
});
