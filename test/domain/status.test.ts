import { describe, expect, it } from 'vitest';
import {
  chooseClosedStatus,
  findStatusByLabel,
  findStatusByName,
  findStatusClass,
  findStatusInLabels,
  findStatusOfClass,
  listTrackerStatesOfStatus,
  mapTrackerStateToStatus,
  toStatusLabelName,
} from '#domain/cases/status.ts';
import { acme } from './samples.ts';

const settings = structuredClone(acme().workspace);
Object.assign(settings['case-options'], {
  statuses: { New: 'open', 'In work': 'open', 'Waiting (customer)': 'pending', Done: 'closed', Rejected: 'closed' },
  'status-map': { 'In Review': 'Waiting (customer)', Canceled: 'Rejected', DOING: 'In work' },
});
const none = structuredClone(settings);
none['case-options'].statuses = {};

describe('statuses of a workspace', () => {
  it('are found by class, name, state and label', () => {
    expect((['open', 'pending', 'closed'] as const).map((kind) => findStatusOfClass(settings, kind))).toEqual([
      'New',
      'Waiting (customer)',
      'Done',
    ]);
    expect(findStatusOfClass(none, 'pending')).toBe('pending');
    expect(['New', 'Done', 'new', 'toString'].map((name) => findStatusClass(settings, name))).toEqual([
      'open',
      'closed',
      null,
      null,
    ]);
    expect(['waiting-CUSTOMER', 'in  work', 'nothing'].map((name) => findStatusByName(settings, name))).toEqual([
      'Waiting (customer)',
      'In work',
      null,
    ]);
  });

  it.each([
    ['in review', 'Waiting (customer)'],
    ['doing', 'In work'],
    ['new', 'New'],
    ['Canceled', null],
    ['done', null],
    ['other', null],
  ])('the state %s of a tracker is the open status %s', (state, status) => {
    expect(mapTrackerStateToStatus(settings, state)).toBe(status);
  });

  it.each([
    ['canceled', 'Rejected'],
    ['rejected', 'Rejected'],
    ['in review', 'Done'],
    ['other', 'Done'],
  ])('a closing in state %s has the status %s', (state, status) => {
    expect(chooseClosedStatus(settings, state)).toBe(status);
  });

  it.each([
    ['status:waiting-customer', 'Waiting (customer)'],
    ['status:in-work', 'In work'],
    ['status:IN WORK', 'In work'],
    ['in-work', null],
    ['status:nothing', null],
    ['x status:in-work', null],
  ])('the label %s names %s', (label, status) => {
    expect(findStatusByLabel(settings, label)).toBe(status);
  });

  it('of labels the first open one counts', () => {
    expect(findStatusInLabels(settings, ['x', 'status:done', 'doing', 'status:new'])).toBe('In work');
    expect(findStatusInLabels(settings, ['canceled', 'status:rejected'])).toBeNull();
    expect(findStatusInLabels(settings, [])).toBeNull();
  });

  it('become labels where the tracker has no such state', () => {
    const label = (status: string, state: string | null = null) => toStatusLabelName(settings, status, state);
    expect(label('Waiting (customer)')).toBe('status:waiting-customer');
    expect(label('Waiting (customer)', 'new')).toBe('status:waiting-customer');
    expect(label('Waiting (customer)', 'in review')).toBeNull();
    for (const status of ['New', 'Done', 'nothing']) expect(label(status)).toBeNull();
    expect(listTrackerStatesOfStatus(settings, 'Waiting (customer)')).toEqual(['In Review', 'Waiting (customer)']);
    expect(listTrackerStatesOfStatus(settings, 'New')).toEqual(['New']);
  });
});
