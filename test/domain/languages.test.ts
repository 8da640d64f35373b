import { describe, expect, it } from 'vitest';
import { checkTranslations, type FollowUpSurvey, translateSurvey } from '#domain/templates/survey.ts';
import {
  chooseFixedTexts,
  findClosestLanguage,
  findTextDirection,
  fixedTextLanguages,
} from '#domain/text/fixed-texts.ts';
import { renderMailHtml, renderMailText } from '#domain/text/mail-layout.ts';
import { renderWording } from '#src/workspace/basics/render-wording.ts';
import { acme } from './samples.ts';

const { surveys } = acme();
const shipped = ['recovery', 'explained', 'closer', 'resurvey'] as const;

function surveyOf(name: (typeof shipped)[number]): FollowUpSurvey {
  const survey = surveys.get(name);
  if (!survey) throw new Error(`no survey ${name}`);
  return survey;
}

const recovery = surveyOf('recovery');

/** Every text of a survey that a person reads, by place. */
function textsOf(survey: FollowUpSurvey, language: string): Map<string, string> {
  const { mail, page, questions } = translateSurvey(survey, language);
  return new Map([
    ...Object.entries(mail),
    ...Object.entries(page),
    ...questions.flatMap(({ id, label, options, ends }): [string, string][] => [
      [id, label],
      ...options.map((option): [string, string] => [`${id}.${option.value}`, option.label]),
      ...(ends ?? []).map((end, index): [string, string] => [`${id}.end.${index}`, end]),
    ]),
  ]);
}

it('addresses employees and partners as rightly as customers: no shipped text calls its reader a customer', () => {
  const kinds = /customer|kunde|client|klant|お客様|العميل|عميل/iu;
  for (const language of ['en', ...fixedTextLanguages]) {
    const fixed = Object.entries(chooseFixedTexts(language));
    const texts = [...fixed, ...shipped.flatMap((name) => [...textsOf(surveyOf(name), language)])];
    for (const [name, text] of texts)
      expect(renderWording(text, { customer: { name: '' } }), `${language} ${name}`).not.toMatch(kinds);
  }
});

describe('a customer who speaks', () => {
  it.each(['de', 'fr', 'es', 'pt', 'nl', 'it', 'ja', 'ar'])('%s reads every text in it', (language) => {
    for (const name of shipped) {
      const english = textsOf(surveyOf(name), 'en');
      const own = textsOf(surveyOf(name), language);
      expect([...own.keys()]).toEqual([...english.keys()]);
      for (const [place, text] of own) {
        expect(text, `${name} ${place}`).not.toBe(english.get(place));
        expect(text.trim(), `${name} ${place}`).not.toBe('');
        const named = (words = '') => new Set(words.match(/\{\{ [a-z.-]+/g));
        expect(named(text), `${name} ${place}`).toEqual(named(english.get(place)));
      }
    }
    expect(Object.keys(chooseFixedTexts(language))).toEqual(Object.keys(chooseFixedTexts('en')));
    for (const [place, text] of Object.entries(chooseFixedTexts(language))) {
      const same = chooseFixedTexts('en')[place as keyof ReturnType<typeof chooseFixedTexts>] === text;
      // "Error" is also the Spanish word.
      expect(same && place !== 'error', place).toBe(false);
    }
  });

  it.each(['de', 'ja', 'ar', 'en'])('%s gets the same facts filled in', (language) => {
    const values = {
      customer: { name: 'Ines' },
      case: { category: 'Upgrade', done: 'New button' },
      owner: { name: 'Dana' },
    };
    const { mail, page } = translateSurvey(recovery, language);
    expect(renderWording(mail.text, values)).toContain('Ines');
    expect(renderWording(mail.text, values)).toContain('New button');
    expect(renderWording(page.intro, values)).toContain('Dana');
  });

  it('something nobody translated reads the survey as it is', () => {
    expect(translateSurvey(recovery, 'sv')).toBe(recovery);
    expect(translateSurvey(recovery, null)).toBe(recovery);
    expect(translateSurvey(recovery, 'constructor')).toBe(recovery);
    expect(chooseFixedTexts('sv')).toBe(chooseFixedTexts('en'));
  });

  it.each([
    ['DE', 'de'],
    ['de_AT', 'de'],
    ['pt-BR', 'pt'],
    ['zh-Hant-TW', null],
    ['', null],
    ['-', null],
  ])('%j is answered in %s', (spoken, language) => {
    expect(findClosestLanguage(spoken, fixedTextLanguages)).toBe(language);
  });

  it('keeps the values of the answers, which decide', () => {
    const german = translateSurvey(recovery, 'de-CH').questions[0]?.options;
    expect(german?.map(({ value }) => value)).toEqual(['yes', 'partly', 'no']);
  });
});

it('a translation of what the survey does not ask is named', () => {
  const wrong = {
    ...recovery,
    languages: {
      de: { mail: {}, page: {}, questions: { gone: { options: {} }, resolved: { options: { maybe: 'x' } } } },
    },
  };
  expect(checkTranslations(wrong).map(({ field }) => field)).toEqual([
    'languages.de.questions.gone',
    'languages.de.questions.resolved.options.maybe',
  ]);
});

describe('a mail', () => {
  const content = {
    language: 'ar',
    preview: 'أنت وحدك',
    paragraphs: ['<b>5 < 6</b>', 'two\nlines'],
    choices: {
      question: 'Solved?',
      options: [{ label: 'Yes & "no"', url: 'https://x.example/s/1?a=b&c=d' }],
    },
    button: { label: 'Open', url: 'https://x.example/s/1' },
    footer: ['Acme', 'No more: https://x.example/u/1'],
  };

  it('is written from right to left where the language is', () => {
    expect(findTextDirection('ar-EG')).toBe('rtl');
    expect(findTextDirection('de')).toBe('ltr');
    expect(renderMailHtml(content, 'Subject')).toContain('<html lang="ar" dir="rtl">');
    expect(renderMailHtml({ ...content, language: 'ja' }, 'Subject')).toContain('<html lang="ja" dir="ltr">');
  });

  it('shows whatever people wrote as text, loads nothing from afar and names its links twice', () => {
    const html = renderMailHtml(content, 'A <b> subject');
    expect(html).not.toContain('<b>');
    expect(html).toContain('&lt;b&gt;5 &lt; 6&lt;/b&gt;');
    expect(html).toContain('two<br>lines');
    expect(html).not.toMatch(/<img|<link|<script|url\(|@import/);
    expect(html.match(/href="https:\/\/x\.example\/s\/1"/g)).toHaveLength(2);
    expect(html).toContain('href="https://x.example/s/1?a=b&amp;c=d"');
    expect(html).toContain('<a href="https://x.example/u/1"');
  });

  it('says the same in plain text', () => {
    const text = renderMailText(content);
    for (const part of ['<b>5 < 6</b>', 'https://x.example/s/1', 'No more: https://x.example/u/1'])
      expect(text).toContain(part);
  });
});
