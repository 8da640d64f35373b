import { describe, expect, it } from 'vitest';
import { dueDate } from '#domain/templates/due.ts';
import { changeStatus } from '#src/workspace/cases/change-status.ts';
import { lost } from './fakes.ts';
import { day, hour, minute, Rig, slowAcme } from './rig.ts';

const dana = '5b10ac8d82e05b22cc7d4ef1';

async function opened(change?: (text: string) => string): Promise<Rig> {
  const rig = new Rig(slowAcme(change));
  await rig.receive({ completed: false });
  await rig.pass(minute);
  return rig;
}

const shown = (rig: Rig) => rig.trackers.support.issue().snapshot;
const said = (rig: Rig) => rig.trackers.support.issue().comments.map(({ text }) => text);

describe('what a person changes in the tracker', () => {
  it('is followed: the severity by its label, and everything else that tells it', async () => {
    const rig = await opened();
    const { labels } = shown(rig);
    rig.trackers.support.change(0, {
      labels: [...labels.filter((name) => name !== 'severity:urgent'), 'severity:low'],
    });
    await rig.poll();
    await rig.pass(minute);
    expect(rig.case()).toMatchObject({ severity: 'low', severityRank: 4 });
    expect(rig.case().dueWhy[0]).toContain('severity low: set by somebody in the tracker; the goal stays');
    expect(shown(rig).severity).toBe(4);
    expect(shown(rig).labels.filter((name) => name.startsWith('severity:'))).toEqual(['severity:low']);
    expect(rig.trackers.support.issue().body).toContain('Severity **low**');
    expect(said(rig)).toEqual([]);
  });

  it('is followed: the severity by the tracker’s own priority', async () => {
    const rig = await opened();
    rig.trackers.support.change(0, { severity: 2 });
    await rig.poll();
    await rig.pass(minute);
    expect(rig.case().severity).toBe('high');
    expect(shown(rig).labels).toContain('severity:high');
    expect(shown(rig).labels).not.toContain('severity:urgent');
  });

  it('moves the goal with the severity where the workspace says so', async () => {
    const rig = await opened((text) =>
      text.replace('case-options:\n', 'clock: { after-severity-change: goal of the tier }\ncase-options:\n'),
    );
    const before = rig.case().dueAt;
    rig.trackers.support.change(0, { severity: 3 });
    await rig.poll();
    expect(rig.case().dueAt).toBe(before + 2 * day);
    expect(rig.case().dueWhy.join()).toContain('as for tier bronze');
  });

  it('is followed: a date means the end of that working day, and reading it back is no edit', async () => {
    const rig = await opened();
    rig.trackers.support.change(0, { dueDate: '2026-12-02' });
    await rig.poll();
    await rig.pass(minute);
    const { dueAt } = rig.case();
    expect(dueDate(dueAt, 'Europe/Berlin')).toBe('2026-12-02');
    expect(shown(rig).labels.filter((name) => name.startsWith('due:'))).toEqual(['due:2026-12-02']);
    const entries = rig.timeline().length;
    rig.trackers.support.change(0, {});
    await rig.poll();
    await rig.pass(day);
    expect(rig.case().dueAt).toBe(dueAt);
    expect(rig.timeline().slice(entries)).not.toContain('goal changed');
  });

  it('is followed: a date as a label replaces the old one', async () => {
    const rig = await opened();
    rig.trackers.support.change(0, { labels: [...shown(rig).labels, 'due:2026-12-04'] });
    await rig.poll();
    await rig.pass(minute);
    expect(shown(rig)).toMatchObject({ dueDate: '2026-12-04' });
    expect(shown(rig).labels.filter((name) => name.startsWith('due:'))).toEqual(['due:2026-12-04']);
  });

  it('is followed: the assignee, also one whom nobody knows here', async () => {
    const rig = await opened();
    rig.trackers.support.change(0, { assignee: dana });
    await rig.poll();
    expect(rig.case().assignee).toBe('dana');
    rig.trackers.support.change(0, { assignee: 'stranger' });
    await rig.poll();
    await rig.pass(hour);
    expect(rig.case().assignee).toBeNull();
    expect(rig.timeline()).toContain('assignee not mapped');
    expect(shown(rig).assignee).toBe('stranger');
  });

  it('travels as the tracker’s own state where it has one, and comes back as the same', async () => {
    const rig = await opened((text) =>
      text.replace(
        'statuses: { Open: open, Pending: pending, Closed: closed }',
        'statuses: { Open: open, Pending: pending, Waiting for release: pending, Closed: closed }\n  status-map: { In Review: Pending, To Do: Open }',
      ),
    );
    rig.trackers.support.states.push('To Do', 'In Review');
    const change = async (status: string) => {
      rig.sql.transaction(() => changeStatus(rig.core, rig.case().id, status, { who: 'dana' }));
      await rig.pass(minute);
      await rig.poll();
      return [shown(rig).status.name, ...shown(rig).labels.filter((name) => name.startsWith('status:'))];
    };
    expect(await change('Pending')).toEqual(['In Review']);
    expect(rig.case().status).toBe('Pending');
    expect(await change('Waiting for release')).toEqual(['In Review', 'status:waiting-for-release']);
    expect(rig.case().status).toBe('Waiting for release');
    expect(await change('Pending')).toEqual(['In Review']);
    expect(await change('Open')).toEqual(['To Do']);
    expect(rig.case().status).toBe('Open');
    expect(rig.timeline().filter((what) => what === 'status changed')).toHaveLength(4);
  });

  it('is followed: a state that the workspace has a status for', async () => {
    const rig = await opened((text) =>
      text.replace(
        'statuses: { Open: open, Pending: pending, Closed: closed }',
        'statuses: { Open: open, Pending: pending, Waiting for release: pending, Closed: closed }\n  status-map: { In Review: Pending }',
      ),
    );
    rig.trackers.support.change(0, { status: { name: 'In Review', class: 'pending' } });
    await rig.poll();
    expect(rig.case().status).toBe('Pending');
    rig.trackers.support.change(0, { labels: [...shown(rig).labels, 'status:waiting-for-release'] });
    await rig.poll();
    expect(rig.case().status).toBe('Waiting for release');
    rig.trackers.support.change(0, { status: { name: 'To Do', class: 'open' } });
    await rig.poll();
    await rig.pass(minute);
    expect(rig.case().status).toBe('Open');
    expect(shown(rig).labels).not.toContain('status:waiting-for-release');
  });

  it('is not overwritten by an edit of ours that leaves at the same time', async () => {
    const rig = await opened();
    rig.trackers.support.fail('edit', lost('before'));
    rig.trackers.support.change(0, { dueDate: '2026-12-02' });
    await rig.poll();
    rig.trackers.support.change(0, { assignee: dana, severity: 3 });
    await rig.pass(hour);
    expect(rig.case()).toMatchObject({ assignee: 'dana', severity: 'normal' });
    expect(shown(rig)).toMatchObject({ assignee: dana, severity: 3, dueDate: '2026-12-02' });
  });
});

