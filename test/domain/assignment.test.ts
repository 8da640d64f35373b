import { describe, expect, it } from 'vitest';
import { chooseAssignee, chooseLoopOwner } from '#domain/cases/assignment.ts';
import { acme } from './samples.ts';

const day = Date.UTC(2026, 10, 25, 9);
const { people, teams } = acme().workspace;
const [someTeam] = Object.values(teams);
if (!someTeam) throw new Error('no team');
const { 'loop-owner': _owner, ...plainTeam } = someTeam;
const base = { ...plainTeam, managers: ['dana'], members: ['sam', 'priya'], fallback: 'dana' };
const awayPeople = (name: string, from: string, until: string) => ({
  ...people,
  [name]: { ...people[name], away: [{ from, until }] } as (typeof people)[string],
});

const choose = (facts: Partial<Parameters<typeof chooseAssignee>[0]> = {}, turn = 0) =>
  chooseAssignee(
    {
      team: base,
      people,
      category: 'Installation issues',
      fields: new Map(),
      at: day,
      timeZone: 'Europe/Berlin',
      tracker: 'jira',
      ...facts,
    },
    () => turn,
  );

describe('round robin', () => {
  it('gives cases in turn', () => {
    expect([0, 1, 2, 3].map((turn) => choose({}, turn).person)).toEqual(['sam', 'priya', 'sam', 'priya']);
  });

  it('passes over whoever is away, and says so', () => {
    const away = { people: awayPeople('sam', '2026-11-24', '2026-11-25') };
    expect(choose(away, 0)).toEqual({ person: 'priya', why: 'in turn; sam is away until 2026-11-25' });
  });

  it('counts both ends of an absence, on the wall clock of the workspace', () => {
    const people = awayPeople('sam', '2026-11-25', '2026-11-25');
    const at = (time: number) => choose({ people, at: time }, 0).person;
    expect(at(Date.UTC(2026, 10, 24, 22, 59))).toBe('sam');
    expect(at(Date.UTC(2026, 10, 24, 23))).toBe('priya');
    expect(at(Date.UTC(2026, 10, 25, 23))).toBe('sam');
  });

  it('falls back when everybody is away or has no account', () => {
    const team = { ...base, members: ['sam', 'mette'] };
    expect(choose({ team, people: awayPeople('sam', '2026-11-25', '2026-11-25') })).toEqual({
      person: 'dana',
      why: 'in turn; sam is away until 2026-11-25; mette has no jira account, so the fallback',
    });
  });

  it('goes on without accounts where nobody has one', () => {
    expect(choose({ tracker: 'elsewhere' }, 1).person).toBe('priya');
  });

  it('leaves no case without somebody because all are away', () => {
    const gone = { from: '2026-11-01', until: '2026-12-01' };
    const away = Object.fromEntries(Object.entries(people).map(([name, entry]) => [name, { ...entry, away: [gone] }]));
    const { person, why } = choose({ people: away });
    expect(person).toBe('dana');
    expect(why).toContain('nobody else is available');
  });
});

describe('a rule', () => {
  it.each([
    ['priya', 'priya', 'always the same person'],
    [{ 'by-category': { 'Installation issues': 'priya' } }, 'priya', 'by category Installation issues'],
    [{ 'by-category': { Bug: 'priya' } }, 'dana', 'no rule for category Installation issues, so the fallback'],
    [{ 'by-field': { 'customer.tier': { gold: 'priya' } } }, 'priya', 'by field customer.tier'],
    [{ 'by-field': { region: { north: 'priya' } } }, 'dana', 'no rule for what region says, so the fallback'],
    ['mette', 'dana', 'always the same person; mette has no jira account, so the fallback'],
  ] as const)('%j gives the case to %s', (assign, person, why) => {
    const fields = new Map([
      ['customer.tier', 'gold'],
      ['region', 'south'],
    ]);
    expect(choose({ team: { ...base, assign }, fields })).toEqual({ person, why });
  });
});

describe('the loop owner', () => {
  it.each([
    ['mette', 'mette'],
    [{ 'by-category': { 'Installation issues': 'sam' }, default: 'mette' }, 'sam'],
    [{ 'by-category': { Bug: 'sam' }, default: 'mette' }, 'mette'],
    [{ 'by-category': { Bug: 'sam' } }, 'dana'],
    [undefined, 'dana'],
  ] as const)('by %j is %s', (rule, person) => {
    expect(chooseLoopOwner({ ...base, 'loop-owner': rule }, 'Installation issues').person).toBe(person);
  });

  it('is nobody where the team names nobody', () => {
    const { fallback: _, ...team } = { ...base, managers: [] };
    expect(chooseLoopOwner(team, 'Bug').person).toBeNull();
  });
});
