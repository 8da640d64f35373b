import { describe, expect, it } from 'vitest';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { readCaseJson } from '#src/workspace/queries/lists.ts';
import { reopen } from '#src/workspace/tracker-requests/reopen.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute } from '#test/harness/times.ts';
import { lost, refused } from './fakes.ts';

const sam = '5b10ac8d82e05b22cc7d4ef2';

const newIssues = (change: (text: string) => string = (text) => text) =>
  slowAcme((text) => change(text.replace('    project: SUP\n', '    project: SUP\n    reopening: new issue\n')));

/** A case whose issue Sam closed, in a workspace where a reopening is a new issue. */
async function closed(settings = newIssues()): Promise<Harness> {
  const harness = new Harness(settings);
  await harness.receive({ completed: false });
  harness.now += hour;
  harness.trackers.support.close(0, 'completed', sam);
  await harness.poll();
  expect(harness.case().loop).toBe('resolved');
  return harness;
}

async function dispute(harness: Harness, once = 'disputed:1', ms = minute): Promise<void> {
  harness.sql.transaction(() => reopen(harness.core, harness.case(), 'the customer disagrees', once));
  await harness.pass(ms);
}

const texts = (harness: Harness, index: number) =>
  harness.trackers.support.issue(index).comments.map(({ text }) => text);
const open = (harness: Harness) =>
  harness.trackers.support.issues.flatMap(({ snapshot }) => (snapshot.state === 'open' ? [snapshot.key] : []));

describe('a reopening', () => {
  it('keeps the severity that a person decided, and says so', async () => {
    const harness = new Harness();
    await harness.receive({ completed: false });
    harness.trackers.support.say(0, sam, '/severity low');
    await harness.poll();
    harness.now += hour;
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    await dispute(harness);
    const { generation, severity, dueWhy } = harness.case();
    expect({ generation, severity }).toEqual({ generation: 2, severity: 'low' });
    expect(dueWhy.filter((line) => line.startsWith('Severity '))).toEqual([
      expect.stringContaining('Severity low, as'),
    ]);
  });
});

