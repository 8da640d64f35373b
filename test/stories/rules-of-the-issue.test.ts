import { describe, expect, it } from 'vitest';
import { findOriginalId } from '#src/workspace/store/case-links.ts';
import { EmulatedHarness } from '#test/harness/emulated-harness.ts';
import { trackerNames } from '#test/harness/emulated-hosts.ts';
import { settingsIn } from '#test/harness/settings.ts';
import { hour } from '#test/harness/times.ts';

/*
 * Permitted and forbidden actions on an issue, on each tracker: Caselite restores its own fields, and checks closings
 * against the close policy.
 */

const policy = (rule: string) => (text: string) => `${text}\nclose-policy: ${rule}\n`;

describe.each(trackerNames)('on %s', (tracker) => {
  it('Caselite’s own labels come back with a word, until people insist', { timeout: 60_000 }, async () => {
    const story = new EmulatedHarness(settingsIn(tracker));
    await story.open('caller');
    const own = 'category:installation-issues';
    for (let time = 1; time <= 3; time += 1) {
      const answers = await story.answersTo(story.edit('sam', { removeLabels: [own] }));
      expect(answers.filter((text) => text.includes(`Restored by Caselite: the label ${own}`))).toHaveLength(1);
      expect((await story.issue()).labels).toContain(own);
    }
    const answers = await story.answersTo(story.edit('sam', { removeLabels: [own] }));
    expect(answers.filter((text) => text.includes('Restored'))).toEqual([]);
    expect((await story.issue()).labels).not.toContain(own);
    expect(story.timeline()).toContain('gave in');
  });

  it('what is theirs to change is followed', { timeout: 60_000 }, async () => {
    const story = new EmulatedHarness(settingsIn(tracker));
    await story.open('caller');
    await story.answersTo(story.edit('sam', { title: `Better words (C-1)`, assignee: story.account('dana') }));
    expect(story.case().assignee).toBe('dana');
    expect((await story.issue()).title).toBe('Better words (C-1)');
    expect(story.timeline()).not.toContain('fields put back');
  });

  it('a status is the tracker’s own state where it has one, both ways', { timeout: 60_000 }, async () => {
    const story = new EmulatedHarness(
      settingsIn(tracker, (text) =>
        text.replace('Closed: closed }', 'Closed: closed }\n  status-map: { In Progress: Pending }'),
      ),
    );
    await story.open('caller');
    await story.answersTo(story.comment('sam', '/status Pending'));
    const label = 'status:pending';
    const hasStates = tracker !== 'product';
    expect(story.case()).toMatchObject({ status: 'Pending' });
    expect(story.case().issue?.sharedFields?.status).toBe(hasStates ? 'In Progress' : 'open');
    expect((await story.issue()).labels.includes(label)).toBe(!hasStates);
    await story.answersTo(story.comment('sam', '/status Open'));
    expect(story.case().status).toBe('Open');
    expect(story.case().issue?.sharedFields?.status).not.toBe('In Progress');
    expect((await story.issue()).labels).not.toContain(label);
    expect(story.timeline().filter((what) => what === 'status changed')).toHaveLength(2);
    expect(story.hosts.offSpec).toEqual([]);
  });

  it('a duplicate that people mark there follows its original', { timeout: 60_000 }, async () => {
    const story = new EmulatedHarness(settingsIn(tracker));
    await story.open('first-caller', 'second-caller');
    await story.answersTo(story.close('sam', 0, 'duplicate', 1));
    expect(story.case(0)).toMatchObject({ loop: 'dropped', closingReason: 'duplicate', needsPerson: null });
    expect(findOriginalId(story.sql, story.case(0).id)).toBe(story.case(1).id);
    await story.answersTo(story.close('dana', 1));
    await story.pass(3 * hour);
    expect(story.case(0).loop).toBe('asked');
    expect(story.hosts.offSpec).toEqual([]);
  });

  it('enforced, a closing by a member is undone with a polite reason, twice a day', {
    timeout: 60_000,
  }, async () => {
    const story = new EmulatedHarness(settingsIn(tracker, policy('{ mode: enforce }')));
    await story.open('caller');
    for (let time = 1; time <= 2; time += 1) {
      const answers = await story.answersTo(story.close('sam'));
      expect(answers).toEqual([
        expect.stringMatching(
          /^Reopened by Caselite: Sam Okafor closed it, and only case managers may\. Dana Reyes may close it\./,
        ),
      ]);
      expect((await story.issue()).state).toBe('open');
      expect(story.case()).toMatchObject({ loop: 'working', generation: 1, closingReason: null });
    }
    expect(await story.answersTo(story.close('sam'))).toEqual([]);
    expect((await story.issue()).state).toBe('closed');
    expect(story.case().closingFlag).toContain('it was reopened for that 2 times already');
    expect(story.case()).toMatchObject({ loop: 'resolved', closer: 'sam' });
  });

  it('enforced, a stranger’s closing is undone, and a manager’s is kept', { timeout: 60_000 }, async () => {
    const story = new EmulatedHarness(settingsIn(tracker, policy('{ mode: enforce }')));
    await story.open('caller');
    expect(await story.answersTo(story.close('a stranger'))).toHaveLength(1);
    expect((await story.issue()).state).toBe('open');
    expect(await story.answersTo(story.close('dana'))).toEqual([]);
    await story.pass(3 * hour);
    expect((await story.issue()).state).toBe('closed');
    expect(story.case()).toMatchObject({ closer: 'dana', closingFlag: null });
  });

  it('enforced, a closing wants its root cause from managers as well', { timeout: 60_000 }, async () => {
    const story = new EmulatedHarness(settingsIn(tracker, policy('{ mode: enforce, require: [root-cause] }')));
    await story.open('caller');
    expect(await story.answersTo(story.close('dana'))).toEqual([
      expect.stringContaining('it was closed without a root cause'),
    ]);
    await story.answersTo(story.comment('sam', '/root-cause a missing file'));
    expect(await story.answersTo(story.close('dana'))).toEqual([]);
    expect((await story.issue()).state).toBe('closed');
    expect(story.case()).toMatchObject({ closer: 'dana', closingFlag: null });
  });

  it('flagged, a member’s closing is kept and shown', { timeout: 60_000 }, async () => {
    const story = new EmulatedHarness(settingsIn(tracker, policy('{ mode: flag }')));
    await story.open('caller');
    expect(await story.answersTo(story.close('sam'))).toEqual([]);
    expect((await story.issue()).state).toBe('closed');
    expect(story.case()).toMatchObject({ closer: 'sam', closingReason: 'fixed' });
    expect(story.case().closingFlag).toBe('Sam Okafor closed it, and only case managers may');
    expect(story.timeline()).toContain('closed against the rules');
  });

  it('off, everybody closes', { timeout: 60_000 }, async () => {
    const story = new EmulatedHarness(settingsIn(tracker, policy('{ mode: off }')));
    await story.open('caller');
    expect(await story.answersTo(story.close('a stranger'))).toEqual([]);
    expect(story.case()).toMatchObject({ closingFlag: null, closingReason: 'fixed' });
  });
});
