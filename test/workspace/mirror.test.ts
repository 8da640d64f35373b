import { describe, expect, it } from 'vitest';
import { toDueDate } from '#domain/templates/due.ts';
import { changeStatus } from '#src/workspace/cases/change-fields.ts';
import { comments } from '#src/workspace/store/comments.ts';
import { Harness } from '#test/harness/harness.ts';
import { override } from '#test/harness/override.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day, hour, minute, second } from '#test/harness/times.ts';
import { lost } from './fakes.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';

async function opened(change?: (text: string) => string): Promise<Harness> {
  const harness = new Harness(slowAcme(change));
  await harness.receive({ completed: false });
  await harness.pass(minute);
  return harness;
}

const shown = (harness: Harness) => harness.trackers.support.issue().snapshot;
const said = (harness: Harness) => harness.trackers.support.issue().comments.map(({ text }) => text);

describe('what a person changes in the tracker', () => {
  it('is followed: the severity by its label, and all other signs of it', async () => {
    const harness = await opened();
    const { labels } = shown(harness);
    harness.trackers.support.change(0, {
      labels: [...labels.filter((name) => name !== 'severity:urgent'), 'severity:low'],
    });
    await harness.poll();
    await harness.pass(minute);
    expect(harness.case()).toMatchObject({ severity: 'low', severityRank: 4 });
    expect(harness.case().dueWhy[0]).toContain('Severity low, as somebody in the tracker decided; the goal stays');
    expect(shown(harness).severity).toBe(4);
    expect(shown(harness).labels.filter((name) => name.startsWith('severity:'))).toEqual(['severity:low']);
    expect(harness.trackers.support.issue().body).toContain('severity **low**');
    expect(said(harness)).toEqual([]);
  });

  it('is followed: the severity by the tracker’s own priority', async () => {
    const harness = await opened();
    harness.trackers.support.change(0, { severity: 2 });
    await harness.poll();
    await harness.pass(minute);
    expect(harness.case().severity).toBe('high');
    expect(shown(harness).labels).toContain('severity:high');
    expect(shown(harness).labels).not.toContain('severity:urgent');
  });

  it('is followed: a date means the end of that working day, and reading it back is no edit', async () => {
    const harness = await opened();
    harness.trackers.support.change(0, { dueDate: '2026-12-02' });
    await harness.poll();
    await harness.pass(minute);
    const { dueAt } = harness.case();
    expect(toDueDate(dueAt, 'Europe/Berlin')).toBe('2026-12-02');
    expect(shown(harness).labels.filter((name) => name.startsWith('due:'))).toEqual(['due:2026-12-02']);
    const entries = harness.timeline().length;
    harness.trackers.support.change(0, {});
    await harness.poll();
    await harness.pass(day);
    expect(harness.case().dueAt).toBe(dueAt);
    expect(harness.timeline().slice(entries)).not.toContain('goal changed');
  });

  it('is followed: a date as a label replaces the old one', async () => {
    const harness = await opened();
    harness.trackers.support.change(0, { labels: [...shown(harness).labels, 'due:2026-12-04'] });
    await harness.poll();
    await harness.pass(minute);
    expect(shown(harness)).toMatchObject({ dueDate: '2026-12-04' });
    expect(shown(harness).labels.filter((name) => name.startsWith('due:'))).toEqual(['due:2026-12-04']);
  });

  it('is followed: the assignee, also an unknown account', async () => {
    const harness = await opened();
    harness.trackers.support.change(0, { assignee: dana });
    await harness.poll();
    expect(harness.case().assignee).toBe('dana');
    harness.trackers.support.change(0, { assignee: 'stranger' });
    await harness.poll();
    await harness.pass(hour);
    expect(harness.case().assignee).toBeNull();
    expect(harness.timeline()).toContain('assignee not mapped');
    expect(shown(harness).assignee).toBe('stranger');
  });

  it('travels as the tracker’s own state where it has one, and comes back as the same', async () => {
    const harness = await opened((text) =>
      text.replace(
        'statuses: { Open: open, Pending: pending, Closed: closed }',
        'statuses: { Open: open, Pending: pending, Waiting for release: pending, Closed: closed }\n  status-map: { In Review: Pending, To Do: Open }',
      ),
    );
    harness.trackers.support.states.push('To Do', 'In Review');
    const change = async (status: string) => {
      harness.sql.transaction(() => changeStatus(harness.core, harness.case().id, status, { who: 'dana' }));
      await harness.pass(minute);
      await harness.poll();
      return [shown(harness).status.name, ...shown(harness).labels.filter((name) => name.startsWith('status:'))];
    };
    expect(await change('Pending')).toEqual(['In Review']);
    expect(harness.case().status).toBe('Pending');
    expect(await change('Waiting for release')).toEqual(['In Review', 'status:waiting-for-release']);
    expect(harness.case().status).toBe('Waiting for release');
    expect(await change('Pending')).toEqual(['In Review']);
    expect(await change('Open')).toEqual(['To Do']);
    expect(harness.case().status).toBe('Open');
    expect(harness.timeline().filter((what) => what === 'status changed')).toHaveLength(4);
  });

  it('is followed: a state that the workspace has a status for', async () => {
    const harness = await opened((text) =>
      text.replace(
        'statuses: { Open: open, Pending: pending, Closed: closed }',
        'statuses: { Open: open, Pending: pending, Waiting for release: pending, Closed: closed }\n  status-map: { In Review: Pending }',
      ),
    );
    harness.trackers.support.change(0, { status: { name: 'In Review', class: 'pending' } });
    await harness.poll();
    expect(harness.case().status).toBe('Pending');
    harness.trackers.support.change(0, { labels: [...shown(harness).labels, 'status:waiting-for-release'] });
    await harness.poll();
    expect(harness.case().status).toBe('Waiting for release');
    harness.trackers.support.change(0, { status: { name: 'To Do', class: 'open' } });
    await harness.poll();
    await harness.pass(minute);
    expect(harness.case().status).toBe('Open');
    expect(shown(harness).labels).not.toContain('status:waiting-for-release');
  });

  it('is not overwritten by an edit of ours that leaves at the same time', async () => {
    const harness = await opened();
    harness.trackers.support.fail('edit', lost('before'));
    harness.trackers.support.change(0, { dueDate: '2026-12-02' });
    await harness.poll();
    harness.trackers.support.change(0, { assignee: dana, severity: 3 });
    await harness.pass(hour);
    expect(harness.case()).toMatchObject({ assignee: 'dana', severity: 'normal' });
    expect(shown(harness)).toMatchObject({ assignee: dana, severity: 3, dueDate: '2026-12-02' });
  });
});

