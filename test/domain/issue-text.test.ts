import { describe, expect, it } from 'vitest';
import {
  createIssueBody,
  createIssueTitle,
  createSubIssueTitle,
  type IssueTextContent,
} from '#domain/cases/issue-text.ts';

const facts: IssueTextContent = {
  handle: 'C-17',
  template: 'Upgrade not installed',
  kind: 'tactical',
  category: 'Installation issues',
  severity: 'urgent',
  tier: 'gold',
  why: ['completed is no \\(answered No\\): held'],
  dueWhy: ['severity urgent: by tier gold', 'closure goal 24 hours: by tier gold'],
  dueText: '2026-11-24 09:30 (Europe/Berlin)',
  customers: 1,
  revenue: null,
  assignee: 'Sam Okafor',
  loopOwner: 'Dana Reyes',
  managers: ['Dana Reyes'],
  url: 'https://caselite.example/w/acme/cases/c_1',
  responseUrl: 'https://caselite.example/w/acme/responses/r_1',
};

describe("an issue's title", () => {
  it('names the rule, the tier and the handle, nobody else', () => {
    expect(createIssueTitle(facts)).toBe('Upgrade not installed: gold customer (C-17)');
    expect(createIssueTitle({ ...facts, tier: null })).toBe('Upgrade not installed: a customer (C-17)');
  });

  it('counts customers of a strategic case', () => {
    const strategic = { ...facts, kind: 'strategic' as const, tier: null };
    expect(createIssueTitle(strategic)).toBe('Upgrade not installed: 1 customer (C-17)');
    expect(createIssueTitle({ ...strategic, customers: 12 })).toBe('Upgrade not installed: 12 customers (C-17)');
  });

  it('shows the name of the template as its owner wrote it', () => {
    expect(createIssueTitle({ ...facts, template: 'Q&A (new)!' })).toBe('Q&A (new)!: gold customer (C-17)');
  });

  it('hostile 2: shows no escapes, and links nothing', () => {
    expect(createIssueTitle({ ...facts, tier: '@everyone fixes #12' })).not.toMatch(/@everyone|#12/);
    expect(createIssueTitle({ ...facts, title: 'Call a customer back (no tier)' })).toBe(
      'Call a customer back (no tier) (C-17)',
    );
    expect(createIssueTitle({ ...facts, title: 'R&D (beta) C# [v1.2] *x* <b>' })).toBe(
      'R&D (beta) C# [v1.2] *x* <b> (C-17)',
    );
    const strategic = { ...facts, kind: 'strategic' as const, tier: null, theme: 'C# & R&D (beta)' };
    expect(createIssueTitle(strategic)).toBe('Upgrade not installed: C# & R&D (beta), 1 customer (C-17)');
    const step = { role: 'R&D', task: 'Call (twice)', handle: 'C-17.1' };
    expect(createSubIssueTitle({ ...facts, ...step, caseHandle: 'C-17' })).toBe('R&D: Call (twice) (C-17.1)');
  });
});

describe("an issue's body", () => {
  const body = createIssueBody(facts);

  it('says why, until when, who, and what then', () => {
    const headings = body.match(/^### .*$/gm);
    expect(headings).toEqual([
      '### Why this case is open',
      '### How urgent it is',
      '### Who does what',
      '### When it is done',
    ]);
    expect(body).toContain('Template **Upgrade not installed**, category **Installation issues**.');
    expect(body).toContain('- completed is no \\(answered No\\): held');
    expect(body).toContain('to be closed by **2026-11-24 09:30 (Europe/Berlin)**');
    expect(body).toContain('- closure goal 24 hours: by tier gold');
    expect(body).toContain('- May close: Dana Reyes.');
    expect(body).toContain('`/closed yes`');
  });

  it('ends in links that carry no token', () => {
    expect(body.split('\n').at(-1)).toBe(
      '[Case C-17: everything that happened](https://caselite.example/w/acme/cases/c_1) · ' +
        '[The full response](https://caselite.example/w/acme/responses/r_1)',
    );
    expect(createIssueBody({ ...facts, responseUrl: null })).not.toContain('The full response');
    expect(body).not.toMatch(/\/s\/|[?&]/);
  });

  it('counts customers and their revenue for a strategic case only', () => {
    const strategic = createIssueBody({ ...facts, kind: 'strategic', customers: 3, revenue: 12_000.4 });
    expect(strategic).toContain('**3 customers**, yearly revenue 12000.');
    expect(createIssueBody({ ...facts, kind: 'strategic', customers: 1 })).toContain('**1 customer**.');
    expect(body).not.toContain('customers**');
  });

  it('says so where nobody is named', () => {
    const lonely = createIssueBody({ ...facts, assignee: null, loopOwner: null, managers: [] });
    expect(lonely).toContain('- Nobody yet works on it.');
    expect(lonely).toContain('- The case manager is the loop owner.');
    expect(lonely).toContain('- May close: the case managers.');
  });

  it('lets no name that a person gave act', () => {
    const odd = createIssueBody({ ...facts, assignee: '@all <b>', managers: ['[x](http://y)'], template: '# x' });
    expect(odd).not.toMatch(/@all|<b>|\]\(http:\/\/y|\*\*# x/);
  });

  it('has no place for a customer: no field of the facts names one', () => {
    expect(Object.keys(facts).filter((name) => /email|name|key|words|text$/i.test(name))).toEqual(['dueText']);
  });
});

describe('hostile 4: long responses', () => {
  const url = 'https://caselite.example/w/acme/responses/r_9';
  const sentence = (index: number) => `Sentence ${index} tells what happened on the machine, and 👨‍👩‍👧 saw it.`;
  const complaint = Array.from({ length: 180 }, (_, index) => sentence(index)).join(' ');

  it('quotes a fair complaint of 12,000 characters whole', () => {
    expect(complaint.length).toBeGreaterThan(12_000);
    const body = createIssueBody({ ...facts, words: [{ question: 'What happened?', text: complaint, url }] });
    expect(body).toContain(`> ${complaint}`);
    expect(body).not.toContain('Cut;');
  });

  it.each([29_000, 64_000])('keeps our own sections and both links within %d characters', (longest) => {
    const words = Array.from({ length: 60 }, (_, index) => ({
      question: `Q${index}`,
      text: complaint.slice(0, 1900),
      url,
    }));
    const body = createIssueBody({ ...facts, words, longest });
    expect(body.length).toBeLessThanOrEqual(longest);
    expect(body.length).toBeGreaterThan(longest * 0.9);
    expect(body.isWellFormed()).toBe(true);
    for (const own of ['### Who does what', '### When it is done', '`/closed yes`', facts.url, facts.responseUrl])
      expect(body.slice(0, 3000)).toContain(own);
    expect(body).toMatch(
      /saw it\.\n\nCut; \[the full response is here\]\(https:\/\/caselite\.example\/w\/acme\/responses\/r_9\)\.$/,
    );
  });

  it('cuts one endless word between characters, and leaves room for contributors', () => {
    const words = [{ question: 'Q', text: '👨‍👩‍👧‍👦'.repeat(6000), url }];
    const contributions = [{ question: 'A contributor', text: 'It is fixed here.', url: null }];
    const body = createIssueBody({ ...facts, words, contributions });
    expect(body.length).toBeLessThanOrEqual(29_000);
    expect(body).toContain('👨‍👩‍👧‍👦\n\nCut;');
    expect(body).toContain('> It is fixed here.');
  });
});
