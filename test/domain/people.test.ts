import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { parseWithPlainFindings } from '#domain/base/plain-words.ts';
import {
  baseTeamFields,
  buildPersonSchema,
  Escalation,
  TimeOfDay,
  WorkspaceQuietHours,
} from '#domain/settings/people.ts';

const Person = buildPersonSchema(['github', 'jira']);
const dana = { name: 'Dana', email: 'dana@acme.example' };

function read(schema: z.ZodType, given: unknown): unknown {
  const { value, findings } = parseWithPlainFindings(schema, given);
  return findings ? findings.map(({ message }) => message).join() : value;
}

describe('a person', () => {
  it('has accounts in trackers, and gets usual notices', () => {
    expect(read(Person, { ...dana, jira: '5b10', away: ['2026-12-24', '2026-12-20/2027-01-03'] })).toEqual({
      ...dana,
      jira: '5b10',
      accounts: { jira: '5b10' },
      away: [
        { from: '2026-12-24', until: '2026-12-24' },
        { from: '2026-12-20', until: '2027-01-03' },
      ],
      notices: 'normal',
    });
    expect(read(Person, { ...dana, linear: 'x' })).toMatch(/no setting here/);
  });

  const day = 'is neither a day nor a span; write "2026-12-20/2027-01-03"';
  const span = 'is no span of days of the calendar, of which the first comes first';
  it.each([
    ['soon', day],
    ['on 2026-12-24', day],
    ['2026-12-24/', day],
    ['2026-12-24/2026-12-25/2026-12-26', day],
    ['2026-13-24', span],
    ['2026-02-30', span],
    ['2026-12-24/2026-12-35', span],
    ['2026-12-24/2026-12-23', span],
  ])('is not away %s', (away, problem) => {
    expect(read(Person, { ...dana, away: [away] })).toBe(problem);
  });

  it.each([
    ['00:00', '00:00'],
    ['19:59', '19:59'],
    ['23:59', '23:59'],
    ['24:00', 'is not a time of day; write for example "08:00"'],
    ['8:00', 'is not a time of day; write for example "08:00"'],
    ['08:60', 'is not a time of day; write for example "08:00"'],
    ['at 08:00', 'is not a time of day; write for example "08:00"'],
    ['08:00:00', 'is not a time of day; write for example "08:00"'],
  ])('has the digest at %s: %s', (given, expected) => {
    expect(read(TimeOfDay, given)).toBe(expected);
  });
});

describe('the escalation', () => {
  const hours = (count: number) => count * 3_600_000;

  it('reminds twice, notifies the managers and repeats daily by default', () => {
    const levels = [{ to: ['managers'], wait: hours(8) }];
    expect(read(Escalation, {})).toEqual({ remind: [50, 80], levels, repeat: hours(24), hold: hours(48) });
  });

  const percent = 'is no share of the goal below 100 %; write for example "80%"';
  it.each([
    [['90%', '9%', '90%'], { remind: [9, 90] }],
    [['100%'], percent],
    [['0%'], percent],
    [['80'], percent],
    [['x80%'], percent],
    [['80% '], percent],
  ])('reminds at %j: %j', (remind, expected) => {
    const found = read(Escalation, { remind });
    if (typeof expected === 'string') expect(found).toBe(expected);
    else expect(found).toMatchObject(expected);
  });

  it('has one to ten levels', () => {
    const levels = (count: number) => ({ levels: Array.from({ length: count }, () => ({ to: 'managers' })) });
    expect(read(Escalation, levels(0))).toBe('is empty');
    expect(read(Escalation, levels(10))).toMatchObject({ remind: [50, 80] });
    expect(read(Escalation, levels(11))).toBe('must be 10 entries or less');
  });
});

it('quiet hours are hours alone, or a group with exempt events', () => {
  expect(read(WorkspaceQuietHours, '20:00-07:00')).toEqual({ hours: '20:00-07:00', exempt: [] });
  expect(read(WorkspaceQuietHours, { calendar: 'office' })).toEqual({ calendar: 'office', exempt: [] });
  expect(read(WorkspaceQuietHours, { exempt: ['overdue'] })).toEqual({ exempt: ['overdue'] });
  expect(read(WorkspaceQuietHours, { hours: 'night' })).toBe('are not hours of a day; write for example "20:00-07:00"');
});

it('assignment names its forms where none is meant', () => {
  expect(read(baseTeamFields.assign, undefined)).toBe('round-robin');
  expect(read(baseTeamFields.assign, 7)).toMatch(/is none of round-robin, a person/);
});
