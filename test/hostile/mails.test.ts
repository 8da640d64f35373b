import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import { describe, expect, it } from 'vitest';
import { type MailContent, renderMailHtml, renderMailText, toHeaderLine } from '#domain/text/mail-layout.ts';
import { isBlank, toShownText } from '#domain/text/safe-text.ts';
import { parseMail } from '#test/contracts/parse-mail.ts';
import { readHtml } from './html-judge.ts';
import { hostileRuns, hostileWords } from './words.ts';

/* Mails with the words of a customer who means it, as mail programs read them. */

const withWords = (words: string): MailContent => ({
  preview: words,
  paragraphs: [words],
  quote: words,
  rows: [{ name: words, url: 'https://caselite.example/w/acme/cases/c_1', lines: [words] }],
  choices: { question: words, options: [{ label: words, url: 'https://caselite.example/s/x' }] },
  button: { label: words, url: 'https://caselite.example/w/acme' },
  footer: ['Acme'],
});

/** As many harmless lines. */
const harmlessTo = (words: string): string => toShownText(words).replace(/[^\n]+/g, 'word');

async function send(words: string) {
  const subject = toHeaderLine(`Hello ${words}`);
  const message = {
    from: 'Acme <care@acme.example>',
    to: 'ana@customer.example',
    subject,
    text: renderMailText(withWords(words)),
    html: renderMailHtml(withWords(words), subject),
    messageId: '<m@acme.example>',
    date: new Date(0),
  };
  const bytes = await new MailComposer(message).compile().build();
  return { message, bytes, parsed: await parseMail(bytes) };
}

const headersOf = (bytes: Uint8Array) =>
  new TextDecoder()
    .decode(bytes)
    .split('\r\n\r\n', 1)[0]
    ?.match(/^[\w-]+(?=:)/gm);

describe('a mail with hostile words', () => {
  it('has the headers, parts and elements of a harmless one, and shows the words', async () => {
    await fc.assert(
      fc.asyncProperty(
        hostileWords.filter((words) => !isBlank(toShownText(words))),
        async (words) => {
          const { message, bytes, parsed } = await send(words);
          const harmless = await send(harmlessTo(words));
          expect(headersOf(bytes)).toEqual(headersOf(harmless.bytes));
          expect(parsed.subject.replace(/\s+/g, ' ').trim()).toBe(message.subject);
          expect(message.subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u);
          const read = readHtml(parsed.html);
          expect(read.shape).toEqual(readHtml(harmless.parsed.html).shape);
          // A parser of mails reads lines to their ends; what no reader sees is left out.
          const shown = (text: string) => text.replace(/\s+/g, ' ').trim();
          const visible = shown(toShownText(words).replace(/\n/g, ' '));
          expect(shown(read.texts.join('\n').replace(/[\u2068\u2069]/g, ''))).toContain(visible);
          expect(shown(parsed.text.replace(/[\u2068\u2069]/g, ''))).toContain(visible);
          expect(parsed.text.replace(/[\n\t\r]/g, '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u);
        },
      ),
      hostileRuns(200),
    );
  });
});