describe('what is Caselite’s own', () => {
  const takeOff = async (rig: Rig) => {
    rig.trackers.support.change(0, {
      labels: shown(rig).labels.filter((name) => !name.startsWith('category:')),
    });
    await rig.poll();
    await rig.pass(minute);
  };

  it('is put back, and a comment says so once', async () => {
    const rig = await opened();
    await takeOff(rig);
    expect(shown(rig).labels).toContain('category:installation-issues');
    await rig.poll();
    await rig.pass(hour);
    expect(said(rig)).toEqual([
      expect.stringContaining('Put back by Caselite: the label category:installation-issues was taken off'),
    ]);
  });

  it('is left alone after three times in a day, and that is shown', async () => {
    const rig = await opened();
    for (let times = 0; times < 6; times += 1) await takeOff(rig);
    expect(said(rig)).toHaveLength(3);
    expect(rig.timeline().filter((what) => what === 'gave in')).toHaveLength(1);
    expect(shown(rig).labels).not.toContain('category:installation-issues');
    await rig.pass(2 * day);
    expect(shown(rig).labels).not.toContain('category:installation-issues');
  });

  it('is the handle in the title; other words for it are a person’s to choose', async () => {
    const rig = await opened();
    rig.trackers.support.change(0, { title: 'Better words (C-1)' });
    await rig.poll();
    rig.trackers.support.change(0, { severity: 2 });
    await rig.poll();
    await rig.pass(minute);
    expect(shown(rig).title).toBe('Better words (C-1)');
    rig.trackers.support.change(0, { title: 'Nobody knows which' });
    await rig.poll();
    await rig.pass(minute);
    expect(shown(rig).title).toContain('(C-1)');
    expect(said(rig).join()).toContain('C-1 was taken out of the title');
  });
});

