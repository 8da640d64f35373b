import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FollowUpSurvey, readPostedAnswers } from '#domain/templates/survey.ts';
import { renderMailHtml, renderMailText, toHeaderLine } from '#domain/text/mail-layout.ts';
import {
  breakExpressions,
  cut,
  cutAtSentence,
  escapeMarkdown,
  fold,
  isBlank,
  isolate,
  toShownLine,
  toShownText,
  toWellFormedCopy,
} from '#domain/text/safe-text.ts';
import { wording } from '#src/workspace/basics/case-operation.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });
const fair = [
  'Ünïcödé naïve café Žižek',
  'مرحبا بالعالم، می‌خواهم',
  'שָׁלוֹם עוֹלָם C++\u200e',
  'हिन्दी क्‍ष',
  'র‍্যাব',
  'ไทย ภาษาที่',
  'ཧཱུྃ',
  '☎︎ 1️⃣ #️⃣ ᠠ᠋ a\u0301\u034f\u0302',
  'Tiếng Việt, e\u0302\u0301',
  '葛\u{e0100}城市, 葛\u{e0101}飾区',
  '👨‍👩‍👧‍👦 👩🏽‍🤝‍👨🏿 🏳️‍🌈 ❤️‍🩹 1️⃣ 🇩🇪 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👁️‍🗨️',
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
  'if (a < b) { print("#1"); } // <b>',
];
const odd: [string, string, string][] = [
  ['an override', 'a\u202eb\u202cc', 'abc'],
  ['an isolate', 'a\u2067b\u2069c', 'abc'],
  ['tag characters', 'a\u{e0041}\u{e0042}b', 'ab'],
  ['a flag with more in it', '\u{1f3f4}\u{e0061}\u{e0062}\u{e007f}', '🏴'],
  ['a run of variation selectors', `a${'\ufe0f'.repeat(50)}b`, 'ab'],
  ['selectors after an emoji', `☎${'\ufe0f'.repeat(50)}`, '☎\ufe0f'],
  ['480 marks on a letter', `a${'\u0336'.repeat(480)}`, `a${'\u0336'.repeat(4)}`],
  ['NUL, ESC and C1', 'a\u0000\u001b[31m\u009bb', 'a[31mb'],
  ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
  ['joiners between Latin letters', 're\u200dfu\u200cnd', 'refund'],
  ['line breaks beside an invisible character', 'a\n\tb\u200b', 'a\n\tb'],
  ['other line breaks', 'a\rb\u2028c\r\nd', 'a\nb\nc\nd'],
  ['a blank of Braille', 'a\u2800b', 'a b'],
  ['no character', 'a\ufdd0b', 'a\ufffdb'],
  ['12 marks of a script', `क${'\u0941'.repeat(12)}य`, `क${'\u0941'.repeat(8)}य`],
  ['a selector after no key', '1\ufe0fx a\ufe0f\u20e3', '1x a\u20e3'],
  ['a Mongolian selector elsewhere', 'a\u180bb', 'ab'],
  ['a joiner of marks elsewhere', 'a\u034f\u0302 e\u0301\u034fb', 'a\u0302 e\u0301b'],
  ['marks of direction in a row', 'שלום\u200f\u200f!', 'שלום\u200f!'],
  ['marks of direction between Latin letters', 'a\u200eb', 'ab'],
  ['blanks that show nothing', 'a\u200b\u2060\ufeff\u00ad\u3164b', 'ab'],
];

