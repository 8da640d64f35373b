import { describe, expect, test } from 'vitest';
import type { CaseJson } from '#domain/json/case-json.ts';
import {
  chooseCustomerDisplayName,
  countCasesByFilter,
  describeLoopState,
  filterCases,
  formatIssueName,
  isDisputed,
  isOverdue,
  readable,
  readCaseFilterName,
  toSafeWebAddress,
} from '#src/views/case-display.ts';
import { at, now, sampleCase } from './sample-case.ts';

const disputedOnce: CaseJson['verdicts'] = [
  { customer: 'cust-1', generation: 1, verdict: 'disputed', why: 'the customer says no', at: at(-30) },
];

describe('what a case manager filters by', () => {
  const cases = [
    sampleCase({ handle: 'C-6', loop: 'dropped', needsPerson: 'waits for a decision' }),
    sampleCase({ handle: 'C-5', loop: 'unverified' }),
    sampleCase({ handle: 'C-4', loop: 'asked' }),
    sampleCase({ handle: 'C-3', generation: 2, verdicts: disputedOnce, dueAt: at(20) }),
    sampleCase({ handle: 'C-2', overdue: true, dueAt: at(-48) }),
    sampleCase({ handle: 'C-1' }),
  ];

  test('every filter counts its cases', () => {
    expect(countCasesByFilter(cases, now)).toEqual({
      open: 4,
      overdue: 1,
      'needs-person': 1,
      disputed: 1,
      asked: 1,
      unverified: 1,
      'known-gap': 0,
      confirmed: 0,
      all: 6,
    });
  });

  test('what is open comes with the soonest due first, and decisions that wait after it', () => {
    const handles = filterCases(cases, 'open', now).map(({ handle }) => handle);
    expect(handles).toEqual(['C-2', 'C-1', 'C-3', 'C-6']);
  });

  test('other filters keep the order of the list, newest first', () => {
    expect(filterCases(cases, 'all', now).map(({ handle }) => handle)).toEqual(cases.map(({ handle }) => handle));
  });

  test('an unknown name shows what is open', () => {
    expect(readCaseFilterName('overdue')).toBe('overdue');
    expect(readCaseFilterName('constructor')).toBe('open');
    expect(readCaseFilterName(undefined)).toBe('open');
  });
});

describe('overdue and disputed', () => {
  test('a case past its goal is overdue before the alarm has marked it', () => {
    expect(isOverdue(sampleCase({ dueAt: at(-0.1) }), now)).toBe(true);
    expect(isOverdue(sampleCase({ dueAt: at(0.1) }), now)).toBe(false);
    expect(isOverdue(sampleCase({ dueAt: at(-1), loop: 'asked' }), now)).toBe(false);
  });

  test('a reopened case stays disputed until it is closed again', () => {
    expect(isDisputed(sampleCase({ generation: 2, verdicts: disputedOnce }))).toBe(true);
    expect(isDisputed(sampleCase({ generation: 2, verdicts: disputedOnce, loop: 'asked' }))).toBe(false);
    expect(isDisputed(sampleCase({ generation: 3, verdicts: disputedOnce }))).toBe(false);
  });
});

describe('words', () => {
  test('slugs, loops and issues have readable names', () => {
    expect(readable('upgrade-not-installed')).toBe('Upgrade not installed');
    expect(describeLoopState('resolved').text).toBe('resolved, not asked yet');
    const place = { tracker: 'product', key: 'acme/product#4', url: '' };
    const issue = { ...place, state: 'open' as const, labels: [], comments: 0, missing: [], trouble: null };
    expect(formatIssueName({ ...issue, kind: 'forge', trackerTitle: 'The Forge' })).toBe('The Forge acme/product#4');
  });

  test('a response that names nobody is an unnamed respondent', () => {
    expect(chooseCustomerDisplayName('cust-1', ['r_1'])).toBe('cust-1');
    expect(chooseCustomerDisplayName('r_1', ['r_1'])).toBe('unnamed respondent');
    expect(chooseCustomerDisplayName(null, ['r_1'])).toBe('many customers');
  });

  test('only addresses of the web become links', () => {
    expect(toSafeWebAddress('https://acme.example/browse/SUP-1')).toBe('https://acme.example/browse/SUP-1');
    expect(toSafeWebAddress('javascript:alert(1)')).toBeNull();
    expect(toSafeWebAddress('//acme.example')).toBeNull();
    expect(toSafeWebAddress(null)).toBeNull();
  });
});