describe('a reopening by the setting "new issue"', () => {
  it('creates an issue that follows the closed one, and the case goes on with it', async () => {
    const harness = await closed();
    await dispute(harness);
    expect(harness.case()).toMatchObject({
      loop: 'working',
      generation: 2,
      issue: { key: 'SUP-2', state: 'open' },
      formerIssues: [{ tracker: 'support', key: 'SUP-1' }],
    });
    expect(open(harness)).toEqual(['SUP-2']);
    expect(harness.trackers.support.issue(1).body).toContain('Follows [SUP-1](https://tracker.test/SUP-1)');
    expect(texts(harness, 0).at(-1)).toMatch(/the customer disagrees\. Work goes on in \[SUP-2\]/);
    expect(texts(harness, 1)).toEqual([expect.stringContaining('the customer disagrees')]);
    expect(harness.trackers.support.issue(1).links).toEqual(['SUP-1']);
    expect(harness.timeline()).toEqual(
      expect.arrayContaining(['closed as fixed', 'reopened in a new issue', 'reopened']),
    );
    const markers = harness.trackers.support.issues.map(({ draft }) => draft.marker);
    expect(markers).toEqual([expect.stringMatching(/^1\.C-1\.\w{32}$/), expect.stringMatching(/^2\.C-1\.2\.\w{32}$/)]);
    await harness.pass(2 * day);
    expect(harness.trackers.support.issue(1).body).toContain('Follows [SUP-1]');
    expect(harness.case().issue?.sharedFields?.lacks).toEqual([]);
  });

  it('leaves events of the former issue without consequence', async () => {
    const harness = await closed();
    await dispute(harness);
    harness.trackers.support.say(0, sam, '/close because it works again');
    harness.trackers.support.reopen(0);
    await harness.poll();
    harness.trackers.support.close(0, 'not-planned', sam);
    await harness.poll();
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 2, issue: { key: 'SUP-2', state: 'open' } });
    harness.now += hour;
    harness.trackers.support.close(1, 'completed', sam);
    await harness.poll();
    expect(harness.case()).toMatchObject({ loop: 'resolved', issue: { key: 'SUP-2' } });
    await dispute(harness, 'disputed:2');
    expect(harness.case()).toMatchObject({ generation: 3, issue: { key: 'SUP-3' } });
    expect(harness.case().formerIssues.map(({ key }) => key)).toEqual(['SUP-1', 'SUP-2']);
  });

  it.each(['after', 'before'] as const)('looks for an issue whose answer was lost %s the effect', async (when) => {
    const harness = await closed();
    harness.trackers.support.fail('create', lost(when));
    await dispute(harness);
    await harness.pass(hour);
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 2, issue: { key: 'SUP-2' } });
    expect(open(harness)).toEqual(['SUP-2']);
    await harness.pass(10 * day);
    expect(open(harness)).toEqual(['SUP-2']);
  });

  it('goes on where the former issue is gone before it is known whether it got its comment', async () => {
    const harness = await closed();
    const { support } = harness.trackers;
    support.fail('comment', lost('after'));
    support.fail('find-comment', lost('before'));
    await dispute(harness, 'disputed:1', 0);
    support.issue(0).reachable = false;
    await harness.pass(hour);
    support.close(1, 'completed', sam);
    await harness.poll();
    await dispute(harness, 'disputed:2');
    expect(harness.case()).toMatchObject({ loop: 'working', generation: 3, issue: { key: 'SUP-3' } });
  });

  it('stays intended where it is refused, and keeps the former issue until then', async () => {
    const harness = await closed();
    harness.trackers.support.fail('create', refused('rejected', 400));
    await dispute(harness);
    expect(harness.case()).toMatchObject({ loop: 'resolved', issue: { key: 'SUP-1' } });
    expect(harness.case().needsPerson).toContain('The issue did not go through');
    await harness.pass(hour);
    expect(harness.case()).toMatchObject({ loop: 'working', issue: { key: 'SUP-2' }, needsPerson: null });
  });

  it('creates nothing where a person was quicker, and closes what was created meanwhile', async () => {
    const quicker = await closed();
    quicker.trackers.support.reopen(0);
    await dispute(quicker);
    expect(quicker.case()).toMatchObject({ loop: 'working', generation: 2, issue: { key: 'SUP-1' } });
    expect(quicker.trackers.support.count('create')).toBe(1);
    const later = await closed();
    later.trackers.support.fail('create', lost('after'));
    later.trackers.support.fail('find', lost('before'));
    await dispute(later, 'disputed:1', 0);
    later.trackers.support.reopen(0);
    await later.poll();
    await later.pass(hour);
    expect(later.case()).toMatchObject({ loop: 'working', issue: { key: 'SUP-1' }, formerIssues: [] });
    expect(open(later)).toEqual(['SUP-1']);
  });

  it('is done once by two reasons at the same time', async () => {
    const harness = await closed();
    harness.sql.transaction(() => {
      for (const once of ['first', 'second']) reopen(harness.core, harness.case(), `the ${once} reason`, once);
    });
    await harness.pass(hour);
    expect(harness.trackers.support.count('create')).toBe(2);
    expect(harness.case()).toMatchObject({ generation: 2, issue: { key: 'SUP-2' } });
  });

  it('leaves no refusal on the case where a person reopened the closed issue meanwhile', async () => {
    const harness = await closed();
    harness.trackers.support.always.set('create', refused('rejected', 400));
    await dispute(harness);
    const shown = () => readCaseJson(harness.core, harness.case().id);
    expect(shown()).toMatchObject({ needsPerson: expect.any(String), refused: [{ what: 'the issue' }] });
    harness.trackers.support.reopen(0);
    await harness.pass(day);
    expect(shown()).toMatchObject({ loop: 'working', issue: { key: 'SUP-1' }, needsPerson: null, refused: [] });
    expect(harness.trackers.support.issues).toHaveLength(1);
  });

  it('reopens the same issue where the close policy undoes a closing', async () => {
    const enforce = (text: string) =>
      `${text}\nclose-policy: { mode: enforce, by: managers, require: [closing-reason] }\n`;
    const harness = new Harness(newIssues(enforce));
    await harness.receive({ completed: false });
    harness.trackers.support.close(0, 'completed', sam);
    await harness.poll();
    await harness.pass(minute);
    expect(harness.case()).toMatchObject({ loop: 'working', issue: { key: 'SUP-1', state: 'open' } });
  });

  it('is the template’s before the tracker’s', async () => {
    const settings = acme(({ name, text }) => {
      if (name === 'acme')
        return text
          .replace('    project: SUP\n', '    project: SUP\n    reopening: new issue\n')
          .replace('every: 2 minutes', 'every: 1 day');
      return name === 'upgrade-not-installed' ? `${text}\nreopening: same issue\n` : text;
    });
    const harness = await closed(settings);
    await dispute(harness);
    expect(harness.case()).toMatchObject({ loop: 'working', issue: { key: 'SUP-1', state: 'open' }, formerIssues: [] });
  });

  it('rewrites former issues too when a person is erased', async () => {
    const harness = await closed(newIssues((text) => text.replace('words: never', 'words: private')));
    await dispute(harness);
    harness.trackers.support.issue(0).body = 'quotes the customer';
    const markerBefore = harness.trackers.support.issue(0).snapshot.ownershipMarks;
    harness.sql.transaction(() => erasePerson(harness.core, 'k-1', 'dana'));
    await harness.pass(hour);
    expect(harness.trackers.support.issue(0).body).not.toContain('quotes the customer');
    expect(harness.trackers.support.issue(0).body).not.toContain('Follows');
    expect(harness.trackers.support.issue(0).snapshot.ownershipMarks).toEqual(markerBefore);
  });
});
