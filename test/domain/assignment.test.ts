import { describe, expect, it } from 'vitest';
import { chooseAssignee, chooseLoopOwner, collectAssignmentFields, hindrance } from '#domain/cases/assignment.ts';
import type { TeamSettings } from '#domain/settings/workspace-file.ts';
import { acme, answer, response } from './samples.ts';

const day = Date.UTC(2026, 10, 25, 9);
const { people, teams } = acme().workspace;
const [someTeam] = Object.values(teams);
if (!someTeam) throw new Error('no team');
const { 'loop-owner': _owner, ...plainTeam } = someTeam;
const base: TeamSettings = { ...plainTeam, managers: ['dana'], members: ['sam', 'priya'], fallback: 'dana' };
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

describe('a team', () => {
  const { fallback: _, ...unsafe } = base;
  const sam = { ...base, members: ['sam'] };
  const samAway = awayPeople('sam', '2026-11-25', '2026-11-25');

  it.each([
    ['without members', { team: { ...base, members: [] } }, 'dana', 'the team has no members, so the fallback'],
    [
      'without a fallback asks a manager',
      { team: { ...unsafe, managers: ['priya'], members: ['sam'] }, people: samAway },
      'priya',
      'the only member; sam is away until 2026-11-25, so a manager',
    ],
    [
      'of one who is away',
      { team: { ...unsafe, managers: [], members: ['sam'] }, people: samAway },
      'sam',
      'the only member; sam is away until 2026-11-25, and nobody else is available',
    ],
    [
      'of several of whom nobody is available',
      {
        team: { ...unsafe, managers: [], members: ['sam', 'eve'] },
        people: samAway,
      },
      'sam',
      'in turn; sam is away until 2026-11-25; eve is not under people, and nobody else is available',
    ],
    [
      'of nobody',
      { team: { ...unsafe, managers: [], members: [] } },
      null,
      'the team has no members, and the team has no fallback',
    ],
    [
      'that counts on a stranger',
      { team: { ...sam, assign: 'eve' } },
      'dana',
      'always the same person; eve is not under people, so the fallback',
    ],
    [
      'with rules for two fields',
      { team: { ...base, assign: { 'by-field': { region: {}, product: {} } } } },
      'dana',
      'no rule for what region, product says, so the fallback',
    ],
  ])('%s', (_name, facts, person, why) => {
    expect(choose(facts)).toEqual({ person, why });
  });

  it('takes no turn where a rule names somebody, or nobody is there', () => {
    const turn = () => {
      throw new Error('a turn was taken');
    };
    const facts = { people, category: 'Bug', fields: new Map(), at: day, timeZone: 'UTC', tracker: null };
    expect(chooseAssignee({ ...facts, team: { ...base, assign: 'sam' } }, turn).person).toBe('sam');
    expect(chooseAssignee({ ...facts, team: { ...base, members: [] } }, turn).person).toBe('dana');
  });

  it('goes by the time zone of who is away', () => {
    const away = awayPeople('sam', '2026-11-25', '2026-11-25');
    const tokyo = { ...away, sam: { ...away.sam, 'time-zone': 'Asia/Tokyo' } as (typeof people)[string] };
    const evening = Date.UTC(2026, 10, 24, 16);
    expect(hindrance({ people: tokyo, at: evening, timeZone: 'UTC', tracker: null }, 'sam')).toBe(
      'is away until 2026-11-25',
    );
    expect(hindrance({ people: away, at: evening, timeZone: 'UTC', tracker: null }, 'sam')).toBeNull();
  });
});

it('the fields for a rule are answers by alias and what is known of the customer', () => {
  const customer = {
    key: 'k',
    email: null,
    name: null,
    tier: 'Gold',
    revenue: null,
    language: 'de',
    attributes: { region: 'emea', seats: 4 },
  };
  const answers = [answer('product', 'x', { text: 'Desk' }), answer('other', 'x', { alias: null, text: 'y' })];
  const given = response(answers, { customer, language: 'fr' });
  const fields = { product: 'Desk', 'customer.region': 'emea', 'customer.seats': '4', 'customer.key': 'k' };
  expect(Object.fromEntries(collectAssignmentFields(given, 'gold'))).toEqual({
    ...fields,
    'customer.tier': 'gold',
    'customer.language': 'fr',
  });
  expect(Object.fromEntries(collectAssignmentFields(response(answers, { customer }), null))).toEqual({
    ...fields,
    'customer.tier': 'Gold',
    'customer.language': 'de',
  });
  const none = { ...customer, attributes: { seats: 0 } };
  expect(collectAssignmentFields(response([], { customer: none }), null).get('customer.seats')).toBe('0');
  expect([...collectAssignmentFields(null, null)]).toEqual([]);
  expect([...collectAssignmentFields(null, 'gold')]).toEqual([['customer.tier', 'gold']]);
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

  it('says why', () => {
    const owner = (team: Partial<typeof base>) => chooseLoopOwner({ ...base, ...team }, 'Bug');
    const rule = { 'by-category': { Bug: 'sam' }, default: 'mette' };
    expect(owner({ 'loop-owner': 'mette' }).why).toBe('the loop owner of the team');
    expect(owner({ 'loop-owner': rule }).why).toBe('the loop owner for category Bug');
    expect(owner({ 'loop-owner': { ...rule, 'by-category': {} } }).why).toBe('the loop owner of the team');
    expect(owner({}).why).toBe('the first case manager');
    expect(owner({ managers: [] })).toEqual({ person: 'dana', why: 'the fallback of the team' });
  });

  it('is nobody where the team names nobody', () => {
    const { fallback: _, ...team } = { ...base, managers: [] };
    expect(chooseLoopOwner(team, 'Bug')).toEqual({
      person: null,
      why: 'the team names no loop owner, no manager and no fallback',
    });
  });
});