describe('hostile 9: text for people', () => {
  it.each(odd)('holds no more of %s', (_, text, shown) => {
    expect(toShownText(text)).toBe(shown);
    expect(toShownLine(text)).toBe(shown.replace(/\s+/g, ' '));
    const content = { paragraphs: [text], button: null, footer: [text] };
    for (const mail of [renderMailText(content), renderMailHtml(content, text)]) {
      expect(mail.replaceAll('<br>', '\n')).toContain(shown);
      expect(mail).not.toContain(text);
    }
    expect(toHeaderLine(`  ${text} `)).toBe(shown.replace(/\s+/g, ' '));
  });

  it.each(fair)('leaves real scripts and emoji as they are: %s', (text) => {
    expect(toShownText(text)).toBe(text);
    expect(renderMailText({ paragraphs: [text], button: null, footer: [] })).toContain(text);
  });

  it('is well-formed, shows nothing invisible, and does not change when shown again', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = toShownText(text);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown.replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        expect(shown).not.toMatch(/\p{M}{9}/u);
        expect(toShownText(shown)).toBe(shown);
      }),
      { numRuns: 2000 },
    );
  });

  it('isolates a value only where directions mix', () => {
    expect(isolate('Ana')).toBe('Ana');
    expect(isolate('Ana', 'rtl')).toBe('\u2068Ana\u2069');
    expect(isolate('שלום')).toBe('\u2068שלום\u2069');
    const subject = `Hello ${isolate('שלום')} (C-1)`;
    expect(toHeaderLine(subject)).toBe(subject);
    expect(toHeaderLine(subject, 10)).toMatch(/…\u2069$/);
    expect(toHeaderLine('Hello \u2068a\u202eb')).toBe('Hello ab');
  });

  it('is made well-formed in every part of a delivery', () => {
    const copy = toWellFormedCopy({ answers: [{ value: ['a\ud800'] }], hidden: new Map([['k\udfff', '\ud800']]) });
    expect(copy).toEqual({ answers: [{ value: ['a\ufffd'] }], hidden: new Map([['k\ufffd', '\ufffd']]) });
    const other = { none: null, bytes: new Uint8Array([1]), count: 7, flag: true };
    expect(toWellFormedCopy(other)).toStrictEqual(other);
  });
});

describe('hostile 10: text for comparisons', () => {
  it.each(['re\u200bfund', 'RE\u00adFUND', 'ｒｅｆｕｎｄ', ' refund\u2060 ', 're\u0000fund'])('folds %j', (text) => {
    expect(fold(text)).toBe('refund');
  });

  it('folds what stands after a plain word', () => expect(fold('a ＡＢ')).toBe('a ab'));

  it.each(['', '  ', '\u200b\u200b', ' \u3164\u2800\n', '\u00ad\ufe0f', '\u{e0041}'])('sees a blank in %j', (text) => {
    expect(isBlank(text)).toBe(true);
  });

  it.each(['a', '.', '😀', 'ا', '\u0301x'])('sees an answer in %j', (text) => {
    expect(isBlank(text)).toBe(false);
  });
});

describe('hostile 11: a cut', () => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const graphemes = (text: string) => [...segmenter.segment(text)].map(({ segment }) => segment);

  it('keeps whole characters, within its bound', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 8, max: 40 }), (text, most) => {
        const kept = cut(text, most);
        expect(kept.length).toBeLessThanOrEqual(Math.max(most, text.length <= most ? text.length : most));
        if (text.length <= most) expect(kept).toBe(text);
        else expect(graphemes(text).join('|')).toContain(graphemes(kept.slice(0, -1)).join('|'));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 14, '👨‍👩‍👧‍👦…'],
    ['e\u0301e\u0301', 3, 'e\u0301…'],
    ['👨‍👩‍👧‍👦', 5, '👨\u200d…'],
    [`a${'\u0301'.repeat(400)}`, 5, 'a\u0301\u0301\u0301…'],
  ])('of %j', (text, most, kept) => {
    expect(cut(text, most)).toBe(kept);
  });

  it('of words ends with a sentence, else with a word', () => {
    expect(cutAtSentence('It fails. I tried it twice. Then it stopped.', 30)).toBe('It fails. I tried it twice.');
    expect(cutAtSentence('It is. Gone. ', 13)).toBe('It is. Gone. ');
    expect(cutAtSentence('Abcd. Efghijklmnop', 12)).toBe('Abcd. Efghij');
    expect(cutAtSentence('abcdef ghijklmn', 12)).toBe('abcdef ghijk');
    expect(cutAtSentence('one two three four five six', 20)).toBe('one two three four');
  });
});

