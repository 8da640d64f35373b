import { beforeAll, describe, expect, it } from 'vitest';
import type { CaseFilter } from '#domain/cases/case-list.ts';
import { erasePerson } from '#src/workspace/privacy/erase-person.ts';
import { listCaseRows, saveView } from '#src/workspace/queries/case-lists.ts';
import { setVerdict } from '#src/workspace/store/closings.ts';
import { comments } from '#src/workspace/store/comments.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { hour } from '#test/harness/times.ts';
import { storedLines } from './store/rows.ts';

let harness: Harness;

/** Seven open and closed cases, of which C-4 was reopened by a dispute. */
beforeAll(async () => {
  harness = new Harness(slowAcme());
  for (let index = 1; index <= 6; index += 1)
    await harness.receive({ completed: false, token: `t${index}`, customer: `k${index}`, name: `Name ${index}` });
  await harness.receive({ completed: true, token: 't7', customer: 'k7', name: 'Name 7', wish: 'A dark mode' });
  const { now } = harness;
  const changes: Parameters<Harness['update']>[0][] = [
    { dueAt: now + 5 * hour, assignee: 'sam', loopOwner: 'dana' },
    { dueAt: now - 48 * hour, assignee: null, severity: 'high', severityRank: 2, revenue: 9e6 },
    { dueAt: now + hour, assignee: 'dana', loopOwner: 'sam', tier: 'gold', severity: 'low', severityRank: 4 },
    { dueAt: now + 20 * hour, generation: 2, assignee: 'dana' },
    { loop: 'asked', resolvedAt: now, assignee: 'sam' },
    { loop: 'dropped', needsPerson: 'It was closed without a reason.', dueAt: now + 30 * hour },
    { loop: 'known-gap', resolvedAt: now },
  ];
  for (const [index, change] of changes.entries()) harness.update(change, index);
  const { id } = harness.case(3);
  const verdict = { customerKey: 'k4', generation: 1, verdict: 'disputed', why: 'no', at: now } as const;
  setVerdict(harness.sql, id, verdict);
});

const list = (filter: Partial<CaseFilter> & { limit?: number; cursor?: string | null } = {}) =>
  listCaseRows(harness.core, { show: 'open', cursor: null, limit: 50, who: 'dana', ...filter });
const handles = (filter: Parameters<typeof list>[0]) => list(filter).rows.map(({ handle }) => handle);

describe('a list of cases', () => {
  it('counts each state, from counters as from a narrowed list', () => {
    const counts = {
      open: 5,
      overdue: 1,
      'needs-person': 1,
      disputed: 1,
      working: 4,
      asked: 1,
      unverified: 0,
      'known-gap': 1,
      all: 7,
    };
    expect(list().counts).toMatchObject(counts);
    expect(list({ source: 'upgrade-survey' }).counts).toMatchObject(counts);
    expect(list({ assignee: 'dana' }).counts).toMatchObject({ open: 2, overdue: 0, disputed: 1, all: 2 });
  });

  it('begins with the soonest due, the most severe or the greatest revenue where cases are open', () => {
    expect(handles({})).toEqual(['C-2', 'C-3', 'C-1', 'C-4', 'C-6']);
    expect(handles({ sort: 'severity' }).at(-1)).toBe('C-3');
    expect(handles({ sort: 'revenue' })[0]).toBe('C-2');
    expect(handles({ sort: 'newest' })).toEqual(['C-6', 'C-4', 'C-3', 'C-2', 'C-1']);
    expect(handles({ show: 'all', sort: 'due' })).toEqual(['C-7', 'C-6', 'C-5', 'C-4', 'C-3', 'C-2', 'C-1']);
  });

  it('narrows by state, people and facts', () => {
    expect(handles({ show: 'disputed' })).toEqual(['C-4']);
    expect(handles({ show: 'asked' })).toEqual(['C-5']);
    expect(handles({ person: 'dana', show: 'working' })).toEqual(expect.arrayContaining(['C-1', 'C-3', 'C-4']));
    expect(handles({ owner: 'sam' })).toEqual(['C-3']);
    expect(handles({ assignee: 'nobody', show: 'working' })).toEqual(['C-2']);
    expect(handles({ severity: 'low' })).toEqual(['C-3']);
    expect(handles({ source: 'upgrade-survey', show: 'all' })).toHaveLength(7);
    expect(handles({ source: 'another', show: 'all' })).toEqual([]);
    expect(handles({ to: '2020-01-01', show: 'all' })).toEqual([]);
  });

  it.each(['due', 'severity', 'revenue', 'newest'] as const)('pages by %s without a gap or a repetition', (sort) => {
    const paged: string[] = [];
    for (let cursor: string | null = null, turn = 0; turn < 9 && (turn === 0 || cursor); turn += 1) {
      const page = list({ sort, limit: 2, cursor });
      paged.push(...page.rows.map(({ handle }) => handle));
      cursor = page.next;
    }
    expect(paged).toEqual(handles({ sort }));
    expect(() => list({ cursor: 'no-cursor' })).toThrow(/^cursor: /);
  });

  it('shows whose case it is, and what they wrote', () => {
    expect(list({ show: 'known-gap' }).rows[0]).toMatchObject({
      customer: { key: 'k7', name: 'Name 7' },
      words: 'A dark mode',
      overdue: false,
    });
  });
});

