import { describe, expect, it } from 'vitest';
import { lost, refused } from './fakes.ts';
import { day, hour, Rig, slowAcme, start } from './rig.ts';

describe('opening a case', () => {
  it('makes a whole issue in one call', async () => {
    const rig = new Rig();
    await rig.receive({ completed: false, tier: 'gold' });
    const { draft } = rig.trackers.support.issue();
    expect(rig.trackers.support.calls.map(({ what }) => what)).toContain('create');
    expect(rig.trackers.support.count('edit')).toBe(0);
    expect(draft).toMatchObject({
      title: 'Upgrade not installed: gold customer (C-1)',
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
    expect(rig.case()).toMatchObject({
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

  it('tells a tracker nothing of the person behind it', async () => {
    const rig = new Rig();
    await rig.receive({
      customer: 'canary-key',
      email: 'canary@secret.example',
      completed: false,
      ease: 1,
      wish: 'canary words',
    });
    expect(rig.cases()).toHaveLength(3);
    const all = Object.values(rig.trackers).map(({ text }) => text.toLowerCase());
    for (const canary of ['canary-key', 'canary@', 'secret.example', 'name of canary', 'canary words'])
      expect(all.join()).not.toContain(canary);
  });

  it('goes round the members of a team', async () => {
    const text = (file: string) =>
      file.replace('members: [sam], assign', 'members: [sam, priya, dana], assign');
    const rig = new Rig(slowAcme(text));
    for (const customer of ['a', 'b', 'c', 'd'])
      await rig.receive({ token: customer, customer, completed: false });
    expect(rig.cases().map(({ assignee }) => assignee)).toEqual(['sam', 'priya', 'dana', 'sam']);
  });

  it('tells those whom the template names, once', async () => {
    const rig = new Rig();
    await rig.receive({ completed: false });
    await rig.pass(hour);
    expect(rig.mail.accepted.map(({ to }) => to).sort()).toEqual(['dana@acme.example', 'sam@acme.example']);
    expect(rig.mail.accepted[0]?.subject).toBe('C-1 opened: Installation issues');
  });

  it('opens one case per customer and problem', async () => {
    const rig = new Rig();
    await rig.receive({ token: 'a', customer: 'one', completed: false });
    await rig.receive({ token: 'b', customer: 'two', completed: false });
    await rig.receive({ token: 'c', customer: 'one', completed: false });
    expect(rig.cases().map(({ customerKey }) => customerKey)).toEqual(['one', 'two']);
    expect(rig.timeline(0)).toContain('joined by a response');
  });

  it('says what the tracker did not take', async () => {
    const rig = new Rig();
    const { drops } = rig.trackers.support;
    await rig.receive({ wish: 'more' });
    drops.add('category:installation-issues').add('the assignee');
    await rig.receive({ token: 'b', completed: false });
    await rig.pass(hour);
    expect(rig.timeline(1).filter((what) => /missing/.test(what))).toEqual([
      'labels missing',
      'assignee missing',
    ]);
    expect(rig.timeline(0)).not.toContain('labels missing');
  });

  it('sends once more what the tracker dropped when the issue was made', async () => {
    const rig = new Rig();
    rig.trackers.support.drops.add('severity:urgent').add('the assignee');
    rig.trackers.support.fail('edit', lost('before'));
    await rig.receive({ completed: false });
    rig.trackers.support.drops.clear();
    await rig.pass(hour);
    expect(rig.trackers.support.issue().snapshot.labels).toContain('severity:urgent');
    expect(rig.trackers.support.issue().snapshot.assignee).not.toBeNull();
    expect(rig.timeline()).not.toContain('labels missing');
    expect(rig.case().assignee).toBe('sam');
  });

  it('joins a new match while the case is worked on, without a word to the tracker', async () => {
    const rig = new Rig();
    await rig.receive({ token: 'a', completed: false });
    await rig.pass(hour);
    const calls = rig.outbox().length;
    await rig.receive({ token: 'b', completed: false });
    expect(rig.cases()).toHaveLength(1);
    expect(rig.outbox()).toHaveLength(calls);
  });

  it('reopens for a new match within 30 days, and opens anew after them', async () => {
    const rig = new Rig();
    await rig.receive({ token: 'a', completed: false });
    rig.trackers.support.close(0);
    await rig.poll();
    const { resolvedAt } = rig.case();
    await rig.until((resolvedAt ?? 0) + 30 * day);
    await rig.receive({ token: 'b', completed: false });
    await rig.poll();
    expect(rig.cases()).toHaveLength(1);
    expect(rig.case()).toMatchObject({ loop: 'working', generation: 2, resolvedAt: null });
    expect(rig.case().dueAt).toBeGreaterThan(start + 30 * day);
    expect(rig.trackers.support.issue().snapshot).toMatchObject({ state: 'open', dueDate: '2026-12-24' });

    rig.trackers.support.close(0);
    await rig.poll();
    await rig.until((rig.case().resolvedAt ?? 0) + 30 * day + 1);
    await rig.receive({ token: 'c', completed: false });
    expect(rig.cases()).toHaveLength(2);
    expect(rig.case(0).loop).not.toBe('working');
  });

  it('tells the tracker no tier that the workspace does not have', async () => {
    const rig = new Rig();
    await rig.receive({ completed: false, tier: '@everyone ines@customer.example' });
    const { draft } = rig.trackers.support.issue();
    expect(draft.title).not.toContain('@everyone');
    expect(JSON.stringify(draft.labels)).not.toContain('everyone');
  });
});

describe('a strategic case', () => {
  it('gathers customers under one issue that shows their number', async () => {
    const rig = new Rig();
    for (const customer of ['a', 'b', 'c']) await rig.receive({ token: customer, customer, ease: 2 });
    expect(rig.cases()).toHaveLength(1);
    expect(rig.trackers.product.issues).toHaveLength(1);
    const { title, body } = rig.trackers.product.issue();
    expect(title).toBe('Upgrade hard to install: 3 customers (C-1)');
    expect(body).toContain('**3 customers**, yearly revenue 3000');
    expect(rig.case()).toMatchObject({ customerKey: null, tier: null, revenue: 3000 });
  });

  it('counts a customer once', async () => {
    const rig = new Rig();
    await rig.receive({ token: 'a', ease: 2 });
    await rig.receive({ token: 'b', ease: 1 });
    expect(rig.trackers.product.issue().title).toContain('1 customer (');
  });

  it('asks every customer behind it', async () => {
    const rig = new Rig();
    for (const customer of ['a', 'b', 'c']) await rig.receive({ token: customer, customer, ease: 2 });
    rig.sayWhatChanged();
    rig.trackers.product.close(0);
    await rig.poll();
    await rig.pass(2 * day);
    for (const customer of ['a', 'b', 'c'])
      expect(rig.mail.to(`${customer}@customer.example`, 'Did we solve it')).toHaveLength(1);
  });

  it('shows the number even if an edit of another kind waits', async () => {
    const rig = new Rig();
    await rig.receive({ token: 'a', customer: 'a', ease: 2 });
    rig.trackers.product.always.set('edit', refused('unavailable', 503));
    await rig.pass(31 * day);
    expect(rig.case().overdue).toBe(true);
    await rig.receive({ token: 'b', customer: 'b', ease: 2 });
    rig.trackers.product.always.clear();
    await rig.pass(day);
    expect(rig.trackers.product.issue().snapshot.labels).toContain('overdue');
    expect(rig.trackers.product.issue().title).toContain('2 customers');
  });
});