describe('what is Caselite’s own', () => {
  const takeOff = async (harness: Harness) => {
    harness.trackers.support.change(0, {
      labels: shown(harness).labels.filter((name) => !name.startsWith('category:')),
    });
    await harness.poll();
    await harness.pass(minute);
  };

  it('is put back, and a comment says so once', async () => {
    const harness = await opened();
    await takeOff(harness);
    expect(shown(harness).labels).toContain('category:installation-issues');
    await harness.poll();
    await harness.pass(hour);
    expect(said(harness)).toEqual([
      expect.stringContaining('Restored by Caselite: the label category:installation-issues was removed'),
    ]);
  });

  it('is left alone after three times in a day, and that is shown', async () => {
    const harness = await opened();
    for (let times = 0; times < 6; times += 1) await takeOff(harness);
    expect(said(harness)).toHaveLength(3);
    expect(harness.timeline().filter((what) => what === 'gave in')).toHaveLength(1);
    expect(shown(harness).labels).not.toContain('category:installation-issues');
    await harness.pass(2 * day);
    expect(shown(harness).labels).not.toContain('category:installation-issues');
  });

  it('is the handle in the title; other words for it are a person’s to choose', async () => {
    const harness = await opened();
    harness.trackers.support.change(0, { title: 'Better words (C-1)' });
    await harness.poll();
    harness.trackers.support.change(0, { severity: 2 });
    await harness.poll();
    await harness.pass(minute);
    expect(shown(harness).title).toBe('Better words (C-1)');
    harness.trackers.support.change(0, { title: 'Nobody knows which' });
    await harness.poll();
    await harness.pass(minute);
    expect(shown(harness).title).toContain('· C-1');
    expect(said(harness).join()).toContain('C-1 was removed from the title');
  });
});

