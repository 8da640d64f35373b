import { describe, expect, it } from 'vitest';
import { toDueDate } from '#domain/templates/due.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, start } from '#test/harness/times.ts';
import { lost, refused } from './fakes.ts';

describe('opening a case', () => {
  it('makes a whole issue in one call', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false, tier: 'gold' });
    const { draft } = harness.trackers.support.issue();
    expect(harness.trackers.support.calls.map(({ what }) => what)).toContain('create');
    expect(harness.trackers.support.count('edit')).toBe(0);
    expect(draft).toMatchObject({
      title: 'Could not install the upgrade · Gold · C-1',
      severity: { name: 'urgent', rank: 1 },
      dueDate: '2026-11-24',
      assignee: '5b10ac8d82e05b22cc7d4ef2',
      marker: expect.stringMatching(/^1\.C-1\.[0-9a-f]{32}$/),
      link: { title: 'Case C-1' },
    });
    expect(draft.labels.map(({ name }) => name)).toEqual([
      'category:installation-issues',
      'severity:urgent',
      'due:2026-11-24',
      'tier:gold',
    ]);
    expect(harness.case()).toMatchObject({
      loop: 'working',
      status: 'Open',
      generation: 1,
      dueAt: start + 24 * hour,
      assignee: 'sam',
      loopOwner: 'dana',
      issue: { key: 'SUP-1', state: 'open' },
      needsPerson: null,
    });
  });

  it('shows a tracker nothing about the customer', async () => {
    const harness = new Harness();
    await harness.receive({
      customer: 'canary-key',
      email: 'canary@secret.example',
      completed: false,
      ease: 1,
      wish: 'canary words',
    });
    expect(harness.cases()).toHaveLength(3);
    const all = Object.values(harness.trackers).map(({ text }) => text.toLowerCase());
    for (const canary of ['canary-key', 'canary@', 'secret.example', 'name of canary', 'canary words'])
      expect(all.join()).not.toContain(canary);
  });

  it('goes round the members of a team', async () => {
    const text = (file: string) => file.replace('members: [sam], assign', 'members: [sam, priya, dana], assign');
    const harness = new Harness(slowAcme(text));
    for (const customer of ['a', 'b', 'c', 'd']) await harness.receive({ token: customer, customer, completed: false });
    expect(harness.cases().map(({ assignee }) => assignee)).toEqual(['sam', 'priya', 'dana', 'sam']);
  });

  it('notifies the people whom the template names, once', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false });
    await harness.pass(hour);
    expect(harness.mail.accepted.map(({ to }) => to).sort()).toEqual(['dana@acme.example', 'sam@acme.example']);
    expect(harness.mail.accepted[0]?.subject).toBe(
      'Urgent · Gold · due Tue 24 Nov, 09:00 · yours: Could not install the upgrade, C-1',
    );
  });

  it('opens one case per customer and problem', async () => {
    const harness = new Harness();
    await harness.receive({ token: 'a', customer: 'one', completed: false });
    await harness.receive({ token: 'b', customer: 'two', completed: false });
    await harness.receive({ token: 'c', customer: 'one', completed: false });
    expect(harness.cases().map(({ customerKey }) => customerKey)).toEqual(['one', 'two']);
    expect(harness.timeline(0)).toContain('joined by a response');
  });

  it('records the fields that the tracker did not accept', async () => {
    const harness = new Harness();
    const { drops } = harness.trackers.support;
    await harness.receive({ wish: 'more' });
    drops.add('category:installation-issues').add('the assignee');
    await harness.receive({ token: 'b', completed: false });
    await harness.pass(hour);
    expect(harness.timeline(1).filter((what) => /missing/.test(what))).toEqual(['labels missing', 'assignee missing']);
    expect(harness.timeline(0)).not.toContain('labels missing');
  });

  it('sends once more what the tracker dropped when the issue was made', async () => {
    const harness = new Harness();
    harness.trackers.support.drops.add('severity:urgent').add('the assignee');
    harness.trackers.support.fail('edit', lost('before'));
    await harness.receive({ completed: false });
    harness.trackers.support.drops.clear();
    await harness.pass(hour);
    expect(harness.trackers.support.issue().snapshot.labels).toContain('severity:urgent');
    expect(harness.trackers.support.issue().snapshot.assignee).not.toBeNull();
    expect(harness.timeline()).not.toContain('labels missing');
    expect(harness.case().assignee).toBe('sam');
  });

  it('sends the due date again that the tracker dropped when the issue was made', async () => {
    const harness = new Harness();
    const { support } = harness.trackers;
    support.drops.add('the due date');
    support.fail('edit', lost('before'));
    await harness.receive({ completed: false });
    expect(support.issue().snapshot.dueDate).toBeNull();
    support.drops.clear();
    await harness.pass(hour);
    expect(support.issue().snapshot.dueDate).not.toBeNull();
  });

  it('joins a new match while the case is worked on, without a word to the tracker', async () => {
    const harness = new Harness();
    await harness.receive({ token: 'a', completed: false });
    await harness.pass(hour);
    const calls = harness.outbox().length;
    await harness.receive({ token: 'b', completed: false });
    expect(harness.cases()).toHaveLength(1);
    expect(harness.outbox()).toHaveLength(calls);
  });

  it('reopens for a new match within 30 days, and opens another case after them', async () => {
    const harness = new Harness();
    await harness.receive({ token: 'a', completed: false });
    harness.trackers.support.close(0);
    await harness.poll();
    const { resolvedAt } = harness.case();
    await harness.until((resolvedAt ?? 0) + 30 * day);
    await harness.receive({ token: 'b', completed: false });
    await harness.poll();
    expect(harness.cases()).toHaveLength(1);
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 2, resolvedAt: null });
    expect(harness.case().dueAt).toBeGreaterThan(start + 30 * day);
    expect(harness.trackers.support.issue().snapshot).toMatchObject({ state: 'open', dueDate: '2026-12-24' });

    harness.trackers.support.close(0);
    await harness.poll();
    await harness.until((harness.case().resolvedAt ?? 0) + 30 * day + 1);
    await harness.receive({ token: 'c', completed: false });
    expect(harness.cases()).toHaveLength(2);
    expect(harness.case(0).loop).not.toBe('working');
  });

  it('tells the tracker no tier that the workspace does not have', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false, tier: '@everyone ines@customer.example' });
    const { draft } = harness.trackers.support.issue();
    expect(draft.title).not.toContain('@everyone');
    expect(JSON.stringify(draft.labels)).not.toContain('everyone');
  });
});

