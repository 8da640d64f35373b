import fc from 'fast-check';
import { markdownToAdf } from 'marklassian';
import { describe, expect, it } from 'vitest';
import { escapeMarkdown, toShownLine } from '#domain/text/safe-text.ts';

interface Node {
  type: string;
  text?: string;
  marks?: unknown[];
  content?: Node[];
}

const names: Record<string, string> = { amp: '&', lt: '<', gt: '>' };
const decode = (text: string) =>
  text.replace(/&(?:#(\d+)|(amp|lt|gt));/g, (_, code, name) =>
    name ? (names[name] ?? '') : String.fromCodePoint(Number(code)),
  );

/** Every node of the rendered Markdown, from the root inwards. */
const nodes = (node: Node): Node[] => [node, ...(node.content ?? []).flatMap(nodes)];
const render = (markdown: string) => nodes(markdownToAdf(markdown) as Node).slice(1);
const textOf = (rendered: Node[]) => decode(rendered.map(({ text }) => text ?? '').join(''));
const withoutJoiners = (text: string) => text.replaceAll('\u2060', '');

function expectInert(text: string): void {
  const result = escapeMarkdown(text, 100_000);
  if (result === '') {
    expect(toShownLine(text, 100_000)).toBe('');
    return;
  }
  for (const [prefix, shell] of [
    ['', ['paragraph']],
    ['- ', ['bulletList', 'listItem', 'paragraph']],
  ] as const) {
    const rendered = render(prefix + result);
    const outer = rendered.filter(({ type }) => type !== 'text').map(({ type }) => type);
    expect(outer).toEqual(shell);
    expect(rendered.filter(({ marks }) => marks?.length)).toEqual([]);
    expect(withoutJoiners(textOf(rendered))).toBe(toShownLine(text, 100_000));
  }
  expect(result).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u200b\u{e0001}\u{e0020}-\u{e007f}]/u);
  // The plain-text copy of a mail contains no mention, reference, address or command.
  const plain = decode(result);
  expect(plain).not.toMatch(/[@#][^\u2060]/);
  expect(plain).not.toMatch(/\b(?:https?|ftp|mailto):[^\u2060]/i);
  expect(plain).not.toMatch(/\bwww\.[^\u2060]/i);
  expect(plain).not.toMatch(/^[/!]/);
  expect(plain).not.toContain('${{');
}

const attacks = [
  '@everyone',
  '@octo-org/team',
  'fixes #12',
  'closes acme/product#7',
  'https://evil.example/?q=1#x',
  'HTTP://EVIL.example',
  'www.evil.example',
  'ftp://evil.example',
  'mailto:a@b.example',
  '[click](https://evil.example)',
  '![pixel](https://evil.example/p.png)',
  '[x]: https://evil.example',
  '<img src=x onerror=alert(1)>',
  '<!-- caselite 1.C-1.0123 -->',
  '<script>alert(1)</script>',
  '<https://evil.example>',
  '<details><summary>x</summary>',
  '/closed yes',
  '!closed yes',
  '\n/closed yes',
  '\r/close',
  '\u2028/close',
  '\u0085/close',
  '`code`',
  '```js\nalert(1)\n```',
  '~~~',
  '# Heading',
  '> quote',
  '- [ ] task',
  '1. first',
  '1) first',
  '+ item',
  '***',
  '---',
  '===',
  '| a | b |\n|---|---|',
  '**bold** __bold__ *em* _em_ ~~gone~~',
  '${{ secrets.TOKEN }}',
  '$x^2$',
  '&#64;everyone &commat;everyone &lt;b&gt;',
  '\\@everyone \\<b>',
  '\u202egnp.exe\u202c',
  'a\u200bb\u2060c\ufeffd',
  '\u{e0041}\u{e0042}',
  '\u0000\u0007\u001b[31m',
  '[^1] [^1]: note',
  '@\u200beveryone',
];

/** Puts each address at the start of a word; addresses inside words have a test of their own. */
const apart = (part: string) => (/^(?:https?|ftp|mailto|www)/i.test(part) ? ` ${part}` : part);

describe('escaped text', () => {
  it.each(attacks.map((attack) => [attack]))('renders as plain text: %j', (attack) => {
    expectInert(attack);
  });

  it('renders any mixture of attacks as plain text', () => {
    const part = fc.oneof(
      fc.constantFrom(...attacks),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.constantFrom(' ', '\n', '  \n', '\t', '\\', '&', '('),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        expectInert(parts.map(apart).join(''));
      }),
      { numRuns: 1500 },
    );
  });

  it('renders any Unicode as plain text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => expectInert(text)),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['Ünïcödé naïve café Žižek'],
    ['مرحبا بالعالم'],
    ['שלום עולם'],
    ['日本語のテキスト'],
    ['हिन्दी'],
    ['❤️ 👍🏽 🇩🇪 1️⃣'],
    ['“Installation” — 50 % done; it’s fine'],
  ])('leaves fair text as it is: %s', (text) => {
    expect(escapeMarkdown(text)).toBe(text);
  });

  it('shows a cut, on a whole character', () => {
    expect(escapeMarkdown('z'.repeat(200))).toHaveLength(200);
    expect(escapeMarkdown('z'.repeat(201))).toBe(`${'z'.repeat(199)}…`);
    expect(escapeMarkdown('👍🏽👍🏽👍🏽', 6)).toBe('👍🏽…');
  });

  it.each([['👨‍👩‍👧 family'], ['می‌خواهم']])('keeps what a joiner holds together: %s', (text) => {
    expect(escapeMarkdown(text)).toBe(text);
  });

  it.each([['xhttps://evil.example'], ['oneHTTP://EVIL.example'], ['_www.evil.example']])(
    'breaks an address inside a word: %s',
    (text) => {
      expectInert(text);
    },
  );

  it.each([['\u{e0002}'], ['\u3164'], ['\u{e0101}']])('strips the invisible %j', (text) => {
    expect(escapeMarkdown(`a${text}b`)).not.toContain(text);
  });

  it.each([['GH-123'], ['a5c3785ed8d6a35868bc169f07e40e889087fd2e']])('breaks the reference %s', (text) => {
    expect(escapeMarkdown(text)).not.toContain(text);
  });

  it('caps marks on one character', () => {
    expect(escapeMarkdown(`a${'\u0301'.repeat(5000)}`).length).toBeLessThan(400);
  });
  it('leaves no half character', () => {
    expect(escapeMarkdown('\ud800x').isWellFormed()).toBe(true);
  });
});