describe('the marker and the case link in the text', () => {
  const takeOut = async (harness: Harness) => {
    harness.trackers.support.change(0, {
      ownershipMarks: { markers: [], links: ['https://elsewhere.test/'] },
    });
    await harness.poll();
    await harness.pass(minute);
  };

  it('are put back when a person took them out, with a comment', async () => {
    const harness = await opened();
    const { ownershipMarks } = shown(harness);
    await takeOut(harness);
    expect(shown(harness).ownershipMarks).toEqual(ownershipMarks);
    expect(harness.timeline()).toContain('fields put back');
    expect(said(harness)).toEqual([
      expect.stringContaining('the marker was removed from the text; the link to the case was removed from the text'),
    ]);
    await harness.pass(3 * day);
    expect(said(harness).filter((text) => text.startsWith('Restored'))).toHaveLength(1);
  });

  it('are left out after three times in a day', async () => {
    const harness = await opened();
    for (let times = 0; times < 5; times += 1) await takeOut(harness);
    expect(said(harness)).toHaveLength(3);
    expect(harness.timeline()).toContain('gave in');
    expect(shown(harness).ownershipMarks.markers).toEqual([]);
  });

  it('are not restored where they never existed, or where the deployment moved', async () => {
    const harness = await opened();
    harness.trackers.support.change(0, {
      ownershipMarks: {
        ...shown(harness).ownershipMarks,
        links: [`https://new.test/w/acme/cases/${harness.case().id}`],
      },
    });
    await harness.poll();
    await harness.poll();
    await harness.pass(hour);
    expect(said(harness)).toEqual([]);
  });
});

describe('what a tracker fills in by itself', () => {
  it('is no edit: what a create whose answer was lost had still to set', async () => {
    const harness = new Harness(slowAcme());
    const { support } = harness.trackers;
    support.fail('create', lost('after'));
    const { findCreatedIssue } = support;
    support.findCreatedIssue = async (search) => {
      support.change(0, { severity: 3, dueDate: null });
      override(support, { findCreatedIssue });
      return findCreatedIssue.call(support, search);
    };
    await harness.receive({ completed: false });
    await harness.pass(hour);
    expect(harness.case().severity).toBe('urgent');
    expect(shown(harness)).toMatchObject({ severity: 1, dueDate: expect.stringMatching(/^2026-/) });
    expect(said(harness)).toEqual([]);
  });
});

it('takes its own late call for nobody’s edit', async () => {
  const harness = await opened();
  const before = shown(harness);
  harness.trackers.support.fail('edit', lost('before'));
  harness.trackers.support.change(0, { severity: 2 });
  await harness.poll();
  await harness.pass(minute);
  harness.trackers.support.change(0, { severity: 3 });
  await harness.poll();
  await harness.pass(minute);
  expect(harness.case().severity).toBe('normal');
  // The first edit, considered lost, arrives only now.
  const labels = [...before.labels.filter((name) => !name.startsWith('severity:')), 'severity:high'];
  harness.trackers.support.change(0, { labels });
  await harness.poll();
  await harness.pass(minute);
  expect(harness.case().severity).toBe('normal');
  expect(shown(harness)).toMatchObject({ severity: 3, labels: expect.arrayContaining(['severity:normal']) });
  expect(said(harness)).toEqual([]);
});

it('a comment is read although an edit of ours came right after it and answered slowly', async () => {
  const harness = new Harness();
  await harness.receive({ token: 'a', customer: 'a', ease: 2 });
  await harness.pass(hour);
  harness.trackers.product.say(0, 'priya', 'The installer is at fault.');
  harness.trackers.product.answerTakes = 6 * second;
  await harness.receive({ token: 'b', customer: 'b', ease: 2 });
  harness.trackers.product.answerTakes = 0;
  await harness.pass(day);
  const [kept] = comments.list(harness.sql, { caseId: harness.case().id }, 5);
  expect(kept?.text).toBe('The installer is at fault.');
});