describe('the marker and the case link in the text', () => {
  const takeOut = async (rig: Rig) => {
    rig.trackers.support.change(0, { ownershipMarks: { markers: [], links: ['https://elsewhere.test/'] } });
    await rig.poll();
    await rig.pass(minute);
  };

  it('are put back when a person took them out, with a comment', async () => {
    const rig = await opened();
    const { ownershipMarks } = shown(rig);
    await takeOut(rig);
    expect(shown(rig).ownershipMarks).toEqual(ownershipMarks);
    expect(rig.timeline()).toContain('fields put back');
    expect(said(rig)).toEqual([
      expect.stringContaining(
        'the marker was taken out of the text; the link to the case was taken out of the text',
      ),
    ]);
    await rig.pass(3 * day);
    expect(said(rig).filter((text) => text.startsWith('Put back'))).toHaveLength(1);
  });

  it('are left out after three times in a day', async () => {
    const rig = await opened();
    for (let times = 0; times < 5; times += 1) await takeOut(rig);
    expect(said(rig)).toHaveLength(3);
    expect(rig.timeline()).toContain('gave in');
    expect(shown(rig).ownershipMarks.markers).toEqual([]);
  });

  it('are nobody’s to put back where they never stood, or where the deployment moved', async () => {
    const rig = await opened();
    rig.trackers.support.change(0, {
      ownershipMarks: {
        ...shown(rig).ownershipMarks,
        links: [`https://new.test/w/acme/cases/${rig.case().id}`],
      },
    });
    await rig.poll();
    await rig.poll();
    await rig.pass(hour);
    expect(said(rig)).toEqual([]);
  });
});

describe('what a tracker fills in by itself', () => {
  it('is no edit: a priority of its own beside a create that could not be read', async () => {
    const rig = new Rig(slowAcme());
    const { support } = rig.trackers;
    const { createIssue } = support;
    support.createIssue = async (draft) => {
      const sent = await createIssue.call(support, draft);
      support.change(0, { severity: 3, assignee: dana });
      return { ...sent, isAsSent: true };
    };
    await rig.receive({ completed: false });
    await rig.poll();
    await rig.pass(minute);
    expect(rig.case()).toMatchObject({ severity: 'urgent', assignee: 'sam' });
    expect(rig.timeline()).not.toContain('severity changed');
    expect(shown(rig)).toMatchObject({ severity: 1 });
    support.change(0, { severity: 2 });
    await rig.poll();
    expect(rig.case().severity).toBe('high');
  });

  it('is no edit: what a create whose answer was lost had still to set', async () => {
    const rig = new Rig(slowAcme());
    const { support } = rig.trackers;
    support.fail('create', lost('after'));
    const { findIssue } = support;
    support.findIssue = async (search) => {
      support.change(0, { severity: 3, dueDate: null });
      Object.assign(support, { findIssue });
      return findIssue.call(support, search);
    };
    await rig.receive({ completed: false });
    await rig.pass(hour);
    expect(rig.case().severity).toBe('urgent');
    expect(shown(rig)).toMatchObject({ severity: 1, dueDate: expect.stringMatching(/^2026-/) });
    expect(said(rig)).toEqual([]);
  });
});

it('takes its own late call for nobody’s edit', async () => {
  const rig = await opened();
  const before = shown(rig);
  rig.trackers.support.fail('edit', lost('before'));
  rig.trackers.support.change(0, { severity: 2 });
  await rig.poll();
  await rig.pass(minute);
  rig.trackers.support.change(0, { severity: 3 });
  await rig.poll();
  await rig.pass(minute);
  expect(rig.case().severity).toBe('normal');
  // The first edit, given up for lost, arrives only now.
  const labels = [...before.labels.filter((name) => !name.startsWith('severity:')), 'severity:high'];
  rig.trackers.support.change(0, { labels });
  await rig.poll();
  await rig.pass(minute);
  expect(rig.case().severity).toBe('normal');
  expect(shown(rig)).toMatchObject({ severity: 3, labels: expect.arrayContaining(['severity:normal']) });
  expect(said(rig)).toEqual([]);
});
