import { describe, expect, test } from 'vitest';
import { describeOutcome } from '#src/views/case-action-forms.tsx';
import {
  chooseCustomerDisplayName,
  describeLoopState,
  formatIssueName,
  readable,
  toSafeWebAddress,
} from '#src/views/case-display.ts';
import { HuddlePage } from '#src/views/huddle-page.tsx';
import { ContributorFormPage } from '#src/views/link-pages.tsx';
import { at, sampleCase, sampleVisit } from './sample-case.ts';

describe('words', () => {
  test('slugs, loops and issues have readable names', () => {
    expect(readable('upgrade-not-installed')).toBe('Upgrade not installed');
    expect(describeLoopState('resolved').text).toBe('resolved, not asked yet');
    expect(formatIssueName({ trackerTitle: 'The Forge', key: 'acme/product#4' })).toBe('The Forge acme/product#4');
    expect(formatIssueName({ trackerTitle: 'GitHub', key: '4' })).toBe('GitHub #4');
  });

  test('an invitation says that it goes by mail, and shows its guest the severity as others read it', () => {
    expect(describeOutcome(sampleCase({}), 'contributors', 'Jira')).toBe('The invitation is on its way by mail.');
    const facts = {
      handle: 'C-1',
      workspaceName: 'Acme',
      category: 'Billing',
      title: 'Bill',
      name: 'Pat',
      isOpen: true,
      owner: null,
    };
    const more = { status: 'Open', severity: 'at-risk', due: 'today', why: [], comments: [], until: 'tomorrow' };
    const page = ContributorFormPage({ page: { ...facts, ...more }, text: '', problem: null, sent: false });
    expect(String(page)).toContain('<dd><bdi>At risk</bdi></dd>');
  });

  test('a task that is done is no claim, and nobody is asked about it, also beside other cases', () => {
    expect(describeLoopState('resolved', 'task').text).toBe('done');
    const visit = sampleVisit({ templates: { call: 'Call them' } });
    const done = {
      id: 'c_2',
      handle: 'C-2',
      template: 'call',
      category: 'Calls',
      loop: 'resolved',
      action: 'task',
    } as const;
    const huddle = { from: '2026-11-17', to: '2026-11-23', team: null, teams: [], terms: [], moved: [] };
    const cases = [{ ...done, assignee: null, dueAt: at(1) }];
    const page = HuddlePage({
      visit,
      huddle: { ...huddle, groups: [{ name: 'confirmed', count: 1, cases }] },
      every: 'week',
    });
    expect(String(page)).toContain('<span class="pill good">done</span>');
  });

  test('a response that names nobody is an unnamed respondent', () => {
    expect(chooseCustomerDisplayName('cust-1', ['r_1'])).toBe('cust-1');
    expect(chooseCustomerDisplayName('r_1', ['r_1'])).toBe('unnamed respondent');
    expect(chooseCustomerDisplayName(null, ['r_1'])).toBe('no customer named yet');
  });

  test('only addresses of the web become links', () => {
    expect(toSafeWebAddress('https://acme.example/browse/SUP-1')).toBe('https://acme.example/browse/SUP-1');
    expect(toSafeWebAddress('javascript:alert(1)')).toBeNull();
    expect(toSafeWebAddress('//acme.example')).toBeNull();
    expect(toSafeWebAddress(null)).toBeNull();
  });
});