describe('the search of cases', () => {
  const search = (text: string, seesNames = true) =>
    listCaseRows(harness.core, { show: 'all', cursor: null, limit: 50, who: 'dana', search: text, seesNames })
      .rows.map(({ handle }) => handle)
      .sort();

  beforeAll(async () => {
    const wish = '請求書が届かない。 The Überprüfung needs a schedule, it is late.';
    await harness.receive({ completed: true, token: 't8', customer: 'k8', name: 'Jörg Zyzzyva', wish });
    comments.add(harness.sql, {
      caseId: harness.case(0).id,
      id: 'n1',
      kind: 'note',
      author: 'dana',
      text: 'Quarantäne',
      at: 1,
    });
  });

  it('takes a handle, the key of an issue, a name and words in any language, without case and accents', () => {
    expect(search('c-3')).toEqual(['C-3']);
    expect(search(harness.case(1).issue?.key ?? '')).toEqual(['C-2']);
    expect(search('zyzz jorg')).toEqual(['C-8']);
    expect(search('請求書')).toEqual(['C-8']);
    expect(search('schedule uberprufung')).toEqual(['C-8']);
    expect(search('quarantane')).toEqual(['C-1']);
    expect(search('schedule quarantane')).toEqual([]);
    expect(search('"; DROP TABLE cases')).toEqual([]);
    expect(() => search('ab')).toThrow(/^search: is too short/);
  });

  it('finds no name for those who do not see it', () => {
    expect(search('zyzzyva', false)).toEqual([]);
    expect(search('schedule', false)).toEqual(['C-8']);
  });

  it('holds nothing of an erased person, and stays whole', () => {
    harness.sql.transaction(() => erasePerson(harness.core, 'k8', 'dana'));
    expect(search('zyzzyva')).toEqual([]);
    expect(search('schedule')).toEqual([]);
    expect(search('quarantane')).toEqual(['C-1']);
    const bytes = storedLines(harness.sql).filter((line) => /^search_\w+_data.*(zyz|zzy)/.test(line));
    expect(bytes).toEqual([]);
  });
});

describe('a saved view', () => {
  const save = (name: string, query: string | null, who = 'sam') => saveView(harness.core, { name, query, who });
  const views = () => list().rail.views.map(({ name, query }) => [name, query]);

  it('keeps the narrowing under its name, without words of a search', () => {
    save('Gold', 'show=overdue&tier=gold&search=Maria&customer.email=m%40customer.example&page=2');
    expect(views()).toEqual([['Gold', 'show=overdue&tier=gold']]);
    expect(list().rail.views[0]).toMatchObject({ isOwn: false });
  });

  it('is changed by its author and case managers only', () => {
    expect(() => save('Gold', 'show=all', 'mette')).toThrow(/somebody else/);
    save('Gold', 'show=all', 'dana');
    expect(views()).toEqual([['Gold', 'show=all']]);
    save('Gold', null, 'dana');
    expect(views()).toEqual([]);
    expect(() => save('', 'show=all')).toThrow(/^name: /);
  });
});

it('shows the beginning of what the customer wrote, with a sign where it goes on, and past a null character', async () => {
  const harness = new Harness();
  const wish = `Please\0 mend the printer${' and the scanner'.repeat(20)}`;
  await harness.receive({ token: 'long', completed: false, wish });
  const words = listCaseRows(harness.core, { show: 'open', cursor: null, limit: 50, who: 'dana' }).rows[0]?.words ?? '';
  expect(words).toMatch(/^Please mend the printer and .*…$/);
  expect(words.length).toBeLessThanOrEqual(160);
});
