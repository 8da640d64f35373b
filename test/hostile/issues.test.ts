import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOf } from '#adapters/trackers/github/text.ts';
import { toAdfDocument } from '#adapters/trackers/jira/text.ts';
import { describe as describeForLinear } from '#adapters/trackers/linear/snapshot.ts';
import { createIssueBody, createIssueTitle, type IssueTextContent } from '#domain/cases/issue-text.ts';
import type { IssueDraft } from '#domain/integrations/issue.ts';
import { maskIdentifiers } from '#domain/text/mask-identifiers.ts';
import { isBlank, toShownLine, toShownText } from '#domain/text/safe-text.ts';
import { parseMarkdown, references, shapeOf, blocksOf } from './markdown-judge.ts';
import { hostileRuns, hostileWords } from './words.ts';

/* Issues about a customer who means it, as parsers of the trackers' languages read them. */

const withWords = (words: string, short: string): IssueTextContent => ({
  handle: 'C-17',
  template: 'Upgrade not installed',
  settingsVersion: 3,
  kind: 'tactical',
  title: { text: short, namesCustomer: false },
  category: 'Installation',
  severity: 'urgent',
  tier: short,
  attributes: [{ title: short, value: short }],
  answers: [{ question: short, answer: short }],
  why: [],
  dueWhy: [short],
  dueText: 'Tue 24 Nov, 09:30',
  firstContactText: null,
  timeZone: 'Europe/Berlin',
  customers: 1,
  revenue: null,
  assignee: short,
  loopOwner: short,
  managers: [short],
  url: 'https://caselite.example/w/acme/cases/c_1',
  plan: [{ role: short, task: short, who: short, done: false }],
  words: [{ question: short, text: words, url: null }],
  contributions: [{ question: short, text: words, url: null }],
});

/** The lines of words that an issue shows. */
const linesOf = (words: string): string[] =>
  maskIdentifiers(toShownText(words))
    .split('\n')
    .map((line) => toShownLine(line, Number.POSITIVE_INFINITY))
    .filter((line) => line !== '');

/** The same issue about a customer who wrote harmless words on as many lines. */
const harmlessTo = (words: string): IssueTextContent =>
  withWords(
    linesOf(words)
      .map(() => 'word')
      .join('\n'),
    'word',
  );

const withoutJoiners = (text: string): string => text.replaceAll('\u2060', '');
const linkOfCase = { url: 'https://caselite.example/w/acme/cases/c_1', title: 'C-17' };
const dialects: [name: string, write: (body: string) => string][] = [
  ['GitHub', (body) => bodyOf({ body, marker: '1.C-17.0' } as IssueDraft)],
  ['Linear', (body) => describeForLinear({ body, link: linkOfCase, marker: '1.C-17.0' })],
];

/** Words, and some of them in a place that holds one line; blank ones are no answers. */
const given = fc
  .tuple(hostileWords, hostileWords)
  .filter(([words, short]) => !isBlank(toShownText(words)) && !isBlank(toShownText(short)));

describe.each(dialects)('an issue in the Markdown of %s', (_, write) => {
  it('shows hostile words, and nothing else comes of them', () => {
    fc.assert(
      fc.property(given, ([words, short]) => {
        const tree = parseMarkdown(write(createIssueBody(withWords(words, short))));
        const harmless = parseMarkdown(write(createIssueBody(harmlessTo(words))));
        expect(shapeOf(tree)).toEqual(shapeOf(harmless));
        for (const [name, pattern] of references)
          expect(findAll(blocksOf(tree), pattern), name).toEqual(findAll(blocksOf(harmless), pattern));
        const shown = withoutJoiners(blocksOf(tree).join('\n'));
        expect(shown).toContain(toShownLine(short, 80));
        for (const line of linesOf(words)) expect(shown).toContain(line);
      }),
      hostileRuns(60),
    );
  }, 600_000);
});

const findAll = (texts: string[], pattern: RegExp): string[] =>
  texts.flatMap((text) => text.match(new RegExp(pattern, `${pattern.flags}g`)) ?? []);

interface AdfNode {
  type: string;
  text?: string;
  content?: AdfNode[];
}

const isAdf = new Ajv({ strict: false }).compile(JSON.parse(readFileSync('test/fixtures/adf.schema.json', 'utf8')));
const nodesOf = (node: AdfNode): AdfNode[] => [node, ...(node.content ?? []).flatMap(nodesOf)];

/** A document without its words; neighbouring texts of one kind are one. */
function withoutText(node: AdfNode): unknown {
  const content = node.content?.map(withoutText).map((child) => JSON.stringify(child));
  return {
    ...node,
    ...(node.text === undefined ? {} : { text: 'word' }),
    ...(content
      ? { content: content.filter((child, index) => child !== content[index - 1] || !/"text"/.test(child)) }
      : {}),
  };
}

it('a document for Jira is valid, holds hostile words as text, and nothing else comes of them', () => {
  fc.assert(
    fc.property(given, ([words, short]) => {
      const document = toAdfDocument(createIssueBody(withWords(words, short)));
      expect(isAdf(document), JSON.stringify(isAdf.errors)).toBe(true);
      expect(withoutText(document)).toEqual(withoutText(toAdfDocument(createIssueBody(harmlessTo(words)))));
      const shown = withoutJoiners(
        nodesOf(document)
          .map(({ text }) => text ?? '')
          .join(''),
      );
      expect(shown).toContain(toShownLine(short, 80));
      for (const line of linesOf(words)) expect(shown).toContain(line);
    }),
    hostileRuns(100),
  );
}, 600_000);

it('a title is one line that refers to nothing', () => {
  fc.assert(
    fc.property(given, ([, short]) => {
      const title = createIssueTitle(withWords('word', short));
      expect(title).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]|(?<![\p{L}\p{N}_])@[a-z\d]|#\d|\$\{|\{\{/iu);
      expect(title.match(/\u2068/g)?.length).toBe(title.match(/\u2069/g)?.length);
    }),
    hostileRuns(300),
  );
});