describe('hostile 12: nothing of a respondent becomes a link', () => {
  it.each([
    ['a commit hash', 'a5c3785ed8d6a35868bc169f07e40e889087fd2e', /[0-9a-f]{7}/],
    ['a hash with a prefix', 'xa5c3785ed8d6a35868bc169f07e40e889087fd2e', /[0-9a-f]{7}/],
    ['a hash without digits', 'deadbeefcafe', /[0-9a-f]{7}/],
    ['a hash after a name', 'octo/repo@a5c3785', /[0-9a-f]{7}|@\w/],
    ['an issue reference', 'GH-12, acme/product#7, #8', /-\d|#\d/],
    ['a key with a digit', 'P2P-12 and ENG-3', /-\d/],
    ['an advisory', 'GHSA-abcd-efgh-ijkl CVE-2026-1', /GHSA-a|CVE-2/],
    ['an address', 'https://evil.example/x ssh://h.example', /:\/\//],
    ['a bare host', 'evil.example and www.evil.example', /\.[a-z]/],
    ['a mention', '@octocat <@U123>', /@\w|</],
    ['an emoji code', 'a :shipit: b', /:s/],
  ])('%s', (_, text, link) => {
    const entities = new Map([
      ['#64', '@'],
      ['#35', '#'],
      ['#58', ':'],
      ['#46', '.'],
      ['#45', '-'],
      ['lt', '<'],
    ]);
    const plain = escapeMarkdown(text).replace(/&(#?\w+);/g, (whole, name) => entities.get(name) ?? whole);
    expect(plain.replace(/<(?=@)/g, '')).not.toMatch(link);
  });
});

describe('escaped text', () => {
  it.each([
    ['deadbeefcafe', 'deadbe~efcafe'],
    ['deadbe', 'deadbe'],
    ['see :+1:', 'see &#58;~+1:'],
    ['at last :tada', 'at last &#58;~tada'],
    ['Note: it fails: yes', 'Note: it fails: yes'],
    ['an .env file, v1.b, 1.', 'an .env file, v1.b, 1.'],
    ['2P-1 on 2026-11-24', '~2P&#45;~1 on 2026-11-24'],
    ['1. one', '~1. one'],
    ['mailto:x', 'mailto&#58;~x'],
    ['a_b *c* [d](e)', 'a\\_b \\*c\\* \\[d\\]\\(e\\)'],
  ])('of %j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped.replaceAll('~', '\u2060'));
  });
});

describe('hostile 13: openers of expression languages', () => {
  it.each(['${{ x }}', '{{7*7}}', '#{x}', '<%= x %>', '{% x %}', '${x}', '%{x}', '<?php', '@{x}'])('%s', (text) => {
    const opener = text.match(/^[^\w\s=*]+/)?.[0] ?? '';
    expect(breakExpressions(text)).not.toContain(opener);
    expect(escapeMarkdown(text).replaceAll('\\', '')).not.toContain(opener.replace('<', '&lt;'));
    expect(breakExpressions(text).replaceAll('\u2060', '')).toBe(text);
  });
});

describe('hostile 10: a comment of blanks', () => {
  const survey = FollowUpSurvey.parse(parse(readFileSync('templates/surveys/recovery.yaml', 'utf8')));
  const text = survey.questions.find(({ type }) => type === 'text');

  it.each(['  ', '\u200b \u2060', '\u3164'])('%j answers no question of a survey', (blank) => {
    const form = new Map(survey.questions.map(({ id, options }) => [id, options[0]?.value ?? '5']));
    const read = readPostedAnswers(survey, new Map([...form, [text?.id ?? '', blank]]));
    expect('answers' in read && Object.keys(read.answers)).not.toContain(text?.id);
  });

  it.each(['  ', '\u200b\u200b', '\ufeff'])('%j is no text of a field', (blank) => {
    expect(() => wording('comment', blank, 'write a comment')).toThrow('comment: is empty; write a comment');
  });
});