describe('a strategic case', () => {
  it('gathers customers under one issue that shows their number', async () => {
    const harness = new Harness();
    for (const customer of ['a', 'b', 'c']) await harness.receive({ token: customer, customer, ease: 2 });
    expect(harness.cases()).toHaveLength(1);
    expect(harness.trackers.product.issues).toHaveLength(1);
    const { title, body } = harness.trackers.product.issue();
    expect(title).toBe('Found the upgrade hard to install · 3 customers · C-1');
    expect(body).toContain('**3 customers** · 3,000 a year');
    expect(harness.case()).toMatchObject({ customerKey: null, tier: null, revenue: 3000 });
  });

  it('names no revenue in a tracker that was not verified as private', async () => {
    for (const place of ['public', 'unknown'] as const) {
      const harness = new Harness();
      harness.trackers.product.place = place;
      for (const customer of ['a', 'b', 'c']) await harness.receive({ token: customer, customer, ease: 2 });
      await harness.pass(2 * day);
      const { body, comments } = harness.trackers.product.issue();
      expect(body).toContain('**3 customers** · severity');
      expect(body + comments.map(({ text }) => text).join()).not.toMatch(/a year|3,?000/);
    }
  });

  it('counts a customer once', async () => {
    const harness = new Harness();
    await harness.receive({ token: 'a', ease: 2 });
    await harness.receive({ token: 'b', ease: 1 });
    expect(harness.trackers.product.issue().title).toContain('1 customer ·');
  });

  it('asks every affected customer', async () => {
    const harness = new Harness();
    for (const customer of ['a', 'b', 'c']) await harness.receive({ token: customer, customer, ease: 2 });
    harness.setWhatChanged();
    harness.trackers.product.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    for (const customer of ['a', 'b', 'c'])
      expect(harness.mail.to(`${customer}@customer.example`, 'Did we solve it')).toHaveLength(1);
  });

  it('shows the number even if an edit of another kind waits', async () => {
    const harness = new Harness();
    await harness.receive({ token: 'a', customer: 'a', ease: 2 });
    harness.trackers.product.always.set('edit', refused('unavailable', 503));
    await harness.pass(31 * day);
    expect(harness.case().overdue).toBe(true);
    await harness.receive({ token: 'b', customer: 'b', ease: 2 });
    harness.trackers.product.always.clear();
    await harness.pass(day);
    expect(harness.trackers.product.issue().snapshot.labels).toContain('overdue');
    expect(harness.trackers.product.issue().title).toContain('2 customers');
  });
});

describe('an issue of people that becomes a case', () => {
  it('keeps its assignee and its date of tomorrow, where the workspace is, and wants no person then', async () => {
    const harness = new Harness(
      slowAcme((text) =>
        text
          .replace('time-zone: Europe/Berlin', 'time-zone: America/New_York')
          .replace(/ {4}token: JIRA_TOKEN\n/, '$&    adopt: { template: upgrade-not-installed }\n')
          .replace(/upgrade-response: \{.*\}/, 'upgrade-response: { loop-owner: dana }'),
      ),
    );
    const { support } = harness.trackers;
    await harness.poll();
    await harness.pass(18 * hour);
    support.open('5b10ac8d82e05b22cc7d4ef2', 'Exports fail', 'Each second one is empty.');
    support.change(0, { assignee: '5b10ac8d82e05b22cc7d4ef2', dueDate: '2026-11-24' });
    support.say(0, '5b10ac8d82e05b22cc7d4ef1', '/case');
    await harness.poll();
    await harness.pass(hour);
    expect(harness.case()).toMatchObject({ assignee: 'sam', needsPerson: null });
    expect(toDueDate(harness.case().dueAt, 'America/New_York')).toBe('2026-11-24');
    expect(support.issue().snapshot).toMatchObject({
      assignee: harness.core.settings.workspace.people.sam?.accounts.jira,
      dueDate: '2026-11-24',
    });
  });
});
