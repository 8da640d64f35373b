import { describe, expect, it } from 'vitest';
import {
  chooseRecipients,
  describeStorm,
  findGatherMs,
  isForTeamMember,
  isUrgent,
  Notify,
} from '#domain/settings/notice-event.ts';
import { dayMs, minuteMs } from '#domain/time/units.ts';

describe('recipients of an event', () => {
  const template = { overdue: { to: ['dana'], by: ['ops'] } };
  const workspace = { overdue: { to: ['sam'], by: ['mail'] }, opened: { to: ['team'], by: ['mail'] } };

  it.each([
    ['overdue', { to: ['dana'], by: ['ops'], because: 'the case template' }],
    ['opened', { to: ['team'], by: ['mail'], because: 'the workspace file' }],
    ['replied', { to: ['loop-owner'], by: ['mail'], because: 'Caselite by default' }],
    ['closed', { to: [], by: ['mail'], because: 'Caselite by default' }],
  ] as const)('%s are %j', (event, recipients) => {
    expect(chooseRecipients(event, template, workspace)).toEqual(recipients);
  });

  it('are those of the workspace where the template has none', () => {
    expect(chooseRecipients('overdue', undefined, workspace).to).toEqual(['sam']);
  });
});

it.each([
  ['opened', 'quiet', false],
  ['opened', 'normal', true],
  ['opened', undefined, true],
  ['replied', 'quiet', true],
  ['overdue', 'quiet', true],
  ['overdue', 'all', true],
] as const)('%s is for a %s member of the team: %s', (event, level, isFor) => {
  expect(isForTeamMember(event, level)).toBe(isFor);
});

it('some events are urgent, and some are gathered in a storm', () => {
  expect([isUrgent('overdue'), isUrgent('replied'), isUrgent('opened')]).toEqual([true, false, false]);
  expect([describeStorm('opened'), describeStorm('overdue')]).toEqual(['were opened', null]);
  expect([findGatherMs('opened'), findGatherMs('closed-against-rules')]).toEqual([5 * minuteMs, dayMs]);
});

it('notices go by mail unless channels are named', () => {
  expect(Notify.parse({ opened: ['team'], closed: { to: ['team'] }, overdue: { to: ['team'], by: ['ops'] } })).toEqual({
    opened: { to: ['team'], by: ['mail'] },
    closed: { to: ['team'], by: ['mail'] },
    overdue: { to: ['team'], by: ['ops'] },
  });
});
