import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

interface MarkdownNode {
  type: string;
  value?: string;
  url?: string;
  children?: MarkdownNode[];
  [field: string]: unknown;
}

/** The tree of GitHub's Markdown; the positions tell nothing. */
export function parseMarkdown(text: string): MarkdownNode {
  const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === 'position' ? undefined : value)));
}

/** What a text became, without the words: nodes, their settings and the addresses of links. */
export function shapeOf({ value: _, children, ...node }: MarkdownNode): unknown {
  const isWords = (child: MarkdownNode) => child.type === 'text';
  return { ...node, ...(children ? { children: children.filter((child) => !isWords(child)).map(shapeOf) } : {}) };
}

/** The text of each block, as readers see it and as the filters of GitHub and Linear meet it. */
export function blocksOf({ type, value, children = [] }: MarkdownNode): string[] {
  if (value !== undefined) return [value];
  const inner = children.flatMap(blocksOf);
  return ['paragraph', 'heading', 'tableCell', 'link', 'strong', 'emphasis', 'delete'].includes(type)
    ? [inner.join('')]
    : inner;
}

/** What GitHub, Linear and chat programs turn into links, commands, formulas or pictures in plain text. */
export const references: [name: string, pattern: RegExp][] = [
  ['a mention', /(?<![\p{L}\p{N}_])@[a-z\d]/iu],
  ['a number of an issue', /#\d/],
  ['an issue of GitHub', /\bGH-\d/i],
  ['an issue of a team', /\b(?=\w*[a-z])[a-z\d]{1,10}-\d/i],
  ['a commit', /(?<![\da-z])[\da-f]{7,40}(?![\da-z])/i],
  ['an advisory', /\b(?:GHSA-\w|CVE-\d)/i],
  ['an address', /:\/\/|www\.|\bmailto:[^\s\u2060]/i],
  ['an emoji', /:[a-z\d_+-]+:/i],
  ['a command', /^\s*[/!][a-z]/im],
  ['an expression', /\$\{|\{\{|\{%|<%|#\{/],
];
