import { describe, expect, it } from 'vitest';
import { formatDateInLanguage, filled, findClosestLanguage } from '#domain/text/fixed-texts.ts';
import { type MailContent, renderMailHtml, renderMailText } from '#domain/text/mail-layout.ts';

const least: MailContent = { paragraphs: ['One.', 'Two.'], button: null, footer: [] };
const full: MailContent = {
  ...least,
  preview: 'First',
  quote: 'It “fails”',
  rows: [
    { name: 'C-1', url: 'https://x.example/1', lines: ['late', 'open'] },
    { name: 'C-2', url: 'https://x.example/2', lines: [] },
  ],
  choices: {
    question: 'Solved?',
    options: [
      { label: 'Yes', url: 'https://x.example/y' },
      { label: 'No', url: 'https://x.example/n' },
    ],
  },
  button: { label: 'Answer', url: 'https://x.example/a' },
  footer: ['Acme', 'Ltd', 'http://x.example/stop and more'],
};

/** Words between the tags of a page. */
const wordsOf = (html: string) =>
  html
    .replace(/<(style|title)>.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' | ')
    .replace(/[|\s]*\|[|\s]*/g, ' | ');

describe('a mail as text', () => {
  it('has its parts with blank lines between them', () => {
    expect(renderMailText(least)).toBe('One.\n\nTwo.\n');
    expect(renderMailText(full)).toBe(
      'One.\n\nTwo.\n\n“It “fails””\n\nC-1\nlate\nopen\nhttps://x.example/1\n\nC-2\nhttps://x.example/2\n\n' +
        'Answer:\nhttps://x.example/a\n\n--\nAcme\nLtd\nhttp://x.example/stop and more\n',
    );
  });
});

describe('a mail as a page', () => {
  it('has the same parts, its choices, and nothing for what is missing', () => {
    expect(wordsOf(renderMailHtml(least, 'S'))).toBe(' | One. | Two. | ');
    expect(renderMailHtml(least, 'S').match(/<table|<hr|<blockquote/g)).toHaveLength(2);
    const words =
      'First | One. | Two. | It “fails” | C-1 | late | open | C-2 | Solved? | Yes | No | Answer | ' +
      'If the button does not work, open this address: | https://x.example/a | Acme | Ltd | http://x.example/stop | and more';
    expect(wordsOf(renderMailHtml(full, 'S'))).toBe(` | ${words} | `);
  });

  it('links its cases, choices, button and footer', () => {
    const links = [...renderMailHtml(full, 'S').matchAll(/<a href="([^"]*)"/g)].map(([, url]) => url);
    const ends = ['1', '2', 'y', 'n', 'a', 'a'].map((end) => `https://x.example/${end}`);
    expect(links).toEqual([...ends, 'http://x.example/stop']);
    const stop = { ...least, footer: ['No more <mail>: https://x.example/u/1'] };
    expect(renderMailHtml(stop, 'S')).toMatch(/<a href="https:\/\/x\.example\/u\/1"[^>]*>No more &lt;mail&gt;<\/a>/);
    expect(renderMailText(stop)).toContain('No more <mail>: https://x.example/u/1');
  });

  it.each([
    [undefined, 'en', 'ltr', 'left'],
    ['de', 'de', 'ltr', 'left'],
    ['ar', 'ar', 'rtl', 'right'],
  ])('in %s reads from the right side', (language, lang, dir, side) => {
    const html = renderMailHtml({ ...least, ...(language ? { language } : {}) }, 'S');
    expect(html).toContain(`<html lang="${lang}" dir="${dir}">`);
    expect(html).toContain(`<td class="sheet" align="${side}" dir="${dir}"`);
    expect(html).toContain(`text-align:${side}"`);
  });

  it('escapes what it is given', () => {
    const html = renderMailHtml({ ...least, paragraphs: [`<a & 'b' "c">\nd`] }, '</title>');
    expect(html).toContain('>&lt;a &amp; &#39;b&#39; &quot;c&quot;&gt;<br>d</p>');
    expect(html).toContain('<title>&lt;/title&gt;</title>');
  });
});

describe('a date in the language of a mail', () => {
  const at = Date.UTC(2026, 9, 13, 23);
  it.each([
    ['en', '14 October 2026'],
    ['de-AT', '14. Oktober 2026'],
    ['pt_BR', '14 de outubro de 2026'],
    ['xx', '14 October 2026'],
    ['ja', '2026年10月14日'],
  ])('%s', (language, text) => {
    expect(formatDateInLanguage(language, at, 'Europe/Berlin')).toBe(text);
    expect(formatDateInLanguage('en', at, 'UTC')).toBe('13 October 2026');
  });

  it('names years as the Gregorian calendar does', () =>
    expect(formatDateInLanguage('ar', at, 'UTC')).toContain('2026'));
});

describe('a fixed text', () => {
  it('is filled once, with what is given', () => {
    expect(filled('{name}, {n} {other} {constructor} {-}', { name: '{n}', n: '1', none: 'x' })).toBe(
      '{n}, 1 {other} {constructor} {-}',
    );
  });

  it.each([
    [' DE ', 'de'],
    ['de_at', 'de-AT'],
    ['de-CH', 'de'],
    ['', null],
    [null, null],
  ])('is offered to who speaks %j in %s', (spoken, found) => {
    expect(findClosestLanguage(spoken, ['de', 'de-AT'])).toBe(found);
  });
});
