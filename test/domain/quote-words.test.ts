import { describe, expect, it } from 'vitest';
import { quoteWithin } from '#domain/text/quote-words.ts';

const text = (text: string, url: string | null = null, question = 'Q') => ({ question, text, url });
/** Room for so many characters, beside that for a note. */
const quoted = (room: number, ...texts: ReturnType<typeof text>[]) => quoteWithin(texts, 300 + room);
const note = 'Cut; the full text is on the case page.';

describe('quoted words', () => {
  it('stand under their questions, line by line, without blanks', () => {
    expect(quoted(900, text('Slow.\n\n  Very   slow. '), text('Yes', null, 'And *why*?'))).toBe(
      '**Q**\n\n> Slow.\n>\n> Very slow.\n\n**And \\*why\\*?**\n\n> Yes',
    );
    expect(quoted(900, text(' \n'))).toBe('');
  });

  it('hold no identifiers', () =>
    expect(quoted(900, text('ana@acme.example'))).toBe('**Q**\n\n> \\[e-mail address\\]'));

  it('hold no part of an identifier where they are cut', () => {
    const long = (words: string) => text(`So please ${words} ${'and more words '.repeat(20)}`);
    for (let room = 20; room < 80; room += 1)
      expect(quoted(room, long('take 4111 1111 1111 1111')) + quoted(room, long('ring +49 151 2345 678'))).not.toMatch(
        /\d/,
      );
  });

  it.each([
    [29, `**Q**\n\n> ${'x'.repeat(20)}`],
    [28, note],
  ])('within a room of %i', (room, whole) => {
    expect(quoted(room, text('x'.repeat(20)))).toBe(whole);
  });

  it('are followed by a link to the whole where they are cut, and by nothing more', () => {
    const url = 'https://app.example/r/1';
    const link = `Cut; [the full response is here](${url}).`;
    expect(quoted(58, text('It fails again and again. Then it stops for good, says Ana.', url), text('More'))).toBe(
      `**Q**\n\n> It fails again and again.\n\n${link}`,
    );
    expect(quoted(0, text('x', url))).toBe(link);
  });

  it('share their room', () => {
    const two = [text('x'.repeat(10)), text('y'.repeat(10))];
    const first = `**Q**\n\n> ${'x'.repeat(10)}`;
    expect(quoted(40, ...two)).toBe(`${first}\n\n**Q**\n\n> ${'y'.repeat(10)}`);
    expect(quoted(39, ...two)).toBe(`${first}\n\n${note}`);
  });

  it('are cut where the room of all lines ends', () => {
    expect(quoted(40, text('First line.\nSecond line is longer.'))).toBe(
      `**Q**\n\n> First line.\n>\n> Second line is\n\n${note}`,
    );
  });

  it.each([
    [140, 56],
    [100, 0],
    [82, 41],
  ])('of signs that need escapes hold less: in %i, %i', (left, count) => {
    const start = count > 0 ? `**Q**\n\n> ${'\\*'.repeat(count)}\n\n` : '';
    expect(quoted(left + 9, text('*'.repeat(100)))).toBe(`${start}${note}`);
  });

  it('keep whole lines before one that is cut', () => {
    expect(quoted(120, text(`One.\n${'*'.repeat(100)}`))).toBe(`**Q**\n\n> One.\n>\n> ${'\\*'.repeat(51)}\n\n${note}`);
  });
});
